"""GET /v3/users/{user_id}/application_credentials/{application_credential_id}: show an application credential."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect
from zonewright.http.keystone.credentials import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the application credential and return it."""
    identities.own(request.parameters["user_id"], caller=request.caller)
    credential_id = request.parameters["application_credential_id"]
    return view.credential(request, identities.credential(service, credential_id, caller=request.caller))
