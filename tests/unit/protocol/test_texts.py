"""The texts of rdata against dnspython: equal for real and for damaged rdata."""

import dns.rdata
import dns.rdataclass
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rdatas import edited, edits, real
from zonewright.protocol import checks, rdata, texts, types

TYPES = pytest.mark.parametrize("rdtype", texts.TEXTS, ids=types.type_text)


def of_dnspython(rdtype, octets):
    return dns.rdata.from_wire(dns.rdataclass.IN, rdtype, octets, 0, len(octets)).to_text()


@TYPES
def test_real_rdata_has_the_text_of_dnspython(rdtype):
    for octets in real()[rdtype]:
        assert rdata.text(rdtype, octets) == of_dnspython(rdtype, octets)


@TYPES
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_rdata_has_the_text_of_dnspython_or_the_generic_form(rdtype, data):
    octets = edited(data.draw(st.sampled_from(real()[rdtype])), data.draw(st.lists(edits, min_size=1, max_size=3)))

    if checks.CHECKS[rdtype](octets):
        assert rdata.text(rdtype, octets) == of_dnspython(rdtype, octets)
    else:
        assert rdata.text(rdtype, octets) == rdata.generic(octets)


HEADS = {
    types.DNSKEY: "01010308",
    types.OPENPGPKEY: "",
    types.CAA: "00056973737565",
    types.DS: "00010809",
    types.TLSA: "030100",
    types.SSHFP: "0409",
}
"""The octets of some types before those of any length."""


@pytest.mark.parametrize("rdtype", HEADS, ids=types.type_text)
@settings(max_examples=100, deadline=None)
@given(rest=st.binary(max_size=300))
def test_long_rdata_has_the_text_of_dnspython(rdtype, rest):
    octets = bytes.fromhex(HEADS[rdtype]) + rest

    assert rdata.text(rdtype, octets) == of_dnspython(rdtype, octets)


@pytest.mark.parametrize("size", range(1, 41))
def test_a_hash_of_any_length_has_the_text_of_dnspython(size):
    octets = bytes.fromhex("0100000000") + bytes([size, *range(256 - size, 256)])

    assert rdata.text(types.NSEC3, octets) == of_dnspython(types.NSEC3, octets)


@pytest.mark.parametrize("rdtype", sorted(types.NAMELESS & checks.CHECKS.keys()), ids=types.type_text)
def test_rdata_without_names_is_compared_by_its_octets(rdtype):
    for octets in real()[rdtype]:
        shouted = bytes(octet & 0xDF if octet in b"abcdefghijklmnopqrstuvwxyz" else octet for octet in octets)

        assert rdata.folded(rdtype, octets) == octets
        assert rdata.folded(rdtype, shouted) == shouted
