"""POST /v2/zones with a master file, and GET of one as a master file: the seed's import and export."""

import base64
import re
import time
import tracemalloc
from urllib.parse import urlsplit

import boto3
import dns.name
import dns.zone
import pytest
from calls import GROUP, NOW, STRANGERS_TOKEN, call, event
from conftest import ENVIRONMENT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zonewright.actions import exports
from zonewright.contents import chunks
from zonewright.model import ranges
from zonewright.protocol import rrset
from zonewright.store import changes, versions, zones

from functions.designate import create_recordset, create_zone, delete_zone, get_zone, list_recordsets, update_zone

SEED = """$ORIGIN example.com.
example.com. 42 IN SOA ns.example.com. nsadmin.example.com. 42 42 42 42 42
example.com. 42 IN NS ns.example.com.
example.com. 42 IN MX 10 mail.example.com.
ns.example.com. 42 IN A 10.0.0.1
mail.example.com. 42 IN A 10.0.0.2
"""
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
HEAD = "$ORIGIN example.com.\n$TTL 300\n@ SOA ns joe 7 7200 900 1209600 300\n"


def send(text, **headers):
    """Import a file: what the service answers."""
    sent = event("designate_create_zone", headers={"content-type": "text/dns", **headers})
    if isinstance(text, bytes):
        return call(create_zone.handler, sent | {"body": base64.b64encode(text).decode(), "isBase64Encoded": True})
    return call(create_zone.handler, sent | {"body": text})


def show(zone_id, accept="text/dns", query="", **changes):
    """Export a zone: what the service answers."""
    sent = event("designate_get_zone", zone=zone_id, headers={"accept": accept, **changes})
    return call(get_zone.handler, sent | {"rawQueryString": query})


def lines(service, zone_id):
    """What is stored of a zone."""
    version = versions.get(service.table, zone_id, zones.get(service.table, zone_id).version)
    return list(chunks.lines(service.bucket, zone_id, version.chunks))


def items(service):
    """Everything in the table but users."""
    found = service.table.client.scan(TableName=service.table.name)["Items"]
    return [item for item in found if item["pk"]["S"].split("#")[0] in ("ZONE", "NAME", "IMPORT", "EXPORT")]


def test_the_seeds_example_is_imported_as_a_json_create_answers(service):
    answer = send(SEED)

    made = call(create_zone.handler, event("designate_create_zone")).json
    zone = answer.json["zone"]
    assert answer.status == 201
    assert answer.json == {**zone, "zone": zone}
    assert answer.headers["location"] == zone["links"]["self"]
    assert answer.headers["content-type"] == "application/json"
    own = {"id", "links", "name", "email", "ttl", "serial", "description"}
    assert {name: value for name, value in zone.items() if name not in own} == {
        name: value for name, value in made["zone"].items() if name not in own
    }
    facts = zone["name"], zone["email"], zone["ttl"], zone["serial"], zone["description"]
    assert facts == ("example.com.", "nsadmin@example.com", 42, 42, None)


def test_what_is_imported_is_stored_with_the_services_own_soa_and_ns(service):
    zone_id = send(SEED).json["id"]

    stored = [rrset.from_line(line) for line in lines(service, zone_id)]
    assert [(each.key, each.type, each.ttl) for each in stored] == [
        ("", 15, None),
        ("", 2, None),
        ("", 6, None),
        ("mail", 1, None),
        ("ns", 1, None),
    ]
    assert stored[1].texts() == ["ns1.example.net.", "ns2.example.net."]
    assert stored[2].texts() == ["ns1.example.net. nsadmin.example.com. 42 3600 600 86400 3600"]
    zone = zones.get(service.table, zone_id)
    (change,) = changes.listing(service.table, zone_id, 10)
    assert (zone.version, zone.records, change.records, change.serial, change.version) == (1, 6, 6, 42, 1)


