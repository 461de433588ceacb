"""POST /zones: connect to a zone of a name server."""

from zonewright.actions import connecting
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the zone, begin to copy it, and return the change that creates it."""
    return view.accepted(*connecting.connect(service, body.new_zone(request), caller=request.caller))
