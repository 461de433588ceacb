"""Filters and sort keys of the lists of record sets (contract `designate.md`, section 9)."""

from zonewright import clock
from zonewright.errors import InvalidId
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.designate.requests import cut, uuid_of
from zonewright.http.message import Request
from zonewright.model.recordset import RecordSet
from zonewright.model.selection import Selection

# The cheapest filter comes first, because filters are tried in this order.
FILTERS: Filters[RecordSet] = {
    "status": lambda _: ["ACTIVE"],
    "ttl": lambda entry: [] if entry.rrset.ttl is None else [str(entry.rrset.ttl)],
    "description": lambda entry: [text] if (text := entry.rrset.notes.description) is not None else [],
    "type": lambda entry: [entry.rrset.type_text()],
    "name": lambda entry: [entry.name],
    "data": lambda entry: entry.rrset.every_text(),
}

# Equal keys keep the order in which zones were created and, within a zone, canonical order (RFC 4034 section 6.1).
ORDERS: Orders[RecordSet] = {
    "created_at": lambda entry: entry.rrset.notes.created or entry.zone.created,
    "id": lambda entry: entry.id,
    "updated_at": lambda entry: entry.rrset.notes.updated or clock.EPOCH,
    "zone_id": lambda entry: entry.zone.id,
    "tenant_id": lambda entry: entry.zone.group_id,
    "name": lambda entry: entry.order,
    "type": lambda entry: entry.rrset.type_text(),
    "ttl": lambda entry: -1 if entry.rrset.ttl is None else entry.rrset.ttl,
    "records": lambda entry: entry.rrset.written(),
}

# Within a zone, the order of names is canonical order. All entries have the same zone and project.
ORDERS_OF_ONE_ZONE: Orders[RecordSet] = {**ORDERS, **dict.fromkeys(("name", "zone_id", "tenant_id"))}


def record_sets(request: Request) -> Selection[RecordSet]:
    """Return the selection of a zone's record sets that the query describes.

    The marker is a record set's id, or the text from `links.next`. `requests.version_number` reads the version. Raise
    what `lists.by_id` raises, without InvalidMarker.
    """
    query = lists.parameters(request, {*FILTERS, "version"})
    return lists.select(request, query, FILTERS, ORDERS_OF_ONE_ZONE, query.get("marker"))


def all_record_sets(request: Request) -> tuple[str | None, Selection[RecordSet]]:
    """Return the id of the zone in the query, if any, and the selection of record sets. Raise also InvalidId."""
    query = lists.parameters(request, {*FILTERS, "zone_id"})
    zone_id = query.get("zone_id")
    if zone_id is not None:
        zone_id = uuid_of(zone_id, InvalidId(name="zone_id", value=cut(zone_id)))
    return zone_id, lists.select(request, query, FILTERS, ORDERS, query.get("marker"))
