"""POST /v2/zones/{zone_id}/tasks/transfer_requests: offer a zone to another project."""

from zonewright.actions import handovers, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import body as bodies
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, offer it."""
    zone = zones.owned(run.table, requests.zone_id(request), request.caller)
    body = bodies.new_request(request)
    offer = handovers.offer(run.table, zone, body.target_project_id, body.description, run.now())
    return view.created(request, offer)
