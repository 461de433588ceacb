"""Render users in the VinylDNS API (contract `vinyldns.md`, section 10)."""

from typing import TYPE_CHECKING

from zonewright.http.message import Response
from zonewright.http.vinyldns.dialect import present, time
from zonewright.model.users import User

if TYPE_CHECKING:
    from zonewright.http.vinyldns.users.answer import PersonFields, UserFields


def user(found: User) -> Response:
    """Return a user, and the groups that it is in."""
    fields: UserFields = {"id": found.id, "userName": found.name, "groupId": list(found.group_ids)}
    return Response.json(200, fields)


def person(found: User) -> Response:
    """Return a user as it was locked or unlocked."""
    return Response.json(200, person_fields(found))


def person_fields(found: User) -> "PersonFields":
    """Return the fields of a user that others see. The ones that were never set are left out."""
    fields: PersonFields = {
        "id": found.id,
        "userName": found.name,
        "firstName": found.first_name,
        "lastName": found.last_name,
        "email": found.email,
        "created": time(found.created),
        "lockStatus": "Locked" if found.locked else "Unlocked",
    }
    return present(fields)
