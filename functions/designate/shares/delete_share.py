"""DELETE /v2/zones/{zone_id}/shares/{share_id}: end a share, as the zone's owner or as the project it is for."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and delete the share."""
    wanted = requests.path_id(request, "share_id")
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    shares.delete(service, zone, wanted, caller=request.caller)
    return view.deleted()
