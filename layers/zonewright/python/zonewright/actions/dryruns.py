"""Dry runs of syncs: begin one, and read its report."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.actions import syncs
from zonewright.errors import DryRunInProgress, DryRunNotFound, NoPrimary
from zonewright.log import correlation
from zonewright.model import states
from zonewright.model.dryrun import Report
from zonewright.model.ids import is_id
from zonewright.model.order import Order, SyncOptions
from zonewright.model.states import Event
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import dryruns, slots
from zonewright.store.table import ConditionFailed
from zonewright.sync import lifecycle
from zonewright.sync.dryruns import DryRun

if TYPE_CHECKING:
    from zonewright.actions import history


def request(service: Service, zone_id: str, options: SyncOptions, *, caller: Caller) -> Report:
    """Begin a dry run and return its report, Pending. A zone has one dry run at a time.

    The zone may be syncing, and the delay between two syncs does not apply. Raise ZoneNotFound, NotAuthorized,
    ZoneInactive, NoPrimary, TooManyRequests, DryRunInProgress.
    """
    now = service.now()
    zone = syncs.administered(service, zone_id, caller=caller)
    if zone.deleted:
        raise states.refusal(Event.BEGIN_SYNC, zone.name, zone.hold, zone.held_since)
    if not zone.primaries:
        raise NoPrimary(f"zone {zone.name} has no server to transfer from")
    syncs.count_begin(service, zone.group_id)
    change = lifecycle.pending(zone, "request", user_id=caller.user_id, now=now)
    run = Report(change, now + timedelta(seconds=service.settings.sync_lease), group_id=zone.group_id)
    most = service.settings.running_syncs
    taker = slots.Taker(slots.Kind.RUNS, zone.group_id, run.id, run.lease, most, zone_id=zone.id)
    try:
        slots.take(service.table, taker, now, lambda slot: dryruns.begin(replace(run, slot=slot), now))
    except ConditionFailed as error:
        other = dryruns.running(error)
        which = f" by dry run {other[0]} since {other[1]:%H:%M:%SZ}" if other else ""
        raise DryRunInProgress(f"zone {zone.name} is being compared already{which}") from error
    created = clock.to_text(now)
    order = Order(
        zone.id,
        run.id,
        created,
        "request",
        mode=options.mode,
        force=options.force,
        dry_run=True,
        correlation=correlation(),
    )
    try:
        service.workflow.start(order)
    except Exception:
        DryRun(service, order).fail("the dry run could not be started", error="NotStarted")
        raise
    return run


def get(service: Service, zone: Zone, dry_run_id: str) -> Report:
    """Return the report of a dry run as it is now. Raise DryRunNotFound, also for an expired one."""
    now = service.now()
    run = dryruns.get(service.table, zone.id, dry_run_id) if is_id(dry_run_id) else None
    if run is None or run.expires <= now:
        raise DryRunNotFound(f"Dry run with id {dry_run_id} of zone {zone.name} does not exist")
    return run.at(now)


def moves(service: Service, run: Report, *, start: int, limit: int) -> "history.Page":
    """Return a page of up to `limit` moves that a sync would make. `start` is the number of the first move, from 0."""
    from zonewright.actions import history

    return history.page(history.stored(service.bucket, run.change.differences), start=start, limit=limit)
