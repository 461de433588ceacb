"""POST /v2/zones/tasks/transfer_accepts: accept an offer of a zone."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect
from zonewright.http.designate.transfers import body as bodies
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the offer's id and key, accept the offer, and return the acceptance."""
    body = bodies.accept(request)
    offer_id, key = body.zone_transfer_request_id, body.key
    accepted = handovers.accept(service, offer_id, key, caller=request.caller)
    return view.accepted(request, accepted)
