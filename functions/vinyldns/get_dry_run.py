"""GET /zones/{zoneId}/dryruns/{dryRunId}: what a sync would do, and a page of the record sets it would do it to."""

from zonewright.actions import dryruns, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.dryruns import view
from zonewright.http.vinyldns.recordsets import query
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone, the dry run, and that part of what it found."""
    page = query.page(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller, " dry runs")
    found = dryruns.get(service, zone, request.parameters["dryRunId"])
    return view.report(request, zone, found, page, dryruns.moves(service, found, start=page.start, limit=page.limit))
