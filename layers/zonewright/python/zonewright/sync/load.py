"""From a primary's messages to chunks: collect, parse, merge. Nothing here changes a zone.

    collect ── small zone ──▶ RR lines in memory ──────────────▶ merge ──▶ chunks, differences
       └────── large zone ──▶ batches ──▶ parse each ──▶ runs ──▶ merge each range ──▶ ...

A zone below a threshold is loaded where it is collected; a larger one leaves as batches of raw
messages in S3, and memory is bounded by batch and range, not by zone.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from zonewright.actions import edit
from zonewright.contents import chunks
from zonewright.contents.sink import Sink
from zonewright.model import ranges
from zonewright.model.change import Counts
from zonewright.model.diff import Difference, Move, apply, diff
from zonewright.model.guards import Guards
from zonewright.model.ranges import Piece
from zonewright.model.version import Chunk, Version
from zonewright.protocol import names, rrset
from zonewright.protocol.transfer import Transfer
from zonewright.protocol.wire import Parser, framed
from zonewright.sync import increments
from zonewright.sync.staging import Merged, Outside, Plan, Staging

_UPLOADS = 2
"""Batches on their way to S3 while the next one is read."""

MOST_RANGES = 1500
"""Ranges of a zone, about: its change names what moved in each, a hundred octets a name, in an item of 400 KB."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A complete transfer: in memory (`messages`), or staged as `batches` with a sample of its keys."""

    messages: list[bytes]
    batches: int
    samples: list[str]


def collect(
    machine: Transfer,
    messages: Iterable[bytes],
    staging: Staging,
    guards: Guards,
    inline_bytes: int,
    batch_bytes: int,
) -> Collected:
    """Read a transfer to its end; past `inline_bytes` it goes to S3 in batches of `batch_bytes` as it comes.

    Raises ZoneTooLarge as soon as it has more records than the guards let through.
    """
    parser = Parser(machine.zone)
    held: list[bytes] = []
    samples: list[str] = []
    batches = size = 0
    uploads: list[Future[None]] = []
    with ThreadPoolExecutor(_UPLOADS) as pool:
        for message in messages:
            guards.check_size(machine.records)
            held.append(message)
            size += len(message)
            sample = parser.first_key(message)
            if sample is not None:
                samples.append(sample)
            if size >= batch_bytes and machine.octets > inline_bytes:
                uploads.append(pool.submit(staging.write_batch, batches, framed(*held)))
                batches, size, held = batches + 1, 0, []
                if len(uploads) > _UPLOADS:
                    uploads.pop(0).result()
        if batches and held:
            uploads.append(pool.submit(staging.write_batch, batches, framed(*held)))
            batches, held = batches + 1, []
        for upload in uploads:
            upload.result()
    return Collected(held, batches, sorted(samples))


def parse(zone: str, messages: Iterable[bytes]) -> tuple[list[str], Outside]:
    """Sorted RR lines of some messages, and what was left out."""
    parser = Parser(names.absolute(zone))
    lines: list[str] = []
    for message in messages:
        lines += parser.message(message)
    lines.sort()
    return lines, Outside(parser.outside, tuple(parser.outside_names))


def parse_batch(staging: Staging, plan: Plan, number: int) -> Outside:
    """Make the runs of one batch: its RR lines, sorted, one run for each range it has records in."""
    lines, outside = parse(plan.zone, staging.read_batch(number))
    runs = {index: ranges.between(lines, *plan.bounds(index)) for index in range(plan.ranges)}
    staging.write_runs(number, {index: run for index, run in runs.items() if run})
    staging.write_outside(number, outside)
    return outside


def merge_range(sink: Sink, staging: Staging, plan: Plan, number: int, base: Sequence[Chunk]) -> None:
    """Merge the runs of one range and store what came of it."""
    rrs = staging.read_runs(number)
    rrs.sort()
    low, high = plan.bounds(number)
    staging.write_merged(number, merge(sink, number, base, rrs, low, high))


