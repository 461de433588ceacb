"""POST /v2/zones/{zone_id}/shares: share a zone with another project."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, share it."""
    zone = zones.owned(service.table, requests.zone_id(request), request.caller)
    share = shares.create(service.table, zone, body.target(request), service.now())
    return view.created(request, share)
