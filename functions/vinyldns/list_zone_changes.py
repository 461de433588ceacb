"""GET /zones/{zoneId}/changes: a zone's history, newest first."""

from zonewright.actions import zones
from zonewright.http import vinyldns
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@vinyldns.endpoint(query=vinyldns.page)
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of what happened to it."""
    page = vinyldns.page(request)
    zone = vinyldns.readable(zones.get(run.table, vinyldns.zone_id(request)), request.caller, " changes")
    return vinyldns.zone_changes(zone, page, zones.history(run.table, zone, page.limit, page.start_from))
