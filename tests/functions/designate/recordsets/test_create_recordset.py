import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from support.calls import BASE, GROUP, STRANGERS_GROUP, STRANGERS_TOKEN, call, event, refused
from zonewright.contents import differences
from zonewright.model import quotas
from zonewright.model.change import Counts
from zonewright.model.states import State
from zonewright.service import current
from zonewright.store import changes, zones
from zonewright.store import quotas as quota_store
from zonewright.store.table import Put

from functions.designate import (
    create_recordset,
    create_zone,
    get_recordset,
    get_zone,
    list_recordsets,
    update_recordset,
)
from functions.designate.shares import create_share


@pytest.fixture
def zone(service, zone):
    service.clock.now += timedelta(seconds=5)
    return zone


def post(zone, body, **headers):
    sent = event("designate_create_recordset", zone=zone["id"], json=body, headers=headers)
    return call(create_recordset.handler, sent)


def shown(zone):
    found = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    return [(each["name"], each["type"]) for each in found]


def zone_now(zone):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["zone"]


WWW = {"name": "www.example.org.", "type": "A", "records": ["192.0.2.1"]}


def test_a_new_record_set_is_shown_with_what_was_said_of_it(zone):
    answer = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"]))

    made = answer.json
    assert answer.status == 201
    assert made == {
        "id": made["id"],
        "zone_id": zone["id"],
        "zone_name": "example.org.",
        "project_id": GROUP,
        "name": "www.example.org.",
        "type": "A",
        "records": ["192.0.2.1", "192.0.2.2"],
        "ttl": 300,
        "description": "The web servers.",
        "status": "ACTIVE",
        "action": "NONE",
        "version": 1,
        "created_at": "2026-01-15T12:35:01.275934",
        "updated_at": None,
        "links": {"self": f"{BASE}/{zone['id']}/recordsets/{made['id']}"},
    }
    assert answer.headers["location"] == made["links"]["self"]
    assert call(get_recordset.handler, event("designate_get_recordset", zone=zone["id"], part=made["id"])).json == made


def test_it_is_a_new_version_of_the_zone_with_the_next_serial(service, zone):
    post(zone, WWW)

    now = zone_now(zone)
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    (soa,) = (each for each in listed if each["type"] == "SOA")
    newest, first = changes.listing(service.table, zone["id"], 9)
    moves = differences.read(service.bucket, newest.differences[0])
    assert (now["serial"], now["version"]) == (zone["serial"] + 5, zone["version"] + 1)
    assert soa["records"][0].split()[2] == str(now["serial"])
    assert (first.type, newest.type, newest.user_id, newest.base, newest.version) == ("Create", "Update", "ok", 1, 2)
    assert newest.counts == Counts(created=1, updated=1, unchanged=1)
    assert [move.kind for move in moves] == ["updated", "created"]


def test_todays_release_answers_202(zone, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")
    current.cache_clear()

    assert post(zone, WWW).status == 202


def test_the_seeds_envelope_is_taken(zone):
    assert post(zone, {"recordset": WWW}).json["records"] == ["192.0.2.1"]


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        pytest.param("example.org.", "MX", ["10 Mail.example.org."], id="apex, case in rdata"),
        pytest.param("*.example.org.", "A", ["192.0.2.1"], id="wildcard"),
        pytest.param("_sip._tcp.example.org.", "SRV", ["1 2 5060 sip.example.org."], id="underscores"),
        pytest.param("WWW.EU.example.org.", "AAAA", ["2001:db8::1"], id="spelling"),
        pytest.param("t.example.org.", "TXT", ['"\\195\\169"', '"a b" "c"'], id="text"),
        pytest.param("alias.example.org.", "CNAME", ["WWW.example.net."], id="CNAME"),
        pytest.param("caa.example.org.", "CAA", ['0 issue "ca.example.net"'], id="CAA"),
        pytest.param(
            "n.example.org.",
            "NAPTR",
            [r'1 1 u E2U+sip "!^(.*)$!sip:\\1@example.org!" .'],
            id="parentheses in quotes",
        ),
        pytest.param("new.example.org.", "TYPE65280", ["\\# 2 0102"], id="unknown type"),
        pytest.param(
            ".".join(["x" * 49] * 4) + "." + "x" * 41 + ".example.org.", "A", ["192.0.2.1"], id="254 characters"
        ),
    ],
)
def test_a_record_set_is_kept_as_it_is_written(zone, name, kind, records):
    answer = post(zone, {"name": name, "type": kind, "records": records})

    assert answer.status == 201, answer.body
    assert (answer.json["name"], answer.json["type"], answer.json["records"]) == (name, kind, records)
    assert (answer.json["ttl"], answer.json["description"]) == (None, None)
    assert (name, kind) in shown(zone)


