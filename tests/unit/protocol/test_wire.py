"""The wire parser against dnspython: equal results, or an equal refusal."""

import cProfile
import pstats

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.renderer
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zonewright.errors import TransferMalformed
from zonewright.protocol import names, types, wire

ZONE = names.absolute("Example.org.")

RDATA = {
    "A": "192.0.2.1",
    "AAAA": "2001:db8::1",
    "NS": "ns1.example.org.",
    "CNAME": "Target.Example.org.",
    "PTR": "a.b.c.example.net.",
    "SOA": "ns1.example.org. joe\\.doe.example.org. 4294967295 3600 600 86400 300",
    "MX": "10 mail.example.org.",
    "TXT": '"one" "two \\" \\255" ""',
    "SPF": '"v=spf1 -all"',
    "SRV": "1 2 443 www.example.org.",
    "NAPTR": '100 10 "u" "E2U+sip" "!^.*$!sip:x@example.org!" .',
    "CAA": '0 issue "ca.example.net"',
    "SSHFP": "4 2 " + "ab" * 32,
    "TLSA": "3 1 1 " + "cd" * 32,
    "DS": "12345 13 2 " + "ef" * 32,
    "RP": "joe.example.org. txt.example.org.",
    "AFSDB": "1 db.example.org.",
    "KX": "5 kx.example.org.",
    "DNAME": "other.example.net.",
    "HINFO": '"cpu" "os"',
    "LOC": "52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m",
    "SVCB": '1 svc.example.org. alpn="h2"',
    "HTTPS": "1 . port=8443",
    "URI": '10 1 "https://example.org/"',
    "EUI48": "00-00-5e-00-53-2a",
    "APL": "1:192.0.2.0/24 !2:2001:db8::/32",
    "CERT": "PKIX 1 8 AAAA",
    "NSEC": "b.example.org. A MX RRSIG NSEC TYPE1234",
    "NSEC3": "1 1 0 - 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
    "NSEC3PARAM": "1 0 0 -",
    "CDS": "0 0 0 00",
    "CDNSKEY": "0 3 0 AA==",
    "RRSIG": "A 13 3 3600 20301231235959 20300101000000 1 example.org. AAAA",
    "DNSKEY": "257 3 13 AAAA",
    "TYPE65280": "\\# 3 010203",
    "TYPE65281": "\\# 0",
}

labels = st.one_of(
    st.binary(min_size=1, max_size=12),
    st.sampled_from([b"www", b"WWW", b"a-b", b"_sip", b"*", b"x" * 63, b"a.b", b"\\", b" ", b"\x00", b"\xff", b"!2a"]),
)
owners = st.builds(
    lambda own, zone: dns.name.Name([*own, *zone.labels]),
    st.lists(labels, max_size=3),
    st.sampled_from([ZONE, ZONE, ZONE, names.absolute("eXample.ORG."), names.absolute("example.net.")]),
)
records = st.lists(
    st.tuples(owners, st.sampled_from(sorted(RDATA)), st.sampled_from([0, 60, 3600, 2**31 - 1])),
    min_size=1,
    max_size=12,
)


def rendered(rrs, zone=ZONE):
    """A transfer message of those RRs, names compressed as dnspython does."""
    renderer = dns.renderer.Renderer(id=7, flags=dns.flags.QR, max_size=65535)
    renderer.add_question(zone, dns.rdatatype.AXFR)
    for owner, rdtype, ttl in rrs:
        renderer.add_rrset(dns.renderer.ANSWER, dns.rrset.from_text(owner, ttl, "IN", rdtype, RDATA[rdtype]))
    renderer.write_header()
    return renderer.get_wire()


def of_another_zone(owner, rdtype):
    return not owner.is_subdomain(ZONE) or (rdtype == types.SOA and owner != ZONE)


