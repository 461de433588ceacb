"""GET /groups/{groupId}/members: list the members of a group, by id."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.members)
def handler(service: Service, request: Request) -> Response:
    """Find the group and return a page of its members."""
    page = query.members(request)
    return view.members(page, groups.members(service, request.parameters["groupId"], page.limit, page.start_from))