def merge(
    sink: Sink, part: int, base: Sequence[Chunk], rrs: Sequence[str], low: str = "", high: str | None = None
) -> Merged:
    """Chunks and differences of the sorted `rrs` with keys from `low` up to `high`, against the version `base`.

    An old chunk whose text is the same is neither read nor written. The first load stores no differences: everything
    was created, and the version itself says so; a dry run makes no version, and stores them.
    """
    lines, _, mixed = rrset.gather(rrs)
    segments = _segments(base, low, high)
    pieces: list[Piece] = []
    kept: set[str] = set()
    moved: list[Difference] = []
    unchanged = 0
    for start, end, old in segments:
        new = ranges.between(lines, start, end)
        if old is not None and _whole(old, start, end, base):
            kept.add(start)
            if _same(old, new):
                unchanged += old.rrsets
                pieces.append(Piece(start, new, changed=False))
                continue
        before = ranges.between(chunks.read(sink.bucket, sink.zone_id, old), start, end) if old else []
        difference, new = diff(before, new)
        unchanged += difference.unchanged
        if difference.moves:
            moved.append(difference)
        pieces.append(Piece(start, new, changed=bool(difference.moves) or start not in kept))
    made = sink.chunks(pieces, base)
    difference = Difference(tuple(move for each in moved for move in each.moves), unchanged)
    keys: tuple[str, ...] = ()
    if difference.moves and (base or sink.dry_run):
        keys = (sink.difference(part, difference),)
    return Merged(made, difference.counts(), keys, _apex_types(lines) if not low else (), mixed)


def _segments(base: Sequence[Chunk], low: str, high: str | None) -> list[tuple[str, str | None, Chunk | None]]:
    """The spans of the old chunks within the range; one span without a chunk where there is no old version."""
    if not base:
        return [(low, high, None)]
    spans: list[tuple[str, str | None, Chunk | None]] = []
    for number, chunk in enumerate(base):
        end = base[number + 1].start if number + 1 < len(base) else None
        if (end is not None and end <= low) or (high is not None and chunk.start >= high):
            continue
        ends = [edge for edge in (end, high) if edge is not None]
        spans.append((max(chunk.start, low), min(ends) if ends else None, chunk))
    return spans


def _whole(old: Chunk, start: str, end: str | None, base: Sequence[Chunk]) -> bool:
    """Whether the span from `start` to `end` is all that `old` is responsible for."""
    return start == old.start and end == next((chunk.start for chunk in base if chunk.start > start), None)


def _same(old: Chunk, new: list[str]) -> bool:
    """Whether `new` is what `old` holds."""
    if len(new) != old.rrsets or ranges.size(new) != old.size:
        return False
    return chunks.describe(old.start, new, chunks.to_text(new), old.change_id).digest == old.digest


def _apex_types(lines: Sequence[str]) -> tuple[int, ...]:
    """The types at the apex: its key is empty, so its lines come first."""
    types = []
    for line in lines:
        if not line.startswith(rrset.TAB):
            break
        types.append(int(line.split(rrset.TAB)[1]))
    return tuple(types)


def add(merged: Iterable[Merged]) -> Merged:
    """The ranges of a version, in order, as one."""
    parts = list(merged)
    return Merged(
        chunks=tuple(chunk for part in parts for chunk in part.chunks),
        counts=sum((part.counts for part in parts), Counts()),
        differences=tuple(key for part in parts for key in part.differences),
        apex_types=tuple(rdtype for part in parts for rdtype in part.apex_types),
        mixed_ttls=sum(part.mixed_ttls for part in parts),
    )


def take_in(sink: Sink, machine: Transfer, messages: Iterable[bytes], base: Version) -> tuple[Merged, Outside]:
    """What the increments of an IXFR make of the version they begin with; only the chunks they touch are rewritten.

    Raises IncrementUnfit where they speak of other contents.
    """
    parser = Parser(machine.zone)
    said = increments.said(increments.read(line for message in messages for line in parser.message(message)))
    touched = edit.by_chunk(base, said)
    moved: list[Move] = []
    apex: tuple[int, ...] = ()

    def change(index: int, lines: list[str]) -> list[str]:
        nonlocal apex
        moves = increments.moves({place: said[place] for place in touched[index]}, partial(rrset.find, lines))
        moved.extend(moves)
        after = apply(Difference(tuple(moves)), lines)
        if not index:
            apex = _apex_types(after)
        return after

    made = edit.rewrite(sink, base, touched, change)
    difference = edit.against(moved, base)
    keys = (sink.difference(0, difference),) if moved else ()
    return Merged(made, difference.counts(), keys, apex), Outside(parser.outside, tuple(parser.outside_names))


def cuts(machine: Transfer, base: Sequence[Chunk], collected: Collected, share: int) -> tuple[str, ...]:
    """Where the ranges of a staged transfer begin, after the first: about `share` octets of messages in each.

    They are larger where that would be too many.
    """
    if not collected.batches:
        return ()
    share = max(share, machine.octets // MOST_RANGES)
    per_range = max(1, round(len(collected.samples) * share / max(machine.octets, 1)))
    return tuple(ranges.cuts(collected.samples, [chunk.start for chunk in base], per_range))
