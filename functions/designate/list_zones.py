"""GET /v2/zones: the zones of the caller's project, oldest first."""

from zonewright import zones
from zonewright.http import designate
from zonewright.http.designate import reading, writing
from zonewright.http.message import Request, Response
from zonewright.runtime import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    page = reading.zone_page(request)
    found = zones.listing(run.table, reading.project_id(request), page.limit, page.marker)
    return writing.zone_list(request, run.settings, page, found)
