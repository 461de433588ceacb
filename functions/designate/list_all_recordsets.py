"""GET /v2/recordsets: the record sets of all zones of the caller's project, or of all, filtered and sorted as asked."""

from zonewright.actions import recordsets
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of what the zones hold."""
    zone_id, wanted = selecting.all_record_sets(request)
    found = recordsets.everywhere(run.table, run.bucket, reading.scope(request), zone_id, wanted)
    return writing.recordset_list(request, found)
