"""PUT /groups/{groupId}: replace the group whose id the body has."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the group, write it, and return it."""
    group_id, wanted = body.edited_group(request)
    return view.group(groups.update(service, group_id, wanted, caller=request.caller))
