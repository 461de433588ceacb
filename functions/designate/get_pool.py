"""GET /v2/pools/{pool_id}: a pool of name servers, for operators."""

from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import pools as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """See whether the caller may and it is the one there is, show it."""
    reading.operators_pool(request, run.settings)
    return writing.pool(request, run.settings)
