"""POST /v2/zones/{zone_id}/tasks/export: name the zone's contents as they are now, to be read as a master file."""

from zonewright.actions import exports, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, name its version; the body, if any, is not read."""
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    return view.begun(request, exports.begin(service, zone, caller=request.caller))
