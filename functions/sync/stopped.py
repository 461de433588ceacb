"""An execution that ended otherwise than well: release the zone, where none of its own states could."""

from zonewright.background import Event, signal, stopped_order
from zonewright.service import Service
from zonewright.sync.dryruns import run_of


@signal
def handler(service: Service, event: Event) -> Event:
    """Do what Fail does; it has been done already unless the execution was stopped, took too long, or lost its Fail."""
    order, reason = stopped_order(event)
    succeeded = run_of(service, order).fail(reason)
    return {"zone_id": order.zone_id, "sync_id": order.sync_id, "reason": reason, "succeeded": succeeded}
