"""What a caller does with dry runs of syncs, and how one begins and ends.

    request ─▶ Pending ─▶ transfer ─▶ (parse*, merge*) ─▶ Complete
                                 └─ any error ─▶ fail ─▶ Failed

The states of the workflow do what they do for a sync (`worker.py`); only what they write is another: no chunk, no
version, nothing of the zone. It is not held, so everything may happen to it meanwhile, another sync as well; the report
says which version it was compared with.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.errors import DryRunInProgress, DryRunNotFound, NoPrimary, SyncLost
from zonewright.model import states
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.dryrun import DryRun
from zonewright.model.settings import Settings
from zonewright.model.states import Event, State
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.store import dryruns, keys, zones
from zonewright.store.table import ConditionFailed, Table
from zonewright.sync import lifecycle
from zonewright.sync.lifecycle import Wish
from zonewright.sync.workflow import Order, Workflow

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.contents.bucket import Bucket


def request(
    table: Table, workflow: Workflow, settings: Settings, zone_id: str, wish: Wish, caller: Caller, now: datetime
) -> DryRun:
    """Begin a dry run: Pending. The zone may be syncing, and there is no delay between two, but one at a time.

    Raises ZoneNotFound, NotAuthorized, ZoneInactive, NoPrimary, DryRunInProgress.
    """
    zone = lifecycle.administered(table, zone_id, caller)
    if zone.state is State.DELETED:
        raise states.refusal(Event.BEGIN_SYNC, zone.name, zone.hold, zone.held_since)
    if not zone.primaries:
        raise NoPrimary(f"zone {zone.name} has no server to transfer from")
    run = DryRun(lifecycle.pending(zone, "request", caller.user_id, now), now + timedelta(seconds=settings.sync_lease))
    try:
        table.write(*dryruns.begin(run, now))
    except ConditionFailed as error:
        other = dryruns.running(error)
        which = f" by dry run {other[0]} since {other[1]:%H:%M:%SZ}" if other else ""
        raise DryRunInProgress(f"zone {zone.name} is being compared already{which}") from error
    order = Order(zone.id, run.id, clock.to_text(now), "request", wish.mode, wish.force, dry_run=True)
    try:
        workflow.start(order)
    except Exception:
        fail(table, order, "the dry run could not be started", now)
        raise
    return run


def get(table: Table, zone: Zone, dry_run_id: str, now: datetime) -> DryRun:
    """A dry run of a zone as it is now; raises DryRunNotFound."""
    run = dryruns.get(table, zone.id, dry_run_id) if len(dry_run_id) <= keys.LONGEST_ID else None
    if run is None or run.expires <= now:
        raise DryRunNotFound(f"Dry run with id {dry_run_id} of zone {zone.name} does not exist")
    return run.at(now)


def moves(bucket: "Bucket", run: DryRun, start: int, limit: int) -> "history.Page":
    """Up to `limit` moves a sync would make, from the `start`th on."""
    from zonewright.actions import history

    return history.page(history.stored(bucket, run.change.differences), start, limit)


def zone_of(table: Table, order: Order) -> Zone:
    """The zone of a running dry run; SyncLost where it was deleted meanwhile."""
    zone = zones.get(table, order.zone_id)
    if zone is None or zone.state is State.DELETED:
        raise SyncLost(f"zone {zone.name if zone else order.zone_id} was deleted")
    return zone


def complete(table: Table, change: Change, held: int | None, refusal: str | None = None) -> Change:
    """End a dry run with what it found; again, it is as it ended before.

    Raises SyncLost where its lease is over.
    """
    try:
        table.write(*dryruns.end(change, held, refusal))
    except ConditionFailed as error:
        done = dryruns.get(table, change.zone_id, change.id)
        if done is None or done.change.status is not ChangeStatus.SYNCED:
            raise SyncLost(f"dry run {change.id} ended before: its lease is over") from error
        return done.change
    return change


def completed(table: Table, order: Order) -> bool:
    """Whether a dry run ended well."""
    run = dryruns.get(table, order.zone_id, order.sync_id)
    return run is not None and run.change.status is ChangeStatus.SYNCED


def abort(table: Table, settings: Settings, order: Order, reason: str, now: datetime) -> bool:
    """End the sync or the dry run of an order with a reason, if it is still open; whether it had ended well."""
    if order.dry_run:
        fail(table, order, reason, now)
        return completed(table, order)
    lifecycle.fail(table, settings, order, reason, now)
    return lifecycle.published(table, order) is not None


def fail(table: Table, order: Order, reason: str, now: datetime) -> Change | None:
    """End a dry run with the reason why it found nothing; None where it had ended already."""
    run = dryruns.get(table, order.zone_id, order.sync_id)
    if run is None:
        return None
    change = lifecycle.ended(order, run.change.base, now, ChangeStatus.FAILED, reason)
    try:
        table.write(*dryruns.end(change))
    except ConditionFailed:
        return None
    return change
