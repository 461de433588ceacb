"""POST /v2/zones/{zone_id}/tasks/restore: publish the contents of an older version of a zone again."""

from zonewright.actions import restore, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import restore_body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, publish the old version as its next one, and return the zone."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    number = restore_body.restored(request)
    restored = restore.restore(service, zone, number, caller=request.caller)
    return view.restored(request, service.settings, restored)
