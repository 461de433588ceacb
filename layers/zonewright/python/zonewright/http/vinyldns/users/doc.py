"""The API document of VinylDNS's users (contract `vinyldns.md`, section 10)."""

from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import Shape
from zonewright.http.vinyldns.doc import json_error, json_or_text_error, text_error
from zonewright.http.vinyldns.users.answer import PersonFields, UserFields

NO_USER = json_error("There is no such user")
NOT_SUPER = json_or_text_error("The caller is no super user (a JSON string), or is locked (plain text)")


def _locking(verb: str) -> Operation:
    return Operation(
        name=f"{verb}_user",
        summary=f"{verb.capitalize()} a user",
        answers={200: answer("The user", PersonFields), 403: NOT_SUPER, 404: NO_USER},
        description="Requests of a locked user are refused. A body is ignored.",
    )


OPERATIONS = {
    "GET /users/{userId}": Operation(
        name="get_user",
        summary="Show a user and the groups that it is in",
        answers={200: answer("The user", UserFields), 403: text_error("The caller is locked"), 404: NO_USER},
        description="The path has the id of the user, or its name.",
    ),
    "PUT /users/{userId}/lock": _locking("lock"),
    "PUT /users/{userId}/unlock": _locking("unlock"),
}

SCHEMAS = {
    "VinyldnsUser": Shape(of=UserFields, prose={"groupId": "The ids of the groups"}),
    "Person": Shape(of=PersonFields),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
