"""GET /zones/{zoneId}/changes: list a zone's changes, newest first."""

from zonewright.actions import changes, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of its changes."""
    page = query.page(request)
    zone = dialect.readable_history(zones.get(service, dialect.zone_id(request)), request.caller)
    found = changes.listing(service, zone, limit=page.limit, start_from=page.start_from)
    return view.zone_changes(zone, page, found)
