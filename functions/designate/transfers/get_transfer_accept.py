"""GET /v2/zones/tasks/transfer_accepts/{transfer_accept_id}: show an acceptance of a zone."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the acceptance and return it."""
    wanted = requests.path_id(request, "transfer_accept_id")
    everywhere = dialect.all_projects(request)
    return view.acceptance(request, handovers.acceptance(service, wanted, caller=request.caller, everywhere=everywhere))