def oracle(message):
    """The lines dnspython makes of a message's answer: in the zone, class IN, data types, no SOA below the apex."""
    parsed = dns.message.from_wire(message, one_rr_per_rrset=True, ignore_trailing=True)
    lines = []
    for rrset in parsed.answer:
        if not of_another_zone(rrset.name, rrset.rdtype) and rrset.rdtype not in types.NO_DATA:
            own = rrset.name.labels[: len(rrset.name.labels) - len(ZONE.labels)]
            lowered = [label.lower() for label in own] == list(own)
            spelling = "" if lowered else "\t" + " ".join(names.escape_label(label) for label in own)
            key = names.key_of(rrset.name, ZONE)
            rdata = rrset[0].to_wire()
            covered = f".{int.from_bytes(rdata[:2])}" if rrset.rdtype in types.SIGNATURES else ""
            lines.append(f"{key}\t{int(rrset.rdtype)}{covered}\t{rrset.ttl}\t{rdata.hex()}{spelling}")
    return lines


@settings(max_examples=300, deadline=None)
@given(records)
def test_every_message_is_read_as_dnspython_reads_it(rrs):
    message = rendered(rrs)

    parser = wire.Parser(ZONE)

    assert parser.message(message) == oracle(message)
    assert parser.outside.count == sum(
        of_another_zone(owner, dns.rdatatype.from_text(rdtype)) for owner, rdtype, _ in rrs
    )
    assert wire.scan(message).answers == len(rrs)


@settings(max_examples=500, deadline=None)
@given(records, st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=3), st.data())
def test_a_damaged_message_is_read_alike_or_refused(rrs, damage, data):
    octets = bytearray(rendered(rrs))
    for at, octet in damage:
        octets[12 + at % (len(octets) - 12)] = octet
    message = bytes(octets[: data.draw(st.integers(12, len(octets)))])

    try:
        ours = wire.Parser(ZONE).message(message)
    except TransferMalformed:
        return

    try:
        theirs = oracle(message)
    except (dns.exception.DNSException, ValueError):
        theirs = None
    assert theirs is None or ours == theirs
    if theirs is None:
        assert all(line.split("\t")[1].replace(".", "").isdigit() for line in ours)


SIGNED = ("DS", "RRSIG", "NSEC", "NSEC3", "DNSKEY", "CDS", "TLSA", "SVCB", "HTTPS", "CAA")


@pytest.mark.parametrize("rdtype", SIGNED)
@pytest.mark.parametrize("owner", ["h{}", "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TO{}"])
def test_the_records_of_a_signed_zone_are_read_in_few_steps(rdtype, owner):
    owners = [names.absolute(f"{owner.format(number)}.example.org.") for number in range(300)]
    message = rendered([(each, kind, 60) for each in owners for kind in (rdtype, "RRSIG")])
    parser, profiler = wire.Parser(ZONE), cProfile.Profile()

    lines = profiler.runcall(parser.message, message)

    assert lines == oracle(message)
    assert pstats.Stats(profiler).total_calls < 25 * len(lines)


HEADER = bytes.fromhex("0007 8000 0001 0001 0000 0000".replace(" ", ""))
QUESTION = b"\x07example\x03org\x00\x00\xfc\x00\x01"
FIXED = bytes.fromhex("0001 0001 0000003c 0004".replace(" ", ""))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"\xc0\x1d" + FIXED + b"abcd", "does not go back"),
        (b"\x01a\xc0\x21" + FIXED + b"abcd", "does not go back"),
        (b"\x41a" + FIXED + b"x" * 70, "label type 1"),
        (b"\xc0\x0c" + FIXED + b"abcd" + b"\x41" + b"x" * 65 + b"\xc0\x0c" + FIXED + b"abcd", "label type 1"),
        (b"\xc0\x0c" + FIXED + b"abc", "over the end"),
        (b"\xc0\x0c" + FIXED[:-1] + b"\x05abcde", "an address of 5 octets"),
        (b"\xc0\x0c" + b"\x00\x01\x00\x03" + FIXED[4:] + b"abcd", "class CH"),
        (b"\xc0\x0c" + b"\x00\x10\x00\x01" + FIXED[4:] + b"\x09abc", "a character-string runs over the end"),
        (b"\xc0\x0c" + b"\x00\x02\x00\x01" + FIXED[4:] + b"\x01a\x00b", "rdata is not as long as it says"),
        (b"\x3f" + b"x" * 20, "ends too early"),
        (b"".join(b"\x3f" + b"x" * 63 for _ in range(4)) + b"\xc0\x0c" + FIXED + b"abcd", "longer than 255 octets"),
        (b"", "ends too early"),
    ],
)
def test_a_hostile_record_is_refused_with_the_reason(answer, said):
    header = HEADER[:7] + b"\x02" + HEADER[8:]

    with pytest.raises(TransferMalformed, match=said):
        wire.Parser(ZONE).message(header + QUESTION + answer)


