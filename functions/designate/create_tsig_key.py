"""POST /v2/tsigkeys: make a TSIG key, for the pool or for a zone."""

from zonewright.actions import tsigkeys
from zonewright.http import designate
from zonewright.http.designate.bodies import tsigkeys as bodies
from zonewright.http.designate.writing import tsigkeys as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the key, seal and store it, show it."""
    new = bodies.new_key(request)
    made = tsigkeys.create(run.table, run.vault, run.settings, new, request.caller, run.now())
    return writing.created(request, made)
