"""A version: one immutable state of a zone's contents, as the list of its chunks.

A chunk is a run of RRset lines (`rrset.py`) in canonical order, stored by the change that made it under
the digest of its text. A version names its chunks in order; the first starts at the empty key, each holds
the owner names from its `start` up to the next one's, and no owner name is in two of them.

A version is published over another, its base, and names what its own change wrote or its base names, nothing
else. So the versions that name a chunk follow one another without a gap, and once a version no longer does
none ever will again: which chunks end with a version is told by its two neighbours.
"""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

HIGHEST = 999_999_999
"""The highest number that a version may have in a request."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One stored run: first key it is responsible for, SHA-256 of its text, size of the text in octets, counts.

    `change_id` is the change that wrote it; a later version that has the same run names the same object.
    """

    start: str
    digest: str
    size: int
    rrsets: int
    records: int
    change_id: str

    @property
    def name(self) -> str:
        """What tells its object from the zone's others."""
        return f"{self.change_id}/{self.digest}"


@dataclass(frozen=True, slots=True)
class Version:
    """The contents of a zone under `number`, as published at `created` by change `change_id`.

    `ttl` is the zone's at that time, which RRsets without one of their own had; None where each has its own.
    """

    zone_id: str
    number: int
    serial: int
    created: datetime
    change_id: str
    chunks: tuple[Chunk, ...]
    ttl: int | None = None

    @property
    def records(self) -> int:
        """RRs in this version."""
        return sum(chunk.records for chunk in self.chunks)

    @property
    def rrsets(self) -> int:
        """RRsets in this version."""
        return sum(chunk.rrsets for chunk in self.chunks)


def index_of(chunks: Sequence[Chunk], key: str) -> int:
    """The position of the chunk responsible for `key`; the list must not be empty."""
    return max(bisect.bisect_right(chunks, key, key=lambda chunk: chunk.start) - 1, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """The keys from `start` up to `end` (None: all that follow), and the chunk of two versions each that has them."""

    start: str
    end: str | None
    old: Chunk
    new: Chunk


def spans(old: Sequence[Chunk], new: Sequence[Chunk]) -> Iterator[Span]:
    """Where two versions may differ, in order: cut where a chunk of either begins, without those of equal chunks."""
    starts = sorted({chunk.start for chunk in (*old, *new)})
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        left, right = old[index_of(old, start)], new[index_of(new, start)]
        if left.digest != right.digest:
            yield Span(start, end, left, right)
