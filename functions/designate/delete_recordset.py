"""DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}: take a record set away."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the record set in its zone, take it away."""
    wanted = requests.path_id(request, "recordset_id")
    zone = zones.usable(run.table, requests.zone_id(request), request.caller)
    found = recordsets.get(run.table, run.bucket, zone, wanted)
    gone = recordsets.delete(run.table, run.bucket, run.settings, found, request.caller, run.now)
    return view.deleted(request, run.settings, gone)
