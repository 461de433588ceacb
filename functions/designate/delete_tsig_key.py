"""DELETE /v2/tsigkeys/{tsigkey_id}: forget a TSIG key."""

from zonewright.actions import tsigkeys
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import tsigkeys as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, forget it."""
    tsigkeys.delete(run.table, reading.path_id(request, "tsigkey_id"), request.caller)
    return writing.deleted()
