"""How a large zone is cut: into ranges of sort keys that are merged apart, and each range into chunks.

Ranges are planned from samples: the sort key of the first owner name in each message of the transfer. Equal numbers of
messages are about equal numbers of bytes. A cut is moved back to the start of an old chunk, so chunks are seldom torn.

Within a range, chunk boundaries are kept from the old version. A chunk is split at twice its size, and merged with a
neighbour at a quarter. So a small change rewrites few chunks, and an unchanged zone none.

Larger zones have larger chunks. The cost of a change that touches every chunk grows with their number. The cost of a
change that touches one grows with its size. With this rule both grow as the square root of the zone.
"""

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass

from zonewright.protocol import rrset

SPLIT, MERGE = 2, 4

SMALL = 150_000
"""Records of the largest zone with the smallest chunks: some 60 chunks of 128 KB."""


def chunk_bytes(least: int, records: int) -> int:
    """Return the bytes of a chunk in a zone of `records` records.

    They are `least` up to `SMALL` records, and grow with the square root: four times that at 16 times `SMALL`.
    """
    return round(least * math.sqrt(max(1, records / SMALL)))


def cuts(samples: Sequence[str], starts: Sequence[str], share: int) -> list[str]:
    """Return the sort keys at which the ranges after the first begin.

    Each range has about `share` of the sorted `samples`. `starts` are the sorted first keys of the old version's
    chunks.
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
    """Return the lines with sort keys from `low` up to `high`. A key sorts before every line that has it."""
    end = len(lines) if high is None else bisect.bisect_left(lines, high)
    return list(lines[bisect.bisect_left(lines, low) if low else 0 : end])


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of a future chunk, its first sort key, and whether they differ from the old chunk there."""

    start: str
    lines: list[str]
    changed: bool


def size(lines: Sequence[str]) -> int:
    """Return the bytes of the lines as stored text."""
    return sum(map(len, lines)) + len(lines)


def arrange(pieces: Sequence[Piece], target: int) -> list[Piece]:
    """Drop empty pieces, merge changed pieces that are too small into a neighbour, split those that are too large."""
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
    """Return whether a changed chunk of `changed` bytes is small enough to be merged with its neighbour."""
    return changed * MERGE < target and changed + other <= target


def _split(piece: Piece, target: int) -> list[Piece]:
    """Return even parts of a changed piece. No part divides the RRsets of an owner name."""
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
