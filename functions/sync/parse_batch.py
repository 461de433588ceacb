"""ParseBatch: make sorted runs of one batch of messages, one run for each range."""

from zonewright.background import Event, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:  # noqa: ARG001 - every task has this form
    """Parse batch `batch`; the answer counts the records that are not the zone's."""
    outside = steps.parse_batch(service, event["prefix"], event["batch"])
    return {"batch": event["batch"], "outside": outside.count}
