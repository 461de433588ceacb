"""PATCH /v2/tsigkeys/{tsigkey_id}: change a TSIG key; the next sync signs with it."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tsigkeys import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the change, write it, and return the TSIG key."""
    key_id, edit = requests.path_id(request, "tsigkey_id"), body.key_edit(request)
    changed = tsigkeys.update(service, key_id, edit, caller=request.caller)
    return view.key(request, changed)
