"""DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}: take a record set away."""

from zonewright.actions import recordsets, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the record set in its zone, take it away."""
    wanted = reading.path_id(request, "recordset_id")
    zone = zones.usable(run.table, reading.zone_id(request), request.caller)
    found = recordsets.get(run.table, run.bucket, zone, wanted)
    gone = recordsets.delete(run.table, run.bucket, run.settings, found, request.caller, run.now)
    return writing.deleted(request, run.settings, gone)
