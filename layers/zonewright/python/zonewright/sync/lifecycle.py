"""The life of a sync: requested, run in the steps of the state machine, published or failed.

    request ─▶ SYNCING ─▶ transfer ─▶ (plan, parse*, merge*, publish) ─▶ ACTIVE
                                           └─ any error ─▶ fail ─▶ ACTIVE or ERROR

The id of the change is the id of the sync, of its execution, and what the zone is held by. Every write
carries the condition that the zone is still held by it, so a worker that comes too late writes nothing;
each step done twice does the same, and publishing twice publishes once.

What the states do in between is in `worker.py`: the API's functions need only how a sync begins and ends.
"""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from zonewright import clock
from zonewright.errors import (
    NoPrimary,
    NotAuthorized,
    RecentlySynced,
    SyncLost,
    ZoneChanged,
    ZoneNotFound,
)
from zonewright.model import schedule, states
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.schedule import Timers
from zonewright.model.settings import Settings
from zonewright.model.states import Event
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import changes, keys, zones
from zonewright.store.conditions import Condition, allows
from zonewright.store.table import ConditionFailed, Table, Update, Write
from zonewright.sync.workflow import Order, Workflow

CHANGE_TYPES = {
    "request": ChangeType.SYNC,
    "refresh": ChangeType.SYNC,
    "create": ChangeType.CREATE,
    "schedule": ChangeType.AUTOMATED_SYNC,
    "event": ChangeType.AUTOMATED_SYNC,
}


MODES = ("axfr", "ixfr", "auto")
"""Compare the whole zone, take what moved (RFC 1995), or the second where it can be had and the first elsewhere."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a sync shall be done: by which of `MODES`, whether it goes over the operator's guards, and whether at all."""

    mode: str = "axfr"
    force: bool = False
    dry_run: bool = False


WHOLE = Wish()
MOVED = Wish("auto")


def request(
    table: Table,
    workflow: Workflow,
    settings: Settings,
    zone_id: str,
    wish: Wish,
    caller: Caller,
    now: datetime,
) -> tuple[Zone, Change]:
    """Begin a sync a caller asked for: the zone as it is now, SYNCING, and its change, Pending.

    Raises ZoneNotFound, NotAuthorized, NoPrimary, SyncInProgress, RecentlySynced, ZoneInactive, UpdatePending.
    """
    zone = administered(table, zone_id, caller)
    held, change = _begin(table, zone, "request", caller.user_id, settings, now, delay=settings.sync_delay)
    start(table, workflow, settings, change, "request", wish, now)
    return held, change


def administered(table: Table, zone_id: str, caller: Caller) -> Zone:
    """A zone of the caller's, deleted or not; raises ZoneNotFound, NotAuthorized."""
    zone = zones.get(table, zone_id)
    if zone is None:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    if not caller.administers(zone.group_id):
        raise NotAuthorized(
            f"User '{caller.user_name}' cannot create or modify zone '{zone.name}' "
            f"because they are not in the Zone Admin Group '{zone.group_id}'"
        )
    return zone


def refresh(
    table: Table, workflow: Workflow, settings: Settings, zone: Zone, caller: Caller, now: datetime
) -> tuple[Zone, Change]:
    """Begin a sync that transfers only if the primary's serial has moved, as a secondary's refresh does.

    It asks the primary one question where nothing changed, so there is no delay between two. Raises NoPrimary,
    SyncInProgress, UpdatePending, ZoneInactive.
    """
    if zone.type is not ZoneType.SECONDARY:
        raise NoPrimary("Can't XFR a non Secondary zone.")  # Designate's words
    held, change = _begin(table, zone, "refresh", caller.user_id, settings, now, delay=0)
    start(table, workflow, settings, change, "refresh", MOVED, now)
    return held, change


def scheduled(table: Table, workflow: Workflow, settings: Settings, zone: Zone, now: datetime) -> Change:
    """Begin a sync that the schedule of a zone asks for, whose primary has something new.

    Its user is the name of who set the schedule, as VinylDNS has it. Raises as `refresh` does.
    """
    _, change = _begin(table, zone, "schedule", zone.requestor or "", settings, now, delay=0)
    start(table, workflow, settings, change, "schedule", MOVED, now)
    return change


