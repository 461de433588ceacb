"""GET /zones/{zoneId}/dryruns/{dryRunId}: what a sync would do, and a page of the record sets it would do it to."""

from zonewright.actions import zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect, recordsets
from zonewright.http.vinyldns.dryruns import report
from zonewright.service import Service
from zonewright.sync import dryruns


@dialect.endpoint(query=recordsets.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone, the dry run, and that part of what it found."""
    page = recordsets.page(request)
    zone = dialect.readable(zones.get(service.table, dialect.zone_id(request)), request.caller, " dry runs")
    found = dryruns.get(service.table, zone, request.parameters["dryRunId"], service.now())
    return report(request, zone, found, page, dryruns.moves(service.bucket, found, page.start, page.limit))
