"""Rdata by its fields: what is written is read back, and the order of the fields is that of the rdata."""

import dns.rdata
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import rdatas
from zonewright.protocol import fields, rdata
from zonewright.protocol.types import AAAA, CNAME, DS, MX, NAPTR, SOA, SPF, SRV, SSHFP, TXT, A

NAMES = ["ns.example.org.", "Mail.Example.ORG.", "0/26.example.org.", r"a\.b.example.org.", r"a\032b.example.org.", "."]
label = st.binary(min_size=1, max_size=63)
wire_names = st.lists(label, max_size=3).map(
    lambda labels: b"".join(bytes([len(each)]) + each for each in labels) + b"\0"
)
numbers = {fields.U8: 1, fields.U16: 2, fields.U32: 4, fields.ADDRESS4: 4, fields.ADDRESS6: 16}
strings = st.binary(max_size=255).map(lambda octets: bytes([len(octets)]) + octets)


def parts(form):
    if form in numbers:
        return st.binary(min_size=numbers[form], max_size=numbers[form])
    if form is fields.NAME:
        return wire_names
    if form is fields.STRING:
        return strings
    if form is fields.STRINGS:
        return st.binary(max_size=600).map(
            lambda octets: b"".join(
                bytes([len(octets[at : at + 255])]) + octets[at : at + 255] for at in range(0, max(len(octets), 1), 255)
            )
        )
    return st.sampled_from([20, 32, 48]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


@pytest.mark.parametrize("rdtype", fields.FIELDS)
@given(drawn=st.data())
def test_what_is_read_is_written_again(rdtype, drawn):
    octets = b"".join(drawn.draw(parts(form)) for form in fields.FIELDS[rdtype].values())

    values = fields.values(rdtype, octets)

    if list(values) == list(fields.FIELDS[rdtype]):
        assert fields.encode(rdtype, values) == octets
    else:
        assert values == {"text": rdata.generic(octets)}
        assert not rdata.readable(rdtype, octets)


def test_real_rdata_has_all_its_fields():
    for rdtype, forms in fields.FIELDS.items():
        for octets in rdatas.real()[rdtype]:
            values = fields.values(rdtype, octets)
            assert list(values) == list(forms)
            if rdtype not in (TXT, SPF):  # they may be in other strings
                assert fields.encode(rdtype, values) == octets


@pytest.mark.parametrize(
    ("rdtype", "text", "values"),
    [
        (A, "192.0.2.1", {"address": "192.0.2.1"}),
        (AAAA, "2001:db8::3", {"address": "2001:db8:0:0:0:0:0:3"}),
        (CNAME, "Www.example.org.", {"cname": "Www.example.org."}),
        (MX, "10 mail.example.org.", {"preference": 10, "exchange": "mail.example.org."}),
        (SRV, "1 2 3 a.", {"priority": 1, "weight": 2, "port": 3, "target": "a."}),
        (TXT, r'"a\"b" "\195\169\\"', {"text": r"a\"b\195\169\\"}),
        (SSHFP, "1 1 " + "ab" * 20, {"algorithm": 1, "type": 1, "fingerprint": "AB" * 20}),
        (DS, "5 8 1 " + "ab" * 20, {"keytag": 5, "algorithm": 8, "digesttype": 1, "digest": "AB" * 20}),
        (
            NAPTR,
            r'1 2 "U" "E2U+sip" "!^(.*)$!\\1!" .',
            {
                "order": 1,
                "preference": 2,
                "flags": "U",
                "service": "E2U+sip",
                "regexp": r"!^(.*)$!\\1!",
                "replacement": ".",
            },
        ),
        (
            SOA,
            "a. b. 1 2 3 4 5",
            {"mname": "a.", "rname": "b.", "serial": 1, "refresh": 2, "retry": 3, "expire": 4, "minimum": 5},
        ),
    ],
)
def test_values_of_a_text(rdtype, text, values):
    octets = dns.rdata.from_text("IN", rdtype, text).to_wire()

    found = fields.values(rdtype, octets)

    assert found == values
    assert list(found) == list(values)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_as_written(name):
    assert fields.values(CNAME, fields.encode(CNAME, {"cname": name})) == {"cname": name}


@pytest.mark.parametrize("name", ["a..b.", f"{'a' * 64}.example.org.", "é.example.org."])
def test_what_is_no_name_has_no_rdata(name):
    with pytest.raises(ValueError, match="name"):
        fields.encode(CNAME, {"cname": name})


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("plain", b"plain"),
        ('a"b', b'a"b'),
        (r"a\"b", b'a"b'),
        (r"\\", b"\\"),
        ("é", "é".encode()),
        (r"\195\169", "é".encode()),
        (r"\256", rb"\256"),
        ("!^(.*)$!\\1!", b"!^(.*)$!\\1!"),
        ("end\\", b"end\\"),
    ],
)
def test_a_text_means_octets(text, octets):
    assert fields.unescaped(text) == octets


def test_a_long_text_is_in_strings_of_255():
    octets = fields.encode(TXT, {"text": "x" * 600})

    assert [octets[0], octets[256], octets[512]] == [255, 255, 90]
    assert fields.values(TXT, octets) == {"text": "x" * 600}
