"""GET /zones/{zoneId}/details: show what everybody may know of a zone."""

from zonewright.actions import zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and its owner group, and return the details."""
    zone = zones.get(service, dialect.zone_id(request))
    return view.zone_details(zone, zones.owner(service, zone))
