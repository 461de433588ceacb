"""DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}: take an offer of a zone back."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Withdraw it."""
    handovers.withdraw(run.table, requests.path_id(request, "transfer_request_id"), request.caller)
    return view.deleted()
