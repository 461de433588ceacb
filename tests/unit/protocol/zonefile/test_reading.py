"""Reading master files: dnspython is the oracle."""

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
from support.zonefiles import HEAD, NAME, folded, oracle, outcome, read, refusal
from zonewright.errors import MalformedZoneFile, NoSoa
from zonewright.protocol import names, rrset
from zonewright.protocol.zonefile import reader

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
        assert found.reasons or isinstance(found, NoSoa)
        return
    if "\r" in text.replace("\r\n", ""):  # it ends a line in dnspython, but in no server
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


ROOTED = "SOA ns.example.org joe.example.org 7 7200 900 1209600 300\n"
LATE = "example.org. 7 SOA ns joe 7 7200 900 1209600 300\n"


@pytest.mark.parametrize(
    "text",
    [
        f"$ORIGIN .\nexample.org 7 IN {ROOTED}www.example.org 7 A 192.0.2.1\n",
        f"$ORIGIN .\nwww.example.org 7 A 192.0.2.1\nexample.org 7 {ROOTED}",
        "$ORIGIN .\nwww.example.org 7 A 192.0.2.1\n$ORIGIN example.org.\n@ 7 SOA ns joe 7 7200 900 1209600 300\n",
        "$ORIGIN Example.Org.\nwww 7 A 192.0.2.1\n" + LATE,
        "; c\n\nwww.example.org. 7 (\n A 192.0.2.1 )\nexample.org. 7 SOA ( ns ; c\n joe 7 2h 15m 2w 300 )\n",
        "$ORIGIN example.org.\n$GENERATE 1-1 www 7 A 192.0.2.1\n" + LATE,
        "$ORIGIN example.org.\nwww 7 A 192.0.2.1\n$ORIGIN sub\n"
        + LATE.replace(" ns joe", " ns.example.org. joe.example.org."),
    ],
    ids=["root", "sorted", "origin later", "case", "parentheses", "generated", "below"],
)
def test_the_zone_is_the_owner_of_the_soa_wherever_it_stands(text):
    found = reader.read(text)

    assert found.name.lower() == "example.org."
    assert (found.soa.mname.lower(), found.soa.rname.lower(), found.soa.serial) == (
        "ns.example.org.",
        "joe.example.org.",
        7,
    )
    assert max(found.lines).startswith("www\t1\t7\tc0000201")


@pytest.mark.parametrize(
    "text",
    [
        "$ORIGIN z.\nsub 60 IN SOA ns joe 7 7200 900 1209600 300\n",
        "$ORIGIN z.\nwww.sub 60 A 192.0.2.1\nsub 60 IN SOA ns joe 7 7200 900 1209600 300\n",
        "$ORIGIN z.\n$ORIGIN sub.z.\n@ 60 SOA ns joe 7 7200 900 1209600 300\n",
        "www.sub.z. 60 A 192.0.2.1\n$ORIGIN z.\n$ORIGIN sub.z.\n@ 60 SOA ns joe 7 7200 900 1209600 300\n",
        "$ORIGIN z.\nsub.z. 60 SOA ns joe 7 7200 900 1209600 300\n",
    ],
)
def test_a_first_origin_that_is_another_zone_is_refused_with_both_names(text):
    with pytest.raises(MalformedZoneFile) as caught:
        reader.read(text)

    assert caught.value.line == text.count("\n")
    assert "the SOA is of sub.z., but the first $ORIGIN is z., which is another zone" in caught.value.message


def test_a_file_is_read_alike_whichever_record_has_the_soa():
    records = [f"h{number} 60 A 192.0.2.{number}\n" for number in range(1, 200)]
    soa = "@ 60 SOA ns joe 7 7200 900 1209600 300\n"
    head = "$ORIGIN example.org.\n"
    first = reader.read(head + soa + "".join(records))

    for place in (1, 57, 199):
        mixed = [*records[:place], soa, *records[place:]]
        for source in (head + "".join(mixed), [each.encode() for each in (head, *mixed)]):
            found = reader.read(source)
            assert (found.name, found.soa, sorted(found.lines)) == (first.name, first.soa, sorted(first.lines))
        assert found.soa.line == place + 2
