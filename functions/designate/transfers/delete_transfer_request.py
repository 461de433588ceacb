"""DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}: delete an offer of a zone."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the offer and delete it."""
    handovers.withdraw(service, requests.path_id(request, "transfer_request_id"), caller=request.caller)
    return view.deleted()
