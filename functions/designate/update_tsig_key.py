"""PATCH /v2/tsigkeys/{tsigkey_id}: change a TSIG key; the next sync signs with it."""

from zonewright.actions import tsigkeys
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import tsigkeys as bodies
from zonewright.http.designate.writing import tsigkeys as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the change, make it, show the key."""
    key_id, edit = reading.path_id(request, "tsigkey_id"), bodies.key_edit(request)
    changed = tsigkeys.update(run.table, run.vault, run.settings, key_id, edit, request.caller, run.now())
    return writing.key(request, changed)
