"""GET /v2/zones/{zone_id}/recordsets: a zone's record sets as they are or were, filtered and sorted as asked."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of what it holds."""
    everywhere = dialect.all_projects(request)
    zone = zones.visible(run.table, requests.zone_id(request), request.caller, everywhere=everywhere)
    wanted, version = filters.record_sets(request), requests.version_number(request)
    found = recordsets.listing(run.table, run.bucket, zone, wanted, version)
    return view.recordset_list(request, found)
