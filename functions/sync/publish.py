"""Publish: make the merged ranges the zone's contents, in one transaction."""

from zonewright import worker
from zonewright.runtime import Runtime
from zonewright.task import Event, task
from zonewright.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Publish what is staged; the answer says which version the zone shows now."""
    change = worker.publish_staged(run.table, run.bucket, run.settings, order, event["prefix"], run.now())
    return {"version": change.version, "records": change.records, "serial": change.serial}
