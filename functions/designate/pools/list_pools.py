"""GET /v2/pools: list the pools of name servers, filtered and sorted, for operators."""

from zonewright.actions import pools
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.pools import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and return a page of pools."""
    requests.check_operator(request)
    wanted = filters.pools(request)
    return view.pool_list(request, wanted, pools.listing(service, wanted))
