"""POST /v2/zones/{zone_id}/tasks/transfer_requests: offer a zone to another project."""

from zonewright.actions import handovers, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import body as bodies
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, offer it, and return the offer."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    body = bodies.new_request(request)
    offer = handovers.offer(service, zone, body.target_project_id, body.description)
    return view.created(request, offer)
