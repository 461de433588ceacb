"""PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}: change whom a zone is offered to."""

from zonewright.actions import handovers
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import handovers as bodies
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the change, make it."""
    wanted = reading.path_id(request, "transfer_request_id")
    edit = bodies.request_edit(request)
    return writing.shown(request, handovers.update(run.table, wanted, edit, request.caller, run.now()))
