"""Zone transfer requests and their acceptances on their way in (contract `designate.md`, section 10)."""

from zonewright.http.designate.bodies import Body, Description, ProjectId, Uuid, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request


class TransferRequest(Body):
    """What a POST or a PATCH says of a request: to whom, which is anybody where that is null."""

    target_project_id: ProjectId | None = None
    description: Description | None = None


class TransferAccept(Body):
    """What a POST says to accept one."""

    key: str
    zone_transfer_request_id: Uuid


def new_request(request: Request) -> TransferRequest:
    """The transfer request a POST asks for; it need not say anything."""
    sent = json_object(request, "transfer_request") if request.body.strip() else {}
    return read(TransferRequest, sent, "ZoneTransferRequest")


def request_edit(request: Request) -> dict[str, str | None]:
    """The change a PATCH asks for, by the names of our fields."""
    body = read(TransferRequest, json_object(request, "transfer_request"), "ZoneTransferRequest")
    fields = {
        "target_id": ("target_project_id", body.target_project_id),
        "description": ("description", body.description),
    }
    return {ours: value for ours, (theirs, value) in fields.items() if theirs in body.model_fields_set}


def accept(request: Request) -> TransferAccept:
    """The acceptance a POST asks for."""
    return read(TransferAccept, json_object(request, "transfer_accept"), "ZoneTransferAccept")
