"""One RRset as one line: the form contents are stored, sorted, compared and merged in.

    key TAB type TAB ttl TAB rdata[ rdata...] [TAB owner]

`key` is the owner name (`names.py`), `type` the decimal RR type (RFC 6895), `ttl` seconds,
`rdata` lower-case hex of the wire rdata without compression, in canonical order (RFC 4034
section 6.3), and `owner` the labels as sent, there only where they are not all lower-case
(escaped like a key, in the order of the name, with their own case). A line has no end of line
in it and is plain ASCII. Sorting lines as bytes sorts them by canonical owner name, then by type.

An RR on its way is the same line with one rdata; `gather` makes RRsets of sorted RRs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from zonewright import names

TAB = b"\t"


@dataclass(frozen=True, slots=True)
class RRset:
    """All RRs of one owner and type, as read from a line; `rdatas` are wire octets."""

    key: bytes
    type: int
    ttl: int
    rdatas: tuple[bytes, ...]
    spelling: bytes | None = None

    def line(self) -> bytes:
        """The stored form of this RRset."""
        return to_line(self.key, self.type, self.ttl, self.rdatas, self.spelling)

    def owner(self, zone: dns.name.Name) -> dns.name.Name:
        """The absolute owner name, in the case it was sent in."""
        if self.spelling is None:
            return names.owner_of(self.key, zone)
        labels = [names.unescape_label(label) for label in self.spelling.split(b" ")]
        return dns.name.Name([*labels, *zone.labels])

    def type_text(self) -> str:
        """The type's mnemonic, `TYPE65280` where it has none (RFC 3597 section 5)."""
        return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(self.type))

    def texts(self) -> list[str]:
        """Each rdata in presentation form, absolute names, `\\# n hex` where the type is unknown."""
        return [
            dns.rdata.from_wire(dns.rdataclass.IN, self.type, rdata, 0, len(rdata)).to_text() for rdata in self.rdatas
        ]


def to_line(key: bytes, rdtype: int, ttl: int, rdatas: Iterable[bytes], spelling: bytes | None = None) -> bytes:
    """Write the line; rdatas are put in canonical order and duplicates dropped (RFC 2181 section 5)."""
    hexes = b" ".join(sorted({rdata.hex().encode() for rdata in rdatas}))
    line = b"%b\t%d\t%d\t%b" % (key, rdtype, ttl, hexes)
    return line if spelling is None else line + TAB + spelling


def from_line(line: bytes) -> RRset:
    """Read a line back."""
    key, rdtype, ttl, hexes, *spelling = line.split(TAB)
    rdatas = tuple(bytes.fromhex(text.decode()) for text in hexes.split(b" "))
    return RRset(key, int(rdtype), int(ttl), rdatas, spelling[0] if spelling else None)


def place(line: bytes) -> bytes:
    """`key TAB type TAB`: what identifies an RRset within its zone."""
    return line[: line.index(TAB, line.index(TAB) + 1) + 1]


def key(line: bytes) -> bytes:
    """The key of a line."""
    return line[: line.index(TAB)]
