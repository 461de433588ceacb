"""POST /v2/zones/{zone_id}/recordsets: create a record set in a PRIMARY zone."""

from zonewright.actions import recordsets, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, read the record set, create it, and return it."""
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    name, rdtype, content = body.new_recordset(request)
    made = recordsets.create(service, zone, name, rdtype, content, caller=request.caller)
    return view.created(request, service.settings, made)
