"""GET /metrics/health/zonechangesfailure: list the failed changes of zones, newest first."""

from zonewright.actions import lost_zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.service import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Return a page of failed changes."""
    page = query.page(request)
    return view.failures(page, *lost_zones.failures(service, page.start, page.limit))
