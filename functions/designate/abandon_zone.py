"""POST /v2/zones/{zone_id}/tasks/abandon: delete a zone without a change on its name servers, for super users.

Designate leaves the zone on its name servers. This service has no name servers to clear, so the zone is deleted as by
DELETE: its name is free at once, and its history stays.
"""

from zonewright.actions import zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller, find the zone, and delete it. The body is not read."""
    zone = zones.owned(service, requests.abandoned_zone_id(request), caller=request.caller)
    zones.delete(service, zone, caller=request.caller, with_shares=True)
    return view.abandoned()
