"""GET /zones/{zoneId}/dryruns/{dryRunId}: what a sync would do, and a page of the record sets it would do it to."""

from zonewright.actions import zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.dryruns import view
from zonewright.http.vinyldns.recordsets import query
from zonewright.service import Runtime
from zonewright.sync import dryruns


@dialect.endpoint(query=query.page)
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, the dry run, and that part of what it found."""
    page = query.page(request)
    zone = dialect.readable(zones.get(run.table, dialect.zone_id(request)), request.caller, " dry runs")
    found = dryruns.get(run.table, zone, request.parameters["dryRunId"], run.now())
    return view.report(request, zone, found, page, dryruns.moves(run.bucket, found, page.start, page.limit))
