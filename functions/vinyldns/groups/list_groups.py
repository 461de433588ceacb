"""GET /groups: list the groups of the caller, or all, by name."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.groups)
def handler(service: Service, request: Request) -> Response:
    """Return a page of groups."""
    wanted = query.groups(request)
    return view.group_list(request, wanted, groups.listing(service, wanted, caller=request.caller))
