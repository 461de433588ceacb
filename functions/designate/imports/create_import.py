"""POST /v2/zones/tasks/imports: import a master file as a zone, from the body or from a later upload."""

from zonewright.actions import imports
from zonewright.http.designate import dialect
from zonewright.http.designate.tasks import body, view
from zonewright.http.designate.words import of_import
from zonewright.http.designate.zones.body import imported
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Import the body, or return a form for the upload."""
    new = body.new_import(request)
    if new.source is None:
        return view.awaited(request, imports.await_upload(service, new.attributes, caller=request.caller))
    task = imports.at_once(service, new.source, new.attributes, imported, words=of_import, caller=request.caller)
    return view.begun(request, task)
