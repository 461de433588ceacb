"""GET /v2/zones/{zone_id}/recordsets/{recordset_id}: show a record set."""

from zonewright.actions import recordset_lists, zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and its record set, and return the record set."""
    wanted = requests.path_id(request, "recordset_id")
    everywhere = dialect.all_projects(request)
    zone = zones.visible(service, requests.zone_id(request), caller=request.caller, everywhere=everywhere)
    found = recordset_lists.get(service, zone, wanted)
    return conditional.answer(request, view.tag(request, found), lambda: view.recordset(request, found))
