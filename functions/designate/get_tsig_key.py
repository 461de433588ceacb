"""GET /v2/tsigkeys/{tsigkey_id}: one TSIG key."""

from zonewright.actions import tsigkeys
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import tsigkeys as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    found = tsigkeys.get(run.table, run.vault, reading.path_id(request, "tsigkey_id"), request.caller)
    return writing.key(request, found)
