"""PUT /v2/zones/{zone_id}/recordsets/{recordset_id}: change the content of a record set."""

from zonewright.actions import recordset_lists, recordsets, zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the record set, read the change, write it, and return the record set."""
    wanted, managed = requests.path_id(request, "recordset_id"), dialect.edits_managed(request)
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    found = recordset_lists.get(service, zone, wanted)
    content = body.recordset_content(request, found, view.recordset_fields(request, found))
    exactly = conditional.expected(request, view.tag(request, found))
    changed = recordsets.update(service, found, content, caller=request.caller, managed=managed, exactly=exactly)
    return view.updated(request, service.settings, changed)
