"""GET /v2/zones/{zone_id}/shares: with whom a zone is shared."""

from zonewright.actions import shares, zones
from zonewright.http.designate import dialect, lists, requests
from zonewright.http.designate.shares import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of its shares."""
    wanted = lists.shares(request)
    zone = zones.owned(run.table, requests.zone_id(request), request.caller)
    found, total = shares.listing(run.table, zone, wanted)
    return view.share_list(request, wanted, found, total)
