"""ParseBatch: turn one batch of messages into sorted runs, one for each range."""

from zonewright.background import Event, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:  # noqa: ARG001 - every task has this form
    """Parse the batch number `batch`. Return the number of records outside the zone."""
    outside = steps.parse_batch(service, event["prefix"], event["batch"])
    return {"batch": event["batch"], "outside": outside.count}
