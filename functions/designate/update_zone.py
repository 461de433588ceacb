"""PATCH /v2/zones/{zone_id}: change a zone's settings."""

from zonewright.actions import zones
from zonewright.http import conditional, designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import zones as bodies
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read the change against it, make it."""
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    edit = bodies.zone_edit(request, zone, run.settings)
    exactly = conditional.expected(request, writing.tag(zone))
    changed = zones.update(run.table, run.bucket, run.settings, zone, edit, request.caller, run.now(), exactly=exactly)
    return writing.updated(request, run.settings, changed)
