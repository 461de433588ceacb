"""Transfer: copy the zone from its primary. Publish a small zone, or stage a large one in batches."""

from zonewright.background import Event, Staged, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:
    """Run the transfer. Raise Staged with the prefix of the staged objects if the sync continues with Plan."""
    prefix = steps.transfer(service, order, event["attempt"])
    if prefix:
        raise Staged(prefix)
    return {}
