"""GET /groups/{groupId}/admins: list the admins of a group, by id."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the group and return its admins."""
    return view.admins(groups.admins(service, request.parameters["groupId"]))
