"""POST /v3/users/{user_id}/application_credentials: make an application credential."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect
from zonewright.http.keystone.credentials import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the application credential, make it, and return it with its secret."""
    identities.own(request.parameters["user_id"], caller=request.caller)
    made, secret = identities.create_credential(service, body.new(request), caller=request.caller)
    return view.created(request, made, secret)
