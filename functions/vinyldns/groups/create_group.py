"""POST /groups: create a group, with the caller as a member and an admin."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the group, create it, and return it."""
    wanted = body.new_group(request)
    return view.group(groups.create(service, wanted, caller=request.caller))
