"""GET /zones/{zoneId}/changes: a zone's history, newest first."""

from zonewright.actions import zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.service import Service


@dialect.endpoint(query=dialect.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone, read a page of what happened to it."""
    page = dialect.page(request)
    zone = dialect.readable(zones.get(service.table, dialect.zone_id(request)), request.caller, " changes")
    return dialect.zone_changes(zone, page, zones.history(service.table, zone, page.limit, page.start_from))
