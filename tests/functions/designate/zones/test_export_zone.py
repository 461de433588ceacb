"""Zones exported as master files, whole or by version, in the answer or as an object."""

from urllib.parse import urlsplit

import dns.name
import dns.zone
import pytest
from conftest import ENVIRONMENT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calls import NOW, STRANGERS_TOKEN, call, event
from support.zonetexts import HEAD, SEED, lines, send, show
from zonewright.actions import exports
from zonewright.protocol.serial import following
from zonewright.store import versions, zones

from functions.designate import create_recordset, create_zone, delete_zone, update_zone

EXPORTED = """$ORIGIN example.com.
$TTL 42

example.com. IN SOA ns1.example.net. nsadmin.example.com. (
    42 ; serial
    3600 ; refresh
    600 ; retry
    86400 ; expire
    3600 ; minimum
)

example.com. IN NS ns1.example.net.
example.com. IN NS ns2.example.net.

example.com. IN MX 10 mail.example.com.
mail.example.com. IN A 10.0.0.2
ns.example.com. IN A 10.0.0.1
"""


def test_the_export_is_in_the_seeds_form(service):
    zone_id = send(SEED).json["id"]

    answer = show(zone_id)

    assert (answer.status, answer.body) == (200, EXPORTED)
    assert answer.headers["content-type"] == "text/dns; charset=UTF-8"
    assert answer.headers["vary"] == "Accept"


def test_a_zone_is_json_unless_a_master_file_is_wanted_more(service):
    zone_id = send(SEED).json["id"]

    assert show(zone_id, "*/*").json["zone"]["name"] == "example.com."
    assert show(zone_id, "application/json, text/dns;q=0.9").json["zone"]["name"] == "example.com."
    assert show(zone_id, "text/html").status == 406


def test_an_export_imported_again_is_the_same_export_with_the_next_serial(service):
    first = send(SEED + 'sub NS ns.sub\nns.sub 60 A 192.0.2.1\nWWW 7 TXT "a;\\255" \nx TYPE65280 \\# 1 ff\n').json["id"]
    text = show(first).body
    call(delete_zone.handler, event("designate_delete_zone", zone=first))

    again = send(text).json["id"]

    assert show(again).body == text.replace("42 ; serial", "1768480496 ; serial")
    assert "sub.example.com. IN NS ns.sub.example.com.\n" in text


def test_an_export_that_takes_too_long_is_refused_with_the_way_out(service, monkeypatch):
    zone_id = send(SEED).json["id"]
    monkeypatch.setattr("zonewright.actions.recordset_search.SECONDS", -1)

    answer = show(zone_id)

    assert (answer.status, answer.json["type"]) == (413, "over_quota")
    assert "read the record sets page by page, or transfer the zone" in answer.json["message"]


def test_records_without_a_ttl_of_their_own_follow_the_zones(service):
    zone_id = send(SEED + "own 61 A 192.0.2.1\n").json["id"]

    call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60}))

    text = show(zone_id).body
    assert "$TTL 60\n" in text
    assert "own.example.com. 61 IN A 192.0.2.1\n" in text
    assert "mail.example.com. IN A 10.0.0.2\n" in text


def test_an_older_version_is_exported_as_it_was(service):
    zone_id = send(SEED + "own 60 A 192.0.2.1\n").json["id"]
    before = show(zone_id).body
    call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60, "email": "a@b.org"}))

    assert show(zone_id, query="version=1").body == before
    assert show(zone_id, query="version=2").body == show(zone_id).body != before


def test_an_older_version_has_the_ttl_the_zone_had_when_a_record_set_was_written(service):
    zone_id = send(SEED).json["id"]
    new = {"name": "new.example.com.", "type": "A", "records": ["192.0.2.1"]}
    assert call(create_recordset.handler, event("designate_create_recordset", zone=zone_id, json=new)).status == 201
    before = show(zone_id).body
    call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60}))

    assert show(zone_id, query="version=2").body == before
    assert "$TTL 60\n" in show(zone_id).body
    assert "$TTL 60\n" not in before


@pytest.mark.parametrize(
    ("query", "status", "kind", "message"),
    [
        ("version=2", 404, "not_found", "Zone example.com. has versions 1 to 1, not 2"),
        ("version=0", 404, "not_found", "Zone example.com. has versions 1 to 1, not 0"),
        ("version=", 400, "bad_request", "version '' is not the number of a version"),
        ("version=-1", 400, "bad_request", "version '-1' is not the number of a version"),
        ("version=1&version=1", 400, "bad_request", "version '1, 1' is not the number of a version"),
        ("version=9999999999", 400, "bad_request", "version '9999999999' is not the number of a version"),
    ],
)
def test_a_version_that_is_none_is_refused(service, query, status, kind, message):
    zone_id = send(SEED).json["id"]

    answer = show(zone_id, query=query)

    assert (answer.status, answer.json["type"], answer.json["message"]) == (status, kind, message)


def test_a_zone_that_was_never_copied_has_nothing_to_export(service):
    new = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    zone_id = call(create_zone.handler, event("designate_create_zone", json=new)).json["id"]

    answer = show(zone_id)

    assert (answer.status, answer.json["message"]) == (404, "Zone copy.org. has no contents yet")


def test_another_projects_zone_is_not_exported(service):
    zone_id = send(SEED).json["id"]

    answer = show(zone_id, **{"x-auth-token": STRANGERS_TOKEN})

    assert (answer.status, answer.json["type"]) == (404, "zone_not_found")


