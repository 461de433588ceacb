"""GET /v2/zones/{zone_id}/shares/{share_id}: one share of a zone."""

from zonewright.actions import shares, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import shares as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, and the share of it."""
    wanted = reading.path_id(request, "share_id")
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    return writing.shown(request, shares.get(run.table, zone, wanted))
