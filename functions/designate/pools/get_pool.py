"""GET /v2/pools/{pool_id}: a pool of name servers, for operators."""

from zonewright.http.designate import dialect, requests
from zonewright.http.designate.pools import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """See whether the caller may and it is the one there is, show it."""
    requests.operators_pool(request, service.settings)
    return view.pool(request, service.settings)
