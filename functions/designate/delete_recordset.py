"""DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}: delete a record set."""

from zonewright.actions import recordset_lists, recordsets, zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the record set, delete it, and return it."""
    wanted = requests.path_id(request, "recordset_id")
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    found = recordset_lists.get(service, zone, wanted)
    exactly = conditional.expected(request, view.tag(request, found))
    gone = recordsets.delete(service, found, caller=request.caller, exactly=exactly)
    return view.deleted(request, service.settings, gone)
