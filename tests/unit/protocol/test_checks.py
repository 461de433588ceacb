"""The checks of rdata against dnspython: equal verdicts on real, damaged and random rdata of each type."""

import struct

import dns.exception
import dns.rdata
import dns.rdataclass
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rdatas import edited, edits, octet, real
from zonewright.protocol import checks, rdata, types
from zonewright.protocol.types import HTTPS, NAPTR, NSEC, NSEC3, RRSIG, SIG, SVCB

TYPES = pytest.mark.parametrize("rdtype", checks.CHECKS, ids=types.type_text)


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
