"""GET /v2/zones/{zone_id}/recordsets/{recordset_id}: one record set."""

from zonewright.actions import recordsets, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, and the record set in it."""
    wanted = reading.path_id(request, "recordset_id")
    everywhere = designate.all_projects(request)
    zone = zones.visible(run.table, reading.zone_id(request), request.caller, everywhere=everywhere)
    found = recordsets.get(run.table, run.bucket, zone, wanted)
    return writing.recordset(request, found)
