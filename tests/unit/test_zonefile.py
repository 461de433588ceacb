"""Master files: dnspython is the oracle of reading and writing, and every hostile file is refused in bounded time."""

import re
import time
import tracemalloc

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from primaries import corpus
from zonewright.errors import MalformedZoneFile
from zonewright.protocol import names, rrset
from zonewright.protocol.zonefile import reader, writer

NAME = "Example.org."
ZONE = names.absolute(NAME)
HEAD = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns joe\\.doe 7 7200 900 1209600 300\n"


def read(text, **options):
    """RRset lines of a file."""
    return rrset.gather(sorted(reader.read(text, **options).lines))[0]


def folded(lines):
    """What lines say to DNS, case aside: of RRs that differ in the case of names only, dnspython keeps the first."""
    found = []
    for each in map(rrset.from_line, lines):
        rdtype = dns.rdatatype.RdataType.make(each.type)
        rdatas = (dns.rdata.from_wire(dns.rdataclass.IN, rdtype, rdata, 0, len(rdata)) for rdata in each.rdatas)
        found.append((each.place, each.ttl, sorted({rdata.to_digestable() for rdata in rdatas})))
    return sorted(found)


def oracle(text, zone=ZONE):
    """The lines dnspython makes of a file; of an owner's NSECs it keeps the last only, as of its CNAMEs."""
    parsed = dns.zone.from_text(text, zone, relativize=False, check_origin=False, idna_codec=dns.name.IDNA_2003)
    rrs = [
        rrset.to_line(names.key_of(name, zone), rdataset.rdtype, rdataset.ttl, [rdata.to_wire()])
        for name, rdataset in parsed.iterate_rdatasets()
        for rdata in rdataset
    ]
    return folded(rrset.gather(sorted(rrs))[0])


def outcome(text, **options):
    """What was read, or why it was refused."""
    try:
        return reader.read(text, **options)
    except MalformedZoneFile as error:
        return error


def refusal(text, **options):
    with pytest.raises(MalformedZoneFile) as caught:
        reader.read(text, **options)
    return caught.value


# --- Reading as dnspython reads

RDATA = [
    "A 192.0.2.1",
    "A 255.0.10.255",
    "a \\# 4 c0000202",
    "AAAA 2001:db8::1",
    "AAAA ::ffff:192.0.2.1",
    "AAAA ::",
    "AAAA 1:2:3:4:5:6:7::",
    "TYPE28 2001:DB8::A",
    "NS ns1",
    "NS Ns1.Example.NET.",
    "PTR a\\.b.c\\032d",
    "PTR @",
    "PTR .",
    "MX 10 mail",
    "MX 0 .",
    "Mx 00020 !mail~",
    "AFSDB 1 db.example.net.",
    "KX 5 kx",
    "DNAME other.example.net.",
    "SRV 0 65535 443 www",
    "TXT one two",
    'TXT "one" "" "three four"',
    'TXT "a""b"c"d"',
    'TXT "; ( ) @ $ \\" \\\\ \\000\\255" \\;x \\"',
    'TXT v="a b" "tab\there"',
    'TXT "é €" é',
    f'TXT "{"t" * 255}" "{"u" * 255}"',
    'SPF "v=spf1 -all"',
    'CAA 0 issue "ca.example.net; account=1"',
    'CAA 128 "iodef" mailto:a@example.net',
    "L64 10 2001:0DB8:2140:2000",
    "NID 65535 0014:4fff:ff20:ee64",
    "HINFO PDP-11 UNIX",
    'HINFO "é" ""',
    'NAPTR 100 50 "s" "http+I2L" "!^(.*)\\\\.$!\\\\1!" _http._tcp',
    'SVCB 1 svc alpn="h2,h3" port=8443',
    "HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1",
    "SSHFP 4 2 abcdef 012345",
    "TLSA 3 1 1 ABCDEF",
    "DS 12345 13 1 2BB183AF5F22588179A53B0A98631FAD1A292118",
    "RP joe.example.org. txt",
    "LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
    "APL 1:192.0.2.0/24 !2:2001:db8::/32",
    "CNAME target.example.net.",
    "NSEC b.example.org. A MX RRSIG NSEC TYPE1234",
    "RRSIG NSEC 13 3 3600 20301231235959 20300101000000 1 @ AAAA",
    'URI 10 1 "https://example.org/"',
    "TYPE65280 \\# 3 0102 03",
    "TYPE65281 \\# 0",
]
OWNERS = [
    "@",
    "www",
    "WWW",
    "a.B.c",
    "*",
    "_sip._tcp",
    "a\\.b",
    "\\065\\000",
    "x!y",
    "x~y",
    "\\@",
    "\\$x",
    "x" * 63,
    "example.org.",
    "wWw.eXample.ORG.",
    "a\\032b.example.org.",
    ".".join(["l" * 63] * 3) + ".n" * 24,
]

