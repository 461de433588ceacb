"""Common parts of the VinylDNS API document (contract `vinyldns.md`, section 2)."""

from typing import Annotated

from zonewright.http.formats import Count
from zonewright.http.openapi.operations import ALLOW, Operation, answer, either, query, rendered, with_headers
from zonewright.http.openapi.schemas import Json
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize
from zonewright.http.vinyldns.dialect import DEFAULT_ITEMS


def render(_: str, path: str, operation: Operation) -> Json:
    """Return a VinylDNS operation in OpenAPI's form."""
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    always = {
        401: text_error("The credentials are missing or wrong"),
        413: text_error("The answer would exceed 6 MB"),
        500: text_error("An internal error. The service's log has it under the request id"),
    }
    return rendered(path, operation, headers, answers={**operation.answers, **always})


def json_error(description: str) -> Json:
    """Return an error whose body is the message as a JSON string: an error of the operation."""
    return answer(description, str)


def text_error(description: str) -> Json:
    """Return an error whose body is the message as plain text: an error of credentials, path, method or query."""
    return answer(description, str, media="text/plain")


def json_or_text_error(description: str) -> Json:
    """Return an error that has either form."""
    return either(json_error(description), text_error(""))


def body_error(description: str) -> Json:
    """Return an error of a body: the message as a JSON string or as plain text, or a list of all that is wrong."""
    errors = {"type": "object", "properties": {"errors": {"type": "array", "items": str}}, "required": ["errors"]}
    return either(answer(description, {"anyOf": [str, errors]}), text_error(""))


def unmatched() -> dict[str, Json]:
    """Return the answers to unknown paths and methods below /zones."""
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    answers = {
        404: text_error("The path does not exist"),
        405: text_error("The path has other methods") | {"headers": ALLOW},
    }
    return {f"vinyldns-{status}": with_headers(headers, each) for status, each in answers.items()}


FORBIDDEN = json_or_text_error("The caller is not in the zone's group (a JSON string), or is locked (plain text)")
NO_ZONE = "The zone does not exist"
UNREADABLE = json_or_text_error(
    "A query parameter is out of range or unknown (a JSON string), or cannot be read (plain text)"
)

MAX_ITEMS = query(
    "maxItems",
    Annotated[PageSize, Schema(default=DEFAULT_ITEMS)],
    "Maximum number of entries. Large entries make shorter pages",
)
START_FROM = query("startFrom", Count, "Number of entries to skip: the `nextId` of the page before")
