"""GET /v2/zones/{zone_id}/nameservers: list the name servers of a zone."""

from zonewright.actions import pools, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return its name servers."""
    everywhere = dialect.all_projects(request)
    zone = zones.visible(service, requests.zone_id(request), caller=request.caller, everywhere=everywhere)
    return view.name_servers(pools.name_servers(service, zone))
