"""Record sets as /v2 shows them (contract `designate.md`, section 9)."""

from typing import TYPE_CHECKING, Any

from zonewright import names
from zonewright.http.designate.writing import listing, time, zone_url
from zonewright.http.message import Request, Response
from zonewright.zone import Zone

if TYPE_CHECKING:
    from zonewright import recordsets


def recordset_list(request: Request, zone: Zone, found: "recordsets.Page") -> Response:
    """A page of a zone's record sets."""
    documents = [recordset_fields(request, zone, item) for item in found.items]
    return listing(request, "recordsets", documents, found.total, found.next_marker)


def recordset(request: Request, zone: Zone, found: "recordsets.RecordSet") -> Response:
    """One record set of a zone."""
    return Response.json(200, recordset_fields(request, zone, found))


def recordset_fields(request: Request, zone: Zone, item: "recordsets.RecordSet") -> dict[str, Any]:
    """One record set; it is as active as the contents it was read from."""
    return {
        "id": item.id,
        "zone_id": zone.id,
        "zone_name": zone.name,
        "project_id": zone.group_id,
        "name": item.rrset.owner(names.absolute(zone.name)).to_text(),
        "type": item.rrset.type_text(),
        "records": item.rrset.texts(),
        "ttl": item.rrset.ttl,
        "description": None,
        "status": "ACTIVE",
        "action": "NONE",
        "version": 1,
        "created_at": time(zone.created),
        "updated_at": None,
        "links": {"self": f"{zone_url(request, zone.id)}/recordsets/{item.id}"},
    }
