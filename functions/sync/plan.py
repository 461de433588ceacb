"""Plan: list the numbers of staged batches and ranges for the maps."""

from zonewright.background import Event, reason_of, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:  # noqa: ARG001 - every task has this form
    """Read the plan under the prefix from Transfer. `many` says that one execution cannot have so many items."""
    prefix = reason_of(event["staged"])
    batches, ranges = steps.staged(service, prefix)
    return {
        "prefix": prefix,
        "many": batches + ranges > service.settings.inline_map_items,
        "batches": list(range(batches)),
        "ranges": list(range(ranges)),
    }
