"""GET /v2/recordsets/{recordset_id}: where a record set is."""

from zonewright.actions import recordsets
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import recordsets as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Look for it in the zones, say in which it is."""
    wanted = reading.path_id(request, "recordset_id")
    found = recordsets.find(run.table, run.bucket, reading.scope(request), wanted)
    return writing.elsewhere(request, found)
