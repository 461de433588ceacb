"""GET /v2/zones/{zone_id}/shares/{share_id}: show a share of a zone."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and its share, and return the share."""
    wanted = requests.path_id(request, "share_id")
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    return view.shown(request, shares.get(service, zone, wanted, caller=request.caller))
