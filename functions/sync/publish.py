"""Publish: publish the merged ranges as the zone's next version, in one transaction."""

from zonewright.background import Event, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:
    """Publish the staged results. Return the zone's version, its number of records, and its serial."""
    change = steps.publish_staged(service, order, event["prefix"])
    return {"version": change.version, "records": change.records, "serial": change.serial}
