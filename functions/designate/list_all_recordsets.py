"""GET /v2/recordsets: the record sets of all zones of the caller's project, or of all, filtered and sorted as asked."""

from zonewright.actions import recordsets
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of what the zones hold."""
    zone_id, wanted = filters.all_record_sets(request)
    found = recordsets.everywhere(run.table, run.bucket, requests.scope(request), zone_id, wanted)
    return view.recordset_list(request, found)
