"""POST /v2/zones/{zone_id}/tasks/xfr: copy a SECONDARY zone from its primary, if that has moved."""

from zonewright.actions import syncs, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, begin its sync; the body, if any, is not read."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    syncs.refresh(service, zone, caller=request.caller)
    return view.transferring()
