"""POST /v2/zones with a master file, and GET of one as a master file: the seed's import and export."""

import re
import time
import tracemalloc

import boto3
import pytest
from conftest import ENVIRONMENT
from support.calls import GROUP, NOW, STRANGERS_TOKEN, call, event
from support.zonetexts import HEAD, SEED, lines, send, show
from zonewright.model import ranges
from zonewright.model.states import State
from zonewright.protocol import rrset
from zonewright.store import changes, versions, zones
from zonewright.store.table import Put

from functions.designate import create_recordset, create_zone, delete_zone, list_recordsets


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


def test_the_serial_is_kept_if_it_is_newer_than_the_former_one(service):
    first = send(SEED.replace(" 42 42 42 42 42", " 2000000000 42 42 42 42")).json
    call(delete_zone.handler, event("designate_delete_zone", zone=first["id"]))

    lower = send(SEED).json
    call(delete_zone.handler, event("designate_delete_zone", zone=lower["id"]))
    equal = send(SEED.replace(" 42 42 42 42 42", f" {lower['serial']} 42 42 42 42")).json

    call(delete_zone.handler, event("designate_delete_zone", zone=equal["id"]))
    newer = send(SEED.replace(" 42 42 42 42 42", " 2000000009 42 42 42 42")).json

    made = [first, lower, equal, newer]
    notes = [changes.listing(service.table, each["id"], 9)[-1].reason for each in made]
    assert [each["serial"] for each in made] == [2000000000, 2000000001, 2000000002, 2000000009]
    assert notes == [
        None,
        "the serial 42 of the file is not newer than 2000000000, which the name had",
        "the serial 2000000001 of the file is not newer than 2000000001, which the name had",
        None,
    ]
    assert "2000000002" in " ".join(rrset.from_line(lines(service, equal["id"])[2]).texts())


def test_a_name_goes_on_from_its_serial_over_a_copy_that_was_never_loaded(service):
    first = send(SEED.replace(" 42 42 42 42 42", " 2000000000 42 42 42 42")).json
    call(delete_zone.handler, event("designate_delete_zone", zone=first["id"]))
    body = {"name": first["name"], "type": "SECONDARY", "masters": ["192.0.2.1"]}
    copy = call(create_zone.handler, event("designate_create_zone", json=body)).json
    stored = zones.get(service.table, copy["id"])
    service.table.write(Put(zones.to_item(stored.freed(State.ERROR, NOW))))
    call(delete_zone.handler, event("designate_delete_zone", zone=copy["id"]))

    again = call(create_zone.handler, event("designate_create_zone", json={"name": first["name"], "email": "a@b.org"}))

    assert again.json["serial"] == 2000000001


def test_a_file_in_base64_brings_every_octet(service):
    zone_id = send((SEED + 'www TXT "\ufffd é"\n').encode()).json["id"]

    assert '"\\239\\191\\189 \\195\\169"' in show(zone_id).body


def test_the_name_of_a_zone_keeps_its_case_and_is_taken_in_any(service):
    assert send(SEED.replace("example.com", "Example.COM")).json["name"] == "Example.COM."

    answer = send(SEED, **{"x-auth-token": STRANGERS_TOKEN})

    assert (answer.status, answer.json["type"]) == (409, "duplicate_zone")
    assert answer.json["message"] == "Duplicate Zone: example.com."


