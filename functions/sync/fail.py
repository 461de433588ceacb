"""Fail: release the zone with its old contents and write down why."""

from zonewright.background import Event, reason_of, task
from zonewright.service import Runtime
from zonewright.sync import dryruns
from zonewright.sync.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:
    """Close the sync, or the dry run, as failed, if it is still open; the answer says whether it had ended well."""
    reason = reason_of(event["error"])
    return {"reason": reason, "succeeded": dryruns.abort(run.table, run.settings, order, reason, run.now())}