def test_a_type_may_be_written_in_lower_case_or_by_its_number(zone):
    assert post(zone, WWW | {"type": "a"}).json["type"] == "A"
    assert post(zone, WWW | {"type": "TYPE28", "records": ["::1"]}).json["type"] == "AAAA"


def test_everything_that_is_wrong_is_said_at_once(zone):
    body = {
        "name": "a b.example.org.",
        "type": "A",
        "records": ["192.0.2.1", "x", 5, "192.0.2.1", "192.0.2.1.2"],
        "ttl": -1,
        "description": "x" * 161,
        "status": "ACTIVE",
    }

    answer = post(zone, body)

    refused(answer, "invalid_object", "'x' is not a 'A' Record")
    assert [(each["path"], each["validator"]) for each in answer.json["errors"]["errors"]] == [
        ([], "additionalProperties"),
        (["name"], "format"),
        (["records", 2], "type"),
        (["ttl"], "minimum"),
        (["description"], "maxLength"),
        (["records", 1], "format"),
        (["records", 4], "format"),
    ]
    assert zone_now(zone) == zone


@pytest.mark.parametrize(
    ("other", "message"),
    [
        pytest.param({"name": None}, "Field `name' cannot be None", id="no name"),
        pytest.param({"name": "www"}, "Host name www does not end with a dot", id="relative"),
        pytest.param({"name": "x" * 64 + ".example.org."}, f"Host {'x' * 64} is too long", id="long label"),
        pytest.param({"name": "x." * 122 + "example.org."}, "Host name x.x.", id="256 octets"),
        pytest.param({"records": []}, "a record set has a record", id="no records"),
        pytest.param({"records": "192.0.2.1"}, "is not a valid list of records", id="records no list"),
        pytest.param({"type": "FOO"}, "'FOO' is not a valid record type: it is not a record type", id="no type"),
        pytest.param({"type": "ANY"}, "is a type for queries", id="ANY"),
        pytest.param({"type": "OPT"}, "is a type for queries", id="OPT"),
        pytest.param({"type": "TSIG"}, "is a type for queries", id="TSIG"),
        pytest.param({"type": "AXFR"}, "is a type for queries", id="AXFR"),
        pytest.param({"type": "MX", "records": ["10 mail"]}, "a name in it is relative", id="relative name"),
        pytest.param({"type": "MX", "records": ["10 mäil.example.org."]}, "is not ASCII", id="Unicode name"),
        pytest.param(
            {"type": "TXT", "records": ['"' + "x" * 256 + '"']}, "longer than 255 octets: split it", id="long string"
        ),
        pytest.param({"type": "TXT", "records": ["x" * 256]}, "longer than 255 octets: split it", id="long word"),
        pytest.param({"type": "TXT", "records": ["v=spf1 -all"]}, "it has blanks outside of quotes", id="blanks"),
        pytest.param({"type": "SPF", "records": ["v=spf1\t-all"]}, "it has blanks outside of quotes", id="tab"),
        pytest.param(
            {"type": "AVC", "records": ["app:x class:y"]}, "it has blanks outside of quotes", id="blanks, AVC"
        ),
        pytest.param({"type": "RESINFO", "records": ["qnamemin (a)"]}, "outside of quotes", id="blanks, RESINFO"),
        pytest.param(
            {"type": "NAPTR", "records": [r"1 1 u E2U+sip !^(.*)$!sip:\1@example.org! ."]},
            "it has parentheses outside of quotes",
            id="parentheses, NAPTR",
        ),
        pytest.param(
            {"type": "URI", "records": ["1 1 http://example.org/a(b)"]}, "parentheses outside", id="parentheses, URI"
        ),
        pytest.param({"type": "HINFO", "records": ['(a) "b"']}, "parentheses outside", id="parentheses, HINFO"),
        pytest.param({"type": "TXT", "records": ["(a)"]}, "it has parentheses outside of quotes", id="parentheses"),
        pytest.param({"type": "TXT", "records": ["\\# 2 0161"]}, "it begins with", id="generic"),
        pytest.param({"type": "TXT", "records": ['"a" b']}, "something in it is not in quotes", id="half in quotes"),
        pytest.param({"type": "TXT", "records": ['a"b']}, "a quote or a backslash that stands alone", id="a quote"),
        pytest.param({"type": "CAA", "records": ['0 issue a; b"']}, "stands alone", id="a quote in a CAA"),
        pytest.param({"records": ["192.0.2.1 ; home"]}, "would be a comment", id="comment"),
        pytest.param({"type": "TXT", "records": ['"a"\n"b"']}, "more than one line", id="two lines"),
        pytest.param({"records": ["192.0.2.1 192.0.2.2"]}, "expected EOL", id="two in one"),
        pytest.param({"ttl": 2**31}, "is more than 2147483647", id="ttl"),
        pytest.param({"ttl": True}, "not of type 'integer'", id="ttl no number"),
    ],
)
def test_what_cannot_be_is_refused_and_the_zone_is_as_before(zone, other, message):
    refused(post(zone, WWW | other), "invalid_object", message)

    assert zone_now(zone) == zone


