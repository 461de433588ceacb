"""POST /status: stop the processing of changes, or let it go on."""

from zonewright.actions import status
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.service import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.processing_disabled)
def handler(service: Service, request: Request) -> Response:
    """Set the switch, and return the state of the service."""
    status.set_disabled(service, disabled=query.processing_disabled(request), caller=request.caller)
    return view.status(status.get(service))
