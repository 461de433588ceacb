"""GET /v2/zones/{zone_id}/recordsets: list the record sets of a zone or of one of its versions, filtered and sorted."""

from zonewright.actions import recordset_lists, zones
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return a page of its record sets."""
    everywhere = dialect.all_projects(request)
    zone = zones.visible(service, requests.zone_id(request), caller=request.caller, everywhere=everywhere)
    wanted, version = filters.record_sets(request), requests.version_number(request)
    found = recordset_lists.listing(service, zone, wanted, version)
    return view.recordset_list(request, found)