def test_a_long_name_behind_a_pointer_to_a_known_one_is_refused():
    first = b"".join(b"\x3f" + b"x" * 63 for _ in range(3)) + b"\x28" + b"y" * 40 + b"\xc0\x0c" + FIXED + b"abcd"
    second = b"\x0a" + b"z" * 10 + b"\xc0\x1d" + FIXED + b"abcd"
    header = HEADER[:7] + b"\x02" + HEADER[8:]

    with pytest.raises(TransferMalformed, match="longer than 255 octets"):
        wire.Parser(ZONE).message(header + QUESTION + first + second)


def test_a_ttl_with_its_high_bit_set_is_zero():
    message = HEADER + QUESTION + b"\xc0\x0c" + b"\x00\x01\x00\x01\x80\x00\x00\x01\x00\x04abcd"

    assert wire.Parser(ZONE).message(message) == ["\t1\t0\t61626364"]


def test_records_of_other_zones_are_counted_and_named():
    owners = ["www.example.net.", "example.", "notexample.org."]
    rrs = [(names.absolute(owner), "A", 60) for owner in owners] + [(names.absolute("www.example.org."), "A", 60)]

    parser = wire.Parser(ZONE)

    assert parser.message(rendered(rrs)) == ["www\t1\t60\tc0000201"]
    assert (parser.outside.count, parser.outside.names) == (3, tuple(owners))


def test_the_walk_finds_soas_and_the_last_record():
    message = rendered([(ZONE, "SOA", 60), (names.absolute("a.example.org."), "A", 60), (ZONE, "SOA", 60)])

    found = wire.scan(message)

    assert (found.answers, len(found.soas), found.last_answer) == (3, 2, found.soas[-1])
    assert found.last_type == types.SOA


@pytest.mark.parametrize("cut", [3, 12, 20, -1])
def test_a_message_that_ends_early_cannot_be_walked(cut):
    with pytest.raises(TransferMalformed):
        wire.scan(rendered([(ZONE, "SOA", 60)])[:cut])


def answer(rdtype, rdata, owner=b"\x04Bad!\xc0\x0c"):
    """A message of one record."""
    return HEADER + QUESTION + owner + rdtype.to_bytes(2, "big") + FIXED[2:8] + len(rdata).to_bytes(2, "big") + rdata


ODD = {
    "HTTPS in AliasMode with parameters": (types.HTTPS, "000001610000010003026832"),
    "HTTPS with an empty ECH": (types.HTTPS, "00010000050000"),
    "LOC of another version": (types.LOC, "01121613800000008000000000989680"),
    "DS of a digest too short": (types.DS, "30390d02abcd"),
    "NSEC of a bitmap too short": (types.NSEC, "0161000005"),
    "no octets": (types.TLSA, ""),
}


@pytest.mark.parametrize(("rdtype", "text"), ODD.values(), ids=ODD)
def test_an_odd_record_is_kept_as_octets_and_named(rdtype, text):
    parser = wire.Parser(ZONE)

    (line,) = parser.message(answer(rdtype, bytes.fromhex(text)))

    assert line.split("\t") == ["bad!21", str(rdtype), "60", text, "Bad!21"]
    assert (parser.odd.count, parser.odd.names) == (1, (f"bad!.Example.org. {types.type_text(rdtype)}",))