blanks = st.sampled_from([" ", "\t", "  ", " \t ", "\t\t"])
ttls = st.sampled_from(["", "", "0", "60", "1h30M", "1w2d3h4m5s", "2147483647"])
classes = st.sampled_from(["", "", "IN", "in", "CLASS1"])
comments = st.sampled_from(["", "", "", "; comment", " ;\"not' closed (", "\t;é"])


@st.composite
def entries(draw):
    """A record or a directive, in one of the ways a master file may say it."""
    kind = draw(st.integers(0, 12))
    gap = draw(blanks)
    if kind == 0:
        return f"$ORIGIN{gap}{draw(st.sampled_from(['example.org.', 'sub', 'Sub.Example.org.', '@']))}"
    if kind == 1:
        return f"$ttl{gap}{draw(st.sampled_from(['600', '1h', '0']))}{draw(comments)}"
    if kind == 2:
        return draw(st.sampled_from(["", " ", "\t; only a comment", ";"]))
    owner = draw(st.one_of(st.just(""), st.sampled_from(OWNERS)))
    ttl, rdclass = draw(ttls), draw(classes)
    head = [ttl, rdclass] if draw(st.booleans()) else [rdclass, ttl]
    rdtype, _, rdata = draw(st.sampled_from(RDATA)).partition(" ")
    words = [each for each in (*head, rdtype) if each]
    text = f"{owner}{gap}{gap.join(words)}{gap}"
    match draw(st.integers(0, 4)):
        case 0:
            return f"{text}({draw(comments)}\n{rdata}{draw(comments)}\n) {draw(comments)}"
        case 1:
            return f"{owner}{gap}( {' '.join(words)}{draw(comments)}\n\n\t( {rdata} ))"
        case _:
            return f"{text}{rdata}{draw(comments)}"


files = st.lists(entries(), max_size=12).map(lambda found: HEAD + "\n".join(found) + "\n")


