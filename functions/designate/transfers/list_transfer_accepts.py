"""GET /v2/zones/tasks/transfer_accepts: the zones the caller's project took over."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, lists, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = lists.acceptances(request)
    found, total = handovers.acceptances(run.table, requests.scope(request), wanted)
    return view.acceptance_list(request, wanted, found, total)
