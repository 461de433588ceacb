"""PUT /zones/{zoneId}: replace the settings of a zone. The id in the body counts."""

from zonewright.actions import connecting
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the settings, store them, and return the change of the zone."""
    zone_id, wanted = body.changed_zone(request)
    return view.accepted(*connecting.change(service, zone_id, wanted, caller=request.caller))
