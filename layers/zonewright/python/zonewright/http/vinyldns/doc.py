"""Common parts of the VinylDNS API document (contract `vinyldns.md`, section 2)."""

from typing import Annotated

from zonewright.http.formats import Count
from zonewright.http.openapi.operations import ALLOW, Operation, answer, either, query, rendered
from zonewright.http.openapi.schemas import Json
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize
from zonewright.http.vinyldns.dialect import DEFAULT_ITEMS


def render(_: str, path: str, operation: Operation) -> Json:
    """Return a VinylDNS operation in OpenAPI's form."""
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    always = {
        401: bare("No credentials, or they do not hold"),
        500: bare("A fault of ours: its log has it under the request id"),
    }
    return rendered(path, operation, headers, answers={**operation.answers, **always})


def said(description: str) -> Json:
    """Return a refusal whose body is the message as a JSON string."""
    return answer(description, str)


def bare(description: str) -> Json:
    """Return a refusal whose body is the bare message: bad credentials, or an unreadable query."""
    return answer(description, str, media="text/plain")


def said_or_bare(description: str) -> Json:
    """Return a refusal of either form."""
    return either(said(description), bare(""))


def strays() -> dict[str, Json]:
    """Return the answers to unknown paths and methods of this dialect."""
    headers = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    answers = {404: bare("No such path"), 405: bare("The path takes other methods") | {"headers": ALLOW}}
    return {f"vinyldns-{status}": each | {"headers": headers | each["headers"]} for status, each in answers.items()}


FORBIDDEN = "The caller is not in the zone's group (a JSON string), or is locked (bare text)"
MISSING = "No such zone"
UNREADABLE = said_or_bare("A query out of range or not ours (a JSON string), or one that cannot be read (bare text)")

MAX_ITEMS = query("maxItems", Annotated[PageSize, Schema(default=DEFAULT_ITEMS)], "How many at most")
START_FROM = query("startFrom", Count, "How many to pass over: the `nextId` of the page before")
