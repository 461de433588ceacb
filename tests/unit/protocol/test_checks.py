"""The checks of rdata against dnspython: equal verdicts on real, damaged and random rdata of each type."""

import functools
import struct
from pathlib import Path

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import primaries
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from primaries import signing
from zonewright.protocol import checks, rdata, types
from zonewright.protocol.types import HTTPS, NAPTR, NSEC, NSEC3, RRSIG, SIG, SVCB

SIGNATURE = "A 13 3 3600 20301231235959 20300101000000 1 example.org. AAAA"
TEXTS = {
    "SIG": [SIGNATURE],
    "KEY": ["512 3 13 AAAA"],
    "DLV": ["12345 13 2 " + "ef" * 32, "1 8 1 " + "00" * 20, "1 8 4 " + "00" * 48, "1 8 9 00"],
    "RRSIG": [SIGNATURE, "TYPE65535 255 255 4294967295 0 4294967295 65535 . AA=="],
    "NSEC": ["b.example.org. A MX RRSIG NSEC TYPE1234", ". A TYPE65535"],
    "NSEC3": ["1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG", "1 0 0 - 2vptu5ti"],
    "NSEC3PARAM": ["1 0 12 aabbccdd"],
    "HTTPS": [
        "1 . mandatory=alpn,ipv4hint alpn=h2,h3 no-default-alpn port=443 ipv4hint=192.0.2.1,192.0.2.2 key65535=yz",
        "1 . mandatory=key7 ech=AAQAAAAA ipv6hint=2001:db8::1 key7=/dns key8 key9=x docpath=x",
    ],
}
"""Rdata that the zone of types lacks, or has in one form only. It lacks what signing adds."""

SIGNED = frozenset({"RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY"})
"""Types that signing adds. dnspython does not read all others as `dnssec-signzone` writes them."""

TYPES = pytest.mark.parametrize("rdtype", checks.CHECKS, ids=types.type_text)


@functools.cache
def real():
    """Rdata of every type that has a check: of the zone of types, the same signed with NSEC and NSEC3, and `TEXTS`."""
    found = {rdtype: set() for rdtype in checks.CHECKS}
    for kind, texts in TEXTS.items():
        rdtype = dns.rdatatype.from_text(kind)
        found[rdtype] |= {dns.rdata.from_text(dns.rdataclass.IN, rdtype, text).to_wire() for text in texts}
    zone = (Path(primaries.__file__).parent / "zones" / "types.zone").read_text()
    for _, _, each in dns.zone.from_text(zone, "types.example.", relativize=False).iterate_rdatas():
        if each.rdtype in found:
            found[each.rdtype].add(each.to_wire())
    for kind, text in signed(zone) if signing.available() else ():
        rdtype = dns.rdatatype.from_text(kind)
        found[rdtype].add(dns.rdata.from_text(dns.rdataclass.IN, rdtype, text).to_wire())
    return {rdtype: sorted(rdatas) for rdtype, rdatas in found.items()}


def signed(zone):
    """Type and text of each record that signing adds to the zone of types."""
    signable = "".join(line for line in zone.splitlines(keepends=True) if not line.startswith(("dnskey", "cdnskey")))
    for nsec3 in (False, True):
        for line in signing.signed("types.example.", signable, nsec3=nsec3).splitlines():
            kind, text = [*line.split(None, 4), "", "", "", ""][3:5]
            if kind in SIGNED:
                yield kind, text


def dnspython_reads(rdtype, octets):
    """Whether dnspython reads the octets without changing them, as it changes a compressed name of SIG or NAPTR."""
    try:
        read = dns.rdata.from_wire(dns.rdataclass.IN, rdtype, octets, 0, len(octets))
    except (dns.exception.DNSException, ValueError, ArithmeticError, LookupError, struct.error):
        return False
    same = read.to_wire() == octets
    assert same or rdtype in (SIG, NAPTR)
    return same


