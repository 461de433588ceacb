"""Filters and sort keys of the list of zones (contract `designate.md`, section 4)."""

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.designate.zones.view import STATUS
from zonewright.http.message import Request
from zonewright.model.selection import Selection
from zonewright.model.zone import Zone

FILTERS: Filters[Zone] = {
    "type": lambda zone: [zone.type],
    "status": lambda zone: [STATUS[zone.state]],
    "ttl": lambda zone: [str(zone.ttl)],
    "email": lambda zone: [zone.email],
    "description": lambda zone: [zone.description] if zone.description is not None else [],
    "name": lambda zone: [zone.name],
}

# Serials are sorted as numbers, because RFC 1982 has no total order.
ORDERS: Orders[Zone] = {
    "created_at": None,
    "id": lambda zone: zone.id,
    "updated_at": lambda zone: zone.updated or clock.EPOCH,
    "name": lambda zone: zone.name.lower(),
    "tenant_id": lambda zone: zone.group_id,
    "serial": lambda zone: zone.serial or 0,
    "ttl": lambda zone: zone.ttl,
    "status": lambda zone: STATUS[zone.state],
}


def zones(request: Request) -> Selection[Zone]:
    """Return the selection of zones that the query describes. Its marker is a zone's id."""
    return lists.by_id(request, FILTERS, ORDERS)
