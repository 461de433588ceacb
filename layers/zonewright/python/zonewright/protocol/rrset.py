"""One RRset as one line of text: the form that contents are stored, sorted, compared and merged in.

    key TAB type TAB ttl[,ttl...] TAB rdata[ rdata...] [TAB owner[~~owner...] [TAB notes]]

* `key` is the sort key of the owner name (`names.py`).
* `type` is the RR type in decimal (RFC 6895). For RRSIG and SIG a dot and the type covered follow: `46.1`. The RRSIGs
  of an owner are no RRset: each has the TTL of the RRset that it covers (RFC 4034 section 3). So those that cover one
  RRset have a line.
* `ttl` is in seconds. It is empty if the RRset has the zone's TTL (null in Designate).
* `rdata` is uncompressed wire rdata in lower-case hex, in canonical order (RFC 4034 section 6.3).
* `owner` has the labels as sent, escaped as in a key and in the order of the name. It is empty or missing if they
  are all lower-case.
* `notes` is JSON without blanks (`notes.py`). Only RRsets written through the API have notes.

RRs of an RRset may come with different TTLs, or with their owner in different cases. Then the field holds the value of
each rdata, in their order. All readers are shown the lowest TTL (RFC 2181 section 5.2) and one owner. The others are
kept for the increments that remove an RR.

A line is plain ASCII without an end of line. Sorting lines sorts them by canonical owner name, then by type.

An RR of a transfer is the same line with one rdata and no notes. `gather` makes RRsets of sorted RRs.
"""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zonewright.protocol import names, rdata, types
from zonewright.protocol.notes import Notes, Written
from zonewright.protocol.types import AFSDB, CNAME, DNAME, KX, MB, MD, MF, MG, MR, MX, NS, PTR, RT, SIGNATURES, SRV

if TYPE_CHECKING:
    import dns.name

TAB = "\t"
_OWNERS = "~~"
"""Between the owners of RRs in different cases. It is in none of them: `~` begins an escape there."""

Head = tuple[str, str]
"""The TTL and the owner of an RR, as a line has them."""

_NAME_AT = {
    **dict.fromkeys(map(str, (NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME)), 0),
    **dict.fromkeys(map(str, (MX, AFSDB, RT, KX)), 2),
    str(SRV): 6,
}
"""The byte of the rdata at which a type's only name begins (RFC 4034 section 6.2).

Other types with names in their rdata are rare, and mostly have one RR an owner.
"""
_NAMELESS = frozenset(map(str, types.NAMELESS))
_SERIAL = slice(-20, -16)
"""Position of the serial in the rdata of an SOA, which ends with five numbers of 32 bits (RFC 1035 section 3.3.13)."""
_WHOLE = tuple(f"{TAB}{rdtype}{TAB}" for rdtype in sorted(SIGNATURES))
"""Text in every line that holds signatures of an owner as one RRset, as earlier releases stored them."""


@dataclass(frozen=True, slots=True)
class RRset:
    """All RRs of one owner and type, read from a line. Signatures have a type covered besides, `covers`.

    `rdatas` are in wire form. A `ttl` of None is the zone's own. `notes_text` holds the notes as stored.

    `ttls` and `spellings` have the value of each rdata if they differ. Then `ttl` is the lowest, and `spelling` the
    first that is not all lower-case.
    """

    key: str
    type: int
    ttl: int | None
    rdatas: tuple[bytes, ...]
    spelling: str | None = None
    notes_text: str | None = None
    covers: int | None = None
    ttls: tuple[int, ...] = ()
    spellings: tuple[str, ...] = ()

    @property
    def notes(self) -> Notes:
        """Return the notes, read from `notes_text`."""
        return Notes.parse(self.notes_text)

    @property
    def place(self) -> str:
        """Return the text that identifies the RRset within its zone, as `place` does of its line."""
        covered = "" if self.covers is None else f".{self.covers}"
        return f"{self.key}\t{self.type}{covered}\t"

    def line(self) -> str:
        """Return the stored form of the RRset."""
        ttl = ",".join(map(str, self.ttls)) or ("" if self.ttl is None else str(self.ttl))
        head = ttl, _OWNERS.join(self.spellings) or self.spelling or ""
        return _text(self.place, [octets.hex() for octets in self.rdatas], head, self.notes_text)

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

    def written(self) -> list[str]:
        """Return the texts as their writer wrote them, and in that order, or else as `texts` does."""
        return self._as_kept(self.texts())

    def every_text(self) -> list[str]:
        """Return the texts by which records are found: those of `written`, and those of `texts`."""
        texts = self.texts()
        written = self._as_kept(texts)
        return texts if written is texts else [*written, *texts]

    def _as_kept(self, texts: list[str]) -> list[str]:
        """Return `texts` as the notes keep them. If they keep nothing of them, return `texts` itself."""
        if not self.notes_text or not Written.is_in(self.notes_text):
            return texts
        return self.notes.written.shown(self.rdatas, texts)


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
    hexes = sorted({octets.hex() for octets in rdatas})
    fields = {type_field(rdtype, text) for text in hexes}
    field = fields.pop() if len(fields) == 1 else str(rdtype)
    return _text(f"{key}\t{field}\t", hexes, ("" if ttl is None else str(ttl), spelling or ""), notes_text)


