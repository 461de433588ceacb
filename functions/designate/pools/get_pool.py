"""GET /v2/pools/{pool_id}: show a pool of name servers, for operators."""

from zonewright.actions import pools
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.pools import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and the id, and return the pool."""
    requests.check_operator(request)
    return view.pool(request, pools.get(service, requests.path_id(request, "pool_id")))
