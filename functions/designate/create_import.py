"""POST /v2/zones/tasks/imports: make a zone of a master file, now or when it is uploaded."""

from zonewright.actions import imports
from zonewright.http import designate
from zonewright.http.designate.bodies import imports as bodies
from zonewright.http.designate.bodies.zones import imported
from zonewright.http.designate.writing import zonetasks as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Import what the body brings, or tell where to upload it."""
    new = bodies.new_import(request)
    here = run.table, run.bucket
    if new.source is None:
        return writing.awaited(request, imports.await_upload(*here, new.attributes, request.caller, run.now()))
    task = imports.at_once(*here, run.settings, new.source, new.attributes, imported, request.caller, run.now())
    return writing.begun(request, task)
