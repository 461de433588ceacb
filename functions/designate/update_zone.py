"""PATCH /v2/zones/{zone_id}: change a zone's settings."""

from zonewright.actions import zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, read the change, write it, and return the zone."""
    zone = zones.owned(service, requests.zone_id(request), caller=request.caller)
    shown = view.zone_document(request, service.settings, zone)
    edit = body.zone_edit(request, zone, service.settings, shown)
    exactly = conditional.expected(request, view.tag(request, service.settings, zone))
    changed = zones.update(service, zone, edit, caller=request.caller, exactly=exactly)
    return view.updated(request, service.settings, changed)
