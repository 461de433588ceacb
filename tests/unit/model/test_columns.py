"""Filters and orders of stored lines, against the record sets that are made of the same lines."""

import cProfile
import functools
import itertools
import pstats
import uuid
from dataclasses import replace

import dns.name
import dns.zone
import primaries.corpus
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.calls import NOW
from zonewright import clock
from zonewright.contents import chunks
from zonewright.model.columns import EVERYTHING, FILTERS, ORDERS, Query
from zonewright.model.ranges import between
from zonewright.model.recordset import RecordSet, order_of
from zonewright.model.selection import matcher
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import names, rrset
from zonewright.protocol.notes import Notes, Written, mark

ODD = r"""
$TTL 60
@ SOA ns host 1 2 3 4 5
@ NS ns
Www.Eu A 192.0.2.1
Www.Eu AAAA 2001:db8::a
a\.b.eu A 192.0.2.10
c\032d TXT "caf\195\169" "a\"b" "x y"
e\(f\) CNAME A\.b.Eu
escaped CNAME a\0011.1\0321.x-1.example.
long CNAME aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1.2example.
mapped AAAA ::ffff:192.0.2.1
spf TXT "v=spf1 ip4:192.0.2.1 \0011" "1.1"
\000 PTR target.Example.
*.eu MX 10 mail-A.example.
~x!y SRV 1 2 5060 sip_1.example.
"""


def zone_of(name):
    made = Zone(id=str(uuid.uuid4()), name=name, group_id="group", type=ZoneType.PRIMARY, created=NOW)
    return replace(made, version=1)


@functools.cache
def contents():
    """Zones, each with its lines: of the corpus, with odd names, and the root with notes in some lines."""
    texts = {**primaries.corpus.zones(), "odd.example.": ODD, "eu.odd.example.": ODD, ".": ODD}
    found = []
    for name, text in texts.items():
        origin = dns.name.from_text(name)
        read = dns.zone.from_text(text, origin, relativize=False, check_origin=False)
        lines = sorted(
            rrset.to_line(
                names.key_of(owner, origin),
                int(rdataset.rdtype),
                rdataset.ttl,
                [rdata.to_wire() for rdata in rdataset],
            )
            for owner, rdataset in read.iterate_rdatasets()
        )
        found.append((zone_of(name), [_noted(line) if name == "." else line for line in lines]))
    return found


def _noted(line):
    found = rrset.from_line(line)
    written = {mark(each): "As Written 192.0.2.1" for each in found.rdatas[:1]}
    order = tuple(map(mark, found.rdatas[::-1]))
    notes = Notes("Described: Eu", created=NOW, version=2, written=Written(written, order))
    return rrset.with_notes(line, str(notes))


TEXTS = {
    "status": lambda _: ["ACTIVE"],
    "ttl": lambda entry: [] if entry.rrset.ttl is None else [str(entry.rrset.ttl)],
    "description": lambda entry: [text] if (text := entry.rrset.notes.description) is not None else [],
    "type": lambda entry: [entry.rrset.type_text()],
    "name": lambda entry: [entry.name],
    "data": lambda entry: entry.rrset.every_text(),
}
"""What each filter reads, by the record set."""

VALUES = {
    "created_at": lambda entry: entry.rrset.notes.created or entry.zone.created,
    "id": lambda entry: entry.id,
    "updated_at": lambda entry: entry.rrset.notes.updated or clock.EPOCH,
    "zone_id": lambda entry: entry.zone.id,
    "tenant_id": lambda entry: entry.zone.group_id,
    "name": lambda entry: order_of(entry.zone, entry.rrset.key),
    "type": lambda entry: entry.rrset.type_text(),
    "ttl": lambda entry: -1 if entry.rrset.ttl is None else entry.rrset.ttl,
    "records": lambda entry: entry.rrset.written(),
}


def entries(zone, lines):
    return [RecordSet(zone, rrset.from_line(line)) for line in lines]


