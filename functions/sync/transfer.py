"""Transfer: copy the zone from its primary; a small zone is published here, a large one staged in batches."""

from zonewright import worker
from zonewright.runtime import Runtime
from zonewright.task import Event, Staged, task
from zonewright.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Run the transfer to the sync's end; what is staged instead goes on with Plan, by an error that says where."""
    prefix = worker.transfer(run.table, run.bucket, run.vault, run.settings, order, event["attempt"], run.now)
    if prefix:
        raise Staged(prefix)
    return {}
