"""GET /v2/zones/{zone_id}: one zone of the caller's project."""

from zonewright import zones
from zonewright.http import conditional, designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.runtime import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    everywhere = designate.all_projects(request)
    zone = zones.visible(run.table, reading.zone_id(request), request.caller, everywhere=everywhere)
    return conditional.answer(request, writing.tag(zone), lambda: writing.shown(request, run.settings, zone))
