"""GET /v2/zones/tasks/transfer_requests/{transfer_request_id}: one offer of a zone."""

from zonewright.actions import handovers
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    wanted = reading.path_id(request, "transfer_request_id")
    everywhere = designate.all_projects(request)
    return writing.shown(request, handovers.get(run.table, wanted, request.caller, everywhere=everywhere))
