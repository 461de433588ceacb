"""PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}: change whom a zone is offered to."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read the change, make it."""
    wanted = requests.path_id(request, "transfer_request_id")
    edit = body.request_edit(request)
    return view.shown(request, handovers.update(run.table, wanted, edit, request.caller, run.now()))
