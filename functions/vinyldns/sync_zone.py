"""POST /zones/{zoneId}/sync: begin a sync; the body, if any, is not read."""

from zonewright import sync
from zonewright.http import vinyldns
from zonewright.http.message import Request, Response
from zonewright.runtime import Runtime


@vinyldns.endpoint(query=vinyldns.wish)
def handler(request: Request, run: Runtime) -> Response:
    """Ask for it, show the change that will tell how it went."""
    zone_id = vinyldns.zone_id(request)
    wish = vinyldns.wish(request)
    zone, change = sync.request(run.table, run.workflow, run.settings, zone_id, wish, request.caller, run.now())
    return vinyldns.zone_change(zone, change)
