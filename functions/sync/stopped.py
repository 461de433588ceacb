"""Execution that failed, timed out or was stopped: release the zone, if no state of the execution did."""

from zonewright.background import Event, signal, stopped_order
from zonewright.service import Service
from zonewright.sync.dryruns import run_of


@signal
def handler(service: Service, event: Event) -> Event:
    """End the sync or the dry run as failed, as Fail does. If Fail has run, nothing changes."""
    order, reason, error = stopped_order(event)
    succeeded = run_of(service, order).fail(reason, error=error)
    return {"zone_id": order.zone_id, "sync_id": order.sync_id, "reason": reason, "succeeded": succeeded}
