"""Read the bodies of transfer requests and acceptances (contract `designate.md`, section 10)."""

from zonewright.http.designate.bodies import Body, Description, ProjectId, Uuid, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request


class TransferRequest(Body):
    """The body of a POST or PATCH of a request. Without a target project, any project with the key may accept."""

    target_project_id: ProjectId | None = None
    description: Description | None = None


class TransferAccept(Body):
    """The body of a POST that accepts a request."""

    key: str
    zone_transfer_request_id: Uuid


def new_request(request: Request) -> TransferRequest:
    """Return the transfer request in a POST. The body may be empty. Raise Invalid with all reasons."""
    sent = json_object(request, "transfer_request") if request.body.strip() else {}
    return read(TransferRequest, sent, "transfer_request")


def request_edit(request: Request) -> dict[str, str | None]:
    """Return the changed fields in a PATCH, by the names of `Offer`. Raise Invalid with all reasons."""
    body = read(TransferRequest, json_object(request, "transfer_request"), "transfer_request")
    fields = {
        "target_id": ("target_project_id", body.target_project_id),
        "description": ("description", body.description),
    }
    return {ours: value for ours, (theirs, value) in fields.items() if theirs in body.model_fields_set}


def accept(request: Request) -> TransferAccept:
    """Return the acceptance in a POST. Raise Invalid with all reasons."""
    return read(TransferAccept, json_object(request, "transfer_accept"), "transfer_accept")
