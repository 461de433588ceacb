"""Probe: has the primary's serial moved? Equal serials end a refresh here."""

from zonewright import worker
from zonewright.runtime import Runtime
from zonewright.task import Event, task
from zonewright.workflow import Order


@task
def handler(order: Order, event: Event, run: Runtime) -> Event:  # noqa: ARG001 - every task has this form
    """Ask the primary for its SOA; `moved` tells whether there is anything to transfer."""
    return {"moved": worker.probe(run.table, run.vault, run.settings, order, run.now)}
