"""POST /v2/zones/{zone_id}/recordsets: put a record set into a zone of ours."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, read the record set, put it there."""
    zone = zones.usable(service.table, requests.zone_id(request), request.caller)
    name, rdtype, content = body.new_recordset(request)
    made = recordsets.create(service.table, service.bucket, service.settings, zone, name, rdtype, content, request.caller, service.now)
    return view.created(request, service.settings, made)
