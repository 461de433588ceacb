"""One RRset as one line of text: the form that contents are stored, sorted, compared and merged in.

    key TAB type TAB ttl TAB rdata[ rdata...] [TAB owner [TAB notes]]

* `key` is the sort key of the owner name (`names.py`).
* `type` is the RR type in decimal (RFC 6895).
* `ttl` is in seconds. It is empty if the RRset has the zone's TTL (null in Designate).
* `rdata` is uncompressed wire rdata in lower-case hex, in canonical order (RFC 4034 section 6.3).
* `owner` has the labels as sent, escaped as in a key and in the order of the name. It is empty or missing if they
  are all lower-case.
* `notes` is JSON without blanks. Only RRsets written through the API have notes.

A line is plain ASCII without an end of line. Sorting lines sorts them by canonical owner name, then by type.

An RR of a transfer is the same line with one rdata and no notes. `gather` makes RRsets of sorted RRs.
"""

import bisect
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.protocol import names, rdata, types
from zonewright.protocol.types import AFSDB, CNAME, DNAME, KX, MB, MD, MF, MG, MR, MX, NS, PTR, RT, SRV

if TYPE_CHECKING:
    import dns.name

TAB = "\t"

_NAME_AT = {
    **dict.fromkeys(map(str, (NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME)), 0),
    **dict.fromkeys(map(str, (MX, AFSDB, RT, KX)), 2),
    str(SRV): 6,
}
"""The byte of the rdata at which a type's only name begins (RFC 4034 section 6.2).

Other types with names in their rdata are rare, and mostly have one RR an owner.
"""
_NAMELESS = frozenset(map(str, types.NAMELESS))


