"""GET /zones/{zoneId}/changes: a zone's history, newest first."""

from zonewright.actions import zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Runtime


@dialect.endpoint(query=query.page)
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of what happened to it."""
    page = query.page(request)
    zone = dialect.readable(zones.get(run.table, dialect.zone_id(request)), request.caller, " changes")
    return view.zone_changes(zone, page, zones.history(run.table, zone, page.limit, page.start_from))
