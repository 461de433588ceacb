"""POST /v2/zones: create a zone, of its settings or of a master file; a SECONDARY one begins its first sync."""

from zonewright.actions import zones
from zonewright.http.designate import dialect
from zonewright.http.designate.zones import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the zone, create it, show it."""
    new = body.new_zone(request, run.settings)
    zone = zones.create(run.table, run.bucket, run.workflow, run.settings, new, request.caller, run.now())
    return view.created(request, run.settings, zone)
