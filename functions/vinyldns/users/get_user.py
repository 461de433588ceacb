"""GET /users/{userId}: show a user, by id or by name."""

from zonewright.actions import users
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.users import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the user and return it."""
    return view.user(users.get(service, request.parameters["userId"]))
