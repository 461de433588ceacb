"""GET /v2/zones/tasks/transfer_requests/{transfer_request_id}: show an offer of a zone."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the offer and return it."""
    wanted = requests.path_id(request, "transfer_request_id")
    everywhere = dialect.all_projects(request)
    return view.shown(request, handovers.get(service, wanted, caller=request.caller, everywhere=everywhere))
