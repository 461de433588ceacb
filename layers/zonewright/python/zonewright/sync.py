"""The life of a sync: requested, run in the steps of the state machine, published or failed.

    request ─▶ SYNCING ─▶ probe? ─▶ transfer ─▶ (parse*, merge*) ─▶ publish ─▶ ACTIVE
                                                      └─ any error ─▶ fail ─▶ ACTIVE or ERROR

The id of the change is the id of the sync, of its execution, and what the zone is held by. Every write
carries the condition that the zone is still held by it, so a worker that comes too late writes nothing;
each step done twice does the same, and publishing twice publishes once.

The API's functions need only how a sync begins and ends, so what runs one is imported where it runs.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from zonewright import clock, names, states
from zonewright.caller import Caller
from zonewright.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.contents.bucket import Bucket
from zonewright.errors import (
    NoPrimary,
    NotAuthorized,
    RecentlySynced,
    SyncLost,
    TransferError,
    ZoneChanged,
    ZoneIncomplete,
    ZoneNotFound,
)
from zonewright.secrets import Vault
from zonewright.settings import Settings
from zonewright.states import Condition, Event
from zonewright.store import changes, keys, tsigkeys, versions, zones
from zonewright.store.table import ConditionFailed, Table, Update, Write
from zonewright.version import Version
from zonewright.workflow import Order, Workflow
from zonewright.zone import Primary, Zone

if TYPE_CHECKING:
    from zonewright.axfr import Reach
    from zonewright.contents.staging import Merged, Plan
    from zonewright.load import Outside
    from zonewright.transfer import Key

T = TypeVar("T")
Clock = Callable[[], datetime]

CHANGE_TYPES = {"request": ChangeType.SYNC, "create": ChangeType.CREATE, "schedule": ChangeType.AUTOMATED_SYNC}


def request(
    table: Table, workflow: Workflow, settings: Settings, zone_id: str, caller: Caller, now: datetime
) -> tuple[Zone, Change]:
    """Begin a sync a caller asked for: the zone as it is now, SYNCING, and its change, Pending.

    Raises ZoneNotFound, NotAuthorized, NoPrimary, SyncInProgress, RecentlySynced, ZoneInactive, UpdatePending.
    """
    zone = zones.get(table, zone_id)
    if zone is None:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    if not caller.administers(zone.group_id):
        raise NotAuthorized(
            f"User '{caller.user_name}' cannot create or modify zone '{zone.name}' "
            f"because they are not in the Zone Admin Group '{zone.group_id}'"
        )
    held, change = _begin(table, zone, "request", caller.user_id, settings, now, delay=settings.sync_delay)
    start(table, workflow, change, "request", now)
    return held, change


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
    condition = states.condition(Event.BEGIN_SYNC, now).also(due)
    writes: list[Write] = [
        Update(
            keys.zone(zone.id),
            set={
                "state": str(held.state),
                "holder": held.holder,
                "lease": held.lease,
                "held_since": clock.to_text(now),
                "updated": clock.to_text(now),
            },
            condition=condition.also(seen) if zone.holder else condition,
        ),
        changes.put(change),
        *abandon(zone, now),
    ]
    try:
        table.write(*writes)
    except ConditionFailed as error:
        found = zones.found(table, zone.id, error)
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


def hold(zone: Zone, trigger: str, user_id: str, settings: Settings, now: datetime) -> tuple[Zone, Change]:
    """The zone as held by a new sync, and the change that records it; written by whoever asked."""
    change = Change(
        id=str(uuid.uuid4()),
        zone_id=zone.id,
        type=CHANGE_TYPES[trigger],
        user_id=user_id,
        created=now,
        base=zone.version,
    )
    lease = clock.epoch(now) + settings.sync_lease
    return replace(zone, state=states.State.SYNCING, holder=change.id, lease=lease, held_since=now), change


def abandon(zone: Zone, now: datetime) -> list[Write]:
    """Close the change of a holder that died: its lease ran out and another takes the zone."""
    if zone.holder is None or zone.held_since is None:
        return []
    orphan = Change(zone.holder, zone.id, ChangeType.SYNC, "", zone.held_since, base=zone.version)
    reason = "it was abandoned: its lease ran out before it ended"
    return [changes.end(replace(orphan, status=ChangeStatus.FAILED, reason=reason, finished=now))]


def start(table: Table, workflow: Workflow, change: Change, trigger: str, now: datetime) -> None:
    """Start the execution of a sync that holds its zone; where that fails, release the zone at once."""
    order = Order(change.zone_id, change.id, clock.to_text(change.created), trigger)
    try:
        workflow.start(order)
    except Exception:
        fail(table, order, "the sync could not be started", now)
        raise


def mine(table: Table, order: Order) -> Zone:
    """The zone of a running sync; SyncLost where it is no longer held by it."""
    zone = zones.get(table, order.zone_id)
    if zone is None or zone.holder != order.sync_id:
        raise SyncLost(f"zone {zone.name if zone else order.zone_id} is no longer held by sync {order.sync_id}")
    return zone


def signing_key(table: Table, vault: Vault, zone: Zone, settings: Settings) -> "Key | None":
    """The TSIG key a zone's transfers are signed with, in clear, if it has one."""
    from zonewright.transfer import Key

    found = tsigkeys.for_zone(table, zone.id, settings.pool_id)
    return Key(found.name, found.algorithm, vault.open(found.secret, found.id)) if found else None


