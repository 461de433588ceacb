"""GET /v2/zones/tasks/transfer_requests: the offers of zones by and to the caller's project."""

from zonewright.actions import handovers
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = selecting.offers(request)
    found = handovers.offers(run.table, reading.scope(request), wanted)
    return writing.offer_list(request, wanted, found)
