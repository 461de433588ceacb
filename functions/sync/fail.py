"""Fail: release the zone with its old contents, and record the reason."""

from zonewright.background import Event, name_of, reason_of, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync.dryruns import run_of


@task
def handler(service: Service, order: Order, event: Event) -> Event:
    """End the sync or the dry run as failed, if it still runs. Return the reason, and whether it had succeeded."""
    reason = reason_of(event["error"])
    succeeded = run_of(service, order).fail(reason, error=name_of(event["error"]))
    return {"reason": reason, "succeeded": succeeded}