def announced(table: Table, workflow: Workflow, settings: Settings, zone: Zone, sender: str, now: datetime) -> Change:
    """Begin a sync that an event asks for, on behalf of `sender`; the delay between two syncs is kept.

    Raises as `request` does, but for NotAuthorized: who may send such events is not ours to say.
    """
    _, change = _begin(table, zone, "event", sender, settings, now, delay=settings.sync_delay)
    start(table, workflow, settings, change, "event", MOVED, now)
    return change


def _begin(
    table: Table,
    zone: Zone,
    trigger: str,
    user_id: str,
    settings: Settings,
    now: datetime,
    delay: int,
    tries: int = 3,
) -> tuple[Zone, Change]:
    """Take the zone for a sync, if nothing holds it and the last one is at least `delay` seconds old."""
    if states.next_state(Event.BEGIN_SYNC, zone.hold, now) is None:
        raise states.refusal(Event.BEGIN_SYNC, zone.name, zone.hold, zone.held_since)
    if not zone.primaries:
        raise NoPrimary(f"zone {zone.name} has no server to transfer from")
    held, change = hold(replace(zone, updated=now), trigger, user_id, settings, now)
    due = Condition(
        "attribute_not_exists(#synced) OR #synced <= :due",
        {"#synced": "synced"},
        {":due": clock.to_text(now - timedelta(seconds=delay))},
    )
    seen = Condition("#holder = :seen", {"#holder": "holder"}, {":seen": zone.holder})
    owned = Condition("#group = :group", {"#group": "group_id"}, {":group": zone.group_id})
    condition = allows(Event.BEGIN_SYNC, now).also(due).also(owned)
    writes: list[Write] = [
        Update(
            keys.zone(zone.id),
            set={
                "state": str(held.state),
                "holder": held.holder,
                "lease": held.lease,
                "held_since": clock.to_text(now),
                "updated": clock.to_text(now),
                **(keys.zone_due(zone.id, held.due) if held.due else {}),
            },
            condition=condition.also(seen) if zone.holder else condition,
        ),
        changes.put(change),
        *changes.end_abandoned(zone, now),
    ]
    try:
        table.write(*writes)
    except ConditionFailed as error:
        found = zones.found(table, zone.id, error)
        if found and found.group_id != zone.group_id:
            raise ZoneNotFound(f"Zone with id {zone.id} does not exists") from error
        if found is None or states.next_state(Event.BEGIN_SYNC, found.hold, now) is None:
            since = found.held_since if found else None
            raise states.refusal(Event.BEGIN_SYNC, zone.name, found.hold if found else None, since) from error
        if found.synced is None or now - found.synced >= timedelta(seconds=delay):
            if tries == 1:
                raise ZoneChanged(f"zone {zone.name} keeps changing; try again") from error
            return _begin(table, found, trigger, user_id, settings, now, delay, tries - 1)
        raise RecentlySynced(
            f"Zone {zone.name} was recently synced. Cannot complete sync: the last one ended at "
            f"{found.synced:%H:%M:%SZ}, the next may begin {delay} s later"
        ) from error
    return held, change


def pending(zone: Zone, trigger: str, user_id: str, now: datetime) -> Change:
    """The change of a sync that begins, Pending."""
    return Change(
        id=str(uuid.uuid4()),
        zone_id=zone.id,
        type=CHANGE_TYPES[trigger],
        user_id=user_id,
        created=now,
        base=zone.version,
    )


def hold(zone: Zone, trigger: str, user_id: str, settings: Settings, now: datetime) -> tuple[Zone, Change]:
    """The zone as held by a new sync, and the change that records it; written by whoever asked.

    A zone with a schedule is due when the lease is over: a sync that dies is followed by another.
    """
    change = pending(zone, trigger, user_id, now)
    lease = clock.epoch(now) + settings.sync_lease
    due = None if zone.schedule is None else now + timedelta(seconds=settings.sync_lease + 1)
    return replace(zone, state=states.State.SYNCING, holder=change.id, lease=lease, held_since=now, due=due), change


