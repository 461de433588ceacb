"""DELETE /zones/{zoneId}: delete a zone here. The name server keeps it."""

from zonewright.actions import connecting
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Delete the zone, and return the change that does."""
    return view.accepted(*connecting.disconnect(service, dialect.zone_id(request), caller=request.caller))
