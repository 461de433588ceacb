"""Filters and sort keys of the list of pools (contract `designate.md`, section 10)."""

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.message import Request
from zonewright.model.pool import Pool
from zonewright.model.selection import Selection

FILTERS: Filters[Pool] = {"name": lambda pool: [pool.name]}

ORDERS: Orders[Pool] = {
    "created_at": None,
    "id": lambda pool: pool.id,
    "updated_at": lambda pool: pool.updated or clock.EPOCH,
    "name": lambda pool: pool.name,
}


def pools(request: Request) -> Selection[Pool]:
    """Return the selection of pools that the query describes. Its marker is a pool's id."""
    return lists.by_id(request, FILTERS, ORDERS)
