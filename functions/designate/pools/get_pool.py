"""GET /v2/pools/{pool_id}: show the pool of name servers, for operators."""

from zonewright.http.designate import dialect, requests
from zonewright.http.designate.pools import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and the id, and return the pool."""
    requests.operators_pool(request, service.settings)
    return view.pool(request, service.settings)
