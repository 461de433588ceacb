"""POST /v2/tsigkeys: create a TSIG key for the pool or for a zone."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect
from zonewright.http.designate.tsigkeys import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the TSIG key, create it, and return it."""
    new = body.new_key(request)
    made = tsigkeys.create(service, new, caller=request.caller)
    return view.created(request, made)
