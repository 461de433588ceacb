"""POST /v2/zones/{zone_id}/tasks/export: name the zone's contents as they are now, to be read as a master file."""

from zonewright.actions import exports, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zonetasks as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, name its version; the body, if any, is not read."""
    zone = zones.usable(run.table, reading.zone_id(request), request.caller)
    return writing.begun(request, exports.begin(run.table, run.settings, zone, request.caller, run.now()))
