"""GET /zones/{zoneId}/changes/{changeId}/recordsetchanges: what moved with one change of a zone's history."""

from zonewright.actions import history, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and the change, read a page of what moved."""
    page = query.page(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller, " changes")
    found = history.of_change(service, zone, query.change_id(request), start=page.start, limit=page.limit)
    return view.change_list(zone, page, found, history.user_names(service, found))
