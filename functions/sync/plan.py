"""Plan: what is staged, as the numbers that the maps go over."""

from zonewright.background import Event, reason_of, task
from zonewright.service import Runtime
from zonewright.sync import steps
from zonewright.sync.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:  # noqa: ARG001 - every task has this form
    """Read the plan under the prefix that Transfer ended with; `many` items are too many for one execution."""
    prefix = reason_of(event["staged"])
    batches, ranges = steps.staged(run.bucket, prefix)
    return {
        "prefix": prefix,
        "many": batches + ranges > run.settings.inline_map_items,
        "batches": list(range(batches)),
        "ranges": list(range(ranges)),
    }
