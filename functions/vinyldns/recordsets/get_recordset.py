"""GET /zones/{zoneId}/recordsets/{recordSetId}: show a record set."""

from zonewright.actions import recordset_pages, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the record set that the caller may view, and return it."""
    zone = zones.get(service, dialect.zone_id(request))
    found = recordset_pages.viewed(service, zone, query.record_set_id(request), caller=request.caller)
    owners = recordset_pages.group_names(service, [found])
    return view.single(zone, found, owners.get(found.rrset.notes.owner or ""))
