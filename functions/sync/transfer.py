"""Transfer: copy the zone from its primary; a small zone is published here, a large one staged in batches."""

from zonewright import worker
from zonewright.runtime import Runtime
from zonewright.task import Event, task
from zonewright.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Run the transfer; `batches` and `ranges` are the numbers the maps go over, none where all is done.

    `many` tells that they are too many for maps within the execution.
    """
    done = worker.transfer(run.table, run.bucket, run.vault, run.settings, order, event["attempt"], run.now)
    return {
        "prefix": done.prefix,
        "staged": done.batches > 0,
        "many": done.batches + done.ranges > run.settings.inline_map_items,
        "batches": list(range(done.batches)),
        "ranges": list(range(done.ranges)),
    }
