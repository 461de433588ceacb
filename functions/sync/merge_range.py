"""MergeRange: merge the runs of one range, compare them with the old version, store chunks and differences."""

from zonewright.background import Event, task
from zonewright.service import Runtime
from zonewright.sync import steps
from zonewright.sync.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Merge range `range`; what came of it is staged for Publish."""
    steps.merge_range(run.table, run.bucket, run.settings, order, event["prefix"], event["range"])
    return {"range": event["range"]}
