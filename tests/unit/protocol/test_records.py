import dns.rdata
import dns.rdataclass
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.protocol import records, rrset, types

TYPES = [1, 2, 5, 6, 12, 13, 15, 16, 28, 29, 33, 35, 37, 39, 43, 44, 52, 64, 65, 99, 256, 257, 65280]
SAMPLES = {
    "A": "192.0.2.1",
    "NS": "ns1.example.net.",
    "MX": "10 Mail.example.net.",
    "TXT": '"a b" "c"',
    "SRV": "1 2 3 sip.example.net.",
    "NAPTR": '1 2 "u" "E2U+sip" "!^.*$!sip:a@b.example.!" .',
    "DS": "1 8 2 " + "AB" * 32,
    "CAA": '0 issue "ca.example.net"',
    "SVCB": '1 . alpn="h2"',
    "LOC": "51 30 12.748 N 0 7 39.611 W 0.00m 0.00m 0.00m 0.00m",
    "TYPE65280": "\\# 2 0102",
}


def result(rule, *arguments):
    """What a rule returned, or the ValueError it raised."""
    try:
        return rule(*arguments)
    except ValueError as error:
        return error


@pytest.mark.parametrize(("kind", "text"), SAMPLES.items())
def test_rdata_is_what_dnspython_reads(kind, text):
    rdtype = types.type_of(kind)

    wire = records.rdata_of(rdtype, text)

    assert wire == dns.rdata.from_text(dns.rdataclass.IN, rdtype, text).to_wire()
    assert records.wrong_records(rdtype, [text]) == []


@pytest.mark.parametrize(("kind", "text"), SAMPLES.items())
def test_what_is_shown_may_be_sent_again(kind, text):
    rdtype = types.type_of(kind)
    wire = records.rdata_of(rdtype, text)

    shown = rrset.from_line(rrset.to_line("", rdtype, None, [wire])).texts()[0]

    assert records.rdata_of(rdtype, shown) == wire


@given(
    st.sampled_from(TYPES), st.text(max_size=40) | st.from_regex(r"[0-9a-zA-Z. \"\\\\#;()@:-]{0,40}", fullmatch=True)
)
def test_any_text_is_rdata_or_says_why_not(rdtype, text):
    wire = result(records.rdata_of, rdtype, text)

    if isinstance(wire, ValueError):
        assert str(wire)
    elif not text.startswith("\\#"):
        assert dns.rdata.from_wire(dns.rdataclass.IN, rdtype, wire, 0, len(wire)).to_wire() == wire


@given(st.text(max_size=12))
def test_any_text_is_a_type_or_says_why_not(text):
    found = result(types.type_of, text)

    assert str(found).startswith("is ") if isinstance(found, ValueError) else 0 < found < 65536


@pytest.mark.parametrize("altitude", ["42849672.96m", "-100000.01m", "infm"])
def test_a_number_out_of_range_is_refused(altitude):
    assert isinstance(result(records.rdata_of, types.LOC, f"52 N 4 E {altitude}"), ValueError)


def test_every_wrong_record_is_named():
    wrong = records.wrong_records(2, ["a.", "b", None, "A.", "c d", "e."])

    assert [(each.path, each.rule) for each in wrong] == [
        (("records", 1), "format"),
        (("records", 4), "format"),
    ]


def test_rdata_is_as_long_as_rdata_may_be():
    fits = " ".join(['"' + "x" * 255 + '"'] * 255)

    assert len(records.rdata_of(16, fits)) == 65280
    with pytest.raises(ValueError, match="65535"):
        records.rdata_of(16, f'{fits} "{"x" * 255}"')


@pytest.mark.parametrize(
    ("kind", "text", "octets"),
    [
        ("SVCB", "\\# 3 0000 00", "000000"),
        ("TLSA", "\\# 4 030163ab", "030163ab"),
        ("TYPE40", "\\# 3 010000", "010000"),
        ("DS", "\\# 4 47b00d05", None),
        ("SVCB", "\\# 7 0000 00 00010000", None),
        ("MX", "\\# 4 000a0000", None),
        ("SVCB", "\\# 3 0000c0", None),
        ("DS", "\\# 5 47b00d05", None),
        ("DS", "\\# x", None),
    ],
)
def test_rdata_that_servers_load_is_taken_in_the_generic_form(kind, text, octets):
    wire = result(records.rdata_of, types.type_of(kind), text)

    assert isinstance(wire, ValueError) if octets is None else wire.hex() == octets
