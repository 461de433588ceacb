"""POST /v2/zones/{zone_id}/shares: share a zone with another project."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, share it, and return the share."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    share = shares.create(service, zone, body.target(request))
    return view.created(request, share)
