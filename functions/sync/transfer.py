"""Transfer: copy the zone from its primary; a small zone is published here, a large one staged in batches."""

from zonewright import worker
from zonewright.contents import staging
from zonewright.runtime import Runtime
from zonewright.task import Event, task
from zonewright.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Run the transfer; `batches` and `ranges` are the numbers the maps go over, none where all is done."""
    prefix = staging.prefix(order.sync_id, event["attempt"])
    batches, ranges = worker.transfer(run.table, run.bucket, run.vault, run.settings, order, prefix, run.now)
    return {"prefix": prefix, "staged": batches > 0, "batches": list(range(batches)), "ranges": list(range(ranges))}
