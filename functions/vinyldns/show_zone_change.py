"""GET /zones/{zoneId}/changes/{changeId}/recordsetchanges: list moves of record sets, by one change of a zone."""

from zonewright.actions import history, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and the change, and return a page of the moves."""
    page = query.page(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller, " changes")
    found = history.of_change(service, zone, query.change_id(request), start=page.start, limit=page.limit)
    return view.change_list(zone, page, found, history.user_names(service, found))
