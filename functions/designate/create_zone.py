"""POST /v2/zones: create a zone from settings or from a master file, and begin the first sync of a SECONDARY zone."""

from zonewright.actions import zones
from zonewright.http.designate import dialect
from zonewright.http.designate.zones import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the request, create the zone, and return it."""
    new = body.new_zone(request, service.settings)
    zone = zones.create(service, new, caller=request.caller)
    return view.created(request, service.settings, zone)
