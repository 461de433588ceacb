"""GET /zones/{zoneId}: one zone, and what the caller may do to it."""

from zonewright.actions import zones
from zonewright.http import vinyldns
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@vinyldns.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it and its owner group."""
    zone = vinyldns.readable(zones.get(run.table, vinyldns.zone_id(request)), request.caller)
    return vinyldns.zone_info(request, zone, zones.owner(run.table, zone))
