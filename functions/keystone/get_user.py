"""GET /v3/users/{user_id}: show a user."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect
from zonewright.http.keystone.users import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the user and return it."""
    return view.user(request, identities.user(service, request.parameters["user_id"], caller=request.caller))
