"""Rewrite of a version: the chunks that changes fall into are read and written, the rest is kept.

A chunk that has become small is joined with a neighbour; one that has grown is split; an empty one is left out. Some
chunks at a time are in memory, and each is read once: the next ones are read, and the last ones stored, meanwhile.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from zonewright.contents import chunks
from zonewright.contents.bucket import AT_ONCE, Bucket
from zonewright.contents.sink import Sink
from zonewright.model import diff, ranges
from zonewright.model.diff import Difference, Move
from zonewright.model.ranges import Piece
from zonewright.model.version import Chunk, Version, index_of
from zonewright.protocol import rrset

_RUN = 2 * AT_ONCE
"""Most changed neighbouring chunks that are rewritten together."""


def apply(sink: Sink, version: Version, moves: Iterable[Move]) -> tuple[Chunk, ...]:
    """Store and return the chunks of a version after some moves."""
    placed = {move.place: move for move in moves}
    touched = by_chunk(version, placed)

    def moved(index: int, lines: list[str]) -> list[str]:
        return diff.apply(Difference(tuple(placed[place] for place in touched[index])), lines)

    return rewrite(sink, version, touched, moved)


def by_chunk(version: Version, places: Iterable[str]) -> dict[int, list[str]]:
    """Group places by the index of the chunk that holds them. A chunk without any has no entry."""
    found: dict[int, list[str]] = {}
    for place in places:
        found.setdefault(index_of(version.chunks, place.partition(rrset.TAB)[0]), []).append(place)
    return found


def rewrite(
    sink: Sink, version: Version, touched: Collection[int], change: Callable[[int, list[str]], list[str]]
) -> tuple[Chunk, ...]:
    """Return the chunks of a version after `change(index, lines)` was called for those at the indexes `touched`.

    New chunks go into the sink. Chunks that are not touched are not read.
    """
    bucket, old, chunk_bytes = sink.bucket, version.chunks, sink.chunk_bytes
    made: list[tuple[Chunk, ...] | Future[tuple[Chunk, ...]]] = []
    run: list[Piece] = []
    texts = chunks.each(bucket, version.zone_id, (old[index] for index in sorted(touched)), ahead=AT_ONCE)
    with ThreadPoolExecutor(1) as beside:
        stored: Future[tuple[Chunk, ...]] | None = None

        def store() -> None:
            nonlocal run, stored
            if run:
                if stored:
                    stored.result()
                stored = beside.submit(sink.chunks, run, old)
                made.append(stored)
                run = []

        for index, chunk in enumerate(old):
            if index in touched:
                lines = change(index, next(texts))
                if index and index - 1 not in touched and _fits(lines, old[index - 1], chunk_bytes) and not run:
                    made.pop()
                    run.append(_whole(bucket, version, old[index - 1]))
                run.append(Piece(chunk.start, lines, changed=True))
            elif run and run[-1].changed and _fits(run[-1].lines, chunk, chunk_bytes):
                run.append(_whole(bucket, version, chunk))
            else:
                store()
                made.append((chunk,))
            if len(run) >= _RUN and run[-1].changed:  # an unchanged last piece may be merged with the next
                store()
        store()
    result = [chunk for part in made for chunk in (part.result() if isinstance(part, Future) else part)]
    if result and result[0].start:  # nothing is left of the first
        result[0] = replace(result[0], start="")
    return tuple(result)


def _fits(lines: Sequence[str], beside: Chunk, chunk_bytes: int) -> bool:
    return ranges.fit(ranges.size(lines), beside.size, chunk_bytes)


def _whole(bucket: Bucket, version: Version, chunk: Chunk) -> Piece:
    return Piece(chunk.start, chunks.read(bucket, version.zone_id, chunk), changed=False)


def against(moves: Iterable[Move], version: Version) -> Difference:
    """Return the moves, in canonical order, as the whole difference from a version."""
    ordered = tuple(sorted(moves, key=lambda move: move.place))
    return Difference(ordered, version.rrsets - sum(move.before is not None for move in ordered))
