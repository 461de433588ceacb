"""POST /v2/tsigkeys: make a TSIG key, for the pool or for a zone."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect
from zonewright.http.designate.tsigkeys import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the key, seal and store it, show it."""
    new = body.new_key(request)
    made = tsigkeys.create(run.table, run.vault, run.settings, new, request.caller, run.now())
    return view.created(request, made)
