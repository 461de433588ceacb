"""Filters and sort keys of the list of a zone's shares (contract `designate.md`, section 10)."""

from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.message import Request
from zonewright.model.selection import Selection
from zonewright.model.share import Share

FILTERS: Filters[Share] = {"target_project_id": lambda share: [share.target_id]}

ORDERS: Orders[Share] = {
    **dict.fromkeys(("created_at", "updated_at")),
    "id": lambda share: share.id,
    "target_project_id": lambda share: share.target_id,
}


def shares(request: Request) -> Selection[Share]:
    """Return the selection of shares that the query describes. Its marker is a share's id."""
    return lists.by_id(request, FILTERS, ORDERS)
