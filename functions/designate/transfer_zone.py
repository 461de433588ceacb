"""POST /v2/zones/{zone_id}/tasks/xfr: sync a SECONDARY zone, if its primary's serial has moved."""

from zonewright.actions import syncs, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and begin its sync. The body is not read."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    syncs.refresh(service, zone, caller=request.caller)
    return view.transferring()