@dataclass(frozen=True, slots=True)
class Notes:
    """A user's description of an RRset, and its times. DNS does not carry notes.

    `version` counts the stored forms of the RRset, from 1.
    """

    description: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    version: int = 1

    @classmethod
    def parse(cls, text: str | None) -> "Notes":
        """Return the notes that a line has as `text`. Without text, return empty notes."""
        if not text:
            return cls()
        fields = json.loads(text)
        for moment in ("created", "updated"):
            if moment in fields:
                fields[moment] = clock.from_text(fields[moment])
        return cls(**fields)

    def __str__(self) -> str:
        """Return the stored form: JSON in ASCII, without the fields that have their defaults."""
        fields = {
            "description": self.description,
            "created": clock.to_text(self.created) if self.created else None,
            "updated": clock.to_text(self.updated) if self.updated else None,
            "version": self.version if self.version > 1 else None,
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class RRset:
    """All RRs of one owner and type, read from a line.

    `rdatas` are in wire form. A `ttl` of None is the zone's own. `notes_text` holds the notes as stored.
    """

    key: str
    type: int
    ttl: int | None
    rdatas: tuple[bytes, ...]
    spelling: str | None = None
    notes_text: str | None = None

    @property
    def notes(self) -> Notes:
        """Return the notes, read from `notes_text`."""
        return Notes.parse(self.notes_text)

    @property
    def place(self) -> str:
        """Return the text that identifies the RRset within its zone, as `place` does of its line."""
        return f"{self.key}\t{self.type}\t"

    def line(self) -> str:
        """Return the stored form of the RRset."""
        return to_line(self.key, self.type, self.ttl, self.rdatas, self.spelling, notes_text=self.notes_text)

    def owner(self, zone: "dns.name.Name") -> "dns.name.Name":
        """Return the absolute owner name, in the case it was sent in."""
        import dns.name

        if self.spelling is None:
            return names.owner_of(self.key, zone)
        labels = [names.unescape_label(label) for label in self.spelling.split(" ")]
        return dns.name.Name([*labels, *zone.labels])

    def type_text(self) -> str:
        """Return the mnemonic of the type, or `TYPE65280` (RFC 3597 section 5)."""
        return types.type_text(self.type)

    def texts(self) -> list[str]:
        """Return each rdata in presentation form with absolute names.

        Rdata that cannot be read, or of an unknown type, has the form of RFC 3597 section 5.
        """
        return [rdata.text(self.type, octets) for octets in self.rdatas]


def to_line(
    key: str,
    rdtype: int,
    ttl: int | None,
    rdatas: Iterable[bytes],
    spelling: str | None = None,
    *,
    notes_text: str | None = None,
) -> str:
    """Return the line of an RRset. Rdatas are sorted canonically and duplicates dropped (RFC 2181 section 5).

    `rdatas` are in wire form, `ttl` is in seconds or None for the zone's own.
    """
    seconds = "" if ttl is None else ttl
    line = f"{key}\t{rdtype}\t{seconds}\t{' '.join(sorted({rdata.hex() for rdata in rdatas}))}"
    if notes_text:
        return f"{line}\t{spelling or ''}\t{notes_text}"
    return line if spelling is None else f"{line}\t{spelling}"


def from_line(line: str) -> RRset:
    """Return the RRset that a line holds."""
    key, rdtype, ttl, hexes, *rest = line.split(TAB)
    rdatas = tuple(bytes.fromhex(text) for text in hexes.split(" "))
    spelling = rest[0] or None if rest else None
    notes_text = rest[1] if len(rest) > 1 else None
    return RRset(key, int(rdtype), int(ttl) if ttl else None, rdatas, spelling, notes_text)


def place(line: str) -> str:
    """Return `key TAB type TAB`, which identifies the RRset of a line within its zone."""
    return line[: line.index(TAB, line.index(TAB) + 1) + 1]


def find(lines: Sequence[str], place: str) -> str | None:
    """Return the line at a place among sorted lines, or None."""
    at = bisect.bisect_left(lines, place)
    return lines[at] if at < len(lines) and lines[at].startswith(place) else None


def key(line: str) -> str:
    """Return the sort key that a line begins with."""
    return line[: line.index(TAB)]


def without_ttl(line: str, ttl: int) -> str:
    """Return the line with an empty TTL if its TTL is `ttl`, the zone's own."""
    at = line.index(TAB, line.index(TAB) + 1)
    own = f"\t{ttl}\t"
    return f"{line[:at]}\t\t{line[at + len(own) :]}" if line.startswith(own, at) else line


def gather(rrs: Iterable[str]) -> tuple[list[str], int, int]:
    """Return the RRset lines of sorted RR lines, the number of distinct RRs, and of RRsets with mixed TTLs.

    The RRs of an RRset must share a TTL (RFC 2181 section 5.2), so the lowest is taken. If RRs differ only in the case
    of a name (RFC 4343), the first as sorted is kept, because sorting lost the order of arrival.
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
    """Return one line for RRs of one owner and type, the number of distinct RRs, and whether their TTLs differ."""
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
    """Return rdata as hex with the name at byte `at` in lower case.

    The byte of a label's length is at most 63, so it is never a letter.
    """
    return text[: 2 * at] + bytes.fromhex(text[2 * at :]).lower().hex()


def records(line: str) -> int:
    """Return how many RRs a line holds."""
    return line.split(TAB, 4)[3].count(" ") + 1


def equivalent(left: str, right: str) -> bool:
    """Return whether two lines of one place have the same TTL and rdata, ignoring the case of names (RFC 4343)."""
    _, rdtype, ttl, *mine = left.split(TAB, 4)
    _, _, other_ttl, *theirs = right.split(TAB, 4)
    if ttl != other_ttl or len(mine[0]) != len(theirs[0]):
        return False
    if mine[0] == theirs[0] or rdtype in _NAMELESS:
        return mine[0] == theirs[0]
    at = _NAME_AT.get(rdtype)
    if at is not None:
        return {_folded(text, at) for text in mine[0].split(" ")} == {
            _folded(text, at) for text in theirs[0].split(" ")
        }
    one, two = from_line(left), from_line(right)
    # Lower-casing all bytes is cheap, and tells most apart.
    if {octets.lower() for octets in one.rdatas} != {octets.lower() for octets in two.rdatas}:
        return False
    return {rdata.folded(one.type, octets) for octets in one.rdatas} == {
        rdata.folded(two.type, octets) for octets in two.rdatas
    }
