"""POST /v2/zones: create a zone, of its settings or of a master file; a SECONDARY one begins its first sync."""

from zonewright.actions import zones
from zonewright.http import designate
from zonewright.http.designate.bodies import zones as bodies
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the zone, create it, show it."""
    new = bodies.new_zone(request, run.settings)
    zone = zones.create(run.table, run.bucket, run.workflow, run.settings, new, request.caller, run.now())
    return writing.created(request, run.settings, zone)
