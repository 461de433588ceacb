"""PUT /v2/zones/{zone_id}/recordsets/{recordset_id}: change what a record set holds."""

from zonewright.actions import recordsets, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import recordsets as bodies
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the record set in its zone, read the change against it, make it."""
    wanted, managed = reading.path_id(request, "recordset_id"), designate.edits_managed(request)
    zone = zones.usable(run.table, reading.zone_id(request), request.caller)
    found = recordsets.get(run.table, run.bucket, zone, wanted)
    content = bodies.recordset_content(request, found)
    changed = recordsets.update(
        run.table, run.bucket, run.settings, found, content, request.caller, run.now, managed=managed
    )
    return writing.updated(request, run.settings, changed)
