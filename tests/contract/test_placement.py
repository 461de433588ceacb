"""Name servers load what the rules for record sets allow, and serve the largest that they allow."""

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from primaries import Knot, Nsd, require, sent
from support.judges import judge
from zonewright.protocol import names, placement, records, rrset, types
from zonewright.protocol.zonefile import writer

ZONE = "example.org."
ORIGIN = names.absolute(ZONE)
JUDGES = ("named-checkzone", "nsd-checkzone", "kzonecheck")
APEX = [("", "SOA", "ns.example.net. joe.example.net. 7 7200 900 1209600 300"), ("", "NS", "ns.example.net.")]
KEY = "256 3 13 " + "A" * 86 + "=="
RDATA = {
    "A": "192.0.2.1",
    "NS": "ns.example.net.",
    "CNAME": "x.example.net.",
    "DNAME": "x.example.net.",
    "DS": "12345 13 2 " + "AB" * 32,
    "CDS": "12345 13 2 " + "AB" * 32,
    "CDNSKEY": KEY,
    "DNSKEY": KEY,
    "KEY": KEY,
    "CSYNC": "1 0 A",
    "HINFO": '"a" "b"',
    "MX": "10 mail.example.net.",
    "NAPTR": '1 2 "u" "E2U+sip" "!^.*$!sip:a@b.example.!" .',
    "PTR": "x.example.net.",
    "SRV": "1 2 3 x.example.net.",
    "SVCB": "1 . alpn=h2",
    "TLSA": "1 1 1 " + "AB" * 32,
    "TXT": '"x"',
    "TYPE10": "\\# 1 00",
    "TYPE65280": "\\# 1 00",
}
OWNERS = ["", "a", "*", "a *", "* a", "_x", "-", "a/b", "!20"]
ALONE = {f"{kind} at {owner or '@'}": [(owner, kind)] for kind in RDATA for owner in OWNERS}
SEVERAL = {
    f"{one} at {owner or '@'}, {other} at {beside}": [(owner, one), (beside, other)]
    for owner, beside in (("a", "a"), ("a", "a b"), ("a", "a b c"), ("a", "a-"), ("", "a"), ("*", "* b"))
    for one in ("CNAME", "DNAME", "NS", "DS", "KEY")
    for other in ("A", "NS", "DS", "KEY", "DNAME", "TYPE65280")
    if (owner, one) != (beside, other)
}
UNJUDGED = {("", "NS")}
"""The NS of the apex, which is there in any case."""


def lines_of(held):
    found = {}
    for key, kind, text in [*APEX, *((key, kind, RDATA[kind]) for key, kind in held)]:
        rdtype = types.type_of(kind)
        found[key, rdtype] = rrset.to_line(key, rdtype, 300, [records.rdata_of(rdtype, text)])
    return sorted(found.values())


@pytest.mark.primary
@pytest.mark.parametrize("held", [*ALONE.values(), *SEVERAL.values()], ids=[*ALONE, *SEVERAL])
def test_a_zone_that_keeps_the_rules_is_loaded_and_another_is_not(held, tmp_path):
    lines = lines_of(held)
    file = tmp_path / "zone"
    file.write_text("".join(writer.write(lines, ZONE, 300)))

    wrong = list(placement.problems([line for line in lines if not line.startswith("\t6\t")], ORIGIN))
    said = {command: judge(command, ZONE, file) for command in JUDGES}

    assert any(code for code, _ in said.values()) == bool(wrong), (wrong, said)


def zone_of(octets):
    """Return a zone whose TXT of `big` makes a message of so many octets."""
    left = octets - 12 - len(names.absolute(f"big.{ZONE}").to_wire()) - 4
    sizes = []
    while left:
        size = left if left <= 268 else min(240, left - 30)
        sizes.append(size - 12)
        left -= size
    texts = [f'"{number:04}{"x" * (size - 5)}"' for number, size in enumerate(sizes)]
    head = f"$TTL 300\n@ SOA {APEX[0][2]}\n@ NS ns.example.net.\n"
    return head + "".join(f"big TXT {text}\n" for text in texts), texts


@pytest.mark.primary
@pytest.mark.parametrize("program", [Knot, Nsd])
@pytest.mark.parametrize("octets", [65_535, 65_536])
def test_the_largest_record_set_is_the_largest_that_servers_answer_with(program, octets):
    require(program)
    text, texts = zone_of(octets)
    rdatas = [records.rdata_of(types.TXT, each) for each in texts]
    question = dns.message.make_query(f"big.{ZONE}", "TXT", flags=0)

    with program({ZONE: text}) as server:
        answer = dns.query.tcp(question, server.host, port=server.port, timeout=20)

    whole = not answer.flags & dns.flags.TC and answer.rcode() == dns.rcode.NOERROR
    assert (whole, sum(map(len, answer.answer)) == len(texts)) == (octets == 65_535, octets == 65_535)
    fits = placement.wrong_size(len(names.absolute(f"big.{ZONE}").to_wire()), map(len, rdatas)) is None
    assert fits == whole


@pytest.mark.primary
def test_a_zone_with_a_larger_one_is_not_transferred_by_knot():
    require(Knot)

    with Knot({ZONE: zone_of(65_535)[0]}) as server:
        assert len(sent.axfr(server, ZONE)) > 240
    with Knot({ZONE: zone_of(65_536)[0]}) as server, pytest.raises(Exception, match="SERVFAIL"):
        sent.axfr(server, ZONE)