@pytest.mark.parametrize(
    ("other", "kind", "message"),
    [
        pytest.param({"name": "www.example.com."}, "invalid_recordset_location", "not contained within", id="outside"),
        pytest.param({"name": "xexample.org."}, "invalid_recordset_location", "not contained within", id="beside"),
        pytest.param(
            {"name": "example.org.", "type": "CNAME", "records": ["a."]},
            *("invalid_recordset_location", "at the zone apex"),
            id="apex CNAME",
        ),
        pytest.param(
            {"type": "CNAME", "records": ["a.", "b."]},
            "bad_request",
            "CNAME recordsets may not have more than 1",
            id="two",
        ),
        pytest.param(
            {"type": "DNAME", "records": ["a.", "b."]},
            "bad_request",
            "DNAME recordsets may not have more than 1",
            id="DNAME",
        ),
        pytest.param(
            {"type": "SOA", "records": ["a. b. 1 2 3 4 5"], "name": "example.org."},
            *("bad_request", "Creating a SOA recordset is not allowed"),
            id="SOA",
        ),
    ],
)
def test_what_has_no_place_in_the_zone_is_refused(zone, other, kind, message):
    refused(post(zone, WWW | other), kind, message)

    assert zone_now(zone) == zone


def test_a_cname_is_alone(zone):
    post(zone, WWW)
    post(zone, {"name": "alias.example.org.", "type": "CNAME", "records": ["www.example.org."]})

    beside = post(zone, WWW | {"type": "CNAME", "records": ["a."], "name": "WWW.example.org."})
    other = post(zone, WWW | {"name": "alias.example.org."})

    refused(beside, "invalid_recordset_location", "CNAME recordsets may not share a name with any other records")
    refused(other, "invalid_recordset_location", "alias.example.org. has CNAME")
    assert post(zone, WWW | {"name": "x.alias.example.org."}).status == 201


@pytest.mark.parametrize("name", ["www.example.org.", "WwW.Example.ORG."])
def test_a_name_has_one_record_set_of_a_type(zone, name):
    post(zone, WWW)

    refused(post(zone, WWW | {"name": name, "records": ["192.0.2.9"]}), "duplicate_recordset", "already", 409)


def test_the_apex_has_its_ns(zone):
    ns = {"name": "example.org.", "type": "NS", "records": ["ns.example.com."]}

    refused(post(zone, ns), "duplicate_recordset", "example.org. NS", 409)
    assert post(zone, ns | {"name": "sub.example.org."}).status == 201


def test_what_belongs_to_a_child_zone_is_refused_in_its_parent(service, zone):
    child = {"name": "Sub.example.org.", "email": "joe@example.org"}
    assert call(create_zone.handler, event("designate_create_zone", json=child)).status == 201

    for name in ("sub.example.org.", "www.sub.example.org.", "a.b.SUB.example.org."):
        refused(post(zone, WWW | {"name": name}), "invalid_recordset_location", "belongs in a child zone")
    assert post(zone, WWW | {"name": "xsub.example.org."}).status == 201


@pytest.mark.parametrize(
    ("quota", "limit", "at"),
    [("zone_recordsets", 1, 1), ("zone_records", 2, 1), ("recordset_records", 1, 0)],
)
def test_a_project_may_have_no_more_than_its_quota(zone, monkeypatch, quota, limit, at):
    monkeypatch.setattr(quota_store, "get", lambda *_: replace(quotas.Quotas(), **{quota: limit}))
    bodies = [
        WWW | {"name": f"{label}.example.org.", "records": records}
        for label, records in (("a", ["192.0.2.1"]), ("b", ["192.0.2.1", "192.0.2.2"]))
    ]

    answers = [post(zone, body) for body in bodies]

    assert [answer.status for answer in answers] == [201, 413]
    refused(answers[1], "over_quota", f"Quota exceeded for {quota}", 413)
    assert len(shown(zone)) == 3


def test_a_secondary_zone_is_written_at_its_primary(service):
    body = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    made = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]

    answer = post(made, WWW | {"name": "www.copy.org."})

    refused(answer, "forbidden", "zone copy.org. is SECONDARY", 403)


def test_a_held_zone_is_read_only(service, zone):
    stored = zones.get(service.table, zone["id"])
    held = replace(stored, state=State.SYNCING, holder="h", lease=4_000_000_000, held_since=service.clock.now)
    service.table.write(Put(zones.to_item(held)))

    refused(post(zone, WWW), "zone_busy", "is read-only: it is syncing", 409)


