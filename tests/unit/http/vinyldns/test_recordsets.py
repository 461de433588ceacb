"""Record sets in VinylDNS's words, and what moved of them."""

from dataclasses import replace
from datetime import UTC, datetime

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
from zonewright.http.vinyldns.recordsets.view import record_set, record_set_change
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.diff import Move
from zonewright.model.recordsetid import id_of
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import rrset
from zonewright.protocol.notes import Notes

ZONE_ID = "621a13df-a2e3-4394-84c0-3eb3a664dff4"
NOW = datetime(2026, 1, 15, 12, 34, 56, 275934, tzinfo=UTC)
LATER = datetime(2026, 2, 1, tzinfo=UTC)
LATEST = datetime(2026, 2, 2, tzinfo=UTC)
ZONE = Zone(ZONE_ID, "example.org.", "group", ZoneType.PRIMARY, NOW, ttl=3600)


def line(key, kind, *texts, ttl=300, spelling=None, notes=None):
    rdtype = dns.rdatatype.from_text(kind)
    octets = [dns.rdata.from_text(dns.rdataclass.IN, rdtype, text).to_wire() for text in texts]
    return rrset.to_line(key, int(rdtype), ttl, octets, spelling, notes_text=str(notes) if notes else None)


@pytest.mark.parametrize(
    ("kind", "text", "data"),
    [
        ("A", "192.0.2.1", {"address": "192.0.2.1"}),
        ("AAAA", "2001:db8::3", {"address": "2001:db8:0:0:0:0:0:3"}),
        ("CNAME", "www.example.org.", {"cname": "www.example.org."}),
        (
            "DS",
            f"60485 5 2 {'ab' * 32}",
            {"keytag": 60485, "algorithm": 5, "digesttype": 2, "digest": "AB" * 32},
        ),
        ("MX", "10 mail.example.org.", {"preference": 10, "exchange": "mail.example.org."}),
        (
            "NAPTR",
            r'100 50 "s" "" "!^.*$!a \"b\" \\1!" _sip._udp.example.org.',
            {
                "order": 100,
                "preference": 50,
                "flags": "s",
                "service": "",
                "regexp": r"!^.*$!a \"b\" \\1!",
                "replacement": "_sip._udp.example.org.",
            },
        ),
        ("NS", "ns1.example.net.", {"nsdname": "ns1.example.net."}),
        ("PTR", "a.example.net.", {"ptrdname": "a.example.net."}),
        (
            "SOA",
            r"ns1.example.net. joe\.doe.example.org. 4294967295 3600 600 86400 300",
            {
                "mname": "ns1.example.net.",
                "rname": r"joe\.doe.example.org.",
                "serial": 4294967295,
                "refresh": 3600,
                "retry": 600,
                "expire": 86400,
                "minimum": 300,
            },
        ),
        ("SPF", '"v=spf1 -all"', {"text": "v=spf1 -all"}),
        ("SRV", "1 2 5060 sip.example.org.", {"priority": 1, "weight": 2, "port": 5060, "target": "sip.example.org."}),
        ("SSHFP", f"4 9 {'0f' * 100}", {"algorithm": 4, "type": 9, "fingerprint": "0F" * 100}),
        ("TXT", r'"one " "and \"two\"" "\000\255"', {"text": r"one and \"two\"\000\255"}),
        ("CAA", '0 issue "ca.example.net"', {"text": '0 issue "ca.example.net"'}),
        ("TYPE65280", r"\# 2 abcd", {"text": r"\# 2 abcd"}),
    ],
)
def test_a_record_has_the_fields_of_its_type(kind, text, data):
    shown = record_set(ZONE, line("www", kind, text))

    assert (shown["type"], shown["records"]) == (kind, [data])


def test_a_record_set_says_where_it_is():
    assert record_set(ZONE, line("eu www", "A", "192.0.2.1", "192.0.2.2", spelling="WWW eu")) == {
        "type": "A",
        "zoneId": ZONE_ID,
        "name": "WWW.eu",
        "ttl": 300,
        "status": "Active",
        "created": "2026-01-15T12:34:56Z",
        "records": [{"address": "192.0.2.1"}, {"address": "192.0.2.2"}],
        "id": id_of(ZONE_ID, "eu www\t1\t"),
        "account": "system",
        "recordSetGroupChange": {"ownershipTransferStatus": "None"},
        "fqdn": "WWW.eu.example.org.",
    }


def test_the_apex_is_named_as_the_zone_and_without_a_ttl_a_record_set_has_the_zones():
    shown = record_set(ZONE, line("", "NS", "ns1.example.net.", ttl=None))

    assert (shown["name"], shown["fqdn"], shown["ttl"]) == ("example.org.", "example.org.", 3600)


def test_what_is_noted_of_a_record_set_comes_before_when_it_moved():
    plain, noted = (line("www", "A", "192.0.2.1", notes=each) for each in (None, Notes(created=NOW, updated=NOW)))

    shown = [record_set(ZONE, each, "Active", LATER) for each in (plain, noted)]

    assert [(each["created"], each.get("updated")) for each in shown] == [
        ("2026-02-01T00:00:00Z", None),
        ("2026-01-15T12:34:56Z", "2026-01-15T12:34:56Z"),
    ]


OLD, NEW = line("www", "A", "192.0.2.1"), line("www", "A", "192.0.2.2")
SYNC = Change("id", ZONE_ID, ChangeType.SYNC, "ok", LATER, ChangeStatus.SYNCED, finished=LATEST, transfer="AXFR")
ASKED = replace(SYNC, type=ChangeType.UPDATE, transfer=None)
FAILED = replace(ASKED, status=ChangeStatus.FAILED)


@pytest.mark.parametrize(
    ("change", "status", "updated"),
    [
        (None, ("Active", "Active", "Inactive"), (None, None, None)),
        (SYNC, ("Active", "Active", "Inactive"), (None, "2026-02-01T00:00:00Z", None)),
        (ASKED, ("Active",) * 3, ("2026-02-02T00:00:00Z",) * 3),
        (FAILED, ("Inactive",) * 3, ("2026-02-02T00:00:00Z",) * 3),
    ],
    ids=["in a difference", "by a sync", "asked for", "failed"],
)
def test_what_moved_says_what_was_and_what_is(change, status, updated):
    moves = [Move(None, NEW), Move(OLD, NEW), Move(OLD, None)]

    found = [record_set_change(ZONE, move, change) for move in moves]

    assert [each["changeType"] for each in found] == ["Create", "Update", "Delete"]
    assert [each.get("updates") for each in found] == [None, record_set(ZONE, OLD), record_set(ZONE, OLD)]
    assert [each["recordSet"]["records"][0]["address"] for each in found] == ["192.0.2.2", "192.0.2.2", "192.0.2.1"]
    assert tuple(each["recordSet"]["status"] for each in found) == status
    assert tuple(each["recordSet"].get("updated") for each in found) == updated


def test_the_owner_and_its_transfer_are_shown():
    owned = Notes(created=NOW, owner="group", account="mine", transfer=("Requested", "other"))

    loaded, shown = record_set(ZONE, OLD), record_set(ZONE, line("www", "A", "192.0.2.1", notes=owned))

    assert (loaded["account"], loaded.get("ownerGroupId"), loaded["recordSetGroupChange"]) == (
        *("system", None),
        {"ownershipTransferStatus": "None"},
    )
    assert (shown["account"], shown["ownerGroupId"], shown["recordSetGroupChange"]) == (
        *("mine", "group"),
        {"ownershipTransferStatus": "Requested", "requestedOwnerGroupId": "other"},
    )
