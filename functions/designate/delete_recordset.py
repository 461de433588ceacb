"""DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}: take a record set away."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the record set in its zone, take it away."""
    wanted = requests.path_id(request, "recordset_id")
    zone = zones.usable(service.table, requests.zone_id(request), request.caller)
    found = recordsets.get(service.table, service.bucket, zone, wanted)
    gone = recordsets.delete(service.table, service.bucket, service.settings, found, request.caller, service.now)
    return view.deleted(request, service.settings, gone)