@settings(max_examples=600, deadline=None)
@given(files, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_every_file_is_read_as_dnspython_reads_it(text, newline, mark):
    try:
        expected = oracle(text)
    except (dns.exception.DNSException, ValueError):
        expected = None

    found = outcome(mark + text.replace("\n", newline))

    if expected is None:
        assert isinstance(found, MalformedZoneFile)
    else:
        assert folded(rrset.gather(sorted(found.lines))[0]) == expected


@settings(max_examples=800, deadline=None)
@given(
    files,
    st.lists(
        st.tuples(
            st.integers(0), st.integers(0, 3), st.sampled_from(list(' \t\n\r();"\\$@.0129aAé\x00\x07\x7f-/{}!#'))
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_damaged_file_is_read_alike_or_refused(text, damage):
    for at, cut, char in damage:
        place = at % len(text)
        text = text[:place] + char + text[place + cut :]

    found = outcome(text, origin=NAME)

    if isinstance(found, MalformedZoneFile):
        assert found.reasons or found.message == "An SOA record is required"
        return
    try:
        expected = oracle(text, names.absolute(found.name))
    except (dns.exception.DNSException, ValueError, AssertionError):
        return
    read = folded(rrset.gather(sorted(found.lines))[0])
    several = {place for place, _, rdatas in read if len(rdatas) > 1 and rrset.from_line(f"{place}0\t00").type == 47}
    assert [each for each in read if each[0] not in several] == [each for each in expected if each[0] not in several]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_octets_of_any_kind_are_read_or_refused(octets, head):
    found = outcome((HEAD.encode() if head else b"") + octets)

    assert isinstance(found, reader.ZoneFile) or found.message.isprintable()


@pytest.mark.parametrize("zone", corpus.zones())
def test_the_corpus_is_read_as_dnspython_reads_it(zone):
    text = corpus.zones()[zone]

    assert folded(read(text, origin=zone)) == oracle(text, names.absolute(zone))


@pytest.mark.parametrize("owner", OWNERS)
def test_an_owner_name_keeps_its_spelling(owner):
    (line,) = [each for each in reader.read(HEAD + f"{owner} A 192.0.2.1\n").lines if "\t1\t" in each]

    name = rrset.from_line(line).owner(names.absolute("example.org."))

    said = dns.name.from_text(owner, names.absolute("example.org."))
    assert name.labels[:-3] == said.labels[:-3]


def test_what_the_soa_says_is_told():
    found = reader.read("Example.ORG. 42 IN SOA ns.example.net. joe\\.doe ( 7 1h 15m ; c\n2w 300 )\n")

    assert found.name == "Example.ORG."
    assert found.soa == reader.Soa(42, "ns.example.net.", "joe\\.doe.Example.ORG.", 7, 3600, 900, 1209600, 300)
    assert found.soa.email == "joe.doe@Example.ORG"


def test_a_soa_of_octets_is_read():
    known = reader.read(HEAD)
    digits = known.lines[0].split("\t")[3]

    assert reader.read(f"$TTL 300\nexample.org. SOA \\# {len(digits) // 2} {digits}\n") == known


def test_the_seeds_example_is_read():
    found = reader.read(
        "$ORIGIN example.com.\n"
        "example.com. 42 IN SOA ns.example.com. nsadmin.example.com. 42 42 42 42 42\n"
        "example.com. 42 IN NS ns.example.com.\n"
        "example.com. 42 IN MX 10 mail.example.com.\n"
        "ns.example.com. 42 IN A 10.0.0.1\n"
        "mail.example.com. 42 IN A 10.0.0.2\n"
    )

    assert (found.name, found.soa.ttl, found.soa.email) == ("example.com.", 42, "nsadmin@example.com")
    assert len(found.lines) == 5


def test_the_output_of_dig_is_read_and_its_second_soa_left_out():
    soa = "example.org.\t\t300\tIN\tSOA\tns.example.org. joe.example.org. 7 7200 900 1209600 300\n"
    text = f"\n; <<>> DiG 9.18 <<>> axfr example.org.\n{soa}a.example.org.\t300\tIN\tA\t192.0.2.1\n{soa};; Query time\n"

    found = reader.read(text)

    assert [line.split("\t")[0:2] for line in found.lines] == [["", "6"], ["a", "1"]]


@pytest.mark.parametrize(
    ("ahead", "records", "expected"),
    [
        ("$TTL 5\n", "60 A 192.0.2.1\n AAAA ::", {1: 60, 28: 5, 6: 5}),
        ("", "60 A 192.0.2.1\n AAAA ::", {1: 60, 28: 60, 6: 300}),
        ("", "A 192.0.2.1\n 60 AAAA ::", {1: 300, 28: 60, 6: 300}),
        ("", "A 192.0.2.1\n$TTL 9\n AAAA ::", {1: 300, 28: 9, 6: 300}),
    ],
    ids=["default", "the last said", "the SOA's minimum", "a later default"],
)
def test_a_ttl_that_is_not_said_is_found(ahead, records, expected):
    text = f"$ORIGIN example.org.\n{ahead}@ SOA ns joe 7 7200 900 1209600 300\nwww {records}\n"

    found = {int(line.split("\t")[1]): int(line.split("\t")[2]) for line in read(text)}

    assert found == expected


def test_the_first_record_need_not_be_the_soa_where_the_origin_is_known():
    found = reader.read("$ORIGIN example.org.\nwww 60 A 192.0.2.1\n@ SOA ns joe 7 7200 900 1209600 300\n")

    assert (found.name, len(found.lines)) == ("example.org.", 2)


def test_lines_may_come_one_by_one():
    text = corpus.big(1000, 1)

    assert reader.read(iter(text.encode().splitlines(keepends=True))) == reader.read(text)


# --- $GENERATE


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("1-3 h$ A 192.0.2.$", ["h1 A 192.0.2.1", "h2 A 192.0.2.2", "h3 A 192.0.2.3"]),
        ("0-10/5 h${0,3} 60 IN A 192.0.2.$", ["h000 60 A 192.0.2.0", "h005 60 A 192.0.2.5", "h010 60 A 192.0.2.10"]),
        ("1-2 h${10,4,x} CNAME $.${-1}.x", ["h000b CNAME 1.0.x", "h000c CNAME 2.1.x"]),
        ("254-255 h${0,0,X}-${0,4,o} A 192.0.2.1", ["hFE-0376 A 192.0.2.1", "hFF-0377 A 192.0.2.1"]),
        ("9-10 ${0,7,n}.ip6 PTR h${0,1,N}", ["9.0.0.0.ip6 PTR h9", "a.0.0.0.ip6 PTR hA"]),
        ("1-1 \\$-$$-$ A 192.0.2.1", ["\\$-\\$-1 A 192.0.2.1"]),
        ("1-2 h$ MX 10 m$", ["h1 MX 10 m1", "h2 MX 10 m2"]),
        ('1-2 h$ MX "10 m$"', ["h1 MX 10 m1", "h2 MX 10 m2"]),
        ('1-1 h$ TXT "\\"a b $\\" c"', ['h1 TXT "a b 1" c']),
    ],
)
def test_generate_makes_what_it_stands_for(statement, expected):
    assert read(f"{HEAD}$GENERATE {statement}\n") == read(HEAD + "\n".join(expected) + "\n")


@pytest.mark.parametrize("width", [*range(12), 127])
@pytest.mark.parametrize("base", "doxXnN")
def test_generate_writes_numbers_as_dnspython_does(base, width):
    text = f"{HEAD}$GENERATE 0-300/7 h$ CNAME x${{5,{width},{base}}}y.t\n"
    try:
        expected = oracle(text)
    except dns.exception.DNSException:  # a label of more than 63 octets
        refusal(text)
        return

    assert folded(read(text)) == expected


def test_a_record_after_generate_belongs_to_the_owner_said_before_it():
    assert read(f"{HEAD}a A 192.0.2.1\n$GENERATE 1-2 h$ A 192.0.2.$\n TXT x\n")[-3:] == [
        "a\t16\t300\t0178",
        "h1\t1\t300\tc0000201",
        "h2\t1\t300\tc0000202",
    ]


# --- Refusals

LONG = "l" * 64
SOA = "@ 300 SOA ns joe 7 7200 900 1209600 300\n"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("www IN A 300.1.2.3", 'line 4: "www IN A 300.1.2.3": not an IPv4 address'),
        ("www A 192.0.2.01", "not an IPv4 address"),
        ("www A 192.0.2.1 192.0.2.2", "not an IPv4 address"),
        ("www A", "not an IPv4 address|not A rdata"),
        ("www AAAA fe80::1%eth0", "not an IPv6 address"),
        ("www", "no type"),
        ("www 300 IN", "no type"),
        ("www BOGUS x", "BOGUS is not a type"),
        ("www TYPE70000 \\# 0", "TYPE70000 is not a type"),
        ("www ANY x", "type ANY is no data"),
        ("www TYPE200 \\# 0", "type TYPE200 is no data"),
        ("www OPT \\# 0", "type OPT is no data"),
        ("www IN IN A 192.0.2.1", "IN is not a type"),
        ("www CH A 192.0.2.1", "class CH"),
        ("www CLASS3 A 192.0.2.1", "class CLASS3"),
        ("www 2147483648 A 192.0.2.1", "not a number from 0 to 2147483647"),
        ("www 9999999999999999999999999 A 192.0.2.1", "not a number from 0"),
        ("www 1x A 192.0.2.1", "1x is not a TTL"),
        ("www 99999w A 192.0.2.1", "over 2147483647 seconds"),
        (f"{LONG} A 192.0.2.1", "is not a name: .*63 octets"),
        ("a..b A 192.0.2.1", "is not a name"),
        (f"{'.'.join(['l' * 60] * 5)} A 192.0.2.1", "is not a name: .*255"),
        (f"www CNAME {LONG}.", "is not a name: .*63 octets"),
        (f"www CNAME {'x.' * 600}", "255 octets at most"),
        ("a\\999 A 192.0.2.1", "is not a name"),
        ("bücher A 192.0.2.1", "write it in punycode"),
        ("www CNAME bücher", "write it in punycode"),
        ("www RP bücher .", "write names in punycode"),
        ('"www" A 192.0.2.1', "a name in quotes"),
        ('www CNAME "x"', "a name in quotes"),
        ("www.example.net. A 192.0.2.1", r"www.example.net. is not in the zone example.org."),
        ("example. A 192.0.2.1", "is not in the zone"),
        ("notexample.org. A 192.0.2.1", "is not in the zone"),
        ("@ CNAME x", "a CNAME at the apex"),
        ("www CNAME x\nwww CNAME y", 'line 5: "www CNAME y": a second CNAME .* line 4'),
        ("www CNAME x\nWWW A 192.0.2.1", 'line 4: "www CNAME x": a CNAME beside A'),
        ("WWW A 192.0.2.1\nwww CNAME x", 'line 5: "www CNAME x": a CNAME beside A'),
        ("www DNAME x\nwww DNAME y", "a second DNAME"),
        ("@ SOA ns joe 8 7200 900 1209600 300", "a second SOA"),
        ("sub SOA ns joe 8 7200 900 1209600 300", "a SOA that is not at the zone's name"),
        ("@ SOA ns joe 8 7200 900 1209600", "7 fields, not 6"),
        ("www MX mail", "a number and a name"),
        ("www MX 65536 mail", "65536 is not a number from 0 to 65535"),
        ("www SRV 1 2 mail", "priority, weight, port and name"),
        ("www NS", "not NS rdata"),
        ("www NS a b", "one name expected, not 2"),
        (f'www TXT "{"x" * 256}"', "a character-string of 256 octets"),
        ("www TXT \\256", "is not an octet"),
        ("www TXT \\1", "is not an octet"),
        ("www TXT", "not TXT rdata"),
        ('www TXT "open', "a quote is not closed"),
        ("www TXT back\\", "a backslash ends the line"),
        ("www CAA 0 is-sue x", "is not a CAA tag"),
        ("www CAA 256 issue x", "256 is not a number"),
        ("www L64 10 2001:db8::", "four groups"),
        ("www TYPE65280 x", "not TYPE65280 rdata"),
        ("www TYPE65280 \\# 2 00", "not TYPE65280 rdata"),
        ("www A \\# 3 010203", "not A rdata"),
        (f"www TXT {' '.join(['x' * 255] * 257)}", "rdata of 65792 octets"),
        ("www A ( 192.0.2.1", 'line 4: "www A \\( 192.0.2.1": a parenthesis is never closed'),
        ("www A 192.0.2.1 )", "never opened"),
        ("www A 192.0.2.1\0", "a NUL octet"),
        ("www A 192.0.2.1 ; \0", "a NUL octet"),
        ("\x07 A 192.0.2.1", r'line 4: "\\x07 A 192.0.2.1": a control character; write \\007'),
        ("$INCLUDE /etc/passwd", r'line 4: "\$INCLUDE /etc/passwd": \$INCLUDE is not allowed'),
        ("$include x", "is not allowed"),
        ("$UNICODE 2008", "is not a directive"),
        ("$FOO", "is not a directive"),
        ("$TTL", "takes one value"),
        ("$TTL 1 2", "takes one value"),
        ("$TTL x", "x is not a TTL"),
        ("$ORIGIN a..b", "is not a name"),
        ("$GENERATE 1-1000000000 h$ A 192.0.2.1", "makes more than 65536 records"),
        ("$GENERATE 1-40000 h$ A 192.0.2.1\n$GENERATE 1-40000 i$ A 192.0.2.1", "line 5.*makes more than 65536"),
        ("$GENERATE 1-99999999999 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 1-4294967295 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 5-1 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 1-5/0 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE -1-5 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 1-5 h$", "takes a range"),
        ("$GENERATE 1-5 h$ A", "takes a range"),
        ("$GENERATE 1-5 h${1 A 192.0.2.1", "does not begin with"),
        ("$GENERATE 1-5 h${0,128} A 192.0.2.1", "a width of 128"),
        ("$GENERATE 0-5 h${-1,0,x} A 192.0.2.1", "-1 in base x"),
        ("$GENERATE 1-5 h CNAME x$", "a second CNAME"),
        ("$GENERATE 1-5 h$ A 192.0.2.1(", "never closed"),
        ('$GENERATE 1-5 h$ A "192.0.2.1 ("', "never closed"),
        ('www CAA 0 issue a="b"', "a quote within"),
        ("$GENERATE 1-5 h$ A 192.0.$", 'line 4: "\\$GENERATE 1-5 .*not an IPv4'),
        (f'$GENERATE 1-65000 h$ TXT "{"x" * 3000}"', "more than 2048 octets"),
    ],
)
def test_a_wrong_record_is_refused_with_line_and_reason(record, said):
    error = refusal(HEAD + record + "\n")

    assert error.line >= 4
    assert re.search(said, error.message), error.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "An SOA record is required"),
        ("; nothing\n\n  ; here\n", "An SOA record is required"),
        ("$ORIGIN example.org.\nwww 60 A 192.0.2.1\n", "An SOA record is required"),
        ("www.example.org. 60 A 192.0.2.1\n" + SOA, "line 1: .*which zone"),
        ("www 60 A 192.0.2.1\n", "line 1: .*which zone"),
        (SOA, "line 1: .*which @"),
        ("$ORIGIN example.org\n", "line 1: .*does not end with a dot"),
        (" 60 A 192.0.2.1\n", "no owner name"),
        ("$ORIGIN example.org.\n@ A 192.0.2.1\n", "no TTL"),
        ("$ORIGIN example.org.\n@ SOA ns joe 7 7200 900 1209600 4294967295\n", "no TTL"),
        ("$ORIGIN example.org.\n@ SOA ns joe x 7200 900 1209600 300\nwww A 192.0.2.1\n", "x is not a number"),
        (b"\xff\xfe$\0O\0R\0", "line 1: .*not UTF-8: octet 0xff"),
        (HEAD.encode() + b'www TXT "caf\xe9"\n', "line 4: .*not UTF-8: octet 0xe9"),
        ("\ud800", "not UTF-8"),
        (bytes(range(256)) * 100, "line 1"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "line 1: .*a NUL octet"),
        (b"PK\x03\x04\x14\x00", "line 1: .*a NUL octet"),
    ],
)
def test_a_file_that_is_no_zone_is_refused(text, said):
    message = refusal(text).message

    assert re.search(said, message), message


