"""GET /zones/{zoneId}: one zone, and what the caller may do to it."""

from zonewright.actions import zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find it and its owner group."""
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller)
    return view.zone_info(request, zone, zones.owner(service, zone))
