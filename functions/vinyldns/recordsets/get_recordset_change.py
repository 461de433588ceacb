"""GET /zones/{zoneId}/recordsets/{recordSetId}/changes/{changeId}: show a change of a record set that has ended."""

from zonewright.actions import recordset_changes, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the change of a record set that the caller may view, and return it."""
    zone = zones.get(service, dialect.zone_id(request))
    record_set_id, change_id = query.record_set_id(request), query.change_id(request)
    return view.change_of(recordset_changes.get(service, zone, record_set_id, change_id, caller=request.caller))
