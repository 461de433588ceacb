"""PATCH /v2/zones/tasks/transfer_requests/{transfer_request_id}: change the target and the description of an offer."""

from zonewright.actions import handovers
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.transfers import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the change, write it, and return the offer."""
    wanted = requests.path_id(request, "transfer_request_id")
    edit = body.request_edit(request)
    return view.shown(request, handovers.update(service, wanted, edit, caller=request.caller))