def test_a_strangers_zone_is_not_there(zone):
    refused(post(zone, WWW, **{"x-auth-token": STRANGERS_TOKEN}), "zone_not_found", zone["id"], 404)


def test_a_description_may_hold_any_text(zone):
    text = 'Tabs\t, lines\n, "quotes", \u00fc and \U0001f600'

    made = post(zone, WWW | {"description": text}).json

    assert made["description"] == text
    assert json.dumps(shown(zone)[2]) == '["www.example.org.", "A"]'


def test_a_ttl_below_the_minimum_is_refused(zone, monkeypatch):
    made = post(zone, WWW | {"ttl": 60}).json
    monkeypatch.setenv("MIN_TTL", "300")
    current.cache_clear()

    new = post(zone, WWW | {"name": "web.example.org.", "ttl": 299})
    sent = event("designate_update_recordset", zone=zone["id"], part=made["id"], json={"ttl": 299})
    changed = call(update_recordset.handler, sent)

    refused(new, "invalid_ttl", "TTL is below the minimum: 300, and this one is 299")
    refused(changed, "invalid_ttl", "TTL is below the minimum: 300, and this one is 299")
    assert post(zone, WWW | {"name": "web.example.org.", "ttl": 300}).status == 201


def test_who_a_zone_is_shared_with_writes_its_record_sets(zone):
    stranger = {"x-auth-token": STRANGERS_TOKEN}
    shared = event("designate_create_share", zone=zone["id"], json={"target_project_id": STRANGERS_GROUP})
    before = post(zone, WWW, **stranger)

    call(create_share.handler, shared)
    made = post(zone, WWW, **stranger)

    assert (before.status, made.status) == (404, 201)
    assert ("www.example.org.", "A") in shown(zone)


WRITTEN = [
    ("TXT", "token=abc", '"token=abc"'),
    ("TXT", "v=DKIM1;k=rsa", '"v=DKIM1;k=rsa"'),
    ("TXT", '"café"', '"caf\\195\\169"'),
    ("TXT", '"a""b"', '"a" "b"'),
    ("TXT", 'a\\"b', '"a\\"b"'),
    ("SPF", "x", '"x"'),
    ("CAA", "0 issue ca.example", '0 issue "ca.example"'),
    ("CAA", "0 issue ca.p.example; policy=ev", '0 issue "ca.p.example; policy=ev"'),
    ("AAAA", "2001:DB8::1", "2001:db8::1"),
    ("SSHFP", "4 2 " + "AB" * 32, "4 2 " + "ab" * 32),
    ("MX", "010  mail.example.", "10 mail.example."),
]


@pytest.mark.parametrize(("kind", "text", "canonical"), WRITTEN)
def test_a_record_is_shown_as_it_was_written_and_found_by_both_texts(service, zone, kind, text, canonical):
    made = post(zone, {"name": "w.example.org.", "type": kind, "records": [text]})
    one = {"zone": zone["id"], "part": made.json["id"]}
    changed = call(update_recordset.handler, event("designate_update_recordset", **one, json={"ttl": 77}))
    exported = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers={"accept": "text/dns"}))

    assert (made.status, changed.status) == (201, 200)
    shown = call(get_recordset.handler, event("designate_get_recordset", **one))
    assert [each.json["records"] for each in (made, changed, shown)] == [[text]] * 3
    assert f"w.example.org. 77 IN {kind} {canonical}\n" in exported.body
    for asked in (text, canonical):
        query = urlencode({"data": asked})
        found = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"], rawQueryString=query))
        assert [each["records"] for each in found.json["recordsets"]] == [[text]]


def test_records_are_shown_in_the_order_they_were_written_in(zone):
    texts = ["20 b.example.", "010 MAIL.example.", "5 c.example.", "10 a.example."]

    made = post(zone, {"name": "w.example.org.", "type": "MX", "records": texts})
    exported = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers={"accept": "text/dns"}))

    assert made.json["records"] == texts
    written = [line.split(" MX ")[1] for line in exported.body.splitlines() if " MX " in line]
    assert written == ["5 c.example.", "10 a.example.", "10 MAIL.example.", "20 b.example."]


@pytest.mark.parametrize(
    ("kind", "texts", "kept"),
    [
        ("TXT", ["abc", '"abc"', "abc"], ["abc"]),
        ("A", ["192.0.2.1", "192.0.2.2", "192.0.2.1"], ["192.0.2.1", "192.0.2.2"]),
        ("MX", ["1 a.example.", "1 A.EXAMPLE."], ["1 a.example."]),
        ("CNAME", ["a.example.", "A.example."], ["a.example."]),
    ],
)
def test_a_value_that_is_repeated_is_one_record(zone, kind, texts, kept):
    answer = post(zone, {"name": "w.example.org.", "type": kind, "records": texts})

    assert (answer.status, answer.json["records"]) == (201, kept)
