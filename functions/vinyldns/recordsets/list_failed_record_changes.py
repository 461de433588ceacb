"""GET /metrics/health/zones/{zoneId}/recordsetchangesfailure: list the changes of record sets that failed."""

from zonewright.actions import recordset_changes, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.page)
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of the changes that failed."""
    page = query.page(request)
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller)
    return view.failures(zone, page, recordset_changes.failed(service, zone, start=page.start, limit=page.limit))
