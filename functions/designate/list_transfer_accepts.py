"""GET /v2/zones/tasks/transfer_accepts: the zones the caller's project took over."""

from zonewright.actions import handovers
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = selecting.acceptances(request)
    found, total = handovers.acceptances(run.table, reading.scope(request), wanted)
    return writing.acceptance_list(request, wanted, found, total)
