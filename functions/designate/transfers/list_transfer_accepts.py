"""GET /v2/zones/tasks/transfer_accepts: the zones the caller's project took over."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read a page of them."""
    wanted = filters.acceptances(request)
    found, total = handovers.acceptances(service, requests.scope(request), wanted)
    return view.acceptance_list(request, wanted, found, total)
