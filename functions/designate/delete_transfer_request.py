"""DELETE /v2/zones/tasks/transfer_requests/{transfer_request_id}: take an offer of a zone back."""

from zonewright.actions import handovers
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import handovers as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Withdraw it."""
    handovers.withdraw(run.table, reading.path_id(request, "transfer_request_id"), request.caller)
    return writing.deleted()
