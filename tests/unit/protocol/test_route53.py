"""The texts of Route 53: octal escapes, and names in lower case."""

import dns.name
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hosting import TEXTS
from support.rdatas import real
from zonewright.protocol import names, records, route53, rrset
from zonewright.protocol.types import CAA, CNAME, DNAME, HTTPS, LOC, MX, NAPTR, SOA, SVCB, TLSA, TXT, A

NAMES = {
    "*.example.org.": "\\052.example.org.",
    "WWW.Example.ORG.": "www.example.org.",
    "_sip._tcp.example.org.": "_sip._tcp.example.org.",
    "0/25.2.0.192.in-addr.arpa.": "0\\05725.2.0.192.in-addr.arpa.",
    "a\\.b.example.org.": "a\\056b.example.org.",
    "two\\032words.example.org.": "two\\040words.example.org.",
    "f\\252bar.example.org.": "f\\374bar.example.org.",
    ".": ".",
}


@pytest.mark.parametrize(("name", "text"), NAMES.items(), ids=NAMES)
def test_a_name_is_as_route_53_lists_it(name, text):
    assert route53.name_text(dns.name.from_text(name)) == text
    assert route53.name_of(text) == dns.name.from_text(name)


@pytest.mark.parametrize("text", ["*.example.org.", "WWW.example.org", "\\127ww.example.org"])
def test_a_name_of_another_writer_is_read(text):
    assert route53.name_of(text) in map(dns.name.from_text, ["*.example.org.", "www.example.org."])


@pytest.mark.parametrize("text", ["a..example.org.", "a" * 64 + ".org.", "a\\12.org."])
def test_what_is_no_name_is_not_read(text):
    with pytest.raises(ValueError, match="is not a name"):
        route53.name_of(text)


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=6))
def test_every_name_comes_back(labels):
    name = dns.name.Name([*labels, b""])

    assert route53.name_of(route53.name_text(name)) == name
    assert route53.name_text(name).isascii()


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=4), st.sampled_from([".", "example.org."]))
def test_an_owner_name_is_written_from_its_key(labels, below):
    zone = dns.name.from_text(below)
    owner = dns.name.Name([*labels, *zone.labels])

    assert route53.owner_text(names.key_of(owner, zone), route53.name_text(zone)) == route53.name_text(owner)


VALUES = {
    (TXT, '"a b" "c"'): '"a b" "c"',
    (TXT, '"say \\"x\\" \\\\ \\009\\200"'): '"say \\"x\\" \\\\ \\011\\310"',
    (TXT, '"\\\\052"'): '"\\\\052"',
    (CAA, '0 issue "ca.example.net\\127"'): '0 issue "ca.example.net\\177"',
    (MX, "10 MAIL.Example.org."): "10 mail.example.org.",
    (CNAME, "a\\.b\\@c\\032d.example.org."): "a\\056b\\100c\\040d.example.org.",
    (NAPTR, '1 2 "u" "x" "!(.*)!a\\\\1!" .'): '1 2 "u" "x" "!(.*)!a\\\\1!" .',
    (HTTPS, "1 . alpn=h2,h3 port=443"): '1 . alpn="h2,h3" port="443"',
}


@pytest.mark.parametrize(("rdtype", "text"), VALUES, ids=str)
def test_a_value_has_octal_escapes(rdtype, text):
    octets = records.rdata_of(rdtype, text)

    assert route53.value_text(rdtype, octets) == VALUES[rdtype, text]


def test_values_come_back():
    for rdtype, texts in TEXTS.items():
        for octets in [*(records.rdata_of(rdtype, text) for text in texts), *real().get(rdtype, [])]:
            value = route53.value_text(rdtype, octets)
            folded = rrset.folded(str(rdtype), octets.hex())
            assert value.isascii()
            assert value.isprintable()
            assert route53.rdata_of(rdtype, value).hex() == folded


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=4))
def test_every_string_comes_back(strings):
    octets = b"".join(bytes([len(each)]) + each for each in strings)

    assert route53.rdata_of(TXT, route53.value_text(TXT, octets)) == octets


FOREIGN = {
    (MX, "10\tmail.example.org"): "10 mail.example.org.",
    (TXT, '"a""b"'): '"a" "b"',
    (TXT, '"v=DKIM1\\; p=x; y"'): '"v=DKIM1; p=x; y"',
    (TXT, '"\\101\\377"'): '"A\\255"',
    (A, "192.0.2.1"): "192.0.2.1",
    (SVCB, "1 svc.example.net alpn=h3"): "1 svc.example.net. alpn=h3",
}


@pytest.mark.parametrize(("rdtype", "value"), FOREIGN, ids=str)
def test_a_value_of_another_writer_is_read(rdtype, value):
    assert route53.rdata_of(rdtype, value) == records.rdata_of(rdtype, FOREIGN[rdtype, value])


@pytest.mark.parametrize(("rdtype", "value"), [(A, "192.0.2"), (TXT, '"a'), (MX, "mail.example.org"), (A, "")])
def test_what_is_no_record_is_not_read(rdtype, value):
    with pytest.raises(ValueError, match="is not read"):
        route53.rdata_of(rdtype, value)


def test_rdata_without_a_text_has_no_value():
    assert route53.value_text(TLSA, b"\x03\x01\x01") == ""


def test_route_53_has_seventeen_types():
    assert all(map(route53.takes, [*TEXTS, CNAME, SOA]))
    assert not any(map(route53.takes, [DNAME, LOC, 65280]))
    known = {kind for kind in range(1, 300) if route53.takes(kind)}
    assert " ".join(sorted(map(dns.rdatatype.to_text, known))) == (
        "A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT"
    )
