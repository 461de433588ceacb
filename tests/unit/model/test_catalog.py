"""Catalog zones (RFC 9432): which records list which zones."""

import dns.name
import pytest
from zonewright.model import catalog
from zonewright.model.diff import Kind
from zonewright.protocol import rrset

CATALOG = dns.name.from_text("catalog.example.")
ORG = "0b1f6f2c-91a1-4c3f-9a15-3c7e8a1d5b01"
NET = "f2d6a1de-55b0-4d0c-8a43-8f0a34be2c02"


def shown(lines):
    """Lines as a master file has them."""
    return [
        f"{each.owner(CATALOG)} {each.ttl} {each.type_text()} {text}"
        for each in map(rrset.from_line, lines)
        for text in each.texts()
    ]


def test_a_catalog_lists_its_members():
    assert shown([catalog.soa(7), *catalog.lines({NET: "Example.NET.", ORG: r"a\.b.example.org."})]) == [
        "catalog.example. 0 SOA invalid. invalid. 7 3600 600 2147483646 0",
        "catalog.example. 0 NS invalid.",
        'version.catalog.example. 0 TXT "2"',
        rf"{ORG}.zones.catalog.example. 0 PTR a\.b.example.org.",
        f"{NET}.zones.catalog.example. 0 PTR example.net.",
    ]


def test_lines_are_in_canonical_order():
    lines = catalog.lines({str(number): f"{number}.example." for number in range(100)})

    assert lines == sorted(lines)


MEMBERS = {ORG: "example.org.", NET: "example.net."}
CHANGES = {
    "none": (MEMBERS, []),
    "a zone more": ({**MEMBERS, "x": "example.com."}, [(Kind.CREATED, "zones x")]),
    "a zone less": ({ORG: "example.org."}, [(Kind.DELETED, f"zones {NET}")]),
    "a zone made again": (
        {ORG: "example.org.", "x": "example.net."},
        [(Kind.DELETED, f"zones {NET}"), (Kind.CREATED, "zones x")],
    ),
    "no zone": ({}, [(Kind.DELETED, f"zones {ORG}"), (Kind.DELETED, f"zones {NET}")]),
}


@pytest.mark.parametrize(("members", "moves"), CHANGES.values(), ids=CHANGES)
def test_only_the_members_that_changed_move(members, moves):
    found = catalog.moves(MEMBERS, members)

    assert [(move.kind, rrset.key(move.before or move.after)) for move in found] == moves
