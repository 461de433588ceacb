"""What requests to /v2 ask for: ids in paths, whose zones, and JSON bodies as plain objects."""

import json
import uuid
from typing import Any

from zonewright.errors import Invalid, MalformedBody, NotAuthorized, PoolNotFound, Reason, TooLarge, Unsupported
from zonewright.http.designate import all_projects
from zonewright.http.message import Request
from zonewright.settings import Settings

LARGEST_BODY = 114_688  # Designate's own default, max_request_body_size


def zone_id(request: Request) -> str:
    """The zone the path names."""
    return uuid_of(request.parameters["zone_id"], Invalid("Invalid UUID zone_id", kind="invalid_uuid"))


def recordset_id(request: Request) -> str:
    """The record set the path names."""
    return uuid_of(request.parameters["recordset_id"], Invalid("Invalid UUID recordset_id", kind="invalid_uuid"))


def path_id(request: Request, name: str) -> str:
    """An id the path names."""
    return uuid_of(request.parameters[name], Invalid(f"Invalid UUID {name}", kind="invalid_uuid"))


def operators_pool(request: Request, settings: Settings) -> str:
    """The pool the path names, or the one there is, for those who may see it; raises NotAuthorized, PoolNotFound."""
    caller = request.caller
    if not (caller.is_super or caller.is_support):
        raise NotAuthorized(f"user {caller.user_name} may not see pools")
    asked = request.parameters.get("pool_id", settings.pool_id)
    if uuid_of(asked, Invalid("Invalid UUID pool_id", kind="invalid_uuid")) != settings.pool_id.lower():
        raise PoolNotFound(f"Pool with id {asked} does not exist")
    return settings.pool_id


def scope(request: Request) -> str | None:
    """The project whose zones are asked for; None for those of all."""
    if all_projects(request):
        return None
    assert request.caller.group_id is not None, "designate.admit settles it"
    return request.caller.group_id


def json_object(request: Request, envelope: str) -> dict[str, Any]:
    """The body, with or without its envelope: `{"zone": {...}}` and `{...}` are the same."""
    if len(request.body) > LARGEST_BODY:
        raise TooLarge(f"the body has {len(request.body)} octets, more than {LARGEST_BODY}")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Unsupported(f"the body must be application/json, not {media_type or 'of no type'}")
    if not request.body.strip():
        raise MalformedBody("Request Body is empty", kind="empty_request_body")
    try:
        body = json.loads(request.body.decode(), parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"Request Body is not valid JSON: {error}", kind="invalid_json") from error
    if isinstance(body, dict) and body.keys() == {envelope}:
        body = body[envelope]
    if not isinstance(body, dict):
        problem = f"{short(body)} is not of type 'object'"
        raise MalformedBody(problem, [Reason(problem, (), "type", "object")])
    return body


def uuid_of(text: str, problem: Invalid) -> str:
    """An id in its one spelling; `problem` is raised where the text is none."""
    try:
        if len(text) == 36:
            return str(uuid.UUID(text))
    except ValueError:
        pass
    raise problem


def short(value: object) -> str:
    """A value as a message shows it: never much of it."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
