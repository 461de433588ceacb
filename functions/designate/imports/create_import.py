"""POST /v2/zones/tasks/imports: make a zone of a master file, now or when it is uploaded."""

from zonewright.actions import imports
from zonewright.http.designate import dialect
from zonewright.http.designate.tasks import body, view
from zonewright.http.designate.zones.body import imported
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Import what the body brings, or tell where to upload it."""
    new = body.new_import(request)
    if new.source is None:
        return view.awaited(request, imports.await_upload(service, new.attributes, caller=request.caller))
    task = imports.at_once(service, new.source, new.attributes, imported, caller=request.caller)
    return view.begun(request, task)
