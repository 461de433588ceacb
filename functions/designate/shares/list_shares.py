"""GET /v2/zones/{zone_id}/shares: list the shares of a zone, or the one with the caller's project."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.shares import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of its shares, as far as the caller may see them."""
    wanted = filters.shares(request)
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    found, total = shares.listing(service, zone, wanted, caller=request.caller)
    return view.share_list(request, wanted, found, total)
