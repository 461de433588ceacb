"""Transfer: copy the zone from its primary; a small zone is published here, a large one staged in batches."""

from zonewright.background import Event, Staged, task
from zonewright.service import Runtime
from zonewright.sync import steps
from zonewright.sync.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Run the transfer to the sync's end; what is staged instead goes on with Plan, by an error that says where."""
    prefix = steps.transfer(run.table, run.bucket, run.vault, run.settings, order, event["attempt"], run.now)
    if prefix:
        raise Staged(prefix)
    return {}
