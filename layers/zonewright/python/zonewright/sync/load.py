"""From a primary's messages to chunks: collect, parse, merge. Nothing here changes a zone.

    collect ── small zone ──▶ RR lines in memory ──────────────▶ merge ──▶ chunks, differences
       └────── large zone ──▶ batches ──▶ parse each ──▶ runs ──▶ merge each range ──▶ ...

A zone below a threshold is loaded where it is collected. A larger one leaves as batches of raw messages in S3, so
memory is bounded by batch and range, not by zone.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from zonewright.contents import rewrite
from zonewright.contents.merge import Merged, Outside, apex_types, merge
from zonewright.contents.sink import Sink
from zonewright.model import ranges
from zonewright.model.diff import Difference, Move, apply
from zonewright.model.guards import Guards
from zonewright.model.version import Chunk, Version
from zonewright.protocol import names, rrset
from zonewright.protocol.transfer import Transfer
from zonewright.protocol.wire import Parser, framed
from zonewright.sync import increments
from zonewright.sync.staging import Plan, Staging

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
    *,
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
    staging.write_merged(number, merge(sink, base, rrs, part=number, low=low, high=high))


def take_in(sink: Sink, machine: Transfer, messages: Iterable[bytes], base: Version) -> tuple[Merged, Outside]:
    """What the increments of an IXFR make of the version they begin with; only the chunks they touch are rewritten.

    Raises IncrementUnfit where they speak of other contents.
    """
    parser = Parser(machine.zone)
    said = increments.said(increments.read(line for message in messages for line in parser.message(message)))
    touched = rewrite.by_chunk(base, said)
    moved: list[Move] = []
    apex: tuple[int, ...] = ()

    def change(index: int, lines: list[str]) -> list[str]:
        nonlocal apex
        moves = increments.moves({place: said[place] for place in touched[index]}, partial(rrset.find, lines))
        moved.extend(moves)
        after = apply(Difference(tuple(moves)), lines)
        if not index:
            apex = apex_types(after)
        return after

    made = rewrite.rewrite(sink, base, touched, change)
    difference = rewrite.against(moved, base)
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