def test_up_to_ten_problems_are_told_at_once():
    error = refusal(HEAD + "".join(f"h{n} A 192.0.2.{n}\n" for n in range(250, 300)))

    assert error.line == 10
    assert error.message == 'line 10: "h256 A 192.0.2.256": not an IPv4 address (and 9 more)'
    assert [reason.message.split(":")[0] for reason in error.reasons] == [f"line {n}" for n in range(10, 20)]


def test_a_quoted_line_is_short_and_printable():
    message = refusal(HEAD + f"www\tA  \u202e{'x' * 500}\n").message

    assert message.startswith('line 4: "www A \\u202exxx')
    assert '...": ' in message
    assert len(message) < 250


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (reader.Limits(records=4), "more than 4 records"),
        (reader.Limits(octets=200), "records of more than 200 octets"),
        (reader.Limits(generated=4), "makes more than 4 records"),
    ],
)
def test_what_a_file_may_make_is_bounded(limits, said):
    text = HEAD + "$GENERATE 1-5 h$ A 192.0.2.$\n"

    assert said in refusal(text, limits=limits).message
    assert len(reader.read(text, limits=reader.Limits(records=6, generated=5)).lines) == 6


HUGE = {
    "comments": ("; " + "c" * 78 + "\n") * 125_000,
    "empty lines": "\n" * 500_000,
    "one comment": ";" + "c" * 10_000_000,
    "open parentheses": "www A " + "(" * 10_000_000,
    "open parentheses on lines": "www A " + "(\n" * 2_000_000,
    "lines in a parenthesis": "www A (" + "\n" * 2_000_000,
    "words in a parenthesis": "www TXT (" + "word word word\n" * 700_000,
    "pairs of parentheses": "() " * 170_000,
    "one word": "w" * 10_000_000,
    "one line of 1 MB": "www A " + "x" * 1_000_000,
    "one line of words": "www TXT " + "x " * 260_000,
    "escapes": "www TXT " + "\\" * 500_000,
    "quotes": "www TXT " + '"' * 500_001,
    "quotes that are escaped": 'www TXT "' + '\\"' * 250_000,
    "hexadecimal": "www TYPE65280 \\# 65535 " + "ab " * 65_535,
    "base64": "www OPENPGPKEY " + "A " * 200_000,
    "labels": "a." * 250_000 + " A 192.0.2.1",
    "digits": "1" * 500_000 + " A 192.0.2.1\nwww " + "1" * 500_000 + " A 192.0.2.1\n",
    "dollars": "$GENERATE 1-65536 h$ TXT " + "$" * 2000,
    "ranges": "$GENERATE 0-65535 h$ A 192.0.2.1\n",
    "origins": "$ORIGIN a.example.org.\n" * 20_000,
    "garbage": "\u0080\u00ff\u0100" * 80_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_huge_file_is_answered_in_bounded_time_and_memory(text):
    octets = (HEAD + text).encode()
    tracemalloc.start()
    begun = time.monotonic()

    found = outcome(octets)

    took = time.monotonic() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, reader.ZoneFile) or len(found.message) < 1000
    assert took < 10  # under tracemalloc, on a busy machine; a tenth of it otherwise
    assert peak < 3 * len(octets) + (64 << 20)


