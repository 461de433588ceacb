"""GET /v2/zones/tasks/transfer_requests: the offers of zones by and to the caller's project."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, lists, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = lists.offers(request)
    found = handovers.offers(run.table, requests.scope(request), wanted)
    return view.offer_list(request, wanted, found)
