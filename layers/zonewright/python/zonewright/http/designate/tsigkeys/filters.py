"""Filters and sort keys of the list of TSIG keys (contract `designate.md`, section 10)."""

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.message import Request
from zonewright.model.selection import Selection
from zonewright.model.tsigkey import TsigKey

FILTERS: Filters[TsigKey] = {
    "scope": lambda key: [key.scope],
    "algorithm": lambda key: [key.algorithm],
    "name": lambda key: [key.name],
}

ORDERS: Orders[TsigKey] = {
    "created_at": None,
    "id": lambda key: key.id,
    "updated_at": lambda key: key.updated or clock.EPOCH,
    "name": lambda key: key.name,
}


def tsig_keys(request: Request) -> Selection[TsigKey]:
    """Return the selection of TSIG keys that the query describes. Its marker is a key's id."""
    return lists.by_id(request, FILTERS, ORDERS)