HOSTILE = {
    "nothing": ("", "An SOA record is required"),
    "comments": ("; one\n\n  ; two\n", "An SOA record is required"),
    "no SOA": ("$ORIGIN example.com.\n$TTL 1\nwww A 192.0.2.1\n", "An SOA record is required"),
    "no origin": (
        "@ 1 SOA ns joe 1 2 3 4 5\n",
        "The [$]ORIGIN statement is required and must be",
    ),
    "two SOAs": (HEAD + "@ SOA ns joe 8 7200 900 1209600 300\n", "line 4: .*: a second SOA"),
    "outside": (
        HEAD + "www.example.net. A 192.0.2.1\n",
        "line 4: .*www.example.net. is not in the zone",
    ),
    "CNAME and data": (HEAD + "www CNAME a\nwww A 192.0.2.1\n", "line 4: .*: a CNAME beside A"),
    "CNAME at the apex": (HEAD + "@ CNAME a\n", "line 4: .*: a CNAME at the apex"),
    "not UTF-8": ((HEAD + "www TXT ").encode() + b'"\xff"\n', "line 4: .*: not UTF-8: octet 0xff"),
    "not UTF-8 any more": (HEAD + 'www TXT "\ufffd"\n', r"line 4: not UTF-8, or U\+FFFD"),
    "NUL": (HEAD + "www TXT a\0b\n", "line 4: .*: a NUL octet"),
    "generate": (
        HEAD + "$GENERATE 1-1000000000 h$ A 192.0.2.1\n",
        "line 4: .*makes more than 65536 records",
    ),
    "long line": (
        HEAD + "www TXT " + "a" * 65_536 + "\n",
        "line 4: .*a character-string of 65536 octets",
    ),
    "include": (HEAD + "$INCLUDE /etc/passwd\n", "line 4: .*\\$INCLUDE is not allowed"),
    "binary": (bytes(range(256)) * 64, "line 1: "),
    "deep": (HEAD + "www TXT " + "(" * 100_000 + "\n", "line 4: .*a parenthesis is never closed"),
    "open quote": (HEAD + 'www TXT "' + "x" * 100_000 + "\n", "line 4: .*a quote is not closed"),
    "bad address": (
        HEAD + "www A 192.0.2.256\n",
        'line 4: "www A 192.0.2.256": not an IPv4 address',
    ),
    "no RNAME": (
        HEAD.replace(" joe ", " . "),
        r"line 3: the RNAME \. is not a mailbox and a domain",
    ),
    "an RNAME of one label": (
        HEAD.replace(" joe ", r" joe\.doe. "),
        r"line 3: the RNAME joe\\\.doe\. is not a mailbox and a domain",
    ),
    "an @ in RNAME": (
        HEAD.replace(" joe ", " joe@p.example. "),
        r"line 3: the RNAME joe@p\.example\. has an '@': in an RNAME a dot stands for it",
    ),
    "a + in RNAME": (
        HEAD.replace(" joe ", " dns+ops.p.example. "),
        r"line 3: the RNAME dns\+ops\.p\.example\. has the character '\+'",
    ),
    "an RNAME without its dot": (
        HEAD.replace(" joe ", " joe@p.example "),
        r"line 3: the RNAME joe@p\.example has an '@': in an RNAME a dot stands for it",
    ),
    "an escaped @ in RNAME": (
        HEAD.replace(" joe ", r" joe\@p.example. "),
        r"line 3: the RNAME joe\\@p\.example\. has an '@'",
    ),
    "a ; in RNAME": (
        HEAD.replace(" joe ", r" a\;b.p.example. "),
        r"line 3: the RNAME a\\;b\.p\.example\. has the character ';'",
    ),
    "a blank in RNAME": (
        HEAD.replace(" joe ", r" jo\032e.p.example. "),
        r"line 3: the RNAME jo\\032e\.p\.example\. has the character ' '",
    ),
    "an octet in RNAME": (
        HEAD.replace(" joe ", r" jo\000e.p.example. "),
        r"line 3: the RNAME jo\\000e\.p\.example\. has the octet 0,",
    ),
    "a backslash in RNAME": (
        HEAD.replace(" joe ", r" a\\b.p.example. "),
        r"line 3: the RNAME a\\\\b\.p\.example\. has the character '\\\\'",
    ),
    "a hyphen first in RNAME": (
        HEAD.replace(" joe ", " -joe.p.example. "),
        r"line 3: the RNAME -joe\.p\.example\. has a hyphen or a dot at an end of a part",
    ),
    "a dot last in RNAME": (
        HEAD.replace(" joe ", r" joe\..p.example. "),
        r"line 3: the RNAME joe\\\.\.p\.example\. has a hyphen or a dot at an end of a part",
    ),
    "another origin": (
        HEAD.replace("@ SOA", "sub SOA"),
        "line 3: .*the SOA is of sub.example.com., but the first \\$ORIGIN is example.com.",
    ),
    "wildcard": (
        HEAD.replace("example", "*"),
        r"Provided object is not valid\. Got .* Domain \*\.com\. is invalid",
    ),
    "one label": (HEAD.replace("example.com.", "com."), "More than one label is required in com."),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_no_zone_is_refused_and_leaves_nothing(service, text, message):
    began = time.monotonic()

    answer = send(text)

    assert answer.status == 400
    said = f"Malformed zonefile. {message}" if message.startswith("line ") else message
    assert re.match(said, answer.json["message"]), answer.json["message"]
    assert answer.json["code"] == 400
    assert answer.json["type"] in ("bad_request", "invalid_object", "invalid_zone_name")
    assert time.monotonic() - began < 5
    assert items(service) == []
    assert list(service.bucket.keys("")) == []


def test_a_file_of_four_megabytes_of_comments_is_read_in_bounded_memory(service):
    text = b"; nothing at all\n" * 260_000
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
    answer = send(";" * (4_500_000 + more))

    assert answer.status == status
    assert status == 400 or "a form to upload it by" in answer.json["message"]


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


def test_the_moment_of_an_import_is_the_moment_of_the_request(service):
    assert zones.get(service.table, send(SEED).json["id"]).created == NOW
    assert boto3.client("s3").list_objects_v2(Bucket=ENVIRONMENT["BUCKET_NAME"])["KeyCount"] == 1
