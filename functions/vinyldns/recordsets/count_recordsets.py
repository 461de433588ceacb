"""GET /zones/{zoneId}/recordsetcount: count the record sets of a zone."""

from zonewright.actions import recordset_pages, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return how many record sets it has."""
    zone = dialect.readable(zones.get(service, dialect.zone_id(request)), request.caller)
    return view.counted(recordset_pages.count(service, zone))
