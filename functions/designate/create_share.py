"""POST /v2/zones/{zone_id}/shares: share a zone with another project."""

from zonewright.actions import shares, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import shares as bodies
from zonewright.http.designate.writing import shares as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, share it."""
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    share = shares.create(run.table, zone, bodies.target(request), run.now())
    return writing.created(request, share)
