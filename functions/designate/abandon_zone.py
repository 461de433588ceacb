"""POST /v2/zones/{zone_id}/tasks/abandon: drop a zone without a word to whoever serves it, for super users.

Designate leaves the zone on its name servers. This service has none to clear, so nothing is left undone: the zone goes
as by DELETE, with its name free at once and its history kept.
"""

from zonewright.actions import zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """See whether the caller may, find the zone, drop it; the body, if any, is not read."""
    zone = zones.owned(service, requests.abandoned_zone_id(request), caller=request.caller)
    zones.delete(service, zone, caller=request.caller, with_shares=True)
    return view.abandoned()
