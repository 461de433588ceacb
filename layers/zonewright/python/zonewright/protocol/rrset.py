"""One RRset as one line: the form contents are stored, sorted, compared and merged in.

    key TAB type TAB ttl TAB rdata[ rdata...] [TAB owner [TAB notes]]

`key` is the owner name (`names.py`), `type` the decimal RR type (RFC 6895), `ttl` seconds, or
nothing where the TTL of the zone serves (Designate's null), `rdata` lower-case hex of the wire
rdata without compression, in canonical order (RFC 4034 section 6.3), and `owner` the labels as
sent, there only where they are not all lower-case (escaped like a key, in the order of the name,
with their own case). `notes` is what DNS knows nothing of, JSON without blanks, there only of what
was written through the API; `owner` is empty then where the key says it. A line has no end of
line in it and is plain ASCII. Sorting lines sorts them by canonical owner name, then by type.

An RR on its way is the same line with one rdata and no notes; `gather` makes RRsets of sorted RRs.
"""

import bisect
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.protocol import names, types
from zonewright.protocol.types import AFSDB, CNAME, DNAME, KX, MB, MD, MF, MG, MR, MX, NS, PTR, RT, SRV

if TYPE_CHECKING:
    import dns.name

TAB = "\t"

_NAME_AT = {
    **dict.fromkeys(map(str, (NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME)), 0),
    **dict.fromkeys(map(str, (MX, AFSDB, RT, KX)), 2),
    str(SRV): 6,
}
"""Where in the rdata of a type its only name begins (RFC 4034 section 6.2). Other types with names in their rdata are
rare, and have mostly one RR an owner."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What DNS knows nothing of: a description, when the RRset was made and last changed, and how often (from 1)."""

    description: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    version: int = 1

    @classmethod
    def parse(cls, text: str | None) -> "Notes":
        """Read the notes of a line; none are those of an RRset nobody said anything of."""
        if not text:
            return cls()
        fields = json.loads(text)
        for moment in ("created", "updated"):
            if moment in fields:
                fields[moment] = clock.from_text(fields[moment])
        return cls(**fields)

    def __str__(self) -> str:
        """The stored form: JSON in ASCII, what is as in `Notes()` left out."""
        fields = {
            "description": self.description,
            "created": clock.to_text(self.created) if self.created else None,
            "updated": clock.to_text(self.updated) if self.updated else None,
            "version": self.version if self.version > 1 else None,
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class RRset:
    """All RRs of one owner and type, as read from a line; `rdatas` are wire octets, no `ttl` is the zone's own.

    `notes_text` holds its notes as stored.
    """

    key: str
    type: int
    ttl: int | None
    rdatas: tuple[bytes, ...]
    spelling: str | None = None
    notes_text: str | None = None

    @property
    def notes(self) -> Notes:
        """What DNS knows nothing of."""
        return Notes.parse(self.notes_text)

    @property
    def place(self) -> str:
        """What identifies it within its zone, as `place` of its line."""
        return f"{self.key}\t{self.type}\t"

    def line(self) -> str:
        """The stored form of this RRset."""
        return to_line(self.key, self.type, self.ttl, self.rdatas, self.spelling, notes_text=self.notes_text)

    def owner(self, zone: "dns.name.Name") -> "dns.name.Name":
        """The absolute owner name, in the case it was sent in."""
        import dns.name

        if self.spelling is None:
            return names.owner_of(self.key, zone)
        labels = [names.unescape_label(label) for label in self.spelling.split(" ")]
        return dns.name.Name([*labels, *zone.labels])

    def type_text(self) -> str:
        """The type's mnemonic, `TYPE65280` where it has none (RFC 3597 section 5)."""
        return types.type_text(self.type)

    def texts(self) -> list[str]:
        """Each rdata in presentation form with absolute names, in the form of RFC 3597 where the type is unknown."""
        import dns.rdata
        import dns.rdataclass
        import dns.rdatatype

        rdtype = dns.rdatatype.RdataType.make(self.type)
        return [dns.rdata.from_wire(dns.rdataclass.IN, rdtype, rdata, 0, len(rdata)).to_text() for rdata in self.rdatas]


def to_line(
    key: str,
    rdtype: int,
    ttl: int | None,
    rdatas: Iterable[bytes],
    spelling: str | None = None,
    *,
    notes_text: str | None = None,
) -> str:
    """Write the line; rdatas are put in canonical order and duplicates dropped (RFC 2181 section 5)."""
    seconds = "" if ttl is None else ttl
    line = f"{key}\t{rdtype}\t{seconds}\t{' '.join(sorted({rdata.hex() for rdata in rdatas}))}"
    if notes_text:
        return f"{line}\t{spelling or ''}\t{notes_text}"
    return line if spelling is None else f"{line}\t{spelling}"


def from_line(line: str) -> RRset:
    """Read a line back."""
    key, rdtype, ttl, hexes, *rest = line.split(TAB)
    rdatas = tuple(bytes.fromhex(text) for text in hexes.split(" "))
    spelling = rest[0] or None if rest else None
    notes_text = rest[1] if len(rest) > 1 else None
    return RRset(key, int(rdtype), int(ttl) if ttl else None, rdatas, spelling, notes_text)


def place(line: str) -> str:
    """`key TAB type TAB`: what identifies an RRset within its zone."""
    return line[: line.index(TAB, line.index(TAB) + 1) + 1]


def find(lines: Sequence[str], place: str) -> str | None:
    """The line at a place among sorted ones, if there is one."""
    at = bisect.bisect_left(lines, place)
    return lines[at] if at < len(lines) and lines[at].startswith(place) else None


def key(line: str) -> str:
    """The key of a line."""
    return line[: line.index(TAB)]


def without_ttl(line: str, ttl: int) -> str:
    """The line without a TTL of its own, where that is `ttl`, the zone's."""
    at = line.index(TAB, line.index(TAB) + 1)
    own = f"\t{ttl}\t"
    return f"{line[:at]}\t\t{line[at + len(own) :]}" if line.startswith(own, at) else line


def gather(rrs: Iterable[str]) -> tuple[list[str], int, int]:
    """Make RRset lines of sorted RR lines; also the number of distinct RRs, and of RRsets whose TTLs differed.

    RRs of one RRset must share a TTL (RFC 2181 section 5.2): the lowest is taken. Of RRs that differ only in the case
    of a name (RFC 4343) one is kept: the first as sorted, for who came first is not known any more.
    """
    lines: list[str] = []
    records = mixed = 0
    current, group = "", [""]
    for rr in rrs:
        at = rr[: rr.index(TAB, rr.index(TAB) + 1) + 1]
        if at == current:
            group.append(rr)
            continue
        if len(group) > 1:
            lines[-1], distinct, differ = _joined(group)
            records += distinct - 1
            mixed += differ
        lines.append(rr)
        records += 1
        current, group = at, [rr]
    if len(group) > 1:
        lines[-1], distinct, differ = _joined(group)
        records += distinct - 1
        mixed += differ
    return lines, records, mixed


def _joined(group: list[str]) -> tuple[str, int, bool]:
    """One line of RRs of one owner and type; how many are distinct, and whether their TTLs differ."""
    fields = [rr.split(TAB) for rr in group]
    ttls = {int(field[2]) for field in fields}
    hexes = sorted({text for field in fields for text in field[3].split(" ")})
    if len(hexes) > 1 and fields[0][1] in _NAME_AT:
        octets = bytes.fromhex("".join(hexes))
        if octets != octets.lower():
            at = _NAME_AT[fields[0][1]]
            hexes = sorted({_folded(text, at): text for text in reversed(hexes)}.values())
    spellings = sorted({field[4] for field in fields if len(field) > 4 and field[4]})
    line = f"{fields[0][0]}\t{fields[0][1]}\t{min(ttls)}\t{' '.join(hexes)}"
    return (f"{line}\t{spellings[0]}" if spellings else line), len(hexes), len(ttls) > 1


def _folded(text: str, at: int) -> str:
    """Rdata as hex with the letters of the name at octet `at` in lower case; an octet of a length is never a letter."""
    return text[: 2 * at] + bytes.fromhex(text[2 * at :]).lower().hex()


def records(line: str) -> int:
    """How many RRs a line holds."""
    return line.split(TAB, 4)[3].count(" ") + 1


def equivalent(left: str, right: str) -> bool:
    """Whether two lines of one place say the same to DNS: TTL and rdata, the case of names ignored (RFC 4343)."""
    one, other = from_line(left), from_line(right)
    if one.ttl != other.ttl or len(one.rdatas) != len(other.rdatas):
        return False
    if {rdata.lower() for rdata in one.rdatas} != {rdata.lower() for rdata in other.rdatas}:  # whatever the names are
        return False
    return {folded(one.type, rdata) for rdata in one.rdatas} == {folded(other.type, rdata) for rdata in other.rdatas}


def folded(rdtype: int, rdata: bytes) -> bytes:
    """Wire rdata with the names in it lower-cased, where DNS compares them so (RFC 4034 section 6.2)."""
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    known = dns.rdatatype.RdataType.make(rdtype)
    return dns.rdata.from_wire(dns.rdataclass.IN, known, rdata, 0, len(rdata)).to_digestable()
