"""Life of a sync: begin, run in the steps of the state machine, publish or fail.

    begin ─▶ SYNCING ─▶ transfer ─▶ (plan, parse*, merge*, publish) ─▶ ACTIVE
                                         └─ any error ─▶ fail ─▶ ACTIVE or ERROR

The id of the change is also the id of the sync, the name of its execution, and the holder of the zone. Every write
needs the condition that the sync still holds the zone, so a late worker writes nothing. Each step can be repeated. A
repeated publish publishes once.

The work between begin and end is in `steps.py`, because the functions of the API do not import it.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.errors import (
    NoPrimary,
    RecentlySynced,
    SyncLost,
    TooMuchMoved,
    TransferError,
    ZoneChanged,
    ZoneNotFound,
    ZoneTooLarge,
)
from zonewright.log import correlation
from zonewright.model import failure, schedule, states
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.order import Order, SyncOptions
from zonewright.model.schedule import Timers
from zonewright.model.states import Event
from zonewright.model.zone import Primary, Zone
from zonewright.service import Service
from zonewright.store import changes, connections, dueplaces, keys, slots, zones
from zonewright.store.conditions import Condition, allows, before, held_as, lapsed
from zonewright.store.table import ConditionFailed, Update, Write, without_none

if TYPE_CHECKING:
    from zonewright.contents.sink import Sink
    from zonewright.model.version import Chunk, Version
    from zonewright.sync.staging import Plan

TRIGGERS = {
    "request": ChangeType.SYNC,
    "refresh": ChangeType.SYNC,
    "create": ChangeType.CREATE,
    "update": ChangeType.UPDATE,
    "schedule": ChangeType.AUTOMATED_SYNC,
    "event": ChangeType.AUTOMATED_SYNC,
}
"""Triggers of a sync, and the type of the change that records it."""

_TRIES = 3

HOLD = 120
"""Seconds that a new sync holds its zone before an execution takes it up. Then others may take the zone."""

RESTART = 60
"""Seconds after which the dispatcher starts the execution of a sync again, unless one has taken it up."""


def begin(
    service: Service, zone: Zone, trigger: str, *, user_id: str, options: SyncOptions, delay: int = 0
) -> tuple[Zone, Change]:
    """Hold a zone and start its sync. Return the zone, SYNCING, and the change, Pending.

    The last sync must be at least `delay` seconds old. Raise NoPrimary, SyncInProgress, RecentlySynced, ZoneInactive,
    UpdatePending, ZoneNotFound, TooManyRequests, or ZoneChanged if others keep changing the zone.
    """
    for _ in range(_TRIES):
        now = zone.moment(service.now())
        if states.next_state(Event.BEGIN_SYNC, zone.hold, now) is None:
            raise states.refusal(Event.BEGIN_SYNC, zone.name, zone.hold, zone.held_since)
        if not zone.primaries:
            raise NoPrimary(f"zone {zone.name} has no server to transfer from")
        held, change = hold(service, replace(zone, updated=now), trigger, options, user_id=user_id, now=now)
        condition, others = _may_begin(zone, now, delay), [changes.put(change), *changes.end_abandoned(zone, now)]
        try:
            held = take_slot(service, held, _beginning(held, condition, others), former=zone)
        except ConditionFailed as error:
            zone = _found(service, zone, error, delay=delay, now=now)
            continue
        start(service, held)
        return held, change
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def _beginning(held: Zone, condition: Condition, others: Sequence[Write]) -> Callable[[int], list[Write]]:
    """Return the writes, for each slot, that let a sync hold a zone, `others` among them. The zone's own is first."""
    assert held.order is not None
    assert held.due is not None
    assert held.held_since is not None
    attributes = {
        "state": str(held.state),
        "holder": held.holder,
        "lease": held.lease,
        "held_since": clock.to_text(held.held_since),
        "order": zones.order_item(held.order),
        "updated": clock.to_text(held.held_since),
        **dueplaces.zone_due(held.id, held.due, held.group_id, held=True),
    }
    key, gone = keys.zone(held.id), (dueplaces.LOOK,)
    return lambda slot: [Update(key, set=attributes | {"slot": slot}, remove=gone, condition=condition), *others]


