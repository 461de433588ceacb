"""What an import takes, a request can make, and the other way round: one table of rules for both doors."""

import itertools
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import doors
from support.calls import call, event
from support.doors import HEAD, ZONE, by_file, by_moves, by_requests, by_upload, file_of, forget, name_of, own, spelled
from support.zonetexts import lines, show
from zonewright.service import current

from functions.designate import (
    create_recordset,
    create_zone,
    delete_recordset,
    list_recordsets,
    move_recordsets,
    update_recordset,
)

DIGEST = "12345 13 2 " + "AB" * 32
KEY = "256 3 13 " + "A" * 86 + "=="
SIGNATURE = "A 13 3 3600 20301231235959 20300101000000 1 example.com. AAAA"
A, NS = ("A", ["192.0.2.1"]), ("NS", ["ns.example.net."])
DNAME, CNAME, TXT, DS = ("DNAME", ["x.example.net."]), ("CNAME", ["x.example.net."]), ("TXT", ['"x"']), ("DS", [DIGEST])
SIGNERS = {
    "RRSIG": SIGNATURE,
    "SIG": SIGNATURE,
    "NSEC": "b.example.com. A",
    "NXT": "\\# 4 00000102",
    "NSEC3": "1 0 1 AABB 2t7b4g4vsa5smi47k61mv5bv1a22bojr A",
    "NSEC3PARAM": "1 0 1 AABB",
    "ZONEMD": "7 1 1 " + "AB" * 48,
}

REFUSED = {
    **{
        f"{kind} at {owner}": ([(owner, kind, [text])], "only the program makes that signs a zone")
        for kind, text in SIGNERS.items()
        for owner in ("@", "a", "*")
    },
    "NS at a wildcard": ([("*", *NS)], "NS recordsets may not be created at a wildcard"),
    "NS at a deep wildcard": ([("*.a.b", *NS)], "NS recordsets may not be created at a wildcard"),
    "DS at the apex": ([("@", *DS)], "DS recordsets may not be created at the zone apex"),
    "CDS at the apex": ([("@", "CDS", [DIGEST])], "CDS recordsets may not be created at the zone apex"),
    "CDNSKEY at the apex": ([("@", "CDNSKEY", [KEY])], "CDNSKEY recordsets may not be created at the zone apex"),
    "CNAME at the apex": ([("@", *CNAME)], "apex"),
    "CNAME beside A": ([("a", *A), ("a", *CNAME)], "CNAME"),
    "A beside CNAME": ([("a", *CNAME), ("A", *A)], "CNAME"),
    "KEY beside CNAME": ([("a", "KEY", [KEY]), ("a", *CNAME)], "CNAME recordsets may not share a name"),
    "CNAME beside DNAME": ([("a", *DNAME), ("a", *CNAME)], "CNAME"),
    "two CNAMEs": ([("a", "CNAME", ["x.example.", "y.example."])], "CNAME"),
    "two DNAMEs": ([("a", "DNAME", ["x.example.", "y.example."])], "DNAME"),
    "NS beside DNAME": ([("a", *NS), ("a", *DNAME)], "DNAME and NS recordsets may not share a name"),
    "below a DNAME": ([("a", *DNAME), ("b.a", *A)], "nothing may stand below the DNAME a.example.com."),
    "far below a DNAME": ([("a", *DNAME), ("d.c.b.A", *TXT)], "nothing may stand below the DNAME a.example.com."),
    "DNAME above": ([("b.a", *A), ("a", *DNAME)], "nothing may stand below the DNAME a.example.com."),
    "DNAME at the apex above": ([("a", *A), ("@", *DNAME)], "nothing may stand below the DNAME example.com."),
    "DNAME below a DNAME": ([("a", *DNAME), ("b.a", *DNAME)], "nothing may stand below the DNAME a.example.com."),
    "too many octets": (
        [("a", "TXT", [f'"{number:03} {"x" * 250}"' for number in range(300)])],
        "octets in a DNS message, which has at most 65,535",
    ),
    "too many addresses": (
        [("a", "A", [f"192.0.{number >> 8}.{number & 255}" for number in range(4095)])],
        "octets in a DNS message, which has at most 65,535",
    ),
    "no type of data": ([("a", "TYPE200", ["\\# 0"])], "TYPE200|type"),
    "a second SOA": ([("a", "SOA", ["a. b. 1 2 3 4 5"])], "SOA"),
    "outside": ([("x.example.net.", *A)], "not contained|not in the zone"),
}

