"""The API document of the login, of tokens and of the catalog."""

from zonewright.http.answers import IdentityVersion
from zonewright.http.keystone.answers import OneIdentityVersion
from zonewright.http.keystone.doc import MALFORMED, SCHEMAS, SUBJECT, SUBJECT_SHOWN, THROTTLED, TOO_LARGE, error
from zonewright.http.keystone.tokens.answer import CatalogAnswer, OneToken, RoleFields, ServiceFields, TokenFields
from zonewright.http.openapi.operations import Operation, Topic, answer, body, query
from zonewright.http.openapi.schemas import Json, Shape, ref

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_DOMAIN: Json = {"type": ["object", "null"], "properties": {"id": _MAYBE, "name": _MAYBE}}
_NAMED: Json = {
    "type": "object",
    "properties": {"id": _MAYBE, "name": _MAYBE, "domain": _DOMAIN},
    "anyOf": [{"required": ["id"]}, {"required": ["name"]}],
}
LOGIN: Json = {
    "type": "object",
    "required": ["auth"],
    "properties": {
        "auth": {
            "type": "object",
            "required": ["identity"],
            "properties": {"identity": ref("LoginIdentity"), "scope": ref("LoginScope")},
        }
    },
}
IDENTITY: Json = {
    "type": "object",
    "required": ["methods"],
    "properties": {
        "methods": {"type": "array", "items": _TEXT, "minItems": 1, "description": "One of the three below"},
        "password": {
            "type": "object",
            "required": ["user"],
            "properties": {
                "user": {
                    **_NAMED,
                    "required": ["password"],
                    "properties": {**_NAMED["properties"], "password": {**_TEXT, "description": "The secret key"}},
                }
            },
            "description": "The name or the id of a user, or an access key",
        },
        "application_credential": {
            "type": "object",
            "required": ["secret"],
            "properties": {
                "id": _MAYBE,
                "name": _MAYBE,
                "secret": _TEXT,
                "user": _NAMED | {"type": ["object", "null"]},
            },
            "description": "By id, or by name and user",
        },
        "token": {"type": "object", "required": ["id"], "properties": {"id": _TEXT}},
    },
}
SCOPE: Json = {
    "anyOf": [
        {"const": "unscoped"},
        {"type": "null"},
        {
            "type": "object",
            "properties": {
                "project": _NAMED | {"type": ["object", "null"]},
                "domain": {},
                "system": {"type": ["object", "null"], "properties": {"all": {"const": True}}},
                "unscoped": {},
            },
        },
    ],
    "description": "Without one, the only project of the user",
}

_PASSWORD = {
    "auth": {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "joe", "domain": {"id": "default"}, "password": "..."}},
        },
        "scope": {"project": {"name": "dns-team", "domain": {"name": "Default"}}},
    }
}
_CREDENTIAL = {
    "auth": {
        "identity": {
            "methods": ["application_credential"],
            "application_credential": {"id": "0f3a2c6e8b9d4f51a7c6e5d4b3a29180", "secret": "..."},
        }
    }
}
_UNKNOWN = "The token is unknown, over or revoked"

OPERATIONS = {
    "GET /v3": Operation(
        name="get_identity_version",
        summary="Show the version of the Identity API",
        answers={200: answer("The version", OneIdentityVersion)},
        public=True,
    ),
    "POST /v3/auth/tokens": Operation(
        name="create_token",
        summary="Log in",
        description="The new token is in the header `X-Subject-Token` of the answer, and ends at `expires_at`.",
        answers={
            201: answer("What the token is for", OneToken, SUBJECT_SHOWN),
            400: MALFORMED,
            401: error("The credential, its secret, or its access to the project is not right"),
            413: TOO_LARGE,
            429: THROTTLED,
        },
        parameters=(query("nocatalog", str, "Leave out the catalog"),),
        body=body(ref("Login"), password=_PASSWORD, credential=_CREDENTIAL),
        public=True,
    ),
    "GET /v3/auth/tokens": Operation(
        name="show_token",
        summary="Show what a token is for",
        answers={
            200: answer("What the token is for", OneToken, SUBJECT_SHOWN),
            400: error("The header X-Subject-Token is missing"),
            404: error(_UNKNOWN),
        },
        parameters=(SUBJECT, query("nocatalog", str, "Leave out the catalog")),
    ),
    "HEAD /v3/auth/tokens": Operation(
        name="check_token",
        summary="Check whether a token is valid",
        answers={
            200: answer("The token is valid", headers=SUBJECT_SHOWN),
            400: error("The header X-Subject-Token is missing"),
            404: error(_UNKNOWN),
        },
        parameters=(SUBJECT,),
    ),
    "DELETE /v3/auth/tokens": Operation(
        name="revoke_token",
        summary="Revoke a token",
        answers={
            204: answer("The token is void"),
            400: error("The header X-Subject-Token is missing"),
            404: error(_UNKNOWN),
        },
        parameters=(SUBJECT,),
    ),
    "GET /v3/auth/catalog": Operation(
        name="show_catalog",
        summary="Show where the services are",
        answers={200: answer("The catalog", CatalogAnswer)},
    ),
}

SHAPES: dict[str, Shape | Json] = {
    **SCHEMAS,
    "IdentityVersion": Shape(of=IdentityVersion),
    "Login": LOGIN,
    "LoginIdentity": IDENTITY,
    "LoginScope": SCOPE,
    "Role": Shape(of=RoleFields),
    "CatalogService": Shape(of=ServiceFields),
    "Token": Shape(of=TokenFields, prose={"audit_ids": "The id of this token in logs, and of the first in its chain"}),
}

TOPIC = Topic("Identity", OPERATIONS, SHAPES)