def test_a_line_of_64_kilobytes_is_read():
    text = HEAD + "www TXT " + " ".join([f'"{"x" * 255}"'] * 250) + "; " + "c" * 2000 + "\n"

    assert len(read(text)[-1]) > 2 * 64_000


@pytest.mark.parametrize("depth", [10, 10_000])
def test_deep_parentheses_are_counted(depth):
    assert read(f"{HEAD}www A {'(' * depth} 192.0.2.1 {')' * depth}\n")[-1] == "www\t1\t300\tc0000201"


# --- Writing

labels = st.one_of(
    st.binary(min_size=1, max_size=12),
    st.sampled_from(
        [b"www", b"WWW", b"a-b", b"_sip", b"*", b"x" * 63, b"a.b", b"\\", b"@", b"$", b"!2a", b"~7e", b"\xff"]
    ),
)
hosts = st.lists(labels, max_size=3).map(lambda own: dns.name.Name([*own, b""]).to_wire())
number16 = st.binary(min_size=2, max_size=2)
strings = st.lists(st.binary(max_size=40), min_size=1, max_size=4).map(
    lambda parts: b"".join(bytes([len(part)]) + part for part in parts)
)
rdatas = st.one_of(
    st.tuples(st.just(1), st.binary(min_size=4, max_size=4)),
    st.tuples(st.just(28), st.binary(min_size=16, max_size=16)),
    st.tuples(
        st.just(28),
        st.lists(st.sampled_from([0, 0, 0, 1, 0xFFFF]), min_size=8, max_size=8).map(
            lambda words: b"".join(word.to_bytes(2) for word in words)
        ),
    ),
    st.tuples(st.sampled_from([2, 12]), hosts),
    st.tuples(st.sampled_from([15, 18, 36]), st.builds(lambda one, name: one + name, number16, hosts)),
    st.tuples(st.just(33), st.builds(lambda a, b, c, name: a + b + c + name, number16, number16, number16, hosts)),
    st.tuples(st.sampled_from([16, 99]), strings),
    st.tuples(st.sampled_from([17]), st.builds(lambda one, other: one + other, hosts, hosts)),
    st.tuples(
        st.just(46),
        st.builds(
            lambda fixed, name, rest: fixed + name + rest,
            st.binary(min_size=18, max_size=18),
            hosts,
            st.binary(min_size=1, max_size=90),
        ),
    ),
    st.tuples(
        st.just(47),
        st.builds(
            lambda name, bitmap: name + bitmap,
            hosts,
            st.sampled_from([b"\x00\x01\x40", b"\x00\x02\x40\x00", b"\x00\x06\x40\x01\x00\x00\x00\x03"]),
        ),
    ),
    st.tuples(
        st.sampled_from([43, 59]), st.binary(min_size=20, max_size=20).map(lambda digest: b"\0\1\x0d\1" + digest)
    ),
    st.tuples(st.just(29), st.binary(min_size=12, max_size=12).map(lambda rest: b"\0\x12\x16\x13" + rest)),
    st.tuples(st.just(257), st.binary(max_size=30).map(lambda value: b"\0\5issue" + value)),
    st.tuples(st.sampled_from([55, 65280, 65534]), st.binary(max_size=300)),
)


