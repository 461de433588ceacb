"""GET /zones/{zoneId}/recordsets: list the record sets of a zone."""

from zonewright.actions import recordset_pages, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.listed)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of its record sets."""
    listed = query.listed(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller)
    page = recordset_pages.of_zone(service, zone, listed.wanted)
    return view.listed(request, listed, page, recordset_pages.group_names(service, page.items))
