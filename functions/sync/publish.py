"""Publish: make the merged ranges the zone's contents, in one transaction."""

from zonewright.background import Event, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:
    """Publish what is staged; the answer says which version the zone shows now."""
    change = steps.publish_staged(service, order, event["prefix"])
    return {"version": change.version, "records": change.records, "serial": change.serial}
