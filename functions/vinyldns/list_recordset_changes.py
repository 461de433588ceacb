"""GET /zones/{zoneId}/recordsetchanges: list moves of record sets, by a zone's changes or between two versions."""

from zonewright.actions import history, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of its moves."""
    page = query.page(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller)
    if page.since is None:
        found = history.of_zone(service, zone, start=page.start, limit=page.limit)
    else:
        found = history.between(service, zone, page.since, page.until, start=page.start, limit=page.limit)
    return view.change_list(zone, page, found, history.user_names(service, found))
