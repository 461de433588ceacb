"""DELETE /v3/users/{user_id}/application_credentials/{application_credential_id}: delete it and its tokens' rights."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect
from zonewright.http.keystone.credentials import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the application credential and delete it."""
    identities.own(request.parameters["user_id"], caller=request.caller)
    identities.delete_credential(service, request.parameters["application_credential_id"], caller=request.caller)
    return view.deleted()
