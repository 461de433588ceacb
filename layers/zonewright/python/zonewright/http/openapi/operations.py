"""Operations of the API document, and the parts that both dialects build them from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from zonewright.http.formats import PathId, Uuid
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.http.schema import Schema

PATH_PARAMETERS: dict[str, tuple[Any, str]] = {
    "zone_id": (Uuid, "The zone"),
    "recordset_id": (Uuid, "The record set"),
    "change_id": (Uuid, "The record change"),
    "transfer_request_id": (Uuid, "The transfer request"),
    "transfer_accept_id": (Uuid, "The acceptance"),
    "share_id": (Uuid, "The share"),
    "import_id": (Uuid, "The import"),
    "export_id": (Uuid, "The export"),
    "pool_id": (Uuid, "The pool"),
    "project_id": (Annotated[str, Schema(minLength=1)], "The project"),
    "tsigkey_id": (Uuid, "The TSIG key"),
    "tld_id": (Uuid, "The top-level domain"),
    "blacklist_id": (Uuid, "The entry of the blacklist"),
    "zoneId": (PathId, "The zone. May be any text; an unknown one is not found"),
    "changeId": (PathId, "The change. May be any text; an unknown one is not found"),
    "recordSetId": (PathId, "The record set. May be any text; an unknown one is not found"),
    "dryRunId": (PathId, "The dry run. May be any text; an unknown one is not found"),
    "groupId": (PathId, "The group. May be any text; an unknown one is not found"),
    "groupChangeId": (PathId, "The change of a group. May be any text"),
    "userId": (Annotated[str, Schema(minLength=1)], "The user. May be any text; an unknown one is not found"),
    "name": (Annotated[str, Schema(minLength=1)], "The name of the zone, with or without the dot at its end"),
    "user_id": (Annotated[str, Schema(minLength=1)], "The user"),
    "application_credential_id": (Annotated[str, Schema(minLength=1)], "The application credential"),
    "asset": (str, "The file"),
}
"""The schema and the meaning of each path parameter, by name."""

YES = {"type": "string", "examples": ["true"]}
_SECONDS = {"type": "string", "pattern": "^[1-9][0-9]*$"}
RETRY_AFTER = {
    "retry-after": {"required": True, "schema": _SECONDS, "description": "Seconds until a retry may succeed"}
}
ALLOW = {"allow": {"required": True, "schema": str, "description": "The methods of the path"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path. `name` is the operationId.

    `errors` are the `type`s of Designate's errors. `public` means without credentials. `tag` overrides the topic's.
    """

    name: str
    summary: str
    answers: Mapping[int, Json]
    errors: tuple[str, ...] = ()
    description: str = ""
    parameters: tuple[Json, ...] = ()
    body: Json | None = None
    public: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """The operations of a subject by `METHOD /path`, in reading order, and the schemas that they use."""

    tag: str
    operations: Mapping[str, Operation]
    schemas: Mapping[str, Shape | Json]


def query(name: str, schema: Any, description: str) -> Json:
    """Return a query parameter."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def header(name: str, schema: Any, description: str) -> Json:
    """Return an optional request header."""
    return {"name": name, "in": "header", "schema": schema, "description": description}


def answer(
    description: str, schema: Any = None, headers: Json | None = None, *, media: str = "application/json"
) -> Json:
    """Return an answer. Without a `schema` it has no body. `headers` are added to those of the dialect."""
    content = {} if schema is None else {"content": {media: {"schema": schema}}}
    return {"description": description, "headers": headers or {}, **content}


def body(schema: Any, *, required: bool = True, **examples: Json) -> Json:
    """Return a JSON request body, with examples by name."""
    shown = {"examples": {name: {"value": value} for name, value in examples.items()}} if examples else {}
    return {"required": required, "content": {"application/json": {"schema": schema} | shown}}


def answer_header(schema: Any, description: str) -> Json:
    """Return a header that an answer always has."""
    return {"required": True, "schema": schema, "description": description}


def either(*answers: Json) -> Json:
    """Return an answer with the media types of all `answers`, and the description of the first."""
    return answers[0] | {"content": {media: each for one in answers for media, each in one["content"].items()}}


def listed(entry: Any, most: int) -> Json:
    """Return the schema of a list of at most `most` entries."""
    return {"type": "array", "items": entry, "maxItems": most}


def with_headers(headers: Json, made: Json) -> Json:
    """Return an answer with these headers before its own."""
    return made | {"headers": headers | made["headers"]}


def rendered(
    path: str, operation: Operation, headers: Json, *, answers: Mapping[int, Json], shared: Iterable[Json] = ()
) -> Json:
    """Return the operation in OpenAPI's form. Add `headers` to its answers, and the `shared` parameters."""
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": schema, "description": description}
        for name in re.findall(r"\{(\w+)\}", path)
        for schema, description in [PATH_PARAMETERS[name]]
    ]
    made: Json = {"operationId": operation.name, "summary": operation.summary}
    if operation.description:
        made["description"] = operation.description
    if operation.public:
        made["security"] = []
    if parameters := [*in_path, *operation.parameters, *shared]:
        made["parameters"] = parameters
    if operation.body:
        made["requestBody"] = operation.body
    made["responses"] = {str(status): with_headers(headers, each) for status, each in sorted(answers.items())}
    return made
