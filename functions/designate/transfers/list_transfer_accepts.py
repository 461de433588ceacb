"""GET /v2/zones/tasks/transfer_accepts: list the acceptances of the caller's project."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of acceptances."""
    wanted = filters.acceptances(request)
    found, total = handovers.acceptances(service, requests.scope(request), wanted)
    return view.acceptance_list(request, wanted, found, total)
