"""PUT /v2/zones/{zone_id}/recordsets/{recordset_id}: change what a record set holds."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the record set in its zone, read the change against it, make it."""
    wanted, managed = requests.path_id(request, "recordset_id"), dialect.edits_managed(request)
    zone = zones.usable(run.table, requests.zone_id(request), request.caller)
    found = recordsets.get(run.table, run.bucket, zone, wanted)
    content = body.recordset_content(request, found)
    changed = recordsets.update(
        run.table, run.bucket, run.settings, found, content, request.caller, run.now, managed=managed
    )
    return view.updated(request, run.settings, changed)