ACCEPTED = {
    "a slash": [("0/26", *NS), ("1", "CNAME", ["1.0/26.example.com."])],
    "hyphens": [("-a", *A), ("a-", *A), ("--", *A)],
    "underscores": [("_sip._tcp", "SRV", ["1 2 3 sip.example.net."]), ("_a", *A)],
    "inner wildcards": [("a.*", *A), ("a.*", *NS), ("*a", *A), ("**", *A)],
    "escapes": [("a\\.b", *A), ("a\\032b", *TXT), ("\\000\\255", *TXT), ("\\@", *A), ("\\$x", *A), ("a\\\\b", *A)],
    "punctuation": [
        ("a!b", *A),
        ("a+b", *A),
        ("a=b", *A),
        ("a'b", *A),
        ("{}", *A),
        ("a:b", *A),
        ("~", *A),
        ("a,b", *A),
    ],
    "upper case": [("WWW.Eu", *A), ("www.EU", *TXT)],
    "the longest name": [(".".join(["x" * 63] * 3) + "." + "y" * 49, *A)],
    "a wildcard": [("*", *A), ("*.a", *CNAME), ("*.b", *DNAME)],
    "a delegation": [("a", *NS), ("a", *DS), ("ns.a", *A), ("x.a", *TXT)],
    "DS without NS": [("a", *DS), ("*.b", *DS)],
    "a DNAME beside data": [("a", *DNAME), ("a", *A), ("a", *TXT), ("xa", *A), ("a-b", *A)],
    "a DNAME at the apex": [("@", *DNAME), ("@", "MX", ["10 mail.example.net."])],
    "keys": [("@", "DNSKEY", [KEY]), ("a", "KEY", [KEY]), ("a", "CDS", [DIGEST]), ("a", "CDNSKEY", [KEY])],
    "as many octets as a message has": [("a", "A", [f"192.0.{n >> 8}.{n & 255}" for n in range(4093)])],
    "unknown types": [("a", "TYPE65280", ["\\# 2 0102"]), ("a", "TYPE10", ["\\# 1 00"]), ("a", "TYPE65535", ["\\# 0"])],
    "generic rdata": [
        ("a", "DS", [f"\\# 36 47b00d02{'ab' * 32}"]),
        ("a", "SVCB", ["\\# 3 000000"]),
        ("a", "TLSA", ["\\# 4 030100ab"]),
        ("a", "CAA", ["\\# 4 00017878"]),
        ("a", "TYPE40", ["\\# 3 010000"]),
        ("b", "A", ["\\# 4 c0000201"]),
    ],
}


ODD_OCTETS = {
    "SSHFP": "0101",
    "DNSKEY": "01010308",
    "DS": "47b00d05",
    "CDS": "47b00d05",
    "EUI48": "00",
    "HINFO": "00",
    "NID": "0001",
    "OPENPGPKEY": "",
    "CAA": "0000",
    "TLSA": "030100",
    "LOC": "00",
    "HTTPS": "000001610000010003026832",
    "AMTRELAY": "0a01",
}
ODD_TEXTS = (
    ("KEY", "49152 3 8", "its flags say that it has no key"),
    ("APL", "3:aa/8", "family|APL"),
    ("APL", "", "its octets are not address prefixes"),
    ("X25", "123", "a character-string of four digits or more"),
    ("X25", "abc", "a character-string of four digits or more|expected"),
    ("NSAP", "0x", "an address of one octet or more"),
    ("DS", "1 8 9 AB", "its digest type is 9"),
    ("CERT", "0 0 0 AQ==", "its certificate type is 0"),
    ("IPSECKEY", "10 0 2 . AQID", "its gateway type is 0"),
    ("CAA", f'0 {"a" * 16} "b"', "16 characters"),
    ("CSYNC", "1 1 TYPE0 A", "bit 0"),
    ("MB", "a.", "MB is a type out of use"),
    ("MD", "\\# 1 00", "MD is a type out of use"),
    ("DLV", DIGEST, "DLV is a type out of use"),
    ("NXT", "a. A", "only the program makes that signs a zone"),
    ("TYPE46", "\\# 0", "only the program makes that signs a zone"),
)
ODD_DATA = [
    *((kind, f"\\# {len(digits) // 2} {digits}", "its octets are not ") for kind, digits in ODD_OCTETS.items()),
    *ODD_TEXTS,
]


