"""How a large zone is cut: into ranges of keys that are merged apart, and a range into chunks.

Ranges are planned from samples, the key of the first owner name of each message of the transfer: as
many messages, about as many octets. A cut is moved back to where an old chunk starts, so that chunks
are seldom torn. Within a range, chunk boundaries are kept from the old version: a chunk is split when
it has grown to twice its size and merged with a neighbour when it has shrunk to a quarter, so that a
small change rewrites few chunks and an unchanged zone none. Chunks are larger in larger zones: what
a change costs that touches all of them grows with their number, what one costs that touches a single
one grows with its size, and so both grow as the root of the zone.
"""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass

from zonewright.protocol import rrset

SPLIT, MERGE = 2, 4

SMALL = 150_000
"""Records of a zone up to which its chunks are as small as any: some 60 of them, of 128 KB."""


def chunk_bytes(least: int, records: int) -> int:
    """Octets of a chunk in a zone of so many records: `least`, and four times that where it is 16 times `SMALL`."""
    return round(least * math.sqrt(max(1, records / SMALL)))


def cuts(samples: Sequence[str], starts: Sequence[str], share: int) -> list[str]:
    """Keys at which ranges after the first begin, each range with about `share` of the sorted `samples`.

    `starts` are the sorted first keys of the old version's chunks.
    """
    found: list[str] = []
    last, begin = "", 0
    for number, sample in enumerate(samples):
        if number - begin < share or sample <= last:
            continue
        old = bisect.bisect_right(starts, sample) - 1
        cut = starts[old] if old >= 0 and starts[old] > last else sample
        found.append(cut)
        last = cut
        begin = bisect.bisect_left(samples, cut)
    return found


def between(lines: Sequence[str], low: str, high: str | None) -> list[str]:
    """The lines whose keys are from `low` up to `high`; a key sorts before every line that has it."""
    end = len(lines) if high is None else bisect.bisect_left(lines, high)
    return list(lines[bisect.bisect_left(lines, low) if low else 0 : end])


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of one chunk to be, the key it starts at, and whether they differ from the old chunk there."""

    start: str
    lines: list[str]
    changed: bool


def size(lines: Sequence[str]) -> int:
    """Octets of the lines as stored text."""
    return sum(map(len, lines)) + len(lines)


def arrange(pieces: Sequence[Piece], target: int) -> list[Piece]:
    """Drop empty pieces, merge changed ones that are too small into a neighbour, split those that are too large."""
    merged: list[Piece] = []
    for piece in pieces:
        if not piece.lines:
            continue
        if merged and _together(merged[-1], piece, target):
            merged[-1] = Piece(merged[-1].start, merged[-1].lines + piece.lines, changed=True)
        else:
            merged.append(piece)
    if merged and pieces[0].start != merged[0].start:
        merged[0] = Piece(pieces[0].start, merged[0].lines, changed=True)
    return [part for piece in merged for part in _split(piece, target)]


def _together(left: Piece, right: Piece, target: int) -> bool:
    low, high = size(left.lines), size(right.lines)
    return (left.changed and fit(low, high, target)) or (right.changed and fit(high, low, target))


def fit(changed: int, other: int, target: int) -> bool:
    """Whether a changed chunk of so many octets is small enough to be one with its neighbour."""
    return changed * MERGE < target and changed + other <= target


def _split(piece: Piece, target: int) -> list[Piece]:
    """Even parts of a changed piece, none of which divides the RRsets of an owner name."""
    total = size(piece.lines)
    if not piece.changed or total <= SPLIT * target:
        return [piece]
    share = total / -(-total // target)
    parts: list[Piece] = []
    begin, start, filled, at = 0, piece.start, 0, ""
    for number, line in enumerate(piece.lines):
        if filled >= share and rrset.key(line) != at:
            parts.append(Piece(start, piece.lines[begin:number], changed=True))
            begin, start, filled = number, rrset.key(line), 0
        filled += len(line) + 1
        if filled >= share:
            at = rrset.key(line)
    parts.append(Piece(start, piece.lines[begin:], changed=True))
    return parts
