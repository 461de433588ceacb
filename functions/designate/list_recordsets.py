"""GET /v2/zones/{zone_id}/recordsets: a zone's record sets as they are or were, filtered and sorted as asked."""

from zonewright.actions import recordset_lists, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone, read a page of what it holds."""
    everywhere = dialect.all_projects(request)
    zone = zones.visible(service, requests.zone_id(request), caller=request.caller, everywhere=everywhere)
    wanted, version = filters.record_sets(request), requests.version_number(request)
    found = recordset_lists.listing(service, zone, wanted, version)
    return view.recordset_list(request, found)
