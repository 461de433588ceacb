"""POST /v2/zones/{zone_id}/tasks/transfer_requests: offer a zone to another project."""

from zonewright.actions import handovers, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import handovers as bodies
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, offer it."""
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    body = bodies.new_request(request)
    offer = handovers.offer(run.table, zone, body.target_project_id, body.description, run.now())
    return writing.created(request, offer)