def test_data_that_a_server_does_not_load_is_refused_at_both_doors_with_the_reason(service):
    zone_id, _ = by_requests([])
    for kind, text, why in ODD_DATA:
        body = {"name": f"a.{ZONE}", "type": kind, "records": [text]}
        asked = call(create_recordset.handler, event("designate_create_recordset", zone=zone_id, json=body))
        sent = by_file(file_of([("a", kind, [text])]))

        for answer in (asked, sent):
            assert answer.status == 400, (kind, text)
            assert re.search(why, answer.json["message"]), answer.json["message"]


@pytest.mark.parametrize(("case", "why"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_is_refused_at_both_doors_with_the_reason(service, case, why):
    zone_id, refusals = by_requests(case)
    forget(zone_id)

    for text in _orders(case):
        answer = by_file(text)
        task = by_upload(text)

        assert (answer.status, task["status"]) == (400, "ERROR"), text
        assert re.search(r"(^| )line [1-9][0-9]*: ", answer.json["message"])
        assert re.search(why, answer.json["message"]), answer.json["message"]
        assert task["message"] == answer.json["message"]
    assert refusals
    (last,) = refusals.values()
    assert re.search(why, last["message"]), last["message"]


@pytest.mark.parametrize(("case", "why"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_is_refused_among_many_with_the_reason(service, case, why):
    zone_id, answer = by_moves(case)

    assert answer.status == 400, answer.body
    assert re.search(why, answer.json["message"]), answer.json["message"]
    assert all(each["path"][0] == "moves" for each in answer.json["errors"]["errors"])
    assert own(lines(service, zone_id)) == []


def _orders(case):
    """The file of a case, and the same with its records in the opposite order."""
    return [file_of(case), file_of([(owner, kind, texts[::-1]) for owner, kind, texts in reversed(case)])]


@pytest.mark.parametrize("case", ACCEPTED.values(), ids=ACCEPTED)
def test_what_may_be_is_taken_at_both_doors_and_is_the_same(service, case):
    zone_id, refusals = by_requests(case)
    made, text = own(lines(service, zone_id)), show(zone_id).body
    forget(zone_id)

    answer = by_file(file_of(case))

    assert refusals == {}
    assert answer.status == 201, answer.body
    read = own(lines(service, answer.json["id"]))
    assert spelled(read) == spelled(made)
    forget(answer.json["id"])
    task = by_upload(text)
    assert task["status"] == "COMPLETE", task
    assert spelled(own(lines(service, task["zone_id"]))) == spelled(made)


@pytest.mark.parametrize("case", ACCEPTED.values(), ids=ACCEPTED)
def test_what_may_be_is_taken_among_many_and_is_the_same(service, case):
    zone_id, refusals = by_requests(case)
    made = own(lines(service, zone_id))
    forget(zone_id)

    many, answer = by_moves(case)

    assert (refusals, answer.status) == ({}, 200), answer.body
    assert spelled(own(lines(service, many))) == spelled(made)


@pytest.mark.parametrize("case", ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_shown_of_an_import_can_be_made_again_by_requests(service, case):
    zone_id = by_file(file_of(case)).json["id"]
    read = own(lines(service, zone_id))
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone_id, rawQueryString=""))
    forget(zone_id)
    anew, _ = by_requests([])

    for each in listed.json["recordsets"]:
        if each["type"] != "SOA" and (each["type"], each["name"]) != ("NS", ZONE):
            body = {name: each[name] for name in ("name", "type", "records", "ttl")}
            answer = call(create_recordset.handler, event("designate_create_recordset", zone=anew, json=body))
            assert answer.status == 201, answer.body

    assert spelled(own(lines(service, anew))) == spelled(read)


OWNERS = ["@", "a", "b.a", "*", "*.a", "c.b.a", "a/b"]
SETS = [A, NS, DNAME, CNAME, TXT, DS, ("KEY", [KEY]), ("CDS", [DIGEST]), ("RRSIG", [SIGNATURE])]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.sampled_from(SETS)), min_size=1, max_size=4, unique_by=str))
def test_both_doors_have_one_verdict(service, chosen):
    case = [(owner, *each) for owner, each in chosen if (owner, each) != ("@", NS)]

    zone_id, refusals = by_requests(case)
    made = own(lines(service, zone_id))
    forget(zone_id)
    answer = by_file(file_of(case))

    assert (answer.status == 201) == (not refusals), (case, answer.body, refusals)
    if answer.status == 201:
        assert spelled(own(lines(service, answer.json["id"]))) == spelled(made)
        forget(answer.json["id"])


