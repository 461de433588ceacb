"""Life of a dry run: the steps of a sync, with a report in the place of a version.

    begin ─▶ Pending ─▶ transfer ─▶ (parse*, merge*) ─▶ Complete
                               └─ any error ─▶ fail ─▶ Failed

No chunk and no version is written. The zone is not held, so anything may happen to it meanwhile, another sync as well.
The report names the version that the transfer was compared with.
"""

from dataclasses import dataclass

from zonewright.contents.sink import DrySink, Sink
from zonewright.errors import SyncLost, ZoneTooLarge
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.order import Order
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import dryruns, zones
from zonewright.store.table import ConditionFailed
from zonewright.sync.lifecycle import Found, Sync, ended


@dataclass(frozen=True, slots=True)
class DryRun:
    """A running dry run: it holds no zone, and ends with a report or a failure. Its verbs are those of `Sync`."""

    service: Service
    order: Order

    def zone(self) -> Zone:
        """Return the zone. Raise SyncLost if it was deleted meanwhile."""
        zone = zones.get(self.service.table, self.order.zone_id)
        if zone is None or zone.deleted:
            raise SyncLost(f"zone {zone.name if zone else self.order.zone_id} was deleted")
        return zone

    def sink(self, records: int) -> Sink:
        """Return the sink for the contents of a zone of about `records` records."""
        service, order = self.service, self.order
        return DrySink.of(service.bucket, service.settings, order.zone_id, order.sync_id, records)

    def keep(self, change: Change) -> Change:
        """End well: the zone has what its primary has."""
        return self._complete(change, change.serial)

    def publish(self, change: Change, found: Found) -> Change:
        """Report what a sync would publish, or which guard would refuse it."""
        refusal = f"{found.plan.primary}: {found.refusal.message}" if found.refusal else None
        return self._complete(change, found.base.serial if found.base else None, refusal)

    def stop(self, change: Change, held: int | None, error: ZoneTooLarge) -> Change:
        """Report that a guard would stop the transfer on its way. `held` is the serial that the zone has."""
        return self._complete(change, held, error.message)

    def fail(self, reason: str) -> bool:
        """End with the reason why nothing was found out. Return whether the dry run had already ended well."""
        run = dryruns.get(self.service.table, self.order.zone_id, self.order.sync_id)
        if run is None:
            return False
        if run.change.status is ChangeStatus.PENDING:
            change = ended(self.order, run.change.base, self.service.now(), ChangeStatus.FAILED, reason)
            try:
                self.service.table.write(*dryruns.end(change))
            except ConditionFailed:
                return self._completed() is not None
            return False
        return self._completed() is not None

    def _complete(self, change: Change, held: int | None, refusal: str | None = None) -> Change:
        """End with a report; a second time, return the change as it ended. Raise SyncLost if the lease is over."""
        try:
            self.service.table.write(*dryruns.end(change, held, refusal))
        except ConditionFailed as error:
            done = self._completed()
            if done is None:
                raise SyncLost(f"dry run {change.id} ended before: its lease is over") from error
            return done
        return change

    def _completed(self) -> Change | None:
        """Return the change if the dry run ended well."""
        run = dryruns.get(self.service.table, self.order.zone_id, self.order.sync_id)
        return run.change if run is not None and run.change.status is ChangeStatus.SYNCED else None


Run = Sync | DryRun


def run_of(service: Service, order: Order) -> Run:
    """Return the sync or dry run of an order."""
    return DryRun(service, order) if order.dry_run else Sync(service, order)
