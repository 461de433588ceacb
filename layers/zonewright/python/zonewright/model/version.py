"""A version: one immutable state of a zone's contents, as the list of its chunks.

A chunk is a run of RRset lines (`rrset.py`) in canonical order. The change that made it stored it under the digest of
its text. A version lists its chunks in order. The first starts at the empty sort key. Each holds the owner names from
its `start` up to the next `start`, and no owner name is in two chunks.

A version is published over another, its base. It names only chunks that its own change wrote or that its base names. So
the versions that name a chunk are consecutive, and a chunk that is dropped never comes back. The two neighbours of a
version tell which chunks end with it.
"""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

HIGHEST = 999_999_999
"""The highest number that a version may have in a request."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One stored run. `start` is its first sort key, `digest` the SHA-256 of its text, `size` the bytes of its text.

    `change_id` is the change that wrote it. A later version with the same run names the same object.

    `deep` has the leftmost labels, as in a sort key, of its owner names with more than one label. So a search for names
    that begin with a text reads few chunks. It is None if that is not known, or if there are too many.
    """

    start: str
    digest: str
    size: int
    rrsets: int
    records: int
    change_id: str
    deep: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """Return the name of its object, unique within the zone."""
        return f"{self.change_id}/{self.digest}"


@dataclass(frozen=True, slots=True)
class Version:
    """The contents of a zone under `number`, published at `created` by the change `change_id`.

    `ttl` is the zone's TTL at that time, for RRsets without a TTL. It is None if every RRset has a TTL.
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
        """Return the number of RRs."""
        return sum(chunk.records for chunk in self.chunks)

    @property
    def rrsets(self) -> int:
        """Return the number of RRsets."""
        return sum(chunk.rrsets for chunk in self.chunks)


def index_of(chunks: Sequence[Chunk], key: str) -> int:
    """Return the index of the chunk responsible for a sort key. The list must not be empty."""
    return max(bisect.bisect_right(chunks, key, key=lambda chunk: chunk.start) - 1, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """The sort keys from `start` up to `end` (None: no end), and the chunk of each of two versions that holds them."""

    start: str
    end: str | None
    old: Chunk
    new: Chunk


def spans(old: Sequence[Chunk], new: Sequence[Chunk]) -> Iterator[Span]:
    """Yield the spans in which two versions may differ, in order.

    Spans are cut at the starts of both lists' chunks. Spans of equal chunks are left out.
    """
    starts = sorted({chunk.start for chunk in (*old, *new)})
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        left, right = old[index_of(old, start)], new[index_of(new, start)]
        if left.digest != right.digest:
            yield Span(start, end, left, right)