def reach(settings: Settings) -> "Reach":
    """Where transfers may go and how long they may take."""
    from zonewright.axfr import Reach

    return Reach(settings.transfer_networks, settings.transfer_ports, settings.idle_timeout, settings.transfer_timeout)


def probe(table: Table, vault: Vault, settings: Settings, order: Order, now: Clock) -> bool:
    """Has the primary's serial moved from the one we hold? If not, the sync is over: there is nothing to do."""
    from zonewright import axfr

    zone = mine(table, order)
    key = signing_key(table, vault, zone, settings)
    found = _from_first(zone, lambda primary: axfr.soa(names.absolute(zone.name), primary, key, reach(settings)))
    if not zone.version or found.serial != zone.serial:
        return True
    change = _change(order, zone.version, now(), ChangeStatus.SYNCED, reason="the serial has not moved")
    change = replace(change, counts=Counts(), records=zone.records, serial=zone.serial, version=zone.version)
    _release(table, order, Event.PUBLISH_SYNC, change, {"synced": clock.to_text(now())})
    return False


def transfer(
    table: Table, bucket: Bucket, vault: Vault, settings: Settings, order: Order, prefix: str, now: Clock
) -> tuple[int, int]:
    """Copy the zone from the first primary that answers.

    A small zone is published here and now, and the answer is (0, 0); a large one is staged under `prefix`, and the
    answer is how many batches to parse and how many ranges to merge. Raises the TransferError of the last primary.
    """
    from zonewright import axfr, load
    from zonewright.contents.staging import Staging
    from zonewright.transfer import Transfer

    zone = mine(table, order)
    key = signing_key(table, vault, zone, settings)
    base = versions.get(table, zone.id, zone.version)
    old = base.chunks if base else ()
    staging = Staging(bucket, prefix)

    def attempt(primary: Primary) -> tuple[int, int]:
        machine = Transfer(names.absolute(zone.name), key)
        messages = axfr.transfer(machine, primary, reach(settings))
        collected = load.collect(machine, messages, staging, settings.inline_bytes, settings.batch_bytes)
        plan = load.plan(machine, str(primary), zone.version, old, collected, settings.batch_bytes)
        if collected.batches:
            staging.write_plan(plan)
            return collected.batches, len(plan.cuts) + 1
        rrs, outside = load.parse(plan.zone, collected.messages)
        merged = load.merge(bucket, zone.id, order.sync_id, 0, old, rrs, "", None, settings.chunk_bytes)
        publish(table, order, plan, [merged], outside, now())
        return 0, 0

    return _from_first(zone, attempt)


def parse_batch(bucket: Bucket, prefix: str, number: int) -> "Outside":
    """Make the sorted runs of one batch of a staged transfer."""
    from zonewright import load
    from zonewright.contents.staging import Staging

    staging = Staging(bucket, prefix)
    plan = staging.read_plan()
    with blamed(plan.primary):
        return load.parse_batch(staging, plan, number)


def merge_range(table: Table, bucket: Bucket, settings: Settings, order: Order, prefix: str, number: int) -> None:
    """Merge one range of a staged transfer with the version the zone had when the sync began."""
    from zonewright import load
    from zonewright.contents.staging import Staging

    staging = Staging(bucket, prefix)
    plan = staging.read_plan()
    base = versions.get(table, order.zone_id, plan.base)
    old = base.chunks if base else ()
    load.merge_range(bucket, staging, plan, order.zone_id, order.sync_id, number, old, settings.chunk_bytes)


def publish_staged(
    table: Table, bucket: Bucket, order: Order, prefix: str, outside: "Outside", now: datetime
) -> Change:
    """Publish what the ranges of a staged transfer made."""
    from zonewright.contents.staging import Staging

    staging = Staging(bucket, prefix)
    plan = staging.read_plan()
    with blamed(plan.primary):
        return publish(table, order, plan, staging.read_merged(len(plan.cuts) + 1), outside, now)


