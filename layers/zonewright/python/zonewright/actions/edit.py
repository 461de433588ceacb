"""Next version of a PRIMARY zone: apply moves to its current version and publish the result in one transaction.

The transaction succeeds only if the zone is unchanged since it was read. A writer that loses a race retries on the new
version. No version names the chunks of its first try, so the sweeper deletes them.
"""

import itertools
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zonewright import clock
from zonewright.actions import outbox
from zonewright.errors import RecordSetChanged, UpdatePending, ZoneBusy, ZoneChanged, ZoneSyncing
from zonewright.model import states
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.model.diff import Move
from zonewright.model.states import Event, State
from zonewright.model.users import Caller
from zonewright.model.version import Chunk, Version
from zonewright.model.zone import Zone
from zonewright.protocol import rrset, serial
from zonewright.protocol.types import SOA
from zonewright.service import Service
from zonewright.store import changes, deliveries, versions, zones
from zonewright.store.conditions import Condition, allows, equal, held_as
from zonewright.store.table import ConditionFailed, Put

T = TypeVar("T")

_PATIENCE = timedelta(seconds=20)
"""How long a writer retries while others change the zone, or the table is throttled; a function has 29 s."""
_LONGEST_PAUSE = 4.0
"""Longest pause before a retry, in seconds.

A pause is random, up to twice the time of the first try, four times that of the second, and so on.
"""

_FINAL = (RecordSetChanged, UpdatePending, ZoneSyncing)
"""Errors that a retry cannot solve."""

NOBODY = Caller("", "", frozenset(), None, is_super=True, is_support=False)
"""The caller of what the service does by itself."""

SOA_PLACE = f"{rrset.TAB}{SOA}{rrset.TAB}"
"""How the line of the SOA begins."""


def done(zone: Zone, kind: ChangeType, caller: Caller, now: datetime, change_id: str | None = None) -> Change:
    """Return the change that records an action of one transaction. It is Synced at once."""
    return Change(
        id=change_id or str(uuid.uuid4()),
        zone_id=zone.id,
        type=kind,
        user_id=caller.user_id,
        created=now,
        status=ChangeStatus.SYNCED,
        finished=now,
        base=zone.version,
    )


def as_read(zone: Zone, event: Event, now: datetime) -> Condition:
    """Return the condition that the zone allows `event` and its whole item is as read, so that it may be replaced.

    Holds and looks do not raise `revision`, and have conditions of their own.
    """
    unchanged = equal(revision=zone.revision).also(held_as(zone)).also(zones.unseen(zone))
    return allows(event, now).also(unchanged)


@dataclass(frozen=True, slots=True)
class Next:
    """Start of a new version over `shown`: its change, the zone's next state, and the move of the SOA."""

    zone: Zone
    shown: Version
    change: Change
    state: State
    soa: Move


def begin(
    service: Service,
    zone: Zone,
    shown: Version,
    *,
    caller: Caller,
    now: datetime,
    least: int | None = None,
    comment: str | None = None,
    change_id: str | None = None,
) -> Next:
    """Return the start of the version after `shown`, the zone's current version. Nothing is written.

    Its serial is not older than `least`, if that is given. The history shows the `comment`. The change has a new id if
    none is given.

    Raise ZoneSyncing or UpdatePending if the zone is held.
    """
    from zonewright.contents import chunks

    state = states.next_state(Event.CHANGE, zone.hold, now)
    if state is None:
        raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
    moved = serial.following(zone.serial, clock.epoch(now))
    if least is not None and not serial.newer(moved, least):
        moved = least
    change = replace(
        done(zone, ChangeType.UPDATE, caller, now, change_id), version=shown.number + 1, serial=moved, comment=comment
    )
    first = chunks.read(service.bucket, zone.id, shown.chunks[0])
    soa = next(line for line in first if line.startswith(SOA_PLACE))
    return Next(zone, shown, change, state, Move(soa, rrset.with_serial(soa, moved)))


