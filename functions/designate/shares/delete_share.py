"""DELETE /v2/zones/{zone_id}/shares/{share_id}: end a share of a zone."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, end the share."""
    wanted = requests.path_id(request, "share_id")
    zone = zones.owned(run.table, requests.zone_id(request), request.caller)
    shares.delete(run.table, zone, wanted, run.now())
    return view.deleted()
