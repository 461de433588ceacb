"""How a zone of ours changes: moves applied to a version make the next one, published in one transaction.

Only the chunks that moves fall into are read and written; the SOA with the new serial is in the first. The transaction
holds only if nobody changed the zone since it was read, so of two writers one begins again from what the other made;
the chunks it wrote are nobody's then, and swept.
"""

import itertools
import random
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zonewright import clock
from zonewright.contents import chunks
from zonewright.contents.bucket import AT_ONCE, Bucket
from zonewright.contents.sink import Sink
from zonewright.errors import RecordSetChanged, UpdatePending, ZoneBusy, ZoneChanged, ZoneSyncing
from zonewright.model import diff, ranges, states
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.model.diff import Difference, Move
from zonewright.model.ranges import Piece
from zonewright.model.settings import Settings
from zonewright.model.states import Event, State
from zonewright.model.users import Caller
from zonewright.model.version import Chunk, Version, index_of
from zonewright.model.zone import Zone
from zonewright.protocol import rrset, serial
from zonewright.protocol.types import SOA
from zonewright.store import changes, versions, zones
from zonewright.store.conditions import Condition, allows
from zonewright.store.table import ConditionFailed, Put, Table

T = TypeVar("T")
Clock = Callable[[], datetime]

_PATIENCE = timedelta(seconds=20)
"""How long a writer begins again while others change the zone; a function has 29 s."""
_LONGEST_PAUSE = 4.0
"""Seconds, at most, before another try; else twice as long as the last one took, four times before the third..."""

_FINAL = (RecordSetChanged, UpdatePending, ZoneSyncing)
"""What is no better for beginning again."""

_SOA_PLACE = f"{rrset.TAB}{SOA}{rrset.TAB}"
_RUN = 2 * AT_ONCE
"""Changed neighbours that are arranged together."""
_SERIAL = slice(-20, -16)
"""Where the serial is in the rdata of an SOA: five numbers of 32 bits end it (RFC 1035 section 3.3.13)."""


def moment(zone: Zone, now: datetime) -> datetime:
    """When a change of the zone happens: now, but behind its last one, whatever the clocks of two machines say."""
    return max(now, (zone.updated or zone.created) + timedelta(microseconds=1))


def done(zone: Zone, kind: ChangeType, caller: Caller, now: datetime) -> Change:
    """The change of something that one transaction does."""
    return Change(
        id=str(uuid.uuid4()),
        zone_id=zone.id,
        type=kind,
        user_id=caller.user_id,
        created=now,
        status=ChangeStatus.SYNCED,
        finished=now,
        base=zone.version,
    )


def as_read(zone: Zone, event: Event, now: datetime) -> Condition:
    """That `event` may happen to the zone, and nothing has since it was read."""
    seen = Condition("#revision = :revision", {"#revision": "revision"}, {":revision": zone.revision})
    return allows(event, now).also(seen)


@dataclass(frozen=True, slots=True)
class Next:
    """The version after the one a zone shows, as it begins: the change that makes it, and its serial in the SOA."""

    change: Change
    state: State
    soa: Move


def begin(bucket: Bucket, zone: Zone, version: Version, caller: Caller, now: datetime) -> Next:
    """Begin the version after `version`, which is the one the zone shows.

    Raises ZoneSyncing or UpdatePending where somebody holds the zone.
    """
    state = states.next_state(Event.CHANGE, zone.hold, now)
    if state is None:
        raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
    moved = serial.following(zone.serial, clock.epoch(now))
    change = replace(done(zone, ChangeType.UPDATE, caller, now), version=version.number + 1, serial=moved)
    soa = next(line for line in chunks.read(bucket, zone.id, version.chunks[0]) if line.startswith(_SOA_PLACE))
    return Next(change, state, Move(soa, _with_serial(soa, moved)))


def commit(
    table: Table,
    zone: Zone,
    version: Version,
    begun: Next,
    made: tuple[Chunk, ...],
    counts: Counts,
    parts: tuple[str, ...],
) -> Zone:
    """Publish the chunks that were `made` as the version after `version`; the `parts` are what moved.

    Raises ConditionFailed where the zone changed since it was read, ZoneBusy where others were in the way for too long.
    """
    change, now = begun.change, begun.change.created
    assert change.version is not None
    assert change.serial is not None
    following = Version(zone.id, change.version, change.serial, now, change.id, made, zone.ttl)
    changed = replace(
        zone.freed(begun.state, now),
        version=following.number,
        serial=following.serial,
        records=following.records,
        rrsets=following.rrsets,
    )
    change = replace(change, records=following.records, counts=counts, differences=parts)
    table.write(
        Put(zones.to_item(changed), as_read(zone, Event.CHANGE, now)),
        changes.put(change),
        *versions.publish(following, version.chunks),
        *changes.end_abandoned(zone, now),
    )
    return changed