def commit(service: Service, begun: Next, made: tuple[Chunk, ...], *, counts: Counts, parts: tuple[str, ...]) -> Zone:
    """Publish the chunks `made` as the next version. Return the zone. `parts` are S3 keys of its differences.

    Raise ConditionFailed if the zone changed since it was read. Raise ZoneBusy if other transactions blocked this one
    for too long.
    """
    zone, change, now = begun.zone, begun.change, begun.change.created
    assert change.version is not None
    assert change.serial is not None
    following = Version(
        zone_id=zone.id,
        number=change.version,
        serial=change.serial,
        created=now,
        change_id=change.id,
        chunks=made,
        ttl=zone.ttl,
    )
    changed = replace(
        zone.freed(begun.state, now),
        version=following.number,
        serial=following.serial,
        records=following.records,
        rrsets=following.rrsets,
    )
    change = replace(change, records=following.records, counts=counts, differences=parts)
    service.table.write(
        Put(zones.to_item(changed), as_read(zone, Event.CHANGE, now)),
        changes.put(change),
        *versions.publish(following, begun.shown.chunks),
        *changes.end_abandoned(zone, now),
        *deliveries.wanted(changed, now),
    )
    return outbox.begin(service, changed)


def publish(
    service: Service,
    zone: Zone,
    shown: Version,
    moves: Sequence[Move],
    *,
    caller: Caller,
    now: datetime,
    least: int | None = None,
    comment: str | None = None,
    change_id: str | None = None,
) -> Zone:
    """Publish `moves` and a new serial as the version after `shown`. Return the zone.

    Raise as `begin` and `commit` do.
    """
    from concurrent.futures import ThreadPoolExecutor

    from zonewright.contents import rewrite
    from zonewright.contents.sink import Sink

    begun = begin(service, zone, shown, caller=caller, now=now, least=least, comment=comment, change_id=change_id)
    sink = Sink.of(service.bucket, service.settings, zone.id, begun.change.id, shown.records)
    difference = rewrite.against([*moves, begun.soa], shown)
    with ThreadPoolExecutor(1) as beside:  # a fast write loses fewer races
        part = beside.submit(sink.difference, 0, difference)
        made = rewrite.apply(sink, shown, difference.moves)
    return commit(service, begun, made, counts=difference.counts(), parts=(part.result(),))


def lift(service: Service, zone: Zone, least: int) -> Zone:
    """Publish the contents of a zone again, with a serial that is not older than `least`. Return the zone.

    A name server that has a newer serial than the zone takes nothing else. Raise as `begin` and `commit` do.
    """
    shown = versions.get(service.table, zone.id, zone.version)
    if shown is None:
        raise ZoneChanged(f"zone {zone.name} changed at this moment")
    now = zone.moment(service.now())
    comment = "the serial had to pass that of a name server"
    return publish(service, zone, shown, (), caller=NOBODY, now=now, least=least, comment=comment)


def retry_on_conflict(
    service: Service, zone: Zone, attempt: Callable[[Zone, datetime], T], *, reload: Callable[[], Zone]
) -> T:
    """Call `attempt` with the zone and the time of the change; reload the zone and retry while other writers win.

    Return the result of `attempt`. Raise the errors of `attempt`, or ZoneChanged if others keep changing the zone.
    """
    deadline = service.now() + _PATIENCE
    for tries in itertools.count(1):
        began = service.now()
        try:
            return attempt(zone, zone.moment(began))
        except (ConditionFailed, ZoneBusy) as error:
            if isinstance(error, _FINAL):
                raise
            if service.now() + (service.now() - began) > deadline:  # the next attempt may take as long
                raise ZoneChanged(f"zone {zone.name} keeps changing; try again") from error
        pause((service.now() - began).total_seconds(), tries)
        zone = reload()
    raise AssertionError("counting has no end")


def pause(seconds: float, tries: int) -> None:
    """Wait before the next try to write, after `tries` of which the last one took some seconds."""
    longest = min(seconds * 2**tries, _LONGEST_PAUSE)
    time.sleep(random.uniform(0, longest))  # noqa: S311 - spreads writers, protects no secret
