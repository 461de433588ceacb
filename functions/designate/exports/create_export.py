"""POST /v2/zones/{zone_id}/tasks/export: name the zone's contents as they are now, to be read as a master file."""

from zonewright.actions import exports, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, name its version; the body, if any, is not read."""
    zone = zones.usable(run.table, requests.zone_id(request), request.caller)
    return view.begun(request, exports.begin(run.table, run.settings, zone, request.caller, run.now()))
