"""GET /v2/pools: list the one pool of name servers, for operators."""

from zonewright.http.designate import dialect, requests
from zonewright.http.designate.pools import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and return the pool."""
    requests.operators_pool(request, service.settings)
    return view.pool_list(request, service.settings)