def take_slot(
    service: Service, held: Zone, writes: Callable[[int], Sequence[Write]], *, former: Zone | None = None
) -> Zone:
    """Write what lets a new sync hold a zone, with a slot of its project, in one transaction. Return the held zone.

    `writes` returns it for the number of a slot. `former` is the zone before, whose dead holder leaves its slot to the
    new one. Raise TooManyRequests, or ConditionFailed if a condition of `writes` is false; then nothing was written.
    """
    assert held.holder is not None
    assert held.held_since is not None
    settings, now = service.settings, held.held_since
    expires = now + timedelta(seconds=HOLD + 2 * settings.sync_lease)
    taker = slots.Taker(
        slots.Kind.RUNS, held.group_id, held.holder, expires, settings.running_syncs, zone_id=held.id, former=former
    )
    return replace(held, slot=slots.take(service.table, taker, now, writes))


def _may_begin(zone: Zone, now: datetime, delay: int) -> Condition:
    """Return the condition to begin a sync: the zone is free, has the same owner, and the delay is over."""
    due = Condition(
        "attribute_not_exists(#synced) OR #synced <= :due",
        {"#synced": "synced"},
        {":due": clock.to_text(now - timedelta(seconds=delay))},
    )
    owned = Condition("#group = :group", {"#group": "group_id"}, {":group": zone.group_id})
    return allows(Event.BEGIN_SYNC, now).also(due).also(owned).also(held_as(zone)).also(before(now))


def _found(service: Service, zone: Zone, failed: ConditionFailed, *, delay: int, now: datetime) -> Zone:
    """Return the zone that a failed write found, for a retry. Raise the reason if a retry cannot succeed."""
    found = zones.found(service.table, zone.id, failed)
    if found and found.group_id != zone.group_id:
        raise ZoneNotFound(zone=zone.id) from failed
    if found is None or states.next_state(Event.BEGIN_SYNC, found.hold, now) is None:
        since = found.held_since if found else None
        raise states.refusal(Event.BEGIN_SYNC, zone.name, found.hold if found else None, since) from failed
    if found.synced is not None and found.moment(now) - found.synced < timedelta(seconds=delay):
        raise RecentlySynced(zone=zone.name, ended=found.synced, delay=delay) from failed
    return found


def pending(zone: Zone, trigger: str, *, user_id: str, now: datetime) -> Change:
    """Return a new change, Pending, for a sync or a dry run of the zone."""
    return Change(
        id=str(uuid.uuid4()),
        zone_id=zone.id,
        type=TRIGGERS[trigger],
        user_id=user_id,
        created=now,
        base=zone.version,
    )


def hold(
    service: Service, zone: Zone, trigger: str, options: SyncOptions, *, user_id: str, now: datetime
) -> tuple[Zone, Change]:
    """Return the zone as held by a new sync, and the change that records it.

    The caller writes both by `take_slot`, and calls `start`.

    The hold is short until an execution takes the sync up. If none does, because the caller was killed before `start`,
    the dispatcher starts it: every held zone is due.
    """
    change = pending(zone, trigger, user_id=user_id, now=now)
    order = Order(
        zone.id,
        change.id,
        clock.to_text(now),
        trigger,
        mode=options.mode,
        force=options.force,
        seen=options.seen,
        correlation=correlation(),
    )
    seconds = min(HOLD, service.settings.sync_lease)
    held = replace(
        zone,
        state=states.State.SYNCING,
        holder=change.id,
        lease=clock.epoch(now) + seconds,
        held_since=now,
        order=order,
        due=now + timedelta(seconds=min(RESTART, seconds + 1)),
    )
    return held, change


def start(service: Service, zone: Zone) -> None:
    """Start the execution of the sync that holds a zone. If that fails, release the zone and raise the error."""
    assert zone.order is not None
    try:
        service.workflow.start(zone.order)
    except Exception:
        Sync(service, zone.order).fail("the sync could not be started", error="NotStarted")
        raise


def start_again(service: Service, zone: Zone) -> bool:
    """Start the execution of the sync that holds a zone, if none has taken it up. Return whether none had.

    An execution that runs or has ended is not started twice.
    """
    if zone.order is None:
        return False
    service.workflow.start(zone.order)
    return True


def release_lapsed(service: Service, zone: Zone) -> None:
    """End the sync that holds a zone beyond its lease as failed, and release the zone.

    Its execution died or never began, and nothing else would end it. A sync that has prolonged its hold goes on.
    """
    assert zone.holder is not None
    assert zone.held_since is not None
    order = zone.order or Order(zone.id, zone.holder, clock.to_text(zone.held_since))
    Sync(service, order).fail(changes.abandoned(zone), error=changes.LAPSED, only=lapsed(service.now()))


