"""Queue of the record changes of a copied zone, which its primary has to take first (`model/recordchange.py`).

A change is judged by what those before it lead to, so callers need not wait for one before they ask for the next. One
transaction lets it wait and makes its delivery due. `delivery/updates.py` brings it to the primary.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zonewright.actions import outbox
from zonewright.actions.recordset_search import Contents, Deadline
from zonewright.contents.bucket import Bucket
from zonewright.errors import TooLarge, TooManyRequests, UpdateTooLarge, ZoneChanged, ZoneSyncing
from zonewright.model import diff, ids, recordchange, states
from zonewright.model.change import Change, ChangeType
from zonewright.model.columns import Lines
from zonewright.model.diff import Difference, Move
from zonewright.model.recordchange import RecordChange
from zonewright.model.states import Event, State
from zonewright.model.users import Caller
from zonewright.model.version import Chunk, index_of
from zonewright.model.zone import Zone
from zonewright.protocol import rrset
from zonewright.service import Service
from zonewright.store import deliveries, recordchanges, versions

HOLD = timedelta(minutes=15)
"""How long a zone is held behind the next turn at its record changes. Longer than a turn, and than the turn after one
that died."""

AGAIN = 60
"""Seconds after which a caller may ask again if too many changes wait."""

_WAY_OUT = "send fewer moves at a time, or smaller record sets"


@dataclass(frozen=True, slots=True)
class Queued(Contents):
    """Contents as they are after the record changes that wait. `lines_at` has the line at each place, or None."""

    lines_at: Mapping[str, str | None] = field(default_factory=dict)
    counted: tuple[int, int] = (0, 0)

    @property
    def sizes(self) -> tuple[int, int]:
        """Return the numbers of record sets and of records."""
        return self.counted

    def of_owner(self, bucket: Bucket, key: str) -> Lines:
        """Return the lines of an owner name, by its sort key."""
        chunk = self.version.chunks[index_of(self.version.chunks, key)]
        (lines,) = self._each(bucket, (chunk,))
        start = key + rrset.TAB
        return [line for line in lines if line.startswith(start)]

    def _each(self, bucket: Bucket, some: Iterable[Chunk]) -> Iterator[Lines]:
        every, wanted = self.version.chunks, list(some)
        places: dict[str, list[str]] = {}
        for place in sorted(self.lines_at):
            places.setdefault(every[index_of(every, rrset.key(place))].start, []).append(place)
        for chunk, lines in zip(wanted, Contents._each(self, bucket, wanted), strict=True):  # noqa: SLF001 - the base's
            here = places.get(chunk.start, ())
            moves = [Move(rrset.find(lines, place), self.lines_at[place]) for place in here]
            yield diff.apply(Difference(tuple(move for move in moves if move.before or move.after)), lines)


def contents(service: Service, zone: Zone, way_out: str, now: datetime) -> Queued:
    """Return the contents of a zone after the record changes that wait.

    Raise ZoneSyncing for a zone that syncs, or has no contents yet, and TooManyRequests if too many changes wait.
    """
    if states.next_state(Event.JOIN_UPDATE, zone.hold, now) is None:
        _refuse_held(zone, now)
    if zone.pending >= recordchange.MOST_WAITING:
        why = f"{zone.pending:,} changes of zone {zone.name} wait for its primary"
        raise TooManyRequests(why, after=AGAIN)
    version = versions.get(service.table, zone.id, zone.version)
    if version is None:
        raise ZoneChanged(f"zone {zone.name} changed at this moment")
    waiting = list(recordchanges.every(service.table, zone.id)) if zone.pending else []
    moves = [move for each in waiting for move in each.moves]
    counted = (
        version.rrsets + sum((move.after is not None) - (move.before is not None) for move in moves),
        version.records + sum(_records(move.after) - _records(move.before) for move in moves),
    )
    return Queued(zone, version, Deadline(way_out), recordchange.over(waiting), counted)


def add(
    service: Service,
    zone: Zone,
    moves: Sequence[Move],
    *,
    caller: Caller,
    now: datetime,
    exact: bool,
    comment: str | None = None,
) -> tuple[Zone, Change]:
    """Let moves wait as one record change, and begin its delivery. Return the zone, and the change, Pending.

    `zone` and the moves are as they were judged. `exact` says that the caller saw the record sets so, and that they
    have to be so when they move. Raise TooLarge for moves that one message does not take, or ConditionFailed if the
    zone changed since it was read.
    """
    held = tuple(Move(_served(zone, move.before), _served(zone, move.after)) for move in moves)
    change = Change(
        id=ids.timed(now, secrets.randbits(64)),
        zone_id=zone.id,
        type=ChangeType.UPDATE,
        user_id=caller.user_id,
        created=now,
        base=zone.version,
        comment=comment,
        moved=tuple(Difference(held).lines()),
    )
    waits = RecordChange(change, held, exact)
    _check_size(zone, waits)
    holder = zone.holder if zone.state is State.PENDING_UPDATE and zone.holder else change.id
    service.table.write(
        recordchanges.arrived(zone, holder, now, now + HOLD),
        recordchanges.put(waits),
        deliveries.called(zone.id, zone.group_id, now),
    )
    return outbox.call(service, recordchanges.after_arrival(zone, holder, now)), change


def _refuse_held(zone: Zone, now: datetime) -> None:
    if states.next_state(Event.BEGIN_UPDATE, zone.hold, now) is None:
        raise states.refusal(Event.BEGIN_UPDATE, zone.name, zone.hold, zone.held_since)
    if not zone.version:
        raise ZoneSyncing(f"zone {zone.name} has no contents yet: a sync has to load them first")


def _check_size(zone: Zone, waits: RecordChange) -> None:
    """Raise TooLarge for a record change that one message or one item cannot hold: in parts it would not be one."""
    from zonewright.model import applying, push

    try:
        octets = push.weight(waits.moves, zone.ttl, applying.OPTIONS)
    except UpdateTooLarge as error:
        raise TooLarge(f"{error.message}: {_WAY_OUT}") from error
    if octets > applying.ROOM:
        room = f"one update message to the primary has room for {applying.ROOM:,}"
        raise TooLarge(f"the moves take {octets:,} octets, and {room}: {_WAY_OUT}")
    if recordchanges.size(waits) > recordchange.LARGEST:
        raise TooLarge(f"the moves with their descriptions are more than can wait together: {_WAY_OUT}")


def _served(zone: Zone, line: str | None) -> str | None:
    """Return a line with the TTL that DNS shows, and with its notes."""
    return line and rrset.with_notes(rrset.as_served(line, zone.ttl), rrset.notes_of(line))


def _records(line: str | None) -> int:
    return rrset.records(line) if line else 0
