"""GET /zones/name/{name}: show a zone of a name and the caller's access to it, which may be none."""

from zonewright.actions import access_rules, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and its owner group, and return the zone."""
    zone = zones.find(service, "", query.zone_name(request))
    return view.zone_info(request, zone, zones.owner(service, zone), access_rules.names(service, zone))