def test_todays_release_answers_202(service, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")

    answer = send(SEED)

    assert (answer.status, answer.json["status"]) == (202, "ACTIVE")


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


def test_an_export_imported_again_is_the_same_export(service):
    first = send(SEED + 'sub NS ns.sub\nns.sub 60 A 192.0.2.1\nWWW 7 TXT "a;\\255" \nx TYPE65280 \\# 1 ff\n').json["id"]
    text = show(first).body
    call(delete_zone.handler, event("designate_delete_zone", zone=first))

    again = send(text).json["id"]

    assert show(again).body == text
    assert "sub.example.com. IN NS ns.sub.example.com.\n" in text


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
    assert "X-Amz-Expires=3600" in link.query
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


def test_the_serial_is_kept_but_never_below_the_former_one(service):
    first = send(SEED.replace(" 42 42 42 42 42", " 2000000000 42 42 42 42")).json
    call(delete_zone.handler, event("designate_delete_zone", zone=first["id"]))

    lower = send(SEED).json
    call(delete_zone.handler, event("designate_delete_zone", zone=lower["id"]))
    equal = send(SEED.replace(" 42 42 42 42 42", f" {lower['serial']} 42 42 42 42")).json

    assert first["serial"] == 2000000000
    assert lower["serial"] == 2000000001
    assert equal["serial"] == lower["serial"]


def test_a_file_in_base64_brings_every_octet(service):
    zone_id = send((SEED + 'www TXT "\ufffd é"\n').encode()).json["id"]

    assert '"\\239\\191\\189 \\195\\169"' in show(zone_id).body


def test_the_name_of_a_zone_keeps_its_case_and_is_taken_in_any(service):
    assert send(SEED.replace("example.com", "Example.COM")).json["name"] == "Example.COM."

    answer = send(SEED, **{"x-auth-token": STRANGERS_TOKEN})

    assert (answer.status, answer.json["type"]) == (409, "duplicate_zone")
    assert answer.json["message"] == "Zone with name example.com. already exists"


HOSTILE = {
    "nothing": ("", "An SOA record is required"),
    "comments": ("; one\n\n  ; two\n", "An SOA record is required"),
    "no SOA": ("$ORIGIN example.com.\n$TTL 1\nwww A 192.0.2.1\n", "An SOA record is required"),
    "two SOAs": (HEAD + "@ SOA ns joe 8 7200 900 1209600 300\n", "line 4: .*: a second SOA"),
    "outside": (HEAD + "www.example.net. A 192.0.2.1\n", "line 4: .*www.example.net. is not in the zone"),
    "CNAME and data": (HEAD + "www CNAME a\nwww A 192.0.2.1\n", "line 4: .*: a CNAME beside A"),
    "CNAME at the apex": (HEAD + "@ CNAME a\n", "line 4: .*: a CNAME at the apex"),
    "not UTF-8": ((HEAD + "www TXT ").encode() + b'"\xff"\n', "line 4: .*: not UTF-8: octet 0xff"),
    "not UTF-8 any more": (HEAD + 'www TXT "\ufffd"\n', r"line 4: not UTF-8, or U\+FFFD"),
    "NUL": (HEAD + "www TXT a\0b\n", "line 4: .*: a NUL octet"),
    "generate": (HEAD + "$GENERATE 1-1000000000 h$ A 192.0.2.1\n", "line 4: .*makes more than 65536 records"),
    "long line": (HEAD + "www TXT " + "a" * 65_536 + "\n", "line 4: .*a character-string of 65536 octets"),
    "include": (HEAD + "$INCLUDE /etc/passwd\n", "line 4: .*\\$INCLUDE is not allowed"),
    "binary": (bytes(range(256)) * 64, "line 1: "),
    "deep": (HEAD + "www TXT " + "(" * 100_000 + "\n", "line 4: .*a parenthesis is never closed"),
    "open quote": (HEAD + 'www TXT "' + "x" * 100_000 + "\n", "line 4: .*a quote is not closed"),
    "bad address": (HEAD + "www A 192.0.2.256\n", 'line 4: "www A 192.0.2.256": not an IPv4 address'),
    "no e-mail": (HEAD.replace(" joe ", " . "), "Provided object does not match schema: email: '@' is not an 'email'"),
    "wildcard": (HEAD.replace("example", "*"), r"Provided object does not match schema: name: '\*.com.' is not"),
    "one label": (HEAD.replace("example.com.", "com."), "More than one label is required in com."),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_no_zone_is_refused_and_leaves_nothing(service, text, message):
    began = time.monotonic()

    answer = send(text)

    assert answer.status == 400
    assert re.match(message, answer.json["message"]), answer.json["message"]
    assert answer.json["code"] == 400
    assert answer.json["type"] in ("bad_request", "invalid_object", "invalid_zone_name")
    assert time.monotonic() - began < 5
    assert items(service) == []
    assert list(service.bucket.keys("")) == []


def test_a_file_of_five_megabytes_of_comments_is_read_in_bounded_memory(service):
    text = b"; nothing at all\n" * 300_000
    send(b"")
    tracemalloc.start()

    answer = send(text)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status == 400
    assert peak < 6 * len(text)  # the event, the body, and nothing of the lines


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/dns; charset=UTF-8", 201),
        ('text/dns;charset="utf-8"', 201),
        ("Text/DNS; charset=us-ascii", 201),
        ("text/dns; charset=iso-8859-1", 415),
        ("text/plain", 415),
    ],
)
def test_a_master_file_is_text_dns_in_utf8(service, content_type, status):
    answer = send(SEED, **{"content-type": content_type})

    assert answer.status == status
    assert status == 201 or answer.json["type"] == "unsupported_content_type"


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413)])
def test_a_file_in_a_request_has_at_most_what_a_function_takes(service, more, status):
    answer = send(";" * ((6 << 20) + more))

    assert answer.status == status
    assert status == 400 or "a link to upload it to" in answer.json["message"]


