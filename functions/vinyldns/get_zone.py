"""GET /zones/{zoneId}: show a zone and the caller's access to it."""

from zonewright.actions import access_rules, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and its owner group, and return the zone."""
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller)
    return view.zone_info(request, zone, zones.owner(service, zone), access_rules.names(service, zone))
