"""No refusal has words of Python: of its errors, its types, or its values."""

import json
import re

import pytest
from support.calls import call, event
from support.zonetexts import HEAD, send

from functions.designate import create_recordset, create_zone, update_zone
from functions.designate.tsigkeys import create_tsig_key

DESIGNATES = re.compile(
    r"Got a ValueError error with message|invalid literal for int\(\) with base 10|Field `[a-z_]+' cannot be None"
    r"|A string is required in field [a-z_]+, not a (list|dict)"
)
"""Designate's own words."""
PYTHONS = re.compile(
    r"sys\.|recursion|codec|surrogates not|<\w+\.|Error\b|Exception\b|NoneType|\bNone\b|\bTrue\b|\bFalse\b|\bstr\b"
    r"|\bint\b|unpack|out of range|literal|Odd-length|[Nn]on-hexadecimal|padding|argument|object has|Expecting"
    r"|delimiter|unexpected|format requires|inconsistent|\bdict\b|start byte|too many values|string index|policy"
)
ZONE = {"name": "words.example.", "email": "joe@example.org"}
BODIES = {
    "digits": '{"ttl": ' + "9" * 5000 + "}",
    "digits of a fraction": '{"ttl": 1e999}',
    "constant": '{"ttl": NaN}',
    "depth": "[" * 100_000,
    "surrogate": '{"name": "\\ud800"}',
    "cut": "{",
    "cut text": '{"a',
    "no value": '{"a": }',
    "a quote of the wrong kind": "{'a': 1}",
    "more": "{} {}",
    "control": '{"a": "\t"}',
    "escape": '{"a": "\\x"}',
    "no object": "null",
    "a truth": "true",
    "a list": '[null, true, {"a": null}]',
}
ZONES = {
    "null name": {"name": None},
    "true": {"ttl": True},
    "list": {"email": [None, True]},
    "object": {"description": {"a": None}},
    "number as text": {"ttl": "x"},
    "number": {"name": 5},
    "type": {"type": "CATALOG"},
    "type null": {"type": None},
    "masters": {"masters": [None, 5, {}]},
    "no list": {"masters": True},
    "attributes": {"attributes": {"a": None, "b": True}},
    "attributes as list": {"attributes": [None]},
    "schedule": {"schedule": True},
    "schedule of a copy": {"type": "SECONDARY", "masters": ["192.0.2.1"], "schedule": [None]},
    "guards": {"type": "SECONDARY", "masters": ["192.0.2.1"], "guards": [True]},
    "guard": {"type": "SECONDARY", "masters": ["192.0.2.1"], "guards": {"zone_records": True, "x": None}},
    "project": {"project_id": None},
    "unknown": {"x": None},
}
RECORDS = {
    "SSHFP": ["4 2 abc", "4 2", "x y z", "4 2 " + "g" * 64, "999 2 ab", ""],
    "TLSA": ["3 1 1 ab", "3 1 x ab", "3 1 1 " + "g" * 64],
    "DS": ["1 8 2 ab", "1 x 2 ab", "99999 8 2 " + "ab" * 32, "1 8 2 abc"],
    "DNSKEY": ["256 3 13 A", "256 3 13 A===", "256 3 13 é", "257 3 x AAAA"],
    "LOC": ["91 N 0 E 0m", "x", "1 N", "1 N 1 E 1e9m", "1 N 1 E m", "52 N 4 E 0m x"],
    "NAPTR": ["1 1 a", "x 1 a b c .", '1 1 "u" "" "" a'],
    "HTTPS": ["1 . port=x", "1 . ipv4hint=1.2.3", "1 . ech=A", "1 . alpn", "x .", "1 . key1", "1 . mandatory=x"],
    "APL": ["1:1.2.3.4/33", "1:a/8", "x", "3:aa/8", "!", ":/", "1:1.2.3.4/x", "2:::/999"],
    "EUI48": ["x", "00-00-5e-00-53", "00-00-5e-00-53-zz"],
    "NID": ["1 x", "1 0:0:0", "1 0014:4fff:ff20:ee6g"],
    "L32": ["1 x", "99999 1.2.3.4"],
    "CERT": ["X 1 1 AAAA", "1 1 X AAAA", "1 1 1 A"],
    "CAA": ["256 issue a", "0 is-sue a", "0 issue", "x issue a"],
    "URI": ["1 1 a b", "x 1 a"],
    "GPOS": ["a b c", "1 2", "999 0 0"],
    "X25": ["abc", "1 2"],
    "NSAP": ["0x", "47", "0xabc", "0x0g"],
    "ISDN": ["1 2 3"],
    "IPSECKEY": ["10 1 2 x AQNR", "10 9 2 x AQNR", "10 1 2 192.0.2.1 A"],
    "HIP": ["2 x AAAA", "2 ab A", "2"],
    "CSYNC": ["1 1 NOTYPE", "x 1 A", "99999999999 1 A"],
    "DHCID": ["A", "*"],
    "OPENPGPKEY": ["A", ""],
    "HINFO": ["", "a b c"],
    "AMTRELAY": ["10 0 9 x", "10 2 1 1.2.3.4", "10 0 1 x"],
    "A": ["1.2.3", "x", "\\# 3 010203", "\\# x"],
    "AAAA": ["1::2::3", "x", "::g"],
    "MX": ["x a.", "10", "70000 a.", "10 a..b.", "10 " + "a" * 64 + ".", "10 é."],
    "SRV": ["1 2 x a.", "1 2 3"],
    "WKS": ["1.2.3.4 x 25", "1.2.3.4 tcp x", "x 6 25"],
    "TXT": ['"a', '"\\256"', '"' + "x" * 256 + '"'],
    "RP": ["a.", "a. b"],
    "TYPE65280": ["x", "\\# 2 ab", "\\# 1 zz"],
    "MB": ["a."],
    "NXT": ["a. A"],
    "TYPE46": ["\\# 0"],
}
QUERIES = {"type": [None], "records": [None, True, 5, [None], "x", {}], "ttl": [None, True, "x", 1.5, -1, 2**31]}


