"""GET /v2/tsigkeys/{tsigkey_id}: one TSIG key."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tsigkeys import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    found = tsigkeys.get(run.table, run.vault, requests.path_id(request, "tsigkey_id"), request.caller)
    return view.key(request, found)
