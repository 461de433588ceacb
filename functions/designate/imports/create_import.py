"""POST /v2/zones/tasks/imports: make a zone of a master file, now or when it is uploaded."""

from zonewright.actions import imports
from zonewright.http.designate import dialect
from zonewright.http.designate.tasks import body, view
from zonewright.http.designate.zones.body import imported
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Import what the body brings, or tell where to upload it."""
    new = body.new_import(request)
    here = run.table, run.bucket
    if new.source is None:
        return view.awaited(request, imports.await_upload(*here, new.attributes, request.caller, run.now()))
    task = imports.at_once(*here, run.settings, new.source, new.attributes, imported, request.caller, run.now())
    return view.begun(request, task)
