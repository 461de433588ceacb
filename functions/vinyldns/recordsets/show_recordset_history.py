"""GET /recordsetchange/history: list the changes of one record set, newest first."""

from zonewright.actions import history, recordset_changes, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.place)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of the changes of the record set in the query."""
    place, page = query.place(request), query.page(request)
    zone = dialect.readable(zones.get(service, place.zone_id), request.caller)
    found = recordset_changes.of_record_set(service, zone, place, start=page.start, limit=page.limit)
    return view.history(zone, page, found, history.user_names(service, found))