def start(
    table: Table, workflow: Workflow, settings: Settings, change: Change, trigger: str, wish: Wish, now: datetime
) -> None:
    """Start the execution of a sync that holds its zone; where that fails, release the zone at once."""
    order = Order(change.zone_id, change.id, clock.to_text(change.created), trigger, wish.mode, wish.force)
    try:
        workflow.start(order)
    except Exception:
        fail(table, settings, order, "the sync could not be started", now)
        raise


def mine(table: Table, order: Order) -> Zone:
    """The zone of a running sync; SyncLost where it is no longer held by it."""
    zone = zones.get(table, order.zone_id)
    if zone is None or zone.holder != order.sync_id:
        raise SyncLost(f"zone {zone.name if zone else order.zone_id} is no longer held by sync {order.sync_id}")
    return zone


def published(table: Table, order: Order) -> Change | None:
    """The change of a sync that ended well, though it no longer holds its zone; None of any other."""
    change = changes.get(table, order.zone_id, clock.from_text(order.created), order.sync_id)
    return change if change is not None and change.status is ChangeStatus.SYNCED else None


def fail(table: Table, settings: Settings, order: Order, reason: str, now: datetime) -> Change | None:
    """Release the zone with its old contents and say why; None where the sync had ended already."""
    zone = zones.get(table, order.zone_id)
    if zone is None or zone.holder != order.sync_id:
        return None
    change = ended(order, zone.version, now, ChangeStatus.FAILED, reason)
    try:
        release(table, settings, order, Event.FAIL_SYNC, change, {"state": str(_failed_state(zone, now))})
    except SyncLost:
        return None
    return change


def _failed_state(zone: Zone, now: datetime) -> states.State:
    return states.next_state(Event.FAIL_SYNC, zone.hold, now, zone.holder) or states.State.ERROR


def ended(order: Order, base: int, now: datetime, status: ChangeStatus, reason: str | None) -> Change:
    """The change of a running sync as it ends."""
    return Change(
        id=order.sync_id,
        zone_id=order.zone_id,
        type=CHANGE_TYPES[order.trigger],
        user_id="",
        created=clock.from_text(order.created),
        status=status,
        reason=reason,
        finished=now,
        base=base,
    )


def release(
    table: Table,
    settings: Settings,
    order: Order,
    event: Event,
    change: Change,
    attributes: dict[str, object],
    *writes: Write,
    base: int | None = None,
    timers: Timers | None = None,
) -> None:
    """End a sync in one transaction: `attributes` on the zone, nobody holds it, its change closed.

    `timers` are those of the SOA that came with it; a zone with a schedule is due accordingly. Schedules cannot change
    while a sync holds the zone, so the one that is read here is the one that holds.
    """
    assert change.finished is not None
    held = mine(table, order)
    if timers is not None:
        attributes = attributes | {"timers": asdict(timers)}
    failed = event is Event.FAIL_SYNC
    due = schedule.next_due(
        held.schedule, timers or held.timers, settings.shortest_schedule, change.finished, failed=failed
    )
    if due is not None:
        attributes = attributes | keys.zone_due(order.zone_id, due)
    gone = ("holder", "lease", "held_since", "unanswered")
    condition = allows(event, change.finished, order.sync_id)
    if base is not None:
        condition = condition.also(Condition("#base = :base", {"#base": "version"}, {":base": base}))
    zone = Update(
        keys.zone(order.zone_id),
        set={"state": str(states.State.ACTIVE), "updated": clock.to_text(change.finished)} | attributes,
        add={"revision": 1},
        remove=gone if due is not None else (*gone, *keys.NOT_DUE),
        condition=condition,
    )
    try:
        table.write(zone, changes.end(change), *writes)
    except ConditionFailed as error:
        raise SyncLost(f"zone {order.zone_id} is no longer held by sync {order.sync_id}") from error