@functools.cache
def texts_of(field):
    found = [text for zone, lines in contents() for entry in entries(zone, lines) for text in TEXTS[field](entry)]
    return sorted({text[:400] for text in found}, key=lambda text: (len(text), text))


@st.composite
def patterns(draw, field):
    """A text of the field, parts of it with asterisks between, in another case at times."""
    text = draw(st.sampled_from(texts_of(field)))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + "*" + text[draw(st.integers(start, len(text))) :]
    return draw(st.sampled_from([text, text.upper(), text.lower(), text + "*", "*" + text]))


@pytest.mark.parametrize("field", FILTERS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_filter_lets_through_what_its_pattern_matches(field, data):
    pattern = data.draw(patterns(field))
    matches = matcher(pattern)

    for zone, lines in contents():
        wanted = [
            line
            for line, each in zip(lines, entries(zone, lines), strict=True)
            if any(map(matches, TEXTS[field](each)))
        ]
        assert FILTERS[field](pattern, zone)(lines) == wanted


@settings(max_examples=300, deadline=None)
@given(pattern=patterns("name"))
def test_no_name_that_a_pattern_matches_is_outside_its_span(pattern):
    for zone, lines in contents():
        span = Query(patterns={"name": pattern}).span(zone)
        for line in FILTERS["name"](pattern, zone)(lines):
            if "." in rrset.key(line):  # a dot within a label, which no pattern means
                continue
            assert span is not None
            low, high = span
            assert low <= rrset.key(line)
            assert high is None or line < high


@settings(max_examples=200, deadline=None)
@given(pattern=patterns("name"), size=st.integers(1, 12), data=st.data())
def test_no_name_that_a_pattern_matches_is_in_a_chunk_that_does_not_hold_it(pattern, size, data):
    zone, lines = data.draw(st.sampled_from(contents()))
    keys = sorted({rrset.key(line) for line in lines})
    starts = ["", *keys[size::size]]
    holds = Query(patterns={"name": pattern}).holds(zone)
    for start, end in itertools.zip_longest(starts, starts[1:]):
        some = between(lines, start, end)
        if FILTERS["name"](pattern, zone)(some):
            assert holds(chunks.describe(start, some, b"", ""), end)


@pytest.mark.parametrize(
    ("pattern", "span"),
    [
        ("*", EVERYTHING),
        ("www*", EVERYTHING),
        ("*.odd.example.", EVERYTHING),
        ("*example.", EVERYTHING),
        ("*w.odd.example.", EVERYTHING),
        ("*.EU.odd.example.", ("eu", "eu!")),
        ("*w.a.eu.odd.example.", ("eu a", "eu a!")),
        ("*1*2.eu.odd.example.", ("eu", "eu!")),
        ("www.eu.odd.example.", ("eu www", "eu www!")),
        ("*.example.net.", None),
        ("*.odd.example", None),
        ("*..odd.example.", EVERYTHING),
        ("*a..eu.odd.example.", None),
        ("www.example.net.", None),
        ("www", None),
    ],
)
def test_names_that_end_with_the_same_labels_have_a_span(pattern, span):
    assert Query(patterns={"name": pattern}).span(zone_of("odd.example.")) == span


@pytest.mark.parametrize("field", ORDERS)
def test_an_order_has_the_value_of_each_record_set(field):
    for zone, lines in contents():
        assert ORDERS[field](zone)(lines) == [VALUES[field](entry) for entry in entries(zone, lines)]


@pytest.mark.parametrize("read", [FILTERS["data"]("*.1*", zone_of(".")), ORDERS["records"](zone_of("."))])
def test_addresses_are_read_in_few_steps(read):
    lines = [f"host-{number:03}\t1\t\tc00002{number:02x}" for number in range(200)]
    profiler = cProfile.Profile()

    found = profiler.runcall(read, lines)

    assert found
    assert pstats.Stats(profiler).total_calls < 7 * len(lines)
