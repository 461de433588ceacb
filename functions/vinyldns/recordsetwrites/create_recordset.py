"""POST /zones/{zoneId}/recordsets: create a record set."""

from zonewright.actions import recordset_writes
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the record set, create it in the zone of the body, and return the change."""
    sent = body.recordset(request)
    return view.requested(recordset_writes.create(service, sent, caller=request.caller))
