"""POST /v2/zones/{zone_id}/recordsets: put a record set into a zone of ours."""

from zonewright.actions import recordsets, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import recordsets as bodies
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read the record set, put it there."""
    zone = zones.usable(run.table, reading.zone_id(request), request.caller)
    name, rdtype, content = bodies.new_recordset(request)
    made = recordsets.create(run.table, run.bucket, run.settings, zone, name, rdtype, content, request.caller, run.now)
    return writing.created(request, run.settings, made)
