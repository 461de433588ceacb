"""Filters and sort keys of the list of zones (contract `designate.md`, section 4)."""

from datetime import datetime

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.designate.zones.view import status
from zonewright.http.message import Request
from zonewright.model.selection import Selection
from zonewright.model.zone import Zone


def filters_at(now: datetime) -> Filters[Zone]:
    """Return the filters of zones as they are shown at `now`."""
    return {
        "type": lambda zone: [zone.type],
        "status": lambda zone: [status(zone, now)],
        "ttl": lambda zone: [str(zone.ttl)],
        "email": lambda zone: [zone.email],
        "description": lambda zone: [zone.description] if zone.description is not None else [],
        "name": lambda zone: [zone.name],
    }


def orders_at(now: datetime) -> Orders[Zone]:
    """Return the orders of zones as they are shown at `now`."""
    return {
        "created_at": None,
        "id": lambda zone: zone.id,
        "updated_at": lambda zone: zone.updated or clock.EPOCH,
        "name": lambda zone: zone.name.lower(),
        "tenant_id": lambda zone: zone.group_id,
        "serial": lambda zone: zone.serial or 0,  # as a number, because RFC 1982 has no total order
        "ttl": lambda zone: zone.ttl,
        "status": lambda zone: status(zone, now),
    }


FILTERS, ORDERS = filters_at(clock.EPOCH), orders_at(clock.EPOCH)
"""The names of the parameters, for the API document."""


def zones(request: Request) -> Selection[Zone]:
    """Return the selection of zones that the query describes. Its marker is a zone's id."""
    return lists.by_id(request, filters_at(request.received), orders_at(request.received))
