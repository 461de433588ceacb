"""GET /groups/{groupId}/activity: list the changes of a group, newest first."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.changes)
def handler(service: Service, request: Request) -> Response:
    """Find the group and return a page of its changes."""
    page, group_id = query.changes(request), request.parameters["groupId"]
    found = groups.activity(service, group_id, page.limit, page.start_from or 0, caller=request.caller)
    return view.activity(page, found)
