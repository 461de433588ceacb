"""PUT /users/{userId}/unlock: let a locked user in again."""

from zonewright.actions import users
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.users import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the user, unlock it, and return it."""
    return view.person(users.lock(service, request.parameters["userId"], locked=False, caller=request.caller))
