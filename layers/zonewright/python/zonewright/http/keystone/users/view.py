"""Show users."""

from typing import TYPE_CHECKING

from zonewright.http.keystone import views
from zonewright.http.message import Request, Response
from zonewright.model.users import User

if TYPE_CHECKING:
    from zonewright.http.keystone.users.answer import OneUser


def user(request: Request, shown: User) -> Response:
    """Return a user."""
    answer: OneUser = {
        "user": {
            "id": shown.id,
            "name": shown.name,
            "email": shown.email,
            "domain_id": "default",
            "enabled": not shown.locked,
            "password_expires_at": None,
            "options": {},
            "links": views.links(request, f"/v3/users/{shown.id}"),
        }
    }
    return Response.json(200, answer)
