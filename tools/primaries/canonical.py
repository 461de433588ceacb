"""One comparable form of a zone's RRs, from the output of `dig`, from our stored lines, or from recordsets.

Each function returns a frozenset of `RR`: the owner name in lower-case wire form, type, TTL, rdata in wire form. The
TTL of an RRset is its lowest. (RFC 2181 section 5.2 requires equal TTLs, and does not say which one to take.) RRSIGs
that cover different types are different RRsets. Rdata is compared byte by byte. To compare servers with each other,
`folded` also changes the names in rdata to lower case (RFC 4034 section 6.2). NSD and Knot do so with most names before
they send them.
"""

import functools
import subprocess
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from primaries.server import Key, NameServer

_ALSO_FOLDED = {
    dns.rdatatype.SVCB: "target",
    dns.rdatatype.HTTPS: "target",
    dns.rdatatype.IPSECKEY: "gateway",
}


class RR(NamedTuple):
    """One RR in canonical form."""

    owner: bytes
    type: int
    ttl: int
    rdata: bytes

    def __repr__(self) -> str:
        owner = dns.name.from_wire(self.owner, 0)[0]
        rdata = dns.rdata.GenericRdata(dns.rdataclass.IN, self.type, self.rdata)
        return f"<{owner} {self.ttl} {dns.rdatatype.to_text(self.type)} {rdata}>"


class TransferFailed(Exception):
    """A transfer by `dig` failed. The message is its output."""


def dig_axfr(server: NameServer, zone: str, key: Key | None = None) -> str:
    """Transfer a zone with `dig`, with rdata as bytes (RFC 3597) and one SOA. Return the output."""
    command = ["dig", f"@{server.host}", "-p", str(server.port), "+noall", "+answer", "+onesoa", "+unknownformat"]
    if key:
        command += ["-y", key.for_dig()]
    command += ["-q", zone, "-t", "AXFR"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    # dig also returns 0 after a failure, and reports it in a comment
    comments = [line for line in ran.stdout.splitlines() if line.startswith(";")]
    if ran.returncode or comments:
        raise TransferFailed(f"{' '.join(comments)} {ran.stderr}".strip())
    return ran.stdout


def from_dig(text: str) -> frozenset[RR]:
    """Return the RRs in the output of `dig`, with or without `+unknownformat`."""
    return _lowest_ttl(_from_dig(line) for line in text.splitlines() if line and not line.startswith(";"))


def from_lines(lines: Iterable[bytes], zone: str) -> frozenset[RR]:
    """Return the RRs in our stored RRset lines (`zonewright.protocol.rrset`)."""
    from zonewright.protocol import rrset

    origin = dns.name.from_text(zone, idna_codec=None)
    sets = (rrset.from_line(line) for line in lines)
    return _lowest_ttl(
        RR(each.owner(origin).canonicalize().to_wire(), each.type, each.ttl, rdata)
        for each in sets
        for rdata in each.rdatas
    )


def from_recordsets(recordsets: Iterable[Mapping]) -> frozenset[RR]:
    """Return the RRs in Designate's recordset objects: `name`, `type`, `ttl`, `records`."""
    return _lowest_ttl(
        RR(_owner(each["name"]), *_rdata(each["type"], record, each["ttl"]))
        for each in recordsets
        for record in each["records"]
    )


def folded(records: Iterable[RR]) -> frozenset[RR]:
    """Return the RRs with names in rdata in lower case, for the types of RFC 4034 section 6.2 and those of NSD."""
    return frozenset(record._replace(rdata=fold(record.type, record.rdata)) for record in records)


def _from_dig(line: str) -> RR:
    owner, ttl, rdclass, rdtype, rdata = line.split(None, 4)
    if rdclass not in ("IN", "CLASS1"):
        raise ValueError(f"not of class IN: {line}")
    return RR(_owner(owner), *_rdata(rdtype, rdata, int(ttl)))


def _rdata(rdtype: str, text: str, ttl: int) -> tuple[int, int, bytes]:
    number = dns.rdatatype.from_text(rdtype)
    if text.startswith("\\# "):
        _, length, *digits = text.split()
        wire = bytes.fromhex("".join(digits))
        if len(wire) != int(length):
            raise ValueError(f"{length} octets announced, {len(wire)} given: {text}")
    else:
        wire = dns.rdata.from_text(dns.rdataclass.IN, number, text, idna_codec=None).to_wire()
    return int(number), ttl, wire


@functools.lru_cache(maxsize=1 << 17)
def _owner(text: str) -> bytes:
    return dns.name.from_text(text, idna_codec=None).canonicalize().to_wire()


@functools.lru_cache(maxsize=1 << 12)
def fold(rdtype: int, wire: bytes) -> bytes:
    """Return rdata in wire form with its names in lower case."""
    rdata = dns.rdata.from_wire(dns.rdataclass.IN, rdtype, wire, 0, len(wire))
    name = _ALSO_FOLDED.get(rdata.rdtype)
    if name and isinstance(getattr(rdata, name), dns.name.Name):
        rdata = rdata.replace(**{name: getattr(rdata, name).canonicalize()})
    return rdata.to_digestable()


def _lowest_ttl(records: Iterable[RR]) -> frozenset[RR]:
    records = list(records)
    lowest: dict[tuple[bytes, int, bytes], int] = {}
    for record in records:
        lowest[_place(record)] = min(record.ttl, lowest.get(_place(record), record.ttl))
    return frozenset(record._replace(ttl=lowest[_place(record)]) for record in records)


def _place(record: RR) -> tuple[bytes, int, bytes]:
    """Return what identifies the RRset of a record: owner, type and, for signatures, the type covered."""
    signs = record.type in (dns.rdatatype.SIG, dns.rdatatype.RRSIG)
    return record.owner, record.type, record.rdata[:2] if signs else b""