NAMES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7F), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES)
def test_a_name_is_taken_at_both_doors_or_at_none(service, owner):
    case = [(owner, *A)]
    name = doors.name_of(owner)

    zone_id, refusals = by_requests(case)
    forget(zone_id)
    answer = by_file(f"{HEAD}{name} A 192.0.2.1\n")

    if answer.status == 201:
        forget(answer.json["id"])
    directive = owner == "@" or owner.lstrip()[:1] in tuple("$;(")  # at the beginning of a line these are no names
    assert directive or (answer.status == 201) == (not refusals), (answer.body, refusals)


def test_every_wrong_record_set_of_a_file_is_told_with_its_line(service):
    text = f"{HEAD}a A 192.0.2.1\n* NS ns.example.net.\na RRSIG {SIGNATURE}\n@ DS {DIGEST}\n"

    reasons = [each["message"] for each in by_file(text).json["errors"]["errors"]]

    assert [re.match('line ([0-9]+): "([^"]*)": ', each).groups() for each in reasons] == [
        ("5", "*.example.com. NS"),
        ("6", "a.example.com. RRSIG"),
        ("7", "example.com. DS"),
    ]


def test_a_record_set_cannot_grow_over_a_message(service):
    texts = [f'"{number:03} {"x" * 250}"' for number in range(300)]
    zone_id, refusals = by_requests([("a", "TXT", texts[:200])])
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone_id)).json["recordsets"]
    (found,) = [each for each in listed if each["type"] == "TXT"]

    sent = event("designate_update_recordset", zone=zone_id, part=found["id"], json={"records": texts})
    answer = call(update_recordset.handler, sent)

    assert (refusals, answer.status, answer.json["type"]) == ({}, 400, "invalid_object")
    assert answer.json["errors"]["errors"][0]["path"] == ["records"]
    assert "octets in a DNS message, which has at most 65,535" in answer.json["message"]


def test_the_least_ttl_is_that_of_both_doors(service, monkeypatch):
    monkeypatch.setenv("MIN_TTL", "300")
    current.cache_clear()

    answer = by_file(f"{HEAD}a 300 A 192.0.2.1\nb 299 A 192.0.2.1\n")

    assert (answer.status, answer.json["type"]) == (400, "invalid_ttl")
    assert answer.json["message"] == "TTL is below the minimum: 300, and this one is 299: line 5: b.example.com. A"


def child(name):
    return call(create_zone.handler, event("designate_create_zone", json={"name": name, "email": "a@example.com"}))


DELEGATION = [("sub", "NS", ["ns1.sub.example.com.", "ns.example.net."]), ("sub", *DS), ("ns1.sub", *A)]
HIDDEN = {
    "a host": ("www.sub", *A),
    "the child's own data": ("sub", *TXT),
    "addresses of the child": ("sub", *A),
    "text of a server": ("ns1.sub", *TXT),
    "a wildcard": ("*.sub", *A),
    "DS below": ("x.sub", *DS),
    "NS below": ("x.sub", *NS),
    "of a zone below that": ("www.deep.sub", *A),
}


def test_a_delegation_to_a_child_zone_is_taken_at_both_doors(service):
    assert child("Sub.example.com.").status == 201
    assert child("deep.sub.example.com.").status == 201

    answer = by_file(file_of(DELEGATION))

    assert answer.status == 201, answer.body
    read = own(lines(service, answer.json["id"]))
    assert [each[:2] for each in read] == [["sub", "2"], ["sub", "43"], ["sub ns1", "1"]]


@pytest.mark.parametrize("found", HIDDEN.values(), ids=HIDDEN)
def test_what_a_child_zone_hides_is_told_at_both_doors(service, found):
    zone_id, refusals = by_requests(DELEGATION)
    assert refusals == {}
    forget(zone_id)
    for name in ("sub.example.com.", "deep.sub.example.com."):
        assert child(name).status == 201
    name = doors.name_of(found[0])

    answer, task = (door(file_of([*DELEGATION, found])) for door in (by_file, by_upload))

    assert (answer.status, answer.json["type"]) == (400, "invalid_recordset_location")
    assert answer.json["message"].startswith(f"RecordSet belongs in a child zone: sub.example.com. line 8: {name} ")
    assert (task["status"], task["message"]) == ("ERROR", answer.json["message"])


