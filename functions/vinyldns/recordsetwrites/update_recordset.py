"""PUT /zones/{zoneId}/recordsets/{recordSetId}: replace a record set."""

from zonewright.actions import recordset_writes
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import body, query, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the record set, put it in place of the stored one, and return the change."""
    sent = body.recordset(request)
    zone_id, record_set_id = dialect.zone_id(request), query.record_set_id(request)
    return view.requested(recordset_writes.update(service, zone_id, record_set_id, sent, caller=request.caller))
