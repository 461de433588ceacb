"""GET /v2/zones/tasks/transfer_requests: list the offers by and to the caller's project."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of offers."""
    wanted = filters.offers(request)
    found = handovers.offers(service, requests.scope(request), wanted)
    return view.offer_list(request, wanted, found)