@pytest.mark.parametrize("found", HIDDEN.values(), ids=HIDDEN)
def test_what_a_child_zone_hides_is_refused_in_requests(service, found):
    zone_id, _ = by_requests([])
    for name in ("sub.example.com.", "deep.sub.example.com."):
        assert child(name).status == 201

    def post(owner, kind, texts):
        body = {"name": doors.name_of(owner), "type": kind, "records": texts}
        return call(create_recordset.handler, event("designate_create_recordset", zone=zone_id, json=body))

    early = post(*DELEGATION[2])
    made = list(itertools.starmap(post, DELEGATION))
    answer = post(*found)

    assert (early.status, [each.status for each in made]) == (400, [201, 201, 201])
    assert (answer.status, answer.json["type"]) == (400, "invalid_recordset_location")
    assert "belongs in a child zone" in answer.json["message"]


def found_id(zone_id, owner, kind):
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone_id)).json["recordsets"]
    (found,) = [each for each in listed if (each["name"], each["type"]) == (doors.name_of(owner), kind)]
    return found["id"]


def put(zone_id, owner, kind, texts):
    sent = event("designate_update_recordset", zone=zone_id, part=found_id(zone_id, owner, kind))
    return call(update_recordset.handler, sent | {"body": json.dumps({"records": texts})})


def delete(zone_id, owner, kind):
    return call(
        delete_recordset.handler, event("designate_delete_recordset", zone=zone_id, part=found_id(zone_id, owner, kind))
    )


GLUE = [*DELEGATION, ("ns1.sub", "AAAA", ["2001:db8::1"]), ("ns2.sub", *A), ("in", *A)]
GLUE[0] = ("sub", "NS", ["ns1.sub.example.com.", "NS2.sub.example.com.", "in.example.com.", "ns.example.net."])


def test_an_ns_of_a_child_zone_does_not_leave_addresses_behind(service):
    zone_id, _ = by_requests(GLUE)
    below = child("sub.example.com.").json["id"]

    refused = [
        put(zone_id, "sub", "NS", ["ns1.sub.example.com."]),
        put(zone_id, "sub", "NS", ["ns.example.net."]),
        delete(zone_id, "sub", "NS"),
    ]
    others = [
        put(zone_id, "sub", "NS", ["ns1.sub.example.com.", "ns2.sub.example.com.", "ns.example.org."]).status,
        delete(zone_id, "ns2.sub", "A").status,
        put(zone_id, "sub", "NS", ["ns1.sub.example.com."]).status,
        delete(zone_id, "ns1.sub", "A").status,
        delete(zone_id, "ns1.sub", "AAAA").status,
        delete(zone_id, "sub", "NS").status,
    ]

    assert [(each.status, each.json["type"]) for each in refused] == [(400, "invalid_recordset_location")] * 3
    first, second, third = (each.json["message"] for each in refused)
    assert first == (
        "sub.example.com. delegates a zone of the service: delete ns2.sub.example.com. A first: "
        "these addresses stand in this zone for its NS"
    )
    assert "delete ns1.sub.example.com. A, ns1.sub.example.com. AAAA, ns2.sub.example.com. A first" in second
    assert third == second
    assert others == [200, 204, 200, 204, 204, 204]
    made, text = own(lines(service, zone_id)), show(zone_id).body
    forget(below)
    forget(zone_id)
    assert child("sub.example.com.").status == 201
    read = by_file(text)
    assert read.status == 201, read.json
    assert spelled(own(lines(service, read.json["id"]))) == spelled(made)


def test_an_ns_of_no_zone_of_the_service_may_leave_addresses_behind(service):
    zone_id, _ = by_requests(GLUE)

    answer = delete(zone_id, "sub", "NS")

    assert answer.status == 204
    text = show(zone_id).body
    forget(zone_id)
    assert by_file(text).status == 201


def test_moves_of_an_ns_of_a_child_zone_take_its_addresses_along(service):
    zone_id, _ = by_requests(GLUE)
    child("sub.example.com.")

    def moves(*owners):
        gone = [(owner, kind, texts) for owner, kind, texts in GLUE if (owner, kind) in owners]
        sides = [{"name": name_of(owner), "type": kind, "records": list(texts)} for owner, kind, texts in gone]
        body = {"moves": [{"before": side, "after": None} for side in sides]}
        return call(move_recordsets.handler, event("designate_move_recordsets", zone=zone_id, json=body))

    refused = moves(("sub", "NS"), ("ns1.sub", "A"))

    assert refused.status == 400
    assert "delete ns1.sub.example.com. AAAA, ns2.sub.example.com. A first" in refused.json["message"]
    addresses = [(owner, kind) for owner, kind, _ in GLUE if owner.endswith(".sub")]
    assert moves(("sub", "NS"), *addresses).status == 200