@st.composite
def zones(draw):
    """RRset lines in canonical order, such as a transfer stores them: every rdata is one dnspython reads."""
    lines = [rrset.to_line("", 6, draw(st.sampled_from([60, 300])), [SOA_WIRE])]
    for own, (rdtype, rdata), ttl in draw(
        st.lists(st.tuples(st.lists(labels, max_size=3), rdatas, st.sampled_from([0, 300, 2**31 - 1])), max_size=12)
    ):
        try:
            dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), rdata, 0, len(rdata))
        except dns.exception.DNSException:
            continue
        key = " ".join(names.escape_label(label.lower()) for label in reversed(own))
        spelling = " ".join(names.escape_label(label) for label in own)
        if rdtype == 47 and any(line.startswith(f"{key}\t47\t") for line in lines):
            continue  # of several NSECs dnspython takes the last
        mixed = any(label != label.lower() for label in own)
        lines.append(rrset.to_line(key, rdtype, ttl, [rdata], spelling if mixed else None))
    return rrset.gather(sorted(lines))[0]


SOA_WIRE = dns.rdata.from_text("IN", "SOA", "ns.Example.net. joe\\.doe.example.org. 4294967295 1 2 3 4").to_wire()


@settings(max_examples=400, deadline=None)
@given(zones(), st.sampled_from([NAME, "a\\.b.example.", "."]))
def test_what_is_written_reads_as_what_it_was(lines, name):
    text = "".join(writer.write(lines, name, 300))

    assert read(text) == lines
    assert folded(read(text)) == oracle(text, names.absolute(name))


