"""Transfer: copy the zone from its primary; a small zone is published here, a large one staged in batches."""

from zonewright.background import Event, Staged, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:
    """Run the transfer to the sync's end; what is staged instead goes on with Plan, by an error that says where."""
    prefix = steps.transfer(service, order, event["attempt"])
    if prefix:
        raise Staged(prefix)
    return {}
