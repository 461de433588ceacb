"""Life of a dry run: the steps of a sync, with a report instead of a version.

    begin ─▶ Pending ─▶ transfer ─▶ (parse*, merge*) ─▶ Complete
                               └─ any error ─▶ fail ─▶ Failed

A dry run writes no chunk and no version. It does not hold the zone, so the zone may change or sync meanwhile. The
report names the version that the transfer was compared with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zonewright.errors import SyncLost, TransferError
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.order import Order
from zonewright.model.zone import Primary, Zone
from zonewright.service import Service
from zonewright.store import dryruns, slots, zones
from zonewright.store.table import ConditionFailed
from zonewright.sync.lifecycle import Found, Sync, ended

if TYPE_CHECKING:
    from zonewright.contents.sink import Sink


@dataclass(frozen=True, slots=True)
class DryRun:
    """A running dry run. It holds no zone, and ends with a report or a failure. Its methods are those of `Sync`."""

    service: Service
    order: Order

    def zone(self) -> Zone:
        """Return the zone. Raise SyncLost if it was deleted meanwhile."""
        zone = zones.get(self.service.table, self.order.zone_id)
        if zone is None or zone.deleted:
            raise SyncLost(f"zone {zone.name if zone else self.order.zone_id} was deleted")
        return zone

    def take_up(self) -> Zone:
        """Return the zone, as `zone` does: there is no hold to prolong."""
        return self.zone()

    def reaches(self, zone: Zone, former: Zone) -> Zone:  # noqa: ARG002 - as `Sync.reaches`
        """Return the zone: a dry run does not store its primaries."""
        return zone

    def saw(self, zone: Zone, serials: Iterable[tuple[Primary, int]]) -> Zone:
        """Return the zone after primaries were seen with these serials, and store what that changes, as a sync does.

        An older serial is evidence for every later IXFR. It changes nothing that a caller sees.
        """
        return zones.saw(self.service.table, zone, serials)

    def sink(self, records: int) -> "Sink":
        """Return the sink for the contents of a zone of about `records` records."""
        from zonewright.contents.sink import DrySink

        service, order = self.service, self.order
        return DrySink.of(service.bucket, service.settings, order.zone_id, order.sync_id, records)

    def keep(self, change: Change) -> Change:
        """Report that the zone has the contents of its primary. Return the change as it ended. Raise SyncLost."""
        return self._complete(change, change.serial)

    def publish(self, change: Change, found: Found) -> Change:
        """Report the changes that a sync would publish, or the guard that would refuse them.

        Return the change as it ended. Raise SyncLost.
        """
        refusal = f"{found.plan.primary}: {found.refusal.message}" if found.refusal else None
        return self._complete(change, found.base.serial if found.base else None, refusal)

    def stop(self, change: Change, held: int | None, error: TransferError) -> Change:
        """Report that a guard, or an older serial, would stop the transfer before its end.

        `held` is the serial of the zone. Return the change as it ended. Raise SyncLost.
        """
        return self._complete(change, held, error.message)

    def fail(self, reason: str, *, error: str | None = None) -> bool:
        """End with the reason of a failure, and the name of its `error`. Return whether it had already succeeded."""
        run = dryruns.get(self.service.table, self.order.zone_id, self.order.sync_id)
        if run is None:
            return False
        if run.change.status is ChangeStatus.PENDING:
            now = self.service.now()
            change = replace(ended(self.order, run.change.base, now, ChangeStatus.FAILED, reason), error=error)
            try:
                slots.write(self.service.table, dryruns.end(change), dryruns.slot(run))
            except ConditionFailed:
                return self._completed() is not None
            return False
        return self._completed() is not None

    def _complete(self, change: Change, held: int | None, refusal: str | None = None) -> Change:
        """Store the report and return the change. A repeated call returns the change as it ended.

        Raise SyncLost if the lease is over.
        """
        run = dryruns.get(self.service.table, self.order.zone_id, self.order.sync_id)
        try:
            slots.write(self.service.table, dryruns.end(change, held, refusal), dryruns.slot(run))
        except ConditionFailed as error:
            done = self._completed()
            if done is None:
                raise SyncLost(f"dry run {change.id} ended before: its lease is over") from error
            return done
        return change

    def _completed(self) -> Change | None:
        """Return the change if the dry run succeeded, or None."""
        run = dryruns.get(self.service.table, self.order.zone_id, self.order.sync_id)
        return run.change if run is not None and run.change.status is ChangeStatus.SYNCED else None


Run = Sync | DryRun


def run_of(service: Service, order: Order) -> Run:
    """Return the sync or the dry run of an order."""
    return DryRun(service, order) if order.dry_run else Sync(service, order)
