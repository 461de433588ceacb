"""GET /v2/zones/tasks/transfer_accepts/{transfer_accept_id}: one zone taken over."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    wanted = requests.path_id(request, "transfer_accept_id")
    everywhere = dialect.all_projects(request)
    return view.acceptance(request, handovers.acceptance(run.table, wanted, request.caller, everywhere=everywhere))
