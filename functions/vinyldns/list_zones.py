"""GET /zones: list the zones that the caller sees, by name."""

from zonewright.actions import seen_zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.zone_list)
def handler(service: Service, request: Request) -> Response:
    """Return a page of zones."""
    wanted = query.zone_list(request)
    found = seen_zones.listing(service, wanted.wanted, caller=request.caller)
    return view.zone_list(request, wanted, found)
