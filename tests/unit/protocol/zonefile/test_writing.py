"""Writing master files: dnspython reads back what was written."""

import cProfile
import pstats
import re

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
from support.zonefiles import HEAD, NAME, folded, oracle, read
from zonewright.protocol import names, rrset, served
from zonewright.protocol.zonefile import reader, writer

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
            st.sampled_from(
                [b"\x00\x01\x40", b"\x00\x02\x40\x00", b"\x00\x01\xc0", b"\x00\x06\x40\x01\x00\x00\x00\x03"]
            ),
        ),
    ),
    st.tuples(
        st.just(50),
        st.builds(
            lambda fixed, salt, following, bitmap: fixed + salt + following + bitmap,
            st.binary(min_size=4, max_size=4),
            st.binary(max_size=4).map(lambda salt: bytes([len(salt)]) + salt),
            st.binary(min_size=1, max_size=24).map(lambda following: bytes([len(following)]) + following),
            st.sampled_from([b"", b"\x00\x01\x40", b"\x00\x01\x80", b"\x00\x06\x40\x01\x00\x00\x00\x03"]),
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
    """RRset lines in canonical order, such as a transfer stores them: dnspython and name servers read each rdata."""
    lines = [rrset.to_line("", 6, draw(st.sampled_from([60, 300])), [SOA_WIRE])]
    for own, (rdtype, rdata), ttl in draw(
        st.lists(st.tuples(st.lists(labels, max_size=3), rdatas, st.sampled_from([0, 300, 2**31 - 1])), max_size=12)
    ):
        try:
            dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), rdata, 0, len(rdata))
            served.check(rdtype, rdata)
        except (dns.exception.DNSException, ValueError):
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

    assert read(text) == shown(lines)
    assert folded(read(text)) == oracle(text, names.absolute(name))


def shown(lines):
    """Lines with one TTL and one owner for all RRs of an RRset, as every reader is shown them."""
    return [rrset.without_ttl(line, -1) for line in lines]


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
        assert shown == "\\# " + f"{len(wire)} {wire.hex()}".rstrip()
        unsaid = rdtype in {47, 55, 65280, 65534} or "TYPE0" in expected.split()
        assert unsaid or again(known, expected) != wire
    else:
        assert again(known, shown) == wire
        assert written == dns.rdatatype.to_text(known)
        assert bare(shown) == bare(expected.rstrip())


def bare(text):
    """Printable octets without escapes: which of those that need none have one is a matter of taste."""
    return re.sub(r"\\([0-9]{3}|.)", lambda match: chr(int(match[1])) if len(match[1]) == 3 else match[1], text)


def again(rdtype, text):
    return dns.rdata.from_text("IN", rdtype, text).to_wire()


@pytest.mark.parametrize("zone", corpus.zones())
def test_the_corpus_survives_writing(zone):
    lines = read(corpus.zones()[zone], origin=zone)

    assert read("".join(writer.write(lines, zone, 3600))) == shown(lines)


@pytest.mark.parametrize(
    "written",
    [
        "x NSEC y.example.org. A RRSIG NSEC TYPE55 TYPE256 TYPE65280",
        "x NSEC3 1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX TYPE30 RRSIG TYPE55",
        "x CSYNC 66 3 A NS TYPE55",
        "x RRSIG TYPE55 13 3 300 20261228113441 20261128113441 7 example.org. AAAA",
        "x RRSIG A 13 3 300 20261228113441 20261128113441 7 example.org. AAAA",
    ],
)
def test_a_type_within_data_is_named_only_if_every_server_knows_its_name(written):
    """Knot and NSD do not know HIP (55) by name, and refuse the whole file."""
    lines = read(f"{HEAD}{written}\n", origin="example.org.")

    text = "".join(writer.write(lines, "example.org.", 300))

    shown = written.replace("TYPE256", "URI").replace("x ", "x.example.org. IN ", 1)
    assert text.splitlines()[-1].upper() == shown.upper()
    assert read(text, origin="example.org.") == lines


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ('HTTPS 1 . port="0443" alpn=h2,h3', 'HTTPS 1 . alpn="h2,h3" port=443'),
        ("HTTPS 1 . ohttp mandatory=key8", 'HTTPS 1 . mandatory="key8" key8=""'),
        ('SVCB 1 A. dohpath=/q{?dns} key65280="a\\"\\255 b"', 'SVCB 1 A. key7="/q{?dns}" key65280="a\\"\\255 b"'),
        ("SVCB 1 . alpn=h2 no-default-alpn ipv6hint=::1", 'SVCB 1 . alpn="h2" no-default-alpn ipv6hint="::1"'),
        ("CERT PKIX 1 RSASHA256 AA AA", "CERT 1 1 8 AAAA"),
        ("RT 10 A.", "TYPE21 \\# 5 000a014100"),
        ("CAA 0 Issue x", 'CAA 0 issue "x"'),
        ("TYPE65280 \\# 70 " + "ab" * 70, "TYPE65280 \\# 70 " + "ab" * 70),
    ],
)
def test_data_are_written_in_the_form_that_every_server_reads(given, written):
    lines = read(f"{HEAD}x {given}\n", origin="example.org.")

    text = "".join(writer.write(lines, "example.org.", 300))

    assert text.splitlines()[-1] == f"x.example.org. IN {written}"
    assert read(text, origin="example.org.") == lines


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
        for number in range(10_000):
            drawn.append(number)
            yield f"h{number}\t1\t300\tc0000201"

    written = writer.write(lines(), NAME, 300)

    assert [next(written)[0] for _ in range(3)] == ["$", "E", "h"]
    assert len(drawn) == 1_000


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


def test_an_nsec3_is_written_in_few_steps():
    rdatas = [bytes.fromhex("0100000004aabbccdd14") + number.to_bytes(20, "big") + b"\0\1\x40" for number in range(300)]
    lines = [rrset.to_line(f"{number:032}", 50, 300, [each]) for number, each in enumerate(rdatas)]
    profiler = cProfile.Profile()

    text = profiler.runcall(lambda: "".join(writer.write(lines, NAME, 300)))

    assert len(text.splitlines()) == 3 + len(lines)
    assert pstats.Stats(profiler).total_calls < 40 * len(lines)


def test_addresses_are_written_in_few_steps():
    lines = [f"host-{number:03}\t1\t\tc00002{number:02x}" for number in range(200)]
    profiler = cProfile.Profile()

    text = profiler.runcall(lambda: "".join(writer.write(lines, NAME, 300)))

    assert text.endswith(f"host-199.{NAME} IN A 192.0.2.199\n")
    assert pstats.Stats(profiler).total_calls < 5 * len(lines)
