"""Filters and sort keys of the lists of imports and exports (contract `designate.md`, sections 6 and 7)."""

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.message import Request
from zonewright.model.selection import Selection
from zonewright.model.zonetask import ZoneTask

FILTERS: Filters[ZoneTask] = {
    "status": lambda task: [task.status],
    "message": lambda task: [] if task.message is None else [task.message],
    "zone_id": lambda task: [] if task.zone_id is None else [task.zone_id],
}

ORDERS: Orders[ZoneTask] = {
    "created_at": None,
    "id": lambda task: task.id,
    "updated_at": lambda task: task.updated or clock.EPOCH,
}


def zone_tasks(request: Request) -> Selection[ZoneTask]:
    """Return the selection of imports or exports that the query describes. Its marker is a task's id."""
    return lists.by_id(request, FILTERS, ORDERS)
