"""GET /v2/zones: the zones of the caller's project, or of all, filtered and sorted as asked."""

from zonewright.actions import zones
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = selecting.zones(request)
    found = zones.listing(run.table, reading.scope(request), wanted)
    return writing.zone_list(request, run.settings, wanted, found)
