"""GET /groups/change/{groupChangeId}: show a change of a group."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the change and return it."""
    return view.change(groups.change(service, request.parameters["groupChangeId"], caller=request.caller))
