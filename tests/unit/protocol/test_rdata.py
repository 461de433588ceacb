"""Rdata that dnspython dislikes is carried as octets, and shown in the generic form."""

import pytest
from zonewright.errors import MalformedZoneFile
from zonewright.protocol import fields, placement, rdata, rrset, types
from zonewright.protocol.zonefile import reader, writer

HTTPS = 65
APL = 42
ODD = {
    "HTTPS in AliasMode with parameters": (HTTPS, "000001610000010003026832"),
    "HTTPS with an empty ECH": (HTTPS, "00010000050000"),
    "LOC of another version": (29, "01121613800000008000000000989680"),
    "DS of a digest too short": (types.DS, "30390d02abcd"),
    "APL of a prefix too long": (APL, "00012804c0000201"),
    "URI without a target": (256, "000a0001"),
    "NSEC of a bitmap too short": (types.NSEC, "0161000005"),
    "CAA cut": (types.CAA, "000561"),
    "no octets": (types.TLSA, ""),
}
odd = pytest.mark.parametrize(("rdtype", "text"), ODD.values(), ids=ODD)


@odd
def test_what_cannot_be_read_has_the_generic_form(rdtype, text):
    octets = bytes.fromhex(text)

    assert not rdata.readable(rdtype, octets)
    assert rdata.text(rdtype, octets) == f"\\# {len(octets)} {text}".rstrip()
    assert rdata.folded(rdtype, octets) == octets
    assert rrset.RRset("a", rdtype, 60, (octets,)).texts() == [rdata.generic(octets)]


@odd
def test_an_export_has_octets_as_they_were(rdtype, text):
    apex = ["\t2\t300\t026e7300", "\t6\t300\t026e7300036a6f65000000000100000002000000030000000400000005"]
    line = f"a\t{rdtype}\t60\t{text}"

    exported = "".join(writer.write([*apex, line], "example.org.", 300))

    assert exported.splitlines()[-1] == f"a.example.org. 60 IN TYPE{rdtype} \\# {len(text) // 2} {text}".rstrip()


@odd
def test_octets_that_servers_do_not_load_are_not_imported(rdtype, text):
    written = f"@ 300 SOA ns joe 1 2 3 4 5\na 60 TYPE{rdtype} \\# {len(text) // 2} {text}\n"

    if placement.wrong_type(rdtype):
        assert reader.read(written, origin="example.org.").lines[1] == f"a\t{rdtype}\t60\t{text}"
    else:
        with pytest.raises(MalformedZoneFile, match=f"not {types.type_text(rdtype)} rdata: its octets are not "):
            reader.read(written, origin="example.org.")


def test_a_compressed_name_in_octets_is_not_imported():
    apex = "@ 300 SOA ns joe 1 2 3 4 5\n@ 300 NS ns\n"

    with pytest.raises(MalformedZoneFile, match="a name in it is compressed"):
        reader.read(f"{apex}a 60 TYPE107 \\# 4 0000c000\n", origin="example.org.")


@pytest.mark.parametrize("rdtype", [types.DS, types.TLSA, types.NAPTR])
def test_an_unread_record_has_one_field_in_vinyldns(rdtype):
    assert fields.values(rdtype, b"\x04\x02") == {"text": "\\# 2 0402"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["\\#"], "is followed by the number of octets"),
        (["\\#", "x", "00"], "is followed by the number of octets"),
        (["\\#", "2", "00"], "1 octets, where 2 were announced"),
        (["\\#", "1", "0g"], "not hexadecimal"),
        (["\\#", "1", "000"], "not hexadecimal"),
    ],
)
def test_a_wrong_generic_form_is_refused_with_the_reason(words, said):
    with pytest.raises(ValueError, match=said):
        rdata.from_generic(words)
