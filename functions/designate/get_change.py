"""GET /v2/zones/{zone_id}/changes/{change_id}: show how a record change ended, or that it waits."""

from zonewright.actions import changes, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and its record change, and return the change."""
    wanted = requests.path_id(request, "change_id")
    everywhere = dialect.all_projects(request)
    zone = zones.visible(service, requests.zone_id(request), caller=request.caller, everywhere=everywhere)
    return view.record_change(request, zone, changes.of_records(service, zone, wanted))
