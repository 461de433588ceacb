"""GET /zones/deleted/changes: list deleted zones, the last deleted first."""

from zonewright.actions import lost_zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.deleted_list)
def handler(service: Service, request: Request) -> Response:
    """Return a page of deleted zones."""
    wanted = query.deleted_list(request)
    found = lost_zones.deleted(service, wanted.wanted, caller=request.caller)
    return view.deleted_zones(request, wanted, found)