@TYPES
def test_real_rdata_is_readable(rdtype):
    assert real()[rdtype], "there is no rdata of this type to test with"
    for octets in real()[rdtype]:
        assert checks.CHECKS[rdtype](octets)
        assert dnspython_reads(rdtype, octets)


edges = st.sampled_from([0, 1, 2, 3, 4, 16, 20, 32, 33, 48, 62, 63, 64, 128, 191, 192, 255])
octet = st.integers(0, 255) | edges
edits = st.tuples(st.integers(0, 300), st.integers(0, 3), st.lists(octet, max_size=4))


def edited(octets, changes):
    """The octets after edits, each of which replaces some octets at a place by others."""
    for place, size, new in changes:
        at = place % (len(octets) + 1)
        octets = octets[:at] + bytes(new) + octets[at + size :]
    return octets


@TYPES
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_rdata_is_judged_as_dnspython_judges_it(rdtype, data):
    octets = edited(data.draw(st.sampled_from(real()[rdtype])), data.draw(st.lists(edits, min_size=1, max_size=3)))

    assert checks.CHECKS[rdtype](octets) == dnspython_reads(rdtype, octets)


@TYPES
@settings(max_examples=50, deadline=None)
@given(octets=st.binary(max_size=80) | st.lists(octet, max_size=80).map(bytes))
def test_random_rdata_is_judged_as_dnspython_judges_it(rdtype, octets):
    assert checks.CHECKS[rdtype](octets) == dnspython_reads(rdtype, octets)


def counted(size):
    return lambda octets: len(octets).to_bytes(size, "big") + octets


labels = st.binary(min_size=1, max_size=63) | st.just(b"x" * 63)
wire_names = st.lists(labels.map(counted(1)), max_size=5).map(lambda each: b"".join(each) + b"\0")
bitmaps = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 2, 255]), st.binary(max_size=4) | st.binary(min_size=31, max_size=33)),
    max_size=3,
).map(lambda windows: b"".join(bytes([window]) + counted(1)(octets) for window, octets in windows))
values = st.one_of(
    st.binary(max_size=5),
    st.sampled_from([4, 16, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    st.lists(st.binary(max_size=3).map(counted(1)), max_size=3).map(b"".join),
    st.lists(st.integers(0, 11).map(lambda key: key.to_bytes(2, "big")), max_size=3).map(b"".join),
    st.binary(max_size=6).map(counted(2)),
)
keys = st.integers(0, 11) | st.integers(0, 65535)
parameters = st.lists(st.tuples(keys, values), max_size=5).flatmap(
    lambda each: st.sampled_from([sorted(dict(each).items()), each])
)
structured = {
    RRSIG: st.tuples(st.binary(min_size=18, max_size=18), wire_names, st.binary(max_size=8)),
    NSEC: st.tuples(wire_names, bitmaps),
    NSEC3: st.tuples(
        st.binary(min_size=4, max_size=4),
        st.binary(max_size=255).map(counted(1)),
        st.binary(max_size=255).map(counted(1)),
        bitmaps,
    ),
    SVCB: st.tuples(
        st.sampled_from([b"\0\0", b"\0\1"]),
        wire_names,
        parameters.map(
            lambda each: b"".join(key.to_bytes(2, "big") + counted(2)(value) for key, value in each),
        ),
    ),
}
structured[HTTPS] = structured[SVCB]


@pytest.mark.parametrize("rdtype", structured, ids=types.type_text)
@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_rdata_of_its_form_is_judged_as_dnspython_judges_it(rdtype, data):
    octets = b"".join(data.draw(structured[rdtype]))

    assert checks.CHECKS[rdtype](octets) == dnspython_reads(rdtype, octets)


def test_types_without_a_check_are_read_by_dnspython():
    assert types.LOC not in checks.CHECKS
    assert rdata.readable(types.LOC, bytes.fromhex("00121613800000008000000000989680"))
    assert not rdata.readable(types.LOC, bytes.fromhex("01121613800000008000000000989680"))
