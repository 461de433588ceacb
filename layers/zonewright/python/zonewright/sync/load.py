"""From the messages of a transfer to chunks: collect, parse, merge. Nothing here changes a zone.

    collect ── small zone ──▶ RR lines in memory ──────────────▶ merge ──▶ chunks, differences
       └────── large zone ──▶ batches ──▶ parse each ──▶ runs ──▶ merge each range ──▶ ...

The function that collects a small zone also parses and merges it. A larger zone becomes batches of raw messages in S3,
so memory is bounded by batch and range, not by zone.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from zonewright.contents import chunks, rewrite
from zonewright.contents.bucket import Bucket, ObjectMissing
from zonewright.contents.merge import Merged, Outside, apex_types, beside_cname, merge
from zonewright.contents.sink import Sink
from zonewright.errors import IncrementUnfit
from zonewright.model import ranges
from zonewright.model.diff import Difference, Move, apply
from zonewright.model.guards import Guards
from zonewright.model.version import Chunk, Version, spans
from zonewright.protocol import names, rrset
from zonewright.protocol.transfer import Transfer
from zonewright.protocol.wire import Parser, framed, without_last
from zonewright.sync import increments
from zonewright.sync.staging import Plan, Staging

_UPLOADS = 2
"""Batches that are uploaded while the next one is read."""

_MOST_SAMPLES = 50_000
"""Samples of a transfer that are kept. A zone of a record in each message would fill memory with one for each."""

MOST_RANGES = 1500
"""About the most ranges of a zone. Its change lists one S3 key of 100 bytes for each range, in an item of 400 KB."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A complete transfer: in memory as `messages`, or staged in S3 as a number of `batches`.

    `samples` are sort keys of some of its records, in order.
    """

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
    """Read a transfer to its end. If it has more than `inline_bytes`, stage it in batches of `batch_bytes`.

    The closing SOA is not kept. It frames the transfer, and its names may differ in case from those of the opening SOA.
    Raise ZoneTooLarge as soon as it has more records than the guards allow, and the errors of the transfer.
    """
    parser = Parser(machine.zone)
    held: list[bytes] = []
    samples: list[str] = []
    batches = size = 0
    every = 1
    uploads: list[Future[None]] = []
    with ThreadPoolExecutor(_UPLOADS) as pool:
        for number, message in enumerate(messages):
            guards.check_size(machine.records)
            held.append(without_last(message) if machine.done else message)
            size += len(message)
            sample = parser.first_key(message) if number % every == 0 else None
            if sample is not None:
                samples.append(sample)
            if len(samples) > _MOST_SAMPLES:
                samples, every = samples[::2], every * 2
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
    """Return the sorted RR lines of messages, and the records outside the zone or kept as bytes."""
    parser = Parser(names.absolute(zone))
    lines: list[str] = []
    for message in messages:
        lines += parser.message(message)
    lines.sort()
    return lines, _outside(parser)


def parse_batch(staging: Staging, plan: Plan, number: int) -> Outside:
    """Store the runs of one batch: its sorted RR lines, one run for each range. Return the records outside the zone."""
    lines, outside = parse(plan.zone, staging.read_batch(number))
    runs = {index: ranges.between(lines, *plan.bounds(index)) for index in range(plan.ranges)}
    staging.write_runs(number, {index: run for index, run in runs.items() if run})
    staging.write_outside(number, outside)
    return outside


def merge_range(sink: Sink, staging: Staging, plan: Plan, number: int, base: Sequence[Chunk]) -> None:
    """Merge the runs of one range with the chunks `base`, and store the result."""
    rrs = staging.read_runs(number)
    rrs.sort()
    low, high = plan.bounds(number)
    staging.write_merged(number, merge(sink, base, rrs, part=number, low=low, high=high))


def apply_increments(
    sink: Sink, machine: Transfer, messages: Iterable[bytes], base: Version, transferred: Version | None = None
) -> tuple[Merged, Outside]:
    """Apply the increments of an IXFR to a version. Return the result, and the records outside the zone.

    If the last transfer left another version, `transferred`, they follow that one: what moved since is taken back
    unless they bring it. Only the chunks that the increments touch are rewritten. Raise IncrementUnfit if they do not
    fit.
    """
    parser = Parser(machine.zone, increments=True)
    changed = increments.by_rrset(increments.read(line for message in messages for line in parser.message(message)))
    before = _before(sink.bucket, transferred, base) if transferred else {}
    changed = {place: [] for place in before} | changed
    touched = rewrite.by_chunk(base, changed)
    moved: list[Move] = []
    apex: tuple[int, ...] = ()
    crowded: list[str] = []
    mixed = 0

    def change(index: int, lines: list[str]) -> list[str]:
        nonlocal apex, mixed
        shown = partial(rrset.find, lines)

        def held(place: str) -> str | None:
            return before[place] if place in before else shown(place)

        moves = increments.moves({place: changed[place] for place in touched[index]}, held, shown)
        moved.extend(move for move in moves if not move.hidden)
        mixed += sum(move.after is not None and rrset.has_mixed_ttls(move.after) for move in moves)
        after = apply(Difference(tuple(moves)), lines)
        if not index:
            apex = apex_types(after)
        owners = {rrset.key(place) for place in touched[index]}
        crowded.extend(owner for owner in beside_cname(after) if owner in owners)
        return after

    made = rewrite.rewrite(sink, base, touched, change)
    unchanged = sum(chunk.rrsets for chunk in made) - sum(move.after is not None for move in moved)
    difference = Difference(tuple(sorted(moved, key=lambda move: move.place)), unchanged)
    keys = (sink.difference(0, difference),) if moved else ()
    merged = Merged(made, difference.counts(), keys, apex, mixed, cnames=len(crowded), cname_keys=tuple(crowded[:3]))
    return merged, _outside(parser)


def _before(bucket: Bucket, old: Version, new: Version) -> dict[str, str | None]:
    """Return the lines of a version at the places where a later one differs. Raise IncrementUnfit if one was swept."""
    apart = list(spans(old.chunks, new.chunks))
    try:
        return {move.place: move.before for moves in chunks.moves_of(bucket, old.zone_id, apart) for move in moves}
    except ObjectMissing as error:
        raise IncrementUnfit(f"version {old.number}, which the last transfer left, is not kept any more") from error


def cuts(machine: Transfer, base: Sequence[Chunk], collected: Collected, share: int) -> tuple[str, ...]:
    """Return the sort keys at which the ranges of a staged transfer begin, except the first range.

    A range has about `share` bytes of messages, or more if there would be too many ranges.
    """
    if not collected.batches:
        return ()
    share = max(share, machine.octets // MOST_RANGES)
    per_range = max(1, round(len(collected.samples) * share / max(machine.octets, 1)))
    return tuple(ranges.cuts(collected.samples, [chunk.start for chunk in base], per_range))


def _outside(parser: Parser) -> Outside:
    outside, odd, no_data = parser.outside, parser.odd, parser.no_data
    return Outside(outside.count, outside.names, odd.count, odd.names, no_data.count, no_data.names)
