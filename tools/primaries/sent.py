"""The RRs of a zone exactly as a server sends them, read by AXFR without what this project uses to read transfers.

`canonical.py` compares what a zone says. This module compares every octet and every TTL: each RR has its own TTL, and
all names have the case in which they came.
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire

from primaries.canonical import fold
from primaries.server import Key, NameServer

_COMPRESSED = frozenset(
    dns.rdatatype.from_text(mnemonic)
    for mnemonic in (
        "NS MD MF CNAME SOA MB MG MR PTR MINFO MX RP AFSDB RT SIG PX NXT SRV NAPTR".split()  # noqa: SIM905 - a table
    )
)
"""The types whose rdata may have compressed names (RFC 3597 section 4)."""


class Sent(NamedTuple):
    """One RR as it was sent. Owner and rdata are in wire form, without compression."""

    owner: bytes
    type: int
    rdclass: int
    ttl: int
    rdata: bytes

    def __repr__(self) -> str:
        owner = dns.name.from_wire(self.owner, 0)[0]
        kind = dns.rdatatype.to_text(self.type)
        return f"<{owner} {self.ttl} {dns.rdataclass.to_text(self.rdclass)} {kind} {self.rdata.hex()}>"

    def folded(self) -> "Sent":
        """Return the RR with its owner and the names in its rdata in lower case. Rdata that cannot be read stays."""
        owner = dns.name.from_wire(self.owner, 0)[0].canonicalize().to_wire()
        try:
            return self._replace(owner=owner, rdata=fold(self.type, self.rdata))
        except dns.exception.DNSException:
            return self._replace(owner=owner)


def axfr(server: NameServer, zone: str, key: Key | None = None) -> list[Sent]:
    """Transfer a zone. Return its RRs, sorted, with one SOA."""
    rrs = list(_rrs(server, zone, key))
    assert rrs[0].type == rrs[-1].type == dns.rdatatype.SOA
    assert rrs[0].rdata == rrs[-1].rdata
    return sorted(rrs[:-1])


def from_lines(lines: Iterable[str], zone: str) -> list[Sent]:
    """Return the RRs that our stored RRset lines (`zonewright.protocol.rrset`) show to readers, sorted."""
    from zonewright.protocol import rrset

    origin = dns.name.from_text(zone, idna_codec=None)
    sets = map(rrset.from_line, lines)
    return sorted(_of(each.owner(origin), each.type, each.ttl, rdata) for each in sets for rdata in each.rdatas)


def kept_in(lines: Iterable[str], zone: str) -> list[Sent]:
    """Return the RRs that our stored lines keep, sorted: each RR with the TTL and the owner that it came with."""
    from zonewright.protocol import rrset

    origin = dns.name.from_text(zone, idna_codec=None)
    found = []
    for line in lines:
        plain = rrset.from_line(line)
        for text, (ttl, spelling) in rrset.heads(line).items():
            owner = replace(plain, spelling=spelling or None).owner(origin)
            found.append(_of(owner, plain.type, int(ttl), bytes.fromhex(text)))
    return sorted(found)


def _of(owner: dns.name.Name, rdtype: int, ttl: int, rdata: bytes) -> Sent:
    return Sent(owner.to_wire(), rdtype, int(dns.rdataclass.IN), ttl, rdata)


def folded(rrs: Iterable[Sent]) -> list[Sent]:
    """Return the RRs with names in lower case, sorted."""
    return sorted(rr.folded() for rr in rrs)


def _rrs(server: NameServer, zone: str, key: Key | None) -> Iterator[Sent]:
    """Yield the RRs of the answers, up to the second SOA of the apex."""
    query = dns.message.make_query(dns.name.from_text(zone, idna_codec=None), dns.rdatatype.AXFR)
    if key:
        query.use_tsig(key.tsig())
    wire = query.to_wire()
    soas = 0
    with socket.create_connection((server.host, server.port), timeout=20) as stream, stream.makefile("rb") as stream_in:
        stream.sendall(struct.pack("!H", len(wire)) + wire)
        while soas < 2:
            (length,) = struct.unpack("!H", stream_in.read(2))
            for rr in _answer(stream_in.read(length)):
                soas += rr.type == dns.rdatatype.SOA and dns.name.from_wire(rr.owner, 0)[0] == query.question[0].name
                yield rr


def _answer(message: bytes) -> Iterator[Sent]:
    """Yield the RRs of the answer section of one message."""
    parser = dns.wire.Parser(message)
    _, flags, questions, answers, _, _ = parser.get_struct("!6H")
    assert flags & 0xF == dns.rcode.NOERROR, dns.rcode.to_text(flags & 0xF)
    for _ in range(questions):
        parser.get_name(decompress=True)
        parser.get_struct("!HH")
    for _ in range(answers):
        owner = parser.get_name(decompress=True).to_wire()
        rdtype, rdclass, ttl, length = parser.get_struct("!HHIH")
        at = parser.current
        rdata = parser.get_bytes(length)
        if rdtype in _COMPRESSED:
            rdata = dns.rdata.from_wire(rdclass, rdtype, message, at, length).to_wire()
        yield Sent(owner, rdtype, rdclass, ttl, rdata)
