"""Common parts of the API document below /v3 (contract `keystone.md`, section 6)."""

from zonewright.http.keystone.answers import DomainFields, ErrorAnswer
from zonewright.http.openapi.operations import (
    ALLOW,
    RETRY_AFTER,
    Operation,
    answer,
    answer_header,
    header,
    query,
    rendered,
    with_headers,
)
from zonewright.http.openapi.schemas import Json, Shape

HEADERS: Json = {
    "x-openstack-request-id": {"$ref": "#/components/headers/OpenstackRequestId"},
    "vary": answer_header({"const": "X-Auth-Token"}, "The answer depends on the token"),
    "cache-control": answer_header({"const": "no-store"}, "No cache may keep the answer"),
}

SUBJECT = header("X-Subject-Token", {"type": "string", "minLength": 1}, "The token that the request is about") | {
    "required": True
}
NAME = query("name", str, "Only what has exactly this name")
SUBJECT_SHOWN = {"x-subject-token": answer_header(str, "The token")}


def error(description: str, headers: Json | None = None) -> Json:
    """Return an error in Keystone's form."""
    return answer(description, ErrorAnswer, headers)


def render(method: str, path: str, operation: Operation) -> Json:
    """Return an operation below /v3 in OpenAPI's form. An answer to HEAD has no body."""
    always = {500: error("An internal error. The service's log has it under the request id")}
    if not operation.public:
        always[401] = error("The credentials are missing, wrong or over")
        always[403] = error("The caller has no right to do this")
        always[413] = error("The answer would exceed 6 MB")
    made = rendered(path, operation, HEADERS, answers={**always, **operation.answers})
    if method == "HEAD":
        for each in made["responses"].values():
            each.pop("content", None)
    return made


def unmatched() -> dict[str, Json]:
    """Return the answers to unknown paths and methods below /v3, and to extra slashes."""
    answers = {
        308: answer("The path has an extra final slash", headers={"location": answer_header(str, "The path without")}),
        404: error("The path does not exist, or it is the login of Keystone v2"),
        405: error("The path has other methods", ALLOW),
    }
    return {f"keystone-{status}": with_headers(HEADERS, each) for status, each in answers.items()}


MALFORMED = error("The body is not JSON, or has the wrong shape")
TOO_LARGE = error("The body exceeds 114,688 bytes")
THROTTLED = error("Too many logins failed for this user and address, or from this address", RETRY_AFTER)

SCHEMAS: dict[str, Shape | Json] = {
    "IdentityError": Shape(of=ErrorAnswer, description="`message` says what is wrong, in words"),
    "Domain": Shape(of=DomainFields),
}