@settings(max_examples=600, deadline=None)
@given(rdatas)
def test_rdata_is_written_as_dnspython_writes_it(rdata):
    rdtype, wire = rdata
    known = dns.rdatatype.RdataType.make(rdtype)
    try:
        expected = dns.rdata.from_wire(dns.rdataclass.IN, known, wire, 0, len(wire)).to_text()
    except dns.exception.DNSException:
        return

    text = list(writer.write([rrset.to_line("www", rdtype, 300, [wire])], NAME, 300))[-1]

    owner, _, written, shown = text.rstrip("\n").split(" ", 3)
    assert owner == f"www.{NAME}"
    if written.startswith("TYPE"):
        assert shown == "\\# " + f"{len(wire)} {expected_digits(wire)}".rstrip()
        assert rdtype in {55, 65280, 65534} or again(known, expected) != wire or rdtype == 47
    else:
        assert again(known, shown) == wire
        assert written == dns.rdatatype.to_text(known)
        assert bare(shown) == bare(expected.rstrip())


def bare(text):
    """Printable octets without escapes: which of those that need none have one is a matter of taste."""
    return re.sub(r"\\([0-9]{3}|.)", lambda match: chr(int(match[1])) if len(match[1]) == 3 else match[1], text)


def expected_digits(wire):
    return " ".join(wire[at : at + 64].hex() for at in range(0, len(wire), 64))


