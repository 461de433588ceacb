"""DELETE /v2/zones/{zone_id}: delete a zone; its name is free at once."""

from zonewright.actions import zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, delete it, and return it."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    exactly = conditional.expected(request, view.tag(request, service.settings, zone))
    shares = dialect.deletes_shares(request)
    gone = zones.delete(service, zone, caller=request.caller, exactly=exactly, with_shares=shares)
    return view.deleted(request, service.settings, gone)
