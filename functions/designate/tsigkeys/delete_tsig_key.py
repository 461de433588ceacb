"""DELETE /v2/tsigkeys/{tsigkey_id}: delete a TSIG key."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tsigkeys import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the TSIG key and delete it."""
    tsigkeys.delete(service, requests.path_id(request, "tsigkey_id"), caller=request.caller)
    return view.deleted()