def _text(place: str, hexes: Iterable[str], head: Head, notes_text: str | None = None) -> str:
    """Return the line of its fields."""
    ttl, owner = head
    line = f"{place}{ttl}\t{' '.join(hexes)}"
    if notes_text:
        return f"{line}\t{owner}\t{notes_text}"
    return f"{line}\t{owner}" if owner else line


def from_line(line: str) -> RRset:
    """Return the RRset that a line holds."""
    key, field, ttl, hexes, *rest = line.split(TAB)
    rdatas = tuple(bytes.fromhex(text) for text in hexes.split(" "))
    rdtype, _, covers = field.partition(".")
    ttls: tuple[int, ...] = ()
    spellings: tuple[str, ...] = ()
    if "," in ttl:
        ttls, ttl = tuple(map(int, ttl.split(","))), lowest(ttl)
    owner = rest[0] if rest else ""
    if _OWNERS in owner:
        spellings, owner = tuple(owner.split(_OWNERS)), shown_owner(owner)
    return RRset(
        key,
        int(rdtype),
        int(ttl) if ttl else None,
        rdatas,
        owner or None,
        rest[1] if len(rest) > 1 else None,
        covers=int(covers) if covers else None,
        ttls=ttls,
        spellings=spellings,
    )


def columns(lines: Sequence[str]) -> list[list[str]]:
    """Return six lists, each with one field of every line. A missing field is empty.

    To take many lines apart together takes half as long as one by one.
    """
    cells = TAB.join(lines).split(TAB)
    if len(cells) == 4 * len(lines):  # no line has an owner or notes
        none = [""] * len(lines)
        return [cells[::4], cells[1::4], cells[2::4], cells[3::4], none, none]
    rows = [[*line.split(TAB), "", ""] for line in lines]
    return [[row[at] for row in rows] for at in range(6)]


def type_field(rdtype: int, text: str) -> str:
    """Return the type field of the line of an RR, whose rdata is `text` in hex."""
    return f"{rdtype}.{int(text[:4], 16)}" if rdtype in SIGNATURES and len(text) >= 4 else str(rdtype)


def type_of(line: str) -> int:
    """Return the type of the RRset of a line."""
    return int(line.split(TAB, 2)[1].partition(".")[0])


def lowest(ttl: str) -> str:
    """Return the TTL that a TTL field shows."""
    return min(ttl.split(","), key=int) if "," in ttl else ttl


def has_mixed_ttls(line: str) -> bool:
    """Return whether the records of a line have different TTLs."""
    return len(set(line.split(TAB, 3)[2].split(","))) > 1


def shown_owner(owner: str) -> str:
    """Return the spelling that an owner field shows: the first that is not all lower-case, or nothing."""
    return min(filter(None, owner.split(_OWNERS))) if _OWNERS in owner else owner


def notes_of(line: str) -> str:
    """Return the notes of a line as stored, or nothing."""
    return "".join(line.split(TAB, 5)[5:])


def with_notes(line: str, notes_text: str) -> str:
    """Return a line that has no notes with `notes_text`."""
    key, field, ttl, hexes, *owner = line.split(TAB)
    return _text(f"{key}\t{field}\t", [hexes], (ttl, "".join(owner)), notes_text)


def heads(line: str) -> dict[str, Head]:
    """Return the TTL and the owner of each rdata of a line, by the rdata as hex."""
    _, _, ttl, hexes, *rest = line.split(TAB, 5)
    rdatas, owner = hexes.split(" "), rest[0] if rest else ""
    if "," not in ttl and _OWNERS not in owner:
        return dict.fromkeys(rdatas, (ttl, owner))
    ttls = ttl.split(",") if "," in ttl else [ttl] * len(rdatas)
    owners = owner.split(_OWNERS) if _OWNERS in owner else [owner] * len(rdatas)
    return dict(zip(rdatas, zip(ttls, owners, strict=True), strict=True))


def of_heads(place: str, found: Mapping[str, Head]) -> str:
    """Return the line of the RRset at `place` whose rdatas have these TTLs and owners."""
    hexes = sorted(found)
    if len(set(found.values())) == 1:
        return _text(place, hexes, found[hexes[0]])
    ttls, owners = zip(*(found[text] for text in hexes), strict=True)
    ttl = ttls[0] if len(set(ttls)) == 1 else ",".join(ttls)
    owner = owners[0] if len(set(owners)) == 1 else _OWNERS.join(owners)
    return _text(place, hexes, (ttl, owner))


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
    """Return the line with the TTL and the owner that it shows, for all its records.

    Leave the TTL empty if it is `ttl`, the zone's own.
    """
    key, field, own, hexes, *rest = line.split(TAB)
    shown = lowest(own)
    if rest:
        rest[0] = shown_owner(rest[0])
    return TAB.join([key, field, "" if shown == str(ttl) else shown, hexes, *rest])


