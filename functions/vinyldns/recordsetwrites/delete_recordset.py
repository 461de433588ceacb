"""DELETE /zones/{zoneId}/recordsets/{recordSetId}: delete a record set."""

from zonewright.actions import recordset_writes
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Delete the record set, and return the change. The body is not read."""
    zone_id, record_set_id = dialect.zone_id(request), query.record_set_id(request)
    return view.requested(recordset_writes.delete(service, zone_id, record_set_id, caller=request.caller))
