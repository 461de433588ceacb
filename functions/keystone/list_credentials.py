"""GET /v3/users/{user_id}/application_credentials: list the caller's application credentials."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect, requests
from zonewright.http.keystone.credentials import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return all application credentials of the caller, or that of a name."""
    identities.own(request.parameters["user_id"], caller=request.caller)
    found = identities.credentials(service, request.caller, requests.one(request, "name"))
    return view.credential_list(request, found)
