"""POST /v2/zones/{zone_id}/shares: share a zone with another project."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, share it."""
    zone = zones.owned(run.table, requests.zone_id(request), request.caller)
    share = shares.create(run.table, zone, body.target(request), run.now())
    return view.created(request, share)