def again(rdtype, text):
    return dns.rdata.from_text("IN", rdtype, text).to_wire()


@pytest.mark.parametrize("zone", corpus.zones())
def test_the_corpus_survives_writing(zone):
    lines = read(corpus.zones()[zone], origin=zone)

    assert read("".join(writer.write(lines, zone, 3600))) == lines


def test_the_form_is_the_seeds():
    lines = read(
        "$TTL 42\n@ SOA ns.designate.com. nsadmin 1394213803 3600 600 86400 3600\n NS ns.designate.com.\n"
        ' MX 10 Mail\nNS 60 A 10.0.0.1\nmail A 10.0.0.2\n AAAA 2001:db8::1\n TYPE65280 \\# 2 abcd\n@ TXT "a;b" \\255\n',
        origin="example.com.",
    )

    assert "".join(writer.write(lines, "example.com.", 42)) == (
        "$ORIGIN example.com.\n"
        "$TTL 42\n"
        "\n"
        "example.com. IN SOA ns.designate.com. nsadmin.example.com. (\n"
        "    1394213803 ; serial\n"
        "    3600 ; refresh\n"
        "    600 ; retry\n"
        "    86400 ; expire\n"
        "    3600 ; minimum\n"
        ")\n"
        "\n"
        "example.com. IN NS ns.designate.com.\n"
        "\n"
        "example.com. IN MX 10 Mail.example.com.\n"
        'example.com. IN TXT "a;b" "\\255"\n'
        "mail.example.com. IN A 10.0.0.2\n"
        "mail.example.com. IN AAAA 2001:db8::1\n"
        "mail.example.com. IN TYPE65280 \\# 2 abcd\n"
        "NS.example.com. 60 IN A 10.0.0.1\n"
    )


def test_rdata_that_is_not_what_its_type_says_is_written_as_octets():
    written = list(writer.write(["www\t29\t300\t0102"], NAME, 300))[-1]

    assert written == f"www.{NAME} IN TYPE29 \\# 2 0102\n"


def test_writing_holds_no_zone():
    drawn = []

    def lines():
        yield rrset.to_line("", 6, 300, [SOA_WIRE])
        for number in range(10):
            drawn.append(number)
            yield f"h{number}\t1\t300\tc0000201"

    written = writer.write(lines(), NAME, 300)

    assert [next(written)[0] for _ in range(3)] == ["$", "E", "h"]
    assert drawn == [0]


def test_contents_are_the_rrsets_without_what_the_servers_of_the_zone_say_themselves():
    file = reader.read(
        "$ORIGIN example.org.\n$TTL 300\n@ 42 SOA ns joe 7 7200 900 1209600 300\n@ NS ns.example.net.\n"
        "sub NS ns.sub\nns.sub 42 A 192.0.2.1\n@ 42 TXT x\n@ 300 TXT y\nwww 300 A 192.0.2.1\n"
    )

    contents = file.contents()

    assert contents == [
        "\t16\t\t0178 0179",  # the lowest TTL of an RRset is the zone's
        "sub\t2\t300\t" + dns.name.from_text("ns.sub.example.org.").to_wire().hex(),
        "sub ns\t1\t\tc0000201",
        "www\t1\t300\tc0000201",
    ]
    assert file.lines == []


def test_a_cname_may_be_said_again_in_another_case():
    assert len(read(HEAD + "www CNAME Web\nwww CNAME wEB\n")) == 2


def test_notes_are_not_written():
    said = '{"description":"not of DNS"}'
    apex = rrset.to_line("", 6, None, [SOA_WIRE])
    plain = [
        apex,
        rrset.to_line("a", 1, 60, [b"\x01\x02\x03\x04"]),
        rrset.to_line("b", 1, 60, [b"\x01\x02\x03\x05"], "B"),
    ]
    noted = [apex, f"{plain[1]}\t\t{said}", f"{plain[2]}\t{said}"]

    assert list(writer.write(noted, NAME, 300)) == list(writer.write(plain, NAME, 300))
