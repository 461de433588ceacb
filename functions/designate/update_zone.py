"""PATCH /v2/zones/{zone_id}: change a zone's settings."""

from zonewright.actions import zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read the change against it, make it."""
    zone = zones.owned(run.table, requests.zone_id(request), request.caller)
    edit = body.zone_edit(request, zone, run.settings)
    exactly = conditional.expected(request, view.tag(zone))
    changed = zones.update(run.table, run.bucket, run.settings, zone, edit, request.caller, run.now(), exactly=exactly)
    return view.updated(request, run.settings, changed)