def publish(
    table: Table,
    bucket: Bucket,
    settings: Settings,
    zone: Zone,
    version: Version,
    moves: Sequence[Move],
    caller: Caller,
    now: datetime,
) -> Zone:
    """Make `moves` and a new serial the zone's next version; `version` is the one it shows.

    Raises as `begin` and `commit` do.
    """
    begun = begin(bucket, zone, version, caller, now)
    sink = Sink.of(bucket, settings, zone.id, begun.change.id, version.records)
    difference = against([*moves, begun.soa], version)
    with ThreadPoolExecutor(1) as beside:  # the sooner all is written, the fewer come in between
        part = beside.submit(sink.difference, 0, difference)
        made = apply(sink, version, difference.moves)
    return commit(table, zone, version, begun, made, difference.counts(), (part.result(),))


def until_done(zone: Zone, attempt: Callable[[Zone, datetime], T], again: Callable[[], Zone], now: Clock) -> T:
    """What `attempt` makes of the zone at a moment; where others were first, of the zone as it is `again`, and so on.

    Raises what `attempt` raises, ZoneChanged where others keep changing the zone.
    """
    until = now() + _PATIENCE
    for tries in itertools.count(1):
        began = now()
        try:
            return attempt(zone, moment(zone, began))
        except (ConditionFailed, ZoneBusy) as error:
            if isinstance(error, _FINAL):
                raise
            if now() > until:
                raise ZoneChanged(f"zone {zone.name} keeps changing; try again") from error
        pause = min((now() - began).total_seconds() * 2**tries, _LONGEST_PAUSE)
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads writers, keeps no secret
        zone = again()
    raise AssertionError("counting has no end")


def apply(sink: Sink, version: Version, moves: Iterable[Move]) -> tuple[Chunk, ...]:
    """The chunks of a version after some moves."""
    placed = {move.place: move for move in moves}
    touched = by_chunk(version, placed)

    def moved(index: int, lines: list[str]) -> list[str]:
        return diff.apply(Difference(tuple(placed[place] for place in touched[index])), lines)

    return rewrite(sink, version, touched, moved)


def by_chunk(version: Version, places: Iterable[str]) -> dict[int, list[str]]:
    """The places in each chunk, by its index; of a chunk without any there is none."""
    found: dict[int, list[str]] = {}
    for place in places:
        found.setdefault(index_of(version.chunks, place.partition(rrset.TAB)[0]), []).append(place)
    return found


def rewrite(
    sink: Sink, version: Version, touched: Collection[int], change: Callable[[int, list[str]], list[str]]
) -> tuple[Chunk, ...]:
    """The chunks of a version with those of the indexes `touched` as `change` makes them of their lines.

    Those it makes go into the sink, what is not touched is not read. A chunk that has become small takes in a neighbour
    that it fits together with, one that has grown is split, an empty one is left out. Some chunks at a time are in
    memory, however many moved, and each is read once; the next ones are read, and the last ones stored, meanwhile.
    """
    bucket, old, chunk_bytes = sink.bucket, version.chunks, sink.chunk_bytes
    made: list[tuple[Chunk, ...] | Future[tuple[Chunk, ...]]] = []
    run: list[Piece] = []
    texts = _ahead(bucket, version, sorted(touched))
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
            if len(run) >= _RUN and run[-1].changed:  # what a change took in may yet be one with what comes next
                store()
        store()
    result = [chunk for part in made for chunk in (part.result() if isinstance(part, Future) else part)]
    if result and result[0].start:  # nothing is left of the first
        result[0] = replace(result[0], start="")
    return tuple(result)


def _ahead(bucket: Bucket, version: Version, indexes: Sequence[int]) -> Iterator[list[str]]:
    """The lines of some chunks in turn; the next few are read while these are worked on."""

    def read(at: int) -> None:
        chunks.prefetch(bucket, [(version.zone_id, version.chunks[index]) for index in indexes[at : at + AT_ONCE]])

    with ThreadPoolExecutor(1) as beside:
        read(0)
        for at in range(0, len(indexes), AT_ONCE):
            coming = beside.submit(read, at + AT_ONCE)
            for index in indexes[at : at + AT_ONCE]:
                yield chunks.read(bucket, version.zone_id, version.chunks[index])
            coming.result()


def _fits(lines: Sequence[str], beside: Chunk, chunk_bytes: int) -> bool:
    return ranges.fit(ranges.size(lines), beside.size, chunk_bytes)


def _whole(bucket: Bucket, version: Version, chunk: Chunk) -> Piece:
    return Piece(chunk.start, chunks.read(bucket, version.zone_id, chunk), changed=False)


def against(moves: Iterable[Move], version: Version) -> Difference:
    """The moves as all that differs from a version."""
    ordered = tuple(sorted(moves, key=lambda move: move.place))
    return Difference(ordered, version.rrsets - sum(move.before is not None for move in ordered))


def _with_serial(soa: str, number: int) -> str:
    """The SOA's line with another serial."""
    found = rrset.from_line(soa)
    rdata = bytearray(found.rdatas[0])
    rdata[_SERIAL] = number.to_bytes(4, "big")
    return replace(found, rdatas=(bytes(rdata),)).line()
