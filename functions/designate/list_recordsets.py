"""GET /v2/zones/{zone_id}/recordsets: a zone's record sets as they are or were, filtered and sorted as asked."""

from zonewright.actions import recordsets, zones
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of what it holds."""
    everywhere = designate.all_projects(request)
    zone = zones.visible(run.table, reading.zone_id(request), request.caller, everywhere=everywhere)
    wanted, version = selecting.record_sets(request), reading.version_number(request)
    found = recordsets.listing(run.table, run.bucket, zone, wanted, version)
    return writing.recordset_list(request, found)