def test_a_large_export_is_an_object_the_caller_is_sent_to(service, monkeypatch):
    monkeypatch.setattr(exports, "INLINE_BYTES", 600)
    zone_id = send(SEED + "".join(f"h{number} A 192.0.2.1\n" for number in range(20))).json["id"]

    answer = show(zone_id)

    assert (answer.status, answer.body) == (303, "")
    link = urlsplit(answer.headers["location"])
    assert "X-Amz-Expires=300" in link.query
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link.query
    key = f"exports/{zone_id}/1-42"
    assert link.path.endswith(key)
    found = service.bucket.client.get_object(Bucket=service.bucket.name, Key=key)
    text = found["Body"].read().decode()
    assert found["ContentType"] == "text/dns; charset=UTF-8"
    assert text.startswith(EXPORTED.split("example.com. IN MX", maxsplit=1)[0])
    assert text.count("IN A 192.0.2.1\n") == 20


def test_a_large_export_is_written_once_for_a_while(service, monkeypatch):
    monkeypatch.setattr(exports, "INLINE_BYTES", 100)
    zone_id = send(SEED).json["id"]
    show(zone_id)
    key = f"exports/{zone_id}/1-42"
    written = service.bucket.modified(key)

    service.bucket.put(key, b"as it was")
    service.clock.now = written
    assert show(zone_id).status == 303
    kept = service.bucket.get(key)
    service.clock.now = written + exports.REUSED * 2
    assert show(zone_id).status == 303

    assert kept == b"as it was"
    assert service.bucket.get(key).decode() == EXPORTED


def test_an_export_that_fails_on_its_way_leaves_no_object(service, monkeypatch):
    monkeypatch.setattr(exports, "INLINE_BYTES", 100)
    zone_id = send(SEED).json["id"]

    def broken(_):
        raise RuntimeError("no more")
        yield

    with pytest.raises(RuntimeError):
        service.bucket.put_stream("exports/x", broken(None), "text/dns")

    assert service.bucket.modified("exports/x") is None
    uploads = service.bucket.client.list_multipart_uploads(Bucket=service.bucket.name)
    assert "Uploads" not in uploads
    assert show(zone_id).status == 303


def test_an_object_of_several_parts_is_one(service):
    pieces = [bytes([number]) * (3 << 20) for number in range(7)]

    service.bucket.put_stream("exports/x", pieces, "text/dns")

    assert service.bucket.get("exports/x") == b"".join(pieces)


def test_many_chunks_are_stored_and_exported_in_order(service, monkeypatch):
    monkeypatch.setenv("CHUNK_BYTES", "2048")

    zone_id = send(HEAD + "".join(f"h{number:04} A 192.0.2.{number % 256}\n" for number in range(2000))).json["id"]

    version = versions.get(service.table, zone_id, 1)
    assert len(version.chunks) > 10
    assert version.records == zones.get(service.table, zone_id).records == 2003
    assert show(zone_id).body.count("\n") == 14 + 2000


labels = st.text("abcXYZ019-_*", min_size=1, max_size=6).filter(lambda label: label.strip("-") == label)
owners = st.lists(labels, max_size=3).map(lambda own: ".".join([*own, "example.com."]))
ttls = st.sampled_from(["", "42", "60", "0", "2147483647"])

rdatas = st.sampled_from(
    [
        "A 192.0.2.1",
        "A 192.0.2.2",
        "AAAA 2001:db8::1",
        "MX 10 Mail",
        "MX 10 mail.example.net.",
        'TXT "a;b" \\"c\\"',
        "SRV 1 2 3 host",
        "CAA 0 issue letsencrypt.org",
        "TYPE65280 \\# 2 abcd",
        'NAPTR 1 2 s x "" y',
    ]
)

records = st.lists(st.tuples(owners, ttls, rdatas), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records, st.sampled_from([0, 42, 3600]), st.integers(0, 2**32 - 1))
def test_export_of_import_of_export_is_the_export_with_the_next_serial(service, found, ttl, serial):
    head = f"$ORIGIN example.com.\n$TTL 300\n@ {ttl} SOA ns joe\\.doe {serial} 1 2 3 4\n@ NS ns\n"
    text = head + "".join(f"{owner} {own} {rdata}\n" for owner, own, rdata in found)
    service.table.client.delete_item(
        TableName=ENVIRONMENT["TABLE_NAME"], Key={"pk": {"S": "NAME#example.com."}, "sk": {"S": "NAME"}}
    )

    first = send(text).json["id"]
    exported = show(first).body
    call(delete_zone.handler, event("designate_delete_zone", zone=first))
    second = send(exported).json["id"]
    again = show(second).body
    call(delete_zone.handler, event("designate_delete_zone", zone=second))

    was, now = (zones.get(service.table, each).serial for each in (first, second))
    assert now == following(was, int(NOW.timestamp()))
    assert again == exported.replace(f"{was} ; serial", f"{now} ; serial")
    assert [line for line in lines(service, first) if not is_soa(line)] == [
        line for line in lines(service, second) if not is_soa(line)
    ]
    theirs, ours = parsed(text), parsed(exported)
    for each in (theirs, ours):
        for rdtype in ("SOA", "NS"):
            each.delete_rdataset(each.origin, rdtype)
    assert theirs == ours


def is_soa(line):
    return line.startswith("\t6\t")


def parsed(text):
    return dns.zone.from_text(text, dns.name.from_text("example.com."), relativize=False, check_origin=False)