def as_served(line: str, ttl: int) -> str:
    """Return the line as DNS shows its RRset: one TTL, one owner, no notes. `ttl` is the zone's own."""
    key, field, own, hexes, *rest = line.split(TAB)
    return _text(f"{key}\t{field}\t", [hexes], (lowest(own) or str(ttl), shown_owner(rest[0]) if rest else ""))


def with_serial(soa: str, serial: int) -> str:
    """Return the line of an SOA with another serial."""
    found = from_line(soa)
    octets = bytearray(found.rdatas[0])
    octets[_SERIAL] = serial.to_bytes(4, "big")
    return replace(found, rdatas=(bytes(octets),)).line()


def serial_of(soa: str) -> int:
    """Return the serial in the line of an SOA."""
    return int.from_bytes(from_line(soa).rdatas[0][_SERIAL], "big")


def gather(rrs: Iterable[str]) -> tuple[list[str], int, int]:
    """Return the RRset lines of sorted RR lines, the number of distinct RRs, and of RRsets with mixed TTLs.

    If RRs differ only in the case of a name (RFC 4343), the first as sorted is kept with the lowest of their TTLs,
    because sorting lost the order of arrival.
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
    """Return one line for RRs of one place, the number of distinct RRs, and whether their TTLs differ."""
    found: dict[str, Head] = {}
    ttls = set()
    for rr in group:
        _, field, ttl, text, *owner = rr.split(TAB)
        head = ttl, "".join(owner)
        ttls.add(ttl)
        found[text] = _either(found[text], head) if text in found else head
    if len(found) > 1 and field not in _NAMELESS:
        found = _without_case(field, found)
    return of_heads(place(group[0]), found), len(found), len(ttls) > 1


def _without_case(field: str, found: dict[str, Head]) -> dict[str, Head]:
    """Return rdatas without those that differ from another only in the case of a name."""
    octets = bytes.fromhex("".join(found))
    if octets == octets.lower() or len({bytes.fromhex(text).lower() for text in found}) == len(found):
        return found
    kept: dict[str, str] = {}
    for text in sorted(found):
        first = kept.setdefault(folded(field, text), text)
        found[first] = _either(found[first], found[text])
    return {text: found[text] for text in kept.values()}


def _either(one: Head, other: Head) -> Head:
    """Return the lower TTL, and the owner that both show."""
    return min(one[0], other[0], key=int), min(filter(None, (one[1], other[1])), default="")


def folded(field: str, text: str) -> str:
    """Return rdata as hex with its names in lower case where DNS compares them so. `field` is the type of its line."""
    at = _NAME_AT.get(field)
    if at is not None:
        return _folded(text, at)
    return rdata.folded(int(field.partition(".")[0]), bytes.fromhex(text)).hex()


def _folded(text: str, at: int) -> str:
    """Return rdata as hex with the name at byte `at` in lower case.

    The byte of a label's length is at most 63, so it is never a letter.
    """
    return text[: 2 * at] + bytes.fromhex(text[2 * at :]).lower().hex()


def records(line: str) -> int:
    """Return how many RRs a line holds."""
    return line.split(TAB, 4)[3].count(" ") + 1


def equivalent(left: str, right: str) -> bool:
    """Return whether two lines of one place show the same TTL and rdata, ignoring the case of names (RFC 4343)."""
    _, field, ttl, *mine = left.split(TAB, 4)
    _, _, other_ttl, *theirs = right.split(TAB, 4)
    if len(mine[0]) != len(theirs[0]) or (ttl != other_ttl and lowest(ttl) != lowest(other_ttl)):
        return False
    if mine[0] == theirs[0] or field in _NAMELESS:
        return mine[0] == theirs[0]
    one, two = mine[0].split(" "), theirs[0].split(" ")
    at = _NAME_AT.get(field)
    if at is not None:
        return {_folded(text, at) for text in one} == {_folded(text, at) for text in two}
    # Lower-casing all bytes is cheap, and tells most apart.
    if {bytes.fromhex(text).lower() for text in one} != {bytes.fromhex(text).lower() for text in two}:
        return False
    return {folded(field, text) for text in one} == {folded(field, text) for text in two}


def split_signatures(lines: list[str]) -> list[str]:
    """Return sorted lines with a line for each type that signatures cover.

    Earlier releases stored the signatures of an owner as one RRset, with one TTL.
    """
    found: list[str] = []
    for line in lines:
        if line.startswith(_WHOLE, line.index(TAB)):
            found += _by_covered(line)
        else:
            found.append(line)
    return found


def has_whole_signatures(text: str) -> bool:
    """Return whether some lines may be those that `split_signatures` splits. It is fast."""
    return any(whole in text for whole in _WHOLE)


def _by_covered(line: str) -> list[str]:
    owner, field, _ = line.split(TAB, 2)
    notes_text = notes_of(line)
    covered: dict[str, dict[str, Head]] = {}
    for text, head in heads(line).items():
        covered.setdefault(f"{owner}\t{type_field(int(field), text)}\t", {})[text] = head
    made = [of_heads(*each) for each in sorted(covered.items())]
    return [with_notes(each, notes_text) if notes_text else each for each in made]