@pytest.mark.parametrize("rdtype", sorted(types.NO_DATA - {0}))
def test_a_record_that_no_zone_holds_is_left_out_and_named(rdtype):
    parser = wire.Parser(ZONE)

    assert parser.message(answer(rdtype, b"\x01")) == []
    assert (parser.no_data.count, parser.no_data.names) == (1, (f"bad!.Example.org. {types.type_text(rdtype)}",))
    assert (parser.odd.count, parser.outside.count) == (0, 0)


def test_what_dnspython_would_write_differently_is_kept_as_it_came():
    parser = wire.Parser(ZONE)
    isdn = dns.rdatatype.ISDN

    (line,) = parser.message(answer(isdn, bytes.fromhex("013100")))

    assert dns.rdata.from_wire(dns.rdataclass.IN, isdn, b"\x011\x00", 0, 3).to_wire() == b"\x011"
    assert (line.split("\t")[3], parser.odd.count) == ("013100", 0)


NAME = QUESTION[:-4].hex()
COMPRESSED = {
    "NXT": (types.NXT, "c00c40000002", NAME + "40000002"),
    "NXT with a label": (types.NXT, "0161c00c40000002", "0161" + NAME + "40000002"),
    "SIG": (types.SIG, "00" * 18 + "c00cabcd", "00" * 18 + NAME + "abcd"),
    "RRSIG": (types.RRSIG, "00" * 18 + "c00cabcd", "00" * 18 + NAME + "abcd"),
    "NSEC": (types.NSEC, "c00c000140", NAME + "000140"),
    "NAPTR": (types.NAPTR, "0064000a01750000c00c", "0064000a01750000" + NAME),
    "odd NSEC": (types.NSEC, "c00c0005", NAME + "0005"),
    "HTTPS": (types.HTTPS, "0001c00c", "0001" + NAME),
}


@pytest.mark.parametrize(("rdtype", "sent", "kept"), COMPRESSED.values(), ids=COMPRESSED)
def test_a_compressed_name_is_written_out_whole(rdtype, sent, kept):
    (line,) = wire.Parser(ZONE).message(answer(rdtype, bytes.fromhex(sent)))

    assert line.split("\t")[3] == kept


@pytest.mark.parametrize(
    ("rdtype", "rdata", "said"),
    [
        (types.NXT, "c0ff40", "does not go back"),
        (types.SIG, "00" * 18, "rdata ends before its name"),
        (types.NSEC, "0361", "a name runs over the end of the rdata"),
        (types.AAAA, "00", "an address of 1 octets"),
    ],
)
def test_a_refusal_names_owner_and_type(rdtype, rdata, said):
    message = answer(rdtype, bytes.fromhex(rdata)) + b"\x00" * 8

    with pytest.raises(TransferMalformed, match=rf"^Bad!\.example\.org\. {types.type_text(rdtype)} cannot be.*{said}"):
        wire.Parser(ZONE).message(message)


def test_a_pointer_to_an_owner_in_upper_case_has_its_spelling():
    first = b"\x01X\x03Www\xc0\x0c" + FIXED + b"abcd"
    to_first = b"\xc0\x1d" + FIXED + b"abce"
    within = b"\xc0\x1f" + FIXED + b"abcf"
    below = b"\x01y\xc0\x1d" + FIXED + b"abcg"
    message = HEADER[:7] + b"\x04" + HEADER[8:] + QUESTION + first + to_first + within + below

    assert wire.Parser(ZONE).message(message) == [
        "www x\t1\t60\t61626364\tX Www",
        "www x\t1\t60\t61626365\tX Www",
        "www\t1\t60\t61626366\tWww",
        "www x y\t1\t60\t61626367\ty X Www",
    ]