def check(answer):
    """Look for Python's words in all texts of a refusal but those that repeat what was sent."""
    body = answer.json
    texts = [body["message"], *(each["message"] for each in body.get("errors", {}).get("errors", ()))]
    for text in texts:
        assert not PYTHONS.search(DESIGNATES.sub("", text)), text


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_not_json_is_told_in_our_words(service, zone, body):
    answers = [
        call(create_zone.handler, event("designate_create_zone", body=body)),
        call(update_zone.handler, event("designate_update_zone", zone=zone["id"], body=body)),
    ]

    for answer in answers:
        assert answer.status == 400
        check(answer)


@pytest.mark.parametrize("fields", ZONES.values(), ids=ZONES)
def test_a_wrong_zone_is_told_in_our_words(service, zone, fields):
    answers = [
        call(create_zone.handler, event("designate_create_zone", json=ZONE | fields)),
        call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json=fields)),
    ]

    for answer in answers:
        if answer.status >= 400:
            check(answer)
    assert max(answer.status for answer in answers) == 400


def test_wrong_records_are_told_in_our_words(service, zone):
    for kind, texts in RECORDS.items():
        body = {"name": f"a.{zone['name']}", "type": kind, "records": texts}
        answer = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body))

        assert answer.status == 400, answer.body
        assert len(answer.json["errors"]["errors"]) >= len(texts), answer.json
        check(answer)


def test_wrong_records_of_a_file_are_told_in_our_words(service):
    wrong = [(kind, text) for kind, texts in RECORDS.items() for text in texts]
    for at in range(0, len(wrong), 10):  # a refusal tells ten
        chunk = wrong[at : at + 10]
        answer = send(HEAD + "".join(f"a {kind} {text}\n" for kind, text in chunk))

        assert answer.status == 400, answer.body
        check(answer)


def test_wrong_fields_of_a_record_set_are_told_in_our_words(service, zone):
    for field, values in QUERIES.items():
        for value in values:
            body = {"name": f"a.{zone['name']}", "type": "A", "records": ["192.0.2.1"]} | {field: value}
            answer = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body))

            if answer.status != 201:
                check(answer)


@pytest.mark.parametrize(
    "fields", [{"scope": "X"}, {"scope": None}, {"secret": None}, {"algorithm": True}, {"name": 5}]
)
def test_a_wrong_key_is_told_in_our_words(service, fields):
    sent = event("designate_create_tsig_key")
    body = json.loads(sent["body"]) | fields

    answer = call(create_tsig_key.handler, event("designate_create_tsig_key", json=body))

    assert answer.status == 400
    check(answer)