@dataclass(frozen=True, slots=True)
class Found:
    """Contents from a transfer. `plan` describes the transfer, `base` is the version that they were compared with.

    `refusal` is the error of a guard that forbids them, or None.
    """

    plan: "Plan"
    base: "Version | None"
    chunks: "tuple[Chunk, ...]"
    refusal: ZoneTooLarge | TooMuchMoved | None = None

    @property
    def held(self) -> "tuple[Chunk, ...]":
        """Return the chunks of the base; none if the zone has no version."""
        return self.base.chunks if self.base else ()


@dataclass(frozen=True, slots=True)
class Sync:
    """A running sync. It holds its zone, and ends with a new version or a failure."""

    service: Service
    order: Order

    def zone(self) -> Zone:
        """Return the zone. Raise SyncLost if this sync no longer holds it."""
        zone = zones.get(self.service.table, self.order.zone_id)
        if zone is None or zone.holder != self.order.sync_id:
            name = zone.name if zone else self.order.zone_id
            raise SyncLost(f"zone {name} is no longer held by sync {self.order.sync_id}")
        return zone

    def take_up(self) -> Zone:
        """Hold the zone for as long as an execution may last, and return it. Raise SyncLost as `zone` does.

        A repeated call holds the zone for longer. Until the first, the hold is short (`hold`).
        """
        now = self.service.now()
        update = Update(
            keys.zone(self.order.zone_id),
            set={"lease": clock.epoch(now) + self.service.settings.sync_lease},
            remove=("order",),
            condition=allows(Event.PUBLISH_SYNC, now, self.order.sync_id),
        )
        try:
            return zones.from_item(self.service.table.update(update))
        except ConditionFailed as error:
            raise SyncLost(f"zone {self.order.zone_id} is no longer held by sync {self.order.sync_id}") from error

    def reaches(self, zone: Zone, former: Zone) -> Zone:
        """Return the zone, and store its primaries if they are not the `former` ones: its backend was changed."""
        held = allows(Event.PUBLISH_SYNC, self.service.now(), self.order.sync_id)
        return connections.reached(self.service.table, zone, former, held)

    def saw(self, zone: Zone, serials: Iterable[tuple[Primary, int]]) -> Zone:
        """Return the zone after primaries were seen with these serials, and store what that changes."""
        return zones.saw(self.service.table, zone, serials)

    def sink(self, records: int) -> "Sink":
        """Return the sink for the contents of a zone of about `records` records."""
        from zonewright.contents.sink import Sink

        service, order = self.service, self.order
        return Sink.of(service.bucket, service.settings, order.zone_id, order.sync_id, records)

    def keep(self, change: Change) -> Change:
        """Release the zone with its contents unchanged, and return the change. Raise SyncLost."""
        assert change.finished is not None
        self._release(Event.PUBLISH_SYNC, change, {"synced": clock.to_text(change.finished)})
        return change

    def publish(self, change: Change, found: Found) -> Change:
        """Publish contents in one transaction: version, zone and change, or nothing.

        Contents equal to the base make no new version. Return the change as it ended, also if another attempt published
        first. Raise the refusal of a guard, or SyncLost if this sync no longer holds the zone.
        """
        from zonewright.model.version import Version
        from zonewright.protocol import names
        from zonewright.store import versions

        if found.refusal:
            raise found.refusal
        assert change.finished is not None
        soa, number = found.plan.soa, found.plan.base
        writes: list[Write] = []
        if found.chunks != found.held:
            number += 1
            order = self.order
            version = Version(
                zone_id=order.zone_id,
                number=number,
                serial=soa.serial,
                created=change.finished,
                change_id=order.sync_id,
                chunks=found.chunks,
            )
            writes = [*versions.publish(version, found.held)]
        contents: dict[str, object] = {
            "version": number,
            "serial": soa.serial,
            "records": change.records,
            "rrsets": sum(chunk.rrsets for chunk in found.chunks),
            "ttl": soa.ttl,
            "email": names.mailbox(soa.rname),
            "synced": clock.to_text(change.finished),
            "source": zones.source_item(found.plan.source),
            **zones.timers_item(Timers(soa.refresh, soa.retry, soa.expire)),
        }
        change = replace(change, version=number)
        try:
            unchanged = Condition("#base = :base", {"#base": "version"}, {":base": found.plan.base})
            self._release(Event.PUBLISH_SYNC, change, contents, *writes, only=unchanged)
        except SyncLost:
            done = self._published()
            if done is None:
                raise
            return done
        return change

    def stop(self, change: Change, held: int | None, error: TransferError) -> Change:  # noqa: ARG002 - as `DryRun.stop`
        """Raise the error that stopped the transfer before its end: of a guard, or of an older serial."""
        raise error

    def fail(self, reason: str, *, error: str | None = None, only: Condition | None = None) -> bool:
        """Release the zone with its old contents and record the reason, `only` on a condition.

        `error` is the name of the error. Return whether the sync had already succeeded. Then nothing is written.
        """
        zone = zones.get(self.service.table, self.order.zone_id)
        if zone is not None and zone.holder == self.order.sync_id:
            now = self.service.now()
            change = replace(ended(self.order, zone.version, now, ChangeStatus.FAILED, reason), error=error)
            state = states.next_state(Event.FAIL_SYNC, zone.hold, now, zone.holder)
            failed = zones.failure_item(failure.following(zone.failure, reason, now, of_sync=True))
            attributes: dict[str, object] = {"state": str(state or states.State.ERROR), "failure": failed}
            try:
                self._release(Event.FAIL_SYNC, change, attributes, only=only)
            except SyncLost:
                return self._published() is not None
            return False
        return self._published() is not None

    def _published(self) -> Change | None:
        """Return the change if the sync succeeded, or None. The sync may no longer hold its zone."""
        created = clock.from_text(self.order.created)
        change = changes.get(self.service.table, self.order.zone_id, created, self.order.sync_id)
        return change if change is not None and change.status is ChangeStatus.SYNCED else None

    def _release(
        self,
        event: Event,
        change: Change,
        attributes: dict[str, object],
        *writes: Write,
        only: Condition | None = None,
    ) -> None:
        """End in one transaction: release the zone, set its `attributes`, and close the change. Raise SyncLost.

        `only` is a further condition on the zone.

        A schedule's next due time uses the timers in `attributes`, or else the zone's own. Neither a schedule nor a
        serial can change while a sync holds the zone, so those read here are current.
        """
        assert change.finished is not None
        held, order = self.zone(), self.order
        timers = attributes.get("timers")
        due = schedule.next_due(
            held.schedule,
            Timers(**timers) if isinstance(timers, dict) else held.timers,
            self.service.settings.shortest_schedule,
            change.finished,
            failed=event is Event.FAIL_SYNC,
        )
        if due is not None:
            attributes = attributes | dueplaces.zone_due(order.zone_id, due, held.group_id)
        if "serial" in attributes:
            attributes = attributes | {"newest": held.went_back_from(change.serial)}
        if held.updatable:  # its owner gave it an e-mail address, which is not that of the SOA
            attributes = attributes | {"email": held.email}
        settled = tuple(name for name in zones.SETTLED if name not in attributes)
        empty = tuple(name for name, value in attributes.items() if value is None)
        gone = ("holder", "lease", "held_since", "order", "slot", *settled, *empty)
        updated = held.moment(change.finished)
        condition = allows(event, change.finished, order.sync_id).also(before(updated))
        if only is not None:
            condition = condition.also(only)
        zone = Update(
            keys.zone(order.zone_id),
            set={"state": str(states.State.ACTIVE), "updated": clock.to_text(updated)} | without_none(attributes),
            add={"revision": 1},
            remove=gone if due is not None else (*gone, *dueplaces.NOT_DUE),
            condition=condition,
        )
        try:
            slots.write(self.service.table, [zone, changes.end(change), *writes], slots.of(held))
        except ConditionFailed as error:
            found = error.old[0] or {}
            if found.get("holder") == order.sync_id and found.get("updated", "") >= clock.to_text(
                updated
            ):  # a new share
                self._release(event, change, attributes, *writes, only=only)
                return
            raise SyncLost(f"zone {order.zone_id} is no longer held by sync {order.sync_id}") from error


def ended(order: Order, base: int, now: datetime, status: ChangeStatus, reason: str | None) -> Change:
    """Return the change of a sync or dry run as it ends at `now`, after its begin on another machine."""
    created = clock.from_text(order.created)
    return Change(
        id=order.sync_id,
        zone_id=order.zone_id,
        type=TRIGGERS[order.trigger],
        user_id="",
        created=created,
        status=status,
        reason=reason,
        finished=clock.after(created, now),
        base=base,
    )
