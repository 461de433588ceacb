"""DELETE /groups/{groupId}: delete a group on which nothing depends."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the group, delete it, and return it as it was."""
    return view.deleted(groups.delete(service, request.parameters["groupId"], caller=request.caller))
