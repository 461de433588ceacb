"""GET /v2/zones/{zone_id}/shares: with whom a zone is shared."""

from zonewright.actions import shares, zones
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import shares as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of its shares."""
    wanted = selecting.shares(request)
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    found, total = shares.listing(run.table, zone, wanted)
    return writing.share_list(request, wanted, found, total)
