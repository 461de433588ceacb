"""POST /v2/zones/tasks/transfer_accepts: take over a zone that was offered."""

from zonewright.actions import handovers
from zonewright.http import designate
from zonewright.http.designate.bodies import handovers as bodies
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read which and the key, accept it."""
    body = bodies.accept(request)
    offer_id, key = body.zone_transfer_request_id, body.key
    accepted = handovers.accept(run.table, run.settings, offer_id, key, request.caller, run.now())
    return writing.accepted(request, accepted)
