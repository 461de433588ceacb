"""POST /v2/zones/{zone_id}/tasks/xfr: copy a SECONDARY zone from its primary, if that has moved."""

from zonewright.actions import zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime
from zonewright.sync import lifecycle


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, begin its sync; the body, if any, is not read."""
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    lifecycle.refresh(run.table, run.workflow, run.settings, zone, request.caller, run.now())
    return writing.transferring()