def test_every_problem_of_a_file_is_a_reason(service):
    answer = send(HEAD + "a A 1\nb AAAA 2\n")

    reasons = answer.json["errors"]["errors"]
    assert [each["message"] for each in reasons] == [
        'line 4: "a A 1": not an IPv4 address',
        'line 5: "b AAAA 2": not an IPv6 address',
    ]


def test_what_was_imported_is_listed_as_record_sets(service):
    zone_id = send(SEED).json["id"]

    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone_id)).json["recordsets"]

    shown = [(each["name"], each["type"], each["ttl"], each["records"]) for each in listed]
    assert [each for each in shown if each[1] not in ("NS", "SOA")] == [
        ("example.com.", "MX", None, ["10 mail.example.com."]),
        ("mail.example.com.", "A", None, ["10.0.0.2"]),
        ("ns.example.com.", "A", None, ["10.0.0.1"]),
    ]
    assert {each["project_id"] for each in listed} == {GROUP}


def test_many_chunks_are_stored_and_exported_in_order(service, monkeypatch):
    monkeypatch.setenv("CHUNK_BYTES", "2048")

    zone_id = send(HEAD + "".join(f"h{number:04} A 192.0.2.{number % 256}\n" for number in range(2000))).json["id"]

    version = versions.get(service.table, zone_id, 1)
    assert len(version.chunks) > 10
    assert version.records == zones.get(service.table, zone_id).records == 2003
    assert show(zone_id).body.count("\n") == 14 + 2000


def test_chunks_of_an_imported_zone_are_large_where_it_is_and_stay_so(service, monkeypatch):
    monkeypatch.setenv("CHUNK_BYTES", "500")
    monkeypatch.setattr(ranges, "SMALL", 20)
    zone_id = send(HEAD + "".join(f"h{number:04} A 192.0.2.{number % 256}\n" for number in range(2000))).json["id"]
    before = versions.get(service.table, zone_id, 1).chunks

    new = {"name": "new.example.com.", "type": "TXT", "records": ['"text"']}
    answer = call(create_recordset.handler, event("designate_create_recordset", zone=zone_id, json=new))

    after = versions.get(service.table, zone_id, 2).chunks
    assert answer.status == 201
    assert len(after) == len(before) > 3
    assert {2500 < chunk.size <= 10_000 for chunk in (*before, *after)} == {True}


# --- The law: what is imported is what was exported

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
def test_export_of_import_of_export_is_the_export(service, found, ttl, serial):
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

    assert again == exported
    assert lines(service, first) == lines(service, second)
    theirs, ours = parsed(text), parsed(exported)
    for each in (theirs, ours):
        for rdtype in ("SOA", "NS"):
            each.delete_rdataset(each.origin, rdtype)
    assert theirs == ours


def parsed(text):
    return dns.zone.from_text(text, dns.name.from_text("example.com."), relativize=False, check_origin=False)


def test_the_moment_of_an_import_is_the_moment_of_the_request(service):
    assert zones.get(service.table, send(SEED).json["id"]).created == NOW
    assert boto3.client("s3").list_objects_v2(Bucket=ENVIRONMENT["BUCKET_NAME"])["KeyCount"] == 1
