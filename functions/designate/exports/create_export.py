"""POST /v2/zones/{zone_id}/tasks/export: create an export of the zone's current version."""

from zonewright.actions import exports, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, store its text and the task, and return the task. The body is not read."""
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    return view.begun(request, exports.begin(service, zone, caller=request.caller))
