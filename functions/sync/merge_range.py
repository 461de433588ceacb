"""MergeRange: merge the runs of one range, compare them with the old version, and store chunks and differences."""

from zonewright.background import Event, task
from zonewright.model.order import Order
from zonewright.service import Service
from zonewright.sync import steps


@task
def handler(service: Service, order: Order, event: Event) -> Event:
    """Merge the range number `range`, and stage the result for Publish."""
    steps.merge_range(service, order, event["prefix"], event["range"])
    return {"range": event["range"]}
