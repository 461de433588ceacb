"""The texts of rdata against dnspython: equal for real and for damaged rdata, and read back as the same octets."""

import dns.exception
import dns.name
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


def law(rdtype, octets):
    """The text of dnspython if dnspython reads the same octets from it, and the generic form otherwise."""
    try:
        written = of_dnspython(rdtype, octets)
        read = dns.rdata.from_text(dns.rdataclass.IN, rdtype, written)
    except (dns.exception.DNSException, ValueError):
        return rdata.generic(octets)
    return written if read.to_wire() == octets else rdata.generic(octets)


@TYPES
def test_real_rdata_has_the_text_of_dnspython(rdtype):
    for octets in real()[rdtype]:
        assert rdata.text(rdtype, octets) == of_dnspython(rdtype, octets)


@TYPES
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_rdata_has_the_text_of_dnspython_if_it_is_read_back(rdtype, data):
    octets = edited(data.draw(st.sampled_from(real()[rdtype])), data.draw(st.lists(edits, min_size=1, max_size=3)))

    assert rdata.text(rdtype, octets) == law(rdtype, octets)


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
def test_rdata_of_any_length_has_the_text_of_dnspython_if_it_is_read_back(rdtype, rest):
    octets = bytes.fromhex(HEADS[rdtype]) + rest

    assert rdata.text(rdtype, octets) == law(rdtype, octets)


octets = st.one_of(st.sampled_from(b"az-_.1 \x00\x01\x20"), st.integers(0, 255))
labels = st.one_of(st.integers(1, 4), st.sampled_from([31, 32, 33, 45, 48, 63])).flatmap(
    lambda size: st.lists(octets, min_size=size, max_size=size).map(bytes)
)


@settings(max_examples=500, deadline=None)
@given(st.lists(labels, max_size=3))
def test_a_name_has_the_text_of_dnspython(own):
    name = dns.name.Name([*own, b""])

    assert rdata.text(types.CNAME, name.to_wire()) == name.to_text()


NAME = "076578616d706c6500"
UNSAID = {
    "SIG without a signature": (types.SIG, "00" * 18 + NAME),
    "RRSIG without a signature": (types.RRSIG, "0001" + "00" * 16 + NAME),
    "DS": (types.DS, "00010809"),
    "CDS": (types.CDS, "00010809"),
    "DLV": (types.DLV, "00010809"),
    "SSHFP": (types.SSHFP, "0409"),
    "DNSKEY": (types.DNSKEY, "01010308"),
    "CDNSKEY": (types.CDNSKEY, "01010308"),
    "TLSA": (types.TLSA, "030100"),
    "SMIMEA": (types.SMIMEA, "030100"),
    "OPENPGPKEY": (types.OPENPGPKEY, ""),
    "CERT": (types.CERT, "0001000001"),
    "DHCID": (types.DHCID, ""),
    "KEY": (types.KEY, "01010308"),
    "NSEC of type 0": (types.NSEC, NAME + "0001c0"),
    "NSEC3 of type 0": (types.NSEC3, "010000000001ab000180"),
    "CSYNC of type 0": (types.CSYNC, "0000000100030001c0"),
}
"""Readable rdata whose text dnspython does not read back. Its last word is empty, or type 0 is in it."""


@pytest.mark.parametrize(("rdtype", "text"), UNSAID.values(), ids=UNSAID)
def test_rdata_whose_text_is_not_read_back_has_the_generic_form(rdtype, text):
    octets = bytes.fromhex(text)

    assert rdata.readable(rdtype, octets)
    assert rdata.text(rdtype, octets) == law(rdtype, octets) == rdata.generic(octets)


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
