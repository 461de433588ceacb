"""GET /v2/zones/tasks/transfer_requests/{transfer_request_id}: one offer of a zone."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    wanted = requests.path_id(request, "transfer_request_id")
    everywhere = dialect.all_projects(request)
    return view.shown(request, handovers.get(run.table, wanted, request.caller, everywhere=everywhere))