def publish(
    table: Table, order: Order, plan: "Plan", merged: "Iterable[Merged]", outside: "Outside", now: datetime
) -> Change:
    """Make what was merged the zone's contents, in one transaction: version, zone and change, or nothing.

    Contents equal to those we hold make no new version. Raises ZoneIncomplete for contents without an apex, SyncLost
    where the zone is no longer held by this sync.
    """
    from zonewright import load
    from zonewright.wire import NS, SOA

    whole = load.add(merged)
    missing = [text for rdtype, text in ((SOA, "SOA"), (NS, "NS")) if rdtype not in whole.apex_types]
    if missing:
        raise ZoneIncomplete(f"the zone it sent has no {missing[0]} record at its apex")
    base = versions.get(table, order.zone_id, plan.base)
    records = sum(chunk.records for chunk in whole.chunks)
    number, writes = plan.base, []
    if base is None or base.chunks != whole.chunks:
        number += 1
        writes.append(versions.put(Version(order.zone_id, number, plan.soa.serial, now, order.sync_id, whole.chunks)))
    contents = {
        "version": number,
        "serial": plan.soa.serial,
        "records": records,
        "ttl": plan.soa.ttl,
        "email": names.mailbox(plan.soa.rname),
        "synced": clock.to_text(now),
    }
    change = replace(
        _change(order, plan.base, now, ChangeStatus.SYNCED, _note(whole, outside)),
        counts=whole.counts,
        records=records,
        serial=plan.soa.serial,
        version=number,
        differences=whole.differences,
    )
    try:
        _release(table, order, Event.PUBLISH_SYNC, change, contents, *writes, base=plan.base)
    except SyncLost:
        done = changes.get(table, order.zone_id, change.created, change.id)
        if done is None or done.status is not ChangeStatus.SYNCED:
            raise
        return done
    return change


def fail(table: Table, order: Order, reason: str, now: datetime) -> Change | None:
    """Release the zone with its old contents and say why; None where the sync had ended already."""
    zone = zones.get(table, order.zone_id)
    if zone is None or zone.holder != order.sync_id:
        return None
    change = _change(order, zone.version, now, ChangeStatus.FAILED, reason)
    try:
        _release(table, order, Event.FAIL_SYNC, change, {"state": str(_failed_state(zone, now))})
    except SyncLost:
        return None
    return change


def _failed_state(zone: Zone, now: datetime) -> states.State:
    return states.next_state(Event.FAIL_SYNC, zone.hold, now, zone.holder) or states.State.ERROR


def _change(order: Order, base: int, now: datetime, status: ChangeStatus, reason: str | None) -> Change:
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


def _release(
    table: Table,
    order: Order,
    event: Event,
    change: Change,
    attributes: dict[str, object],
    *writes: Write,
    base: int | None = None,
) -> None:
    """End a sync in one transaction: `attributes` on the zone, nobody holds it, its change closed."""
    assert change.finished is not None
    condition = states.condition(event, change.finished, order.sync_id)
    if base is not None:
        condition = condition.also(Condition("#base = :base", {"#base": "version"}, {":base": base}))
    zone = Update(
        keys.zone(order.zone_id),
        set={"state": str(states.State.ACTIVE), "updated": clock.to_text(change.finished)} | attributes,
        add={"revision": 1},
        remove=("holder", "lease", "held_since"),
        condition=condition,
    )
    try:
        table.write(zone, changes.end(change), *writes)
    except ConditionFailed as error:
        raise SyncLost(f"zone {order.zone_id} is no longer held by sync {order.sync_id}") from error


def _note(whole: "Merged", outside: "Outside") -> str | None:
    """What a reader of the history should know about contents that were published."""
    notes = []
    if outside.count:
        shown = ", ".join(outside.names) + (", ..." if outside.count > len(outside.names) else "")
        notes.append(f"{outside.count} records outside the zone were dropped: {shown}")
    if whole.mixed_ttls:
        notes.append(f"{whole.mixed_ttls} RRsets had records with different TTLs: the lowest was taken")
    return "; ".join(notes) or None


@contextmanager
def blamed(primary: str) -> Iterator[None]:
    """Put the primary's name before what a TransferError says."""
    try:
        yield
    except TransferError as error:
        raise type(error)(f"{primary}: {error.message}") from error


def _from_first(zone: Zone, attempt: Callable[[Primary], T]) -> T:
    """What `attempt` makes of the first primary it succeeds with; the last one's error tells what each of them said."""
    said: list[str] = []
    for primary in zone.primaries[:-1]:
        try:
            with blamed(str(primary)):
                return attempt(primary)
        except TransferError as error:
            said.append(error.message)
    try:
        with blamed(str(zone.primaries[-1])):
            return attempt(zone.primaries[-1])
    except TransferError as error:
        raise type(error)("; ".join([*said, error.message])) from error
