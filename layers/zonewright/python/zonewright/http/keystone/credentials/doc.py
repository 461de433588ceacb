"""The API document of application credentials."""

from zonewright.http.keystone.credentials.answer import (
    CredentialFields,
    Credentials,
    NewCredentialAnswer,
    NewCredentialFields,
    OneCredential,
)
from zonewright.http.keystone.doc import MALFORMED, NAME, TOO_LARGE, error
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Json, Shape, ref
from zonewright.model.credentials import LONGEST_NAME

_MAYBE = {"type": ["string", "null"]}
_LONG = {"type": "string", "maxLength": LONGEST_NAME}
NEW: Json = {
    "type": "object",
    "required": ["application_credential"],
    "properties": {
        "application_credential": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {**_LONG, "minLength": 1},
                "description": {**_LONG, "type": ["string", "null"]},
                "secret": {"type": "null", "description": "The service makes the secret"},
                "roles": {
                    "type": ["array", "null"],
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"enum": ["member", "reader"]}, "id": _MAYBE},
                    },
                    "description": "`reader` alone may only read",
                },
                "expires_at": {"type": ["string", "null"], "description": "ISO 8601, in UTC if it has no offset"},
                "unrestricted": {"enum": [False, None]},
                "access_rules": {"type": ["array", "null"], "maxItems": 0},
            },
        }
    },
}
_NOT_THERE = error("The user has no such application credential")

OPERATIONS = {
    "GET /v3/users/{user_id}/application_credentials": Operation(
        name="list_application_credentials",
        summary="List the caller's application credentials",
        answers={200: answer("All of them, without secrets", Credentials)},
        parameters=(NAME,),
    ),
    "POST /v3/users/{user_id}/application_credentials": Operation(
        name="create_application_credential",
        summary="Make an application credential for the project of the token",
        description="A token that came from an application credential makes none.",
        answers={
            201: answer("The credential, with its secret. It is shown once", NewCredentialAnswer),
            400: MALFORMED,
            409: error("The user has one of this name"),
            413: TOO_LARGE,
        },
        body=body(ref("NewApplicationCredential"), reader={"application_credential": {"name": "ci", "roles": []}}),
    ),
    "GET /v3/users/{user_id}/application_credentials/{application_credential_id}": Operation(
        name="get_application_credential",
        summary="Show an application credential",
        answers={200: answer("The credential, without its secret", OneCredential), 404: _NOT_THERE},
    ),
    "DELETE /v3/users/{user_id}/application_credentials/{application_credential_id}": Operation(
        name="delete_application_credential",
        summary="Delete an application credential. Its tokens are void at once",
        answers={204: answer("The credential is gone"), 404: _NOT_THERE},
    ),
}

SCHEMAS: dict[str, Shape | Json] = {
    "ApplicationCredential": Shape(of=CredentialFields),
    "CreatedApplicationCredential": Shape(of=NewCredentialFields, prose={"secret": "It cannot be read again"}),
    "NewApplicationCredential": NEW,
}

TOPIC = Topic("Identity", OPERATIONS, SCHEMAS)
