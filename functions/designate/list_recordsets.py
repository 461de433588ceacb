"""GET /v2/zones/{zone_id}/recordsets: a zone's record sets in canonical order, from its contents."""

from zonewright import zones
from zonewright.http import designate
from zonewright.http.designate import reading, writing
from zonewright.http.message import Request, Response
from zonewright.runtime import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of what it holds."""
    page = reading.recordset_page(request)
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    found = zones.record_sets(run.table, run.bucket, zone, page.limit, page.marker)
    return writing.recordset_list(request, zone, found)
