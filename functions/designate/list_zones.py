"""GET /v2/zones: list the zones of the caller's project, or of all projects, filtered and sorted."""

from zonewright.actions import zone_lists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of zones."""
    wanted = filters.zones(request)
    found = zone_lists.listing(service, requests.scope(request), wanted)
    return view.zone_list(request, service.settings, wanted, found)
