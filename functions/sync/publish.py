"""Publish: make the merged ranges the zone's contents, in one transaction."""

from zonewright.background import Event, task
from zonewright.service import Runtime
from zonewright.sync import steps
from zonewright.sync.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Publish what is staged; the answer says which version the zone shows now."""
    change = steps.publish_staged(run.table, run.bucket, run.settings, order, event["prefix"], run.now())
    return {"version": change.version, "records": change.records, "serial": change.serial}
