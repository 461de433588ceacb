"""Filters and sort keys of the lists of zone names (contract `designate.md`, section 10)."""

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.message import Request
from zonewright.model.namelists import TEXT, Entry, NameList
from zonewright.model.selection import Selection

FILTERS: dict[NameList, Filters[Entry]] = {which: {TEXT[which]: lambda entry: [entry.text]} for which in NameList}

ORDERS: dict[NameList, Orders[Entry]] = {
    which: {
        "created_at": None,
        "id": lambda entry: entry.id,
        "updated_at": lambda entry: entry.updated or clock.EPOCH,
        TEXT[which]: lambda entry: entry.text.lower(),
    }
    for which in NameList
}


def entries(request: Request, which: NameList) -> Selection[Entry]:
    """Return the selection of entries that the query describes. Its marker is an entry's id."""
    return lists.by_id(request, FILTERS[which], ORDERS[which])
