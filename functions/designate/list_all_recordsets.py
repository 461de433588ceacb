"""GET /v2/recordsets: list the record sets of the caller's project, or of all projects, filtered and sorted."""

from zonewright.actions import recordset_lists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of record sets."""
    zone_id, wanted = filters.all_record_sets(request)
    found = recordset_lists.everywhere(service, requests.scope(request), zone_id, wanted)
    return view.recordset_list(request, found)
