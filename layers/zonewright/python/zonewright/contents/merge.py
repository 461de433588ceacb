"""Merge of sorted records with a version: the chunks of the next version, and what moved.

Chunks whose text is the same are neither read nor written. A chunk in which nothing moved is written if its text
differs: names in another case, or the form of an earlier release. So the next merge does not compare it again.
"""

import bisect
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from zonewright.contents import chunks
from zonewright.contents.bucket import AT_ONCE
from zonewright.contents.sink import Sink
from zonewright.model import ranges
from zonewright.model.change import Counts
from zonewright.model.diff import Difference, diff
from zonewright.model.ranges import Piece
from zonewright.model.version import Chunk
from zonewright.protocol import rrset
from zonewright.protocol.placement import BESIDE_CNAME
from zonewright.protocol.types import CNAME

_CNAME = f"{rrset.TAB}{CNAME}{rrset.TAB}"
_AFTER_TAB = "\n"
"""The character after a tab. All lines of an owner sort before its key and this."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Records that were dropped because they are of another zone: how many, and the first names.

    `odd` counts the records whose rdata could not be read and was kept as bytes. `odd_names` has the first of them.
    `no_data` counts the records that were dropped because no zone holds their type, as `no_data_names` says.
    """

    count: int = 0
    names: tuple[str, ...] = ()
    odd: int = 0
    odd_names: tuple[str, ...] = ()
    no_data: int = 0
    no_data_names: tuple[str, ...] = ()

    def __add__(self, other: "Outside") -> "Outside":
        return Outside(
            self.count + other.count,
            _first(self.names + other.names),
            self.odd + other.odd,
            _first(self.odd_names + other.odd_names),
            self.no_data + other.no_data,
            _first(self.no_data_names + other.no_data_names),
        )


def _first(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first three different names."""
    return tuple(dict.fromkeys(names))[:3]


@dataclass(frozen=True, slots=True)
class Merged:
    """Result of a merge: chunks, counts, keys of the stored differences, types at the apex, RRsets with mixed TTLs.

    `cnames` counts the owners of a CNAME beside other data. `cname_keys` has the sort keys of the first three.
    """

    chunks: tuple[Chunk, ...]
    counts: Counts
    differences: tuple[str, ...] = ()
    apex_types: tuple[int, ...] = ()
    mixed_ttls: int = 0
    cnames: int = 0
    cname_keys: tuple[str, ...] = ()


def merge(
    sink: Sink, base: Sequence[Chunk], rrs: Sequence[str], *, part: int = 0, low: str = "", high: str | None = None
) -> Merged:
    """Merge the sorted RR lines `rrs`, with keys from `low` up to `high`, with the chunks `base`.

    Store chunks, and the differences as part number `part`. A first load stores no differences: its version lists what
    was created. A dry run makes no version, and stores them.
    """
    lines, _, mixed = rrset.gather(rrs)
    segments = [_Segment.of(span, ranges.between(lines, span[0], span[1]), base) for span in _spans(base, low, high)]
    pieces: list[Piece] = []
    moved: list[Difference] = []
    unchanged = 0
    differing = [each.old for each in segments if each.old and not each.same]
    with closing(chunks.each(sink.bucket, sink.zone_id, differing, ahead=AT_ONCE)) as stored:
        for each in segments:
            start, new, old = each.start, each.new, each.old
            if old is not None and each.same:
                unchanged += old.rrsets
                pieces.append(Piece(start, new, changed=False))
                continue
            before = ranges.between(next(stored), start, each.end) if old else []
            difference, new = diff(before, new)
            unchanged += difference.unchanged
            if difference.moves:
                moved.append(difference)
            same = each.whole and new == before and old is not None and len(new) == old.rrsets
            pieces.append(Piece(start, new, changed=not same))
    made = sink.chunks(pieces, base)
    difference = Difference(tuple(move for each in moved for move in each.moves), unchanged)
    keys: tuple[str, ...] = ()
    if difference.moves and (base or sink.keeps_first_load):
        keys = (sink.difference(part, difference),)
    crowded = beside_cname(lines)
    apex = apex_types(lines) if not low else ()
    return Merged(made, difference.counts(), keys, apex, mixed, len(crowded), tuple(crowded[:3]))


_Span = tuple[str, str | None, Chunk | None]
"""A span of sort keys, from the first up to the second, and the old chunk that covers it."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """The lines `new` of a span, and the chunk `old`. `whole` says that the chunk has no more, `same` that it has them.

    All chunks that differ are known before the first of them is read. So many are read at once.
    """

    start: str
    end: str | None
    old: Chunk | None
    new: list[str]
    whole: bool
    same: bool

    @classmethod
    def of(cls, span: _Span, new: list[str], base: Sequence[Chunk]) -> "_Segment":
        start, end, old = span
        whole = old is not None and _whole(old, start, end, base)
        return cls(start, end, old, new, whole, whole and old is not None and _same(old, new))


def _spans(base: Sequence[Chunk], low: str, high: str | None) -> list[_Span]:
    """Return the spans of the old chunks within the range; one span without a chunk if there is no old version."""
    if not base:
        return [(low, high, None)]
    spans: list[_Span] = []
    for number, chunk in enumerate(base):
        end = base[number + 1].start if number + 1 < len(base) else None
        if (end is not None and end <= low) or (high is not None and chunk.start >= high):
            continue
        ends = [edge for edge in (end, high) if edge is not None]
        spans.append((max(chunk.start, low), min(ends) if ends else None, chunk))
    return spans


def _whole(old: Chunk, start: str, end: str | None, base: Sequence[Chunk]) -> bool:
    """Return whether the span from `start` to `end` is all that `old` covers."""
    return start == old.start and end == next((chunk.start for chunk in base if chunk.start > start), None)


def _same(old: Chunk, new: list[str]) -> bool:
    """Return whether `old` holds exactly these lines."""
    if len(new) != old.rrsets or ranges.size(new) != old.size:
        return False
    return chunks.digest(chunks.to_text(new)) == old.digest


def apex_types(lines: Sequence[str]) -> tuple[int, ...]:
    """Return the types at the apex. Its key is empty, so its lines come first."""
    types = []
    for line in lines:
        if not line.startswith(rrset.TAB):
            break
        types.append(rrset.type_of(line))
    return tuple(dict.fromkeys(types))


def beside_cname(lines: Sequence[str]) -> list[str]:
    """Return the sort keys, in order, of the owners whose CNAME stands beside other data (RFC 1034 section 3.6.2)."""
    found = []
    for at, line in enumerate(lines):
        if _CNAME in line and line.startswith(_CNAME, line.index(rrset.TAB)):
            owner = line[: line.index(rrset.TAB) + 1]
            first = bisect.bisect_left(lines, owner, 0, at)
            end = bisect.bisect_left(lines, owner[:-1] + _AFTER_TAB, at)
            if any(rrset.type_of(each) not in BESIDE_CNAME for each in lines[first:end]):
                found.append(owner[:-1])
    return found


def add(merged: Iterable[Merged]) -> Merged:
    """Join the results of a version's ranges, in order."""
    parts = list(merged)
    return Merged(
        chunks=tuple(chunk for part in parts for chunk in part.chunks),
        counts=sum((part.counts for part in parts), Counts()),
        differences=tuple(key for part in parts for key in part.differences),
        apex_types=tuple(rdtype for part in parts for rdtype in part.apex_types),
        mixed_ttls=sum(part.mixed_ttls for part in parts),
        cnames=sum(part.cnames for part in parts),
        cname_keys=tuple(key for part in parts for key in part.cname_keys)[:3],
    )
