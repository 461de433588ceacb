"""Next version of a zone that this service owns: moves applied to the version it shows, in one transaction.

The transaction holds only if nobody changed the zone since it was read. Of two writers one begins again from what the
other made; the chunks it wrote are named by nothing then, and swept.
"""

import itertools
import random
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zonewright import clock
from zonewright.contents import chunks, rewrite
from zonewright.contents.sink import Sink
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
from zonewright.store import changes, versions, zones
from zonewright.store.conditions import Condition, allows
from zonewright.store.table import ConditionFailed, Put

T = TypeVar("T")

_PATIENCE = timedelta(seconds=20)
"""How long a writer retries while others change the zone; a function has 29 s."""
_LONGEST_PAUSE = 4.0
"""Longest pause before a retry, seconds. A pause is twice as long as the last try took, four times the next time."""

_FINAL = (RecordSetChanged, UpdatePending, ZoneSyncing)
"""Errors that a retry does not mend."""

_SOA_PLACE = f"{rrset.TAB}{SOA}{rrset.TAB}"
_SERIAL = slice(-20, -16)
"""Where the serial is in the rdata of an SOA: five numbers of 32 bits end it (RFC 1035 section 3.3.13)."""


def moment(zone: Zone, now: datetime) -> datetime:
    """Return when a change of the zone happens: now, but after its last change, whatever two machines' clocks say."""
    return max(now, (zone.updated or zone.created) + timedelta(microseconds=1))


def done(zone: Zone, kind: ChangeType, caller: Caller, now: datetime) -> Change:
    """Return the change of an act that one transaction does."""
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
    """Return the condition that `event` may happen to the zone, and nothing did since it was read."""
    seen = Condition("#revision = :revision", {"#revision": "revision"}, {":revision": zone.revision})
    return allows(event, now).also(seen)


@dataclass(frozen=True, slots=True)
class Next:
    """The version after the one a zone shows, as it begins: its change, the zone's next state, the SOA's move."""

    zone: Zone
    shown: Version
    change: Change
    state: State
    soa: Move


def begin(service: Service, zone: Zone, shown: Version, *, caller: Caller, now: datetime) -> Next:
    """Begin the version after `shown`, the one that the zone shows.

    Raise ZoneSyncing or UpdatePending if the zone is held.
    """
    state = states.next_state(Event.CHANGE, zone.hold, now)
    if state is None:
        raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
    moved = serial.following(zone.serial, clock.epoch(now))
    change = replace(done(zone, ChangeType.UPDATE, caller, now), version=shown.number + 1, serial=moved)
    first = chunks.read(service.bucket, zone.id, shown.chunks[0])
    soa = next(line for line in first if line.startswith(_SOA_PLACE))
    return Next(zone, shown, change, state, Move(soa, _with_serial(soa, moved)))


def commit(service: Service, begun: Next, made: tuple[Chunk, ...], *, counts: Counts, parts: tuple[str, ...]) -> Zone:
    """Publish the chunks `made` as the next version. `parts` are the keys of the stored differences.

    Raise ConditionFailed if the zone changed since it was read, ZoneBusy if others were in the way for too long.
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
    )
    return changed


def publish(
    service: Service, zone: Zone, shown: Version, moves: Sequence[Move], *, caller: Caller, now: datetime
) -> Zone:
    """Make `moves` and a new serial the zone's next version, after `shown`. Raise as `begin` and `commit` do."""
    begun = begin(service, zone, shown, caller=caller, now=now)
    sink = Sink.of(service.bucket, service.settings, zone.id, begun.change.id, shown.records)
    difference = rewrite.against([*moves, begun.soa], shown)
    with ThreadPoolExecutor(1) as beside:  # the sooner all is written, the fewer come in between
        part = beside.submit(sink.difference, 0, difference)
        made = rewrite.apply(sink, shown, difference.moves)
    return commit(service, begun, made, counts=difference.counts(), parts=(part.result(),))


def retry_on_conflict(
    service: Service, zone: Zone, attempt: Callable[[Zone, datetime], T], *, reload: Callable[[], Zone]
) -> T:
    """Call `attempt` with the zone and a moment; reload the zone and retry while other writers win.

    Raise what `attempt` raises, or ZoneChanged if others keep changing the zone.
    """
    until = service.now() + _PATIENCE
    for tries in itertools.count(1):
        began = service.now()
        try:
            return attempt(zone, moment(zone, began))
        except (ConditionFailed, ZoneBusy) as error:
            if isinstance(error, _FINAL):
                raise
            if service.now() > until:
                raise ZoneChanged(f"zone {zone.name} keeps changing; try again") from error
        pause = min((service.now() - began).total_seconds() * 2**tries, _LONGEST_PAUSE)
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads writers, keeps no secret
        zone = reload()
    raise AssertionError("counting has no end")


def _with_serial(soa: str, number: int) -> str:
    """Return the line of an SOA with another serial."""
    found = rrset.from_line(soa)
    rdata = bytearray(found.rdatas[0])
    rdata[_SERIAL] = number.to_bytes(4, "big")
    return replace(found, rdatas=(bytes(rdata),)).line()
