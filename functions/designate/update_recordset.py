"""PUT /v2/zones/{zone_id}/recordsets/{recordset_id}: change what a record set holds."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the record set in its zone, read the change against it, make it."""
    wanted, managed = requests.path_id(request, "recordset_id"), dialect.edits_managed(request)
    zone = zones.usable(service.table, requests.zone_id(request), request.caller)
    found = recordsets.get(service.table, service.bucket, zone, wanted)
    content = body.recordset_content(request, found)
    changed = recordsets.update(
        service.table, service.bucket, service.settings, found, content, request.caller, service.now, managed=managed
    )
    return view.updated(request, service.settings, changed)
