"""One operation of the API, and the parts that operations of any dialect are made of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from zonewright.http.formats import PathId, Schema, Uuid
from zonewright.http.openapi.schemas import Json, Shape

PATH_PARAMETERS: dict[str, tuple[Any, str]] = {
    "zone_id": (Uuid, "The zone"),
    "recordset_id": (Uuid, "The record set"),
    "transfer_request_id": (Uuid, "The transfer request"),
    "transfer_accept_id": (Uuid, "The acceptance"),
    "share_id": (Uuid, "The share"),
    "import_id": (Uuid, "The import"),
    "export_id": (Uuid, "The export"),
    "pool_id": (Uuid, "The pool"),
    "project_id": (Annotated[str, Schema(minLength=1)], "The project"),
    "tsigkey_id": (Uuid, "The TSIG key"),
    "zoneId": (PathId, "The zone; any text: one that is no id is not found"),
    "changeId": (PathId, "The change; any text: one that is no id is not found"),
    "dryRunId": (PathId, "The dry run; any text: one that is no id is not found"),
    "asset": (str, "The file"),
}
"""Each parameter of a path, by its name: its schema, and what it names."""

YES = {"type": "string", "examples": ["true"]}
ALLOW = {"allow": {"required": True, "schema": str, "description": "The methods it takes"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one method does on one path; `name` is its operationId, `errors` the `type`s of Designate's errors.

    `tag` is the heading it stands under, where that is another than its topic's.
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
    """Operations by `METHOD /path`, in the order in which they are read, and the schemas they brought."""

    tag: str
    operations: Mapping[str, Operation]
    schemas: Mapping[str, Shape | Json]


def query(name: str, schema: Any, description: str) -> Json:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def header(name: str, schema: Any, description: str) -> Json:
    """A header that may be sent."""
    return {"name": name, "in": "header", "schema": schema, "description": description}


def answer(
    description: str, schema: Any = None, headers: Json | None = None, *, media: str = "application/json"
) -> Json:
    """One answer, without a body where there is no `schema`, with the headers it has beyond its dialect's."""
    content = {} if schema is None else {"content": {media: {"schema": schema}}}
    return {"description": description, "headers": headers or {}, **content}


def body(schema: Any, *, required: bool = True, **examples: Json) -> Json:
    """A JSON body, with examples by name."""
    shown = {"examples": {name: {"value": value} for name, value in examples.items()}} if examples else {}
    return {"required": required, "content": {"application/json": {"schema": schema} | shown}}


def sent(schema: Any, description: str) -> Json:
    """A header that the answer always has."""
    return {"required": True, "schema": schema, "description": description}


def either(*answers: Json) -> Json:
    """An answer of several media types, described as the first."""
    return answers[0] | {"content": {media: each for one in answers for media, each in one["content"].items()}}


def listed(entry: Any, most: int) -> Json:
    """A list of no more entries than this."""
    return {"type": "array", "items": entry, "maxItems": most}


def rendered(
    path: str, operation: Operation, headers: Json, *, answers: Mapping[int, Json], shared: Iterable[Json] = ()
) -> Json:
    """The operation as OpenAPI has it: `answers` with the dialect's `headers`, and the `shared` parameters."""
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
    made["responses"] = {
        str(status): each | {"headers": headers | each["headers"]} for status, each in sorted(answers.items())
    }
    return made
