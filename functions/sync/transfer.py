"""Transfer: copy the zone from its primary; a small zone is published here, a large one staged in batches."""

from zonewright.runtime import Runtime
from zonewright.sync import steps
from zonewright.sync.workflow import Order
from zonewright.task import Event, Staged, task


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Run the transfer to the sync's end; what is staged instead goes on with Plan, by an error that says where."""
    prefix = steps.transfer(run.table, run.bucket, run.vault, run.settings, order, event["attempt"], run.now)
    if prefix:
        raise Staged(prefix)
    return {}
