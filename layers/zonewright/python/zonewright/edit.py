"""How a zone of ours changes: moves applied to a version make the next one, published in one transaction.

Only the chunks that moves fall into are read and written; the SOA with the new serial is in the first. The transaction
holds only if nobody changed the zone since it was read, so of two writers one begins again from what the other made;
the chunks it wrote are nobody's then, and swept.
"""

import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from zonewright import clock, diff, ranges, rrset, serial, states, sync
from zonewright.caller import Caller
from zonewright.change import Change, ChangeStatus, ChangeType
from zonewright.contents import chunks, differences
from zonewright.contents.bucket import Bucket
from zonewright.diff import Difference, Move
from zonewright.ranges import Piece
from zonewright.recordrules import SOA
from zonewright.settings import Settings
from zonewright.states import Condition, Event
from zonewright.store import changes, versions, zones
from zonewright.store.table import Put, Table
from zonewright.version import Chunk, Version, index_of
from zonewright.zone import Zone

_SOA_PLACE = f"{rrset.TAB}{SOA}{rrset.TAB}"
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
    return states.condition(event, now).also(seen)


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

    Raises ZoneSyncing or UpdatePending where somebody holds the zone, ConditionFailed where it changed since it was
    read, ZoneBusy where others were in the way for too long.
    """
    state = states.next_state(Event.CHANGE, zone.hold, now)
    if state is None:
        raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
    change = done(zone, ChangeType.UPDATE, caller, now)
    number, moved = version.number + 1, serial.following(zone.serial, clock.epoch(now))
    soa = next(line for line in chunks.read(bucket, zone.id, version.chunks[0]) if line.startswith(_SOA_PLACE))
    difference = _difference([*moves, Move(soa, _with_serial(soa, moved))], version)
    with ThreadPoolExecutor(1) as beside:  # the sooner all is written, the fewer come in between
        part = beside.submit(differences.write, bucket, zone.id, change.id, 0, difference)
        made = apply(bucket, version, change.id, difference.moves, settings.chunk_bytes)
    following = Version(zone.id, number, moved, now, change.id, made)
    changed = replace(
        zone.freed(state, now), version=number, serial=moved, records=following.records, rrsets=following.rrsets
    )
    change = replace(
        change,
        version=number,
        serial=moved,
        records=following.records,
        counts=difference.counts(),
        differences=(part.result(),),
    )
    table.write(
        Put(zones.to_item(changed), as_read(zone, Event.CHANGE, now)),
        changes.put(change),
        *versions.publish(following, version.chunks),
        *sync.abandon(zone, now),
    )
    return changed


def apply(
    bucket: Bucket, version: Version, change_id: str, moves: Iterable[Move], chunk_bytes: int
) -> tuple[Chunk, ...]:
    """The chunks of a version after the moves of a change; those it makes are written, what is not touched is not read.

    A chunk that has become small takes in a neighbour that it fits together with, one that has grown is split, an
    empty one is left out.
    """
    old = version.chunks
    by_chunk: dict[int, list[Move]] = {}
    for move in moves:
        by_chunk.setdefault(index_of(old, move.place.partition(rrset.TAB)[0]), []).append(move)
    pieces: dict[int, Piece] = {}
    for index, some in by_chunk.items():
        lines = diff.apply(Difference(tuple(some)), chunks.read(bucket, version.zone_id, old[index]))
        pieces[index] = Piece(old[index].start, lines, changed=True)
    for index in sorted(by_chunk):
        small = ranges.size(pieces[index].lines)
        for beside in (index - 1, index + 1):
            if 0 <= beside < len(old) and beside not in pieces and ranges.fit(small, old[beside].size, chunk_bytes):
                lines = chunks.read(bucket, version.zone_id, old[beside])
                pieces[beside] = Piece(old[beside].start, lines, changed=False)
    return _arranged(bucket, version, change_id, pieces, chunk_bytes)


def _arranged(
    bucket: Bucket, version: Version, change_id: str, pieces: dict[int, Piece], chunk_bytes: int
) -> tuple[Chunk, ...]:
    """The chunks with those at some positions replaced, run by run of neighbours; what is new is written."""
    made: list[Chunk] = []
    run: list[Piece] = []
    for index, chunk in enumerate(version.chunks):
        if index in pieces:
            run.append(pieces[index])
        if run and index + 1 not in pieces:
            made += chunks.store(bucket, version.zone_id, change_id, ranges.arrange(run, chunk_bytes), version.chunks)
            run = []
        if index not in pieces:
            made.append(chunk)
    if made and made[0].start:  # nothing is left of the first
        made[0] = replace(made[0], start="")
    return tuple(made)


def _difference(moves: Iterable[Move], version: Version) -> Difference:
    ordered = tuple(sorted(moves, key=lambda move: move.place))
    return Difference(ordered, version.rrsets - sum(move.before is not None for move in ordered))


def _with_serial(soa: str, number: int) -> str:
    """The SOA's line with another serial."""
    found = rrset.from_line(soa)
    rdata = bytearray(found.rdatas[0])
    rdata[_SERIAL] = number.to_bytes(4, "big")
    return replace(found, rdatas=(bytes(rdata),)).line()
