"""POST /v2/zones/{zone_id}/tasks/xfr: copy a SECONDARY zone from its primary, if that has moved."""

from zonewright.actions import zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime
from zonewright.sync import lifecycle


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, begin its sync; the body, if any, is not read."""
    zone = zones.owned(run.table, requests.zone_id(request), request.caller)
    lifecycle.refresh(run.table, run.workflow, run.settings, zone, request.caller, run.now())
    return view.transferring()
