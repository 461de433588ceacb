"""GET /zones/{zoneId}/dryruns/{dryRunId}: show the report of a dry run, with a page of its record sets."""

from zonewright.actions import dryruns, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.dryruns import view
from zonewright.http.vinyldns.recordsets import query
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and the dry run, and return the report with the page."""
    page = query.page(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller, " dry runs")
    found = dryruns.get(service, zone, request.parameters["dryRunId"])
    return view.report(request, zone, found, page, dryruns.moves(service, found, start=page.start, limit=page.limit))
