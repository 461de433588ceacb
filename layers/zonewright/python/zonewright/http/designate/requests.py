"""What requests to /v2 ask for: ids in paths, whose zones, and JSON bodies as plain objects."""

import json
import re
import uuid
from typing import Any

from zonewright.errors import (
    EmptyBody,
    GroupUnknown,
    Invalid,
    InvalidId,
    InvalidJson,
    MalformedBody,
    MalformedQuery,
    MalformedZoneFile,
    NotAuthorized,
    PoolNotFound,
    Reason,
    TooLarge,
    Unsupported,
)
from zonewright.http.designate.dialect import all_projects
from zonewright.http.message import Request
from zonewright.model.settings import Settings
from zonewright.model.version import HIGHEST

LARGEST_BODY = 114_688  # Designate's own default, max_request_body_size
LARGEST_FILE_BODY = 6 << 20  # of a body with a master file: what Lambda takes

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^\s;"]*)', re.IGNORECASE)
_REPLACEMENT = "\ufffd".encode()


def zone_id(request: Request) -> str:
    """The zone the path names."""
    return uuid_of(request.parameters["zone_id"], InvalidId("Invalid UUID zone_id"))


def path_id(request: Request, name: str) -> str:
    """An id the path names."""
    return uuid_of(request.parameters[name], InvalidId(f"Invalid UUID {name}"))


def abandoned_zone_id(request: Request) -> str:
    """The zone the path names, for those who may abandon zones."""
    if not request.caller.is_super:
        raise NotAuthorized(f"user {request.caller.user_name} may not abandon zones")
    return zone_id(request)


def operators_pool(request: Request, settings: Settings) -> str:
    """The pool the path names, or the one there is, for those who may see it; raises NotAuthorized, PoolNotFound."""
    caller = request.caller
    if not (caller.is_super or caller.is_support):
        raise NotAuthorized(f"user {caller.user_name} may not see pools")
    asked = request.parameters.get("pool_id", settings.pool_id)
    if uuid_of(asked, InvalidId("Invalid UUID pool_id")) != settings.pool_id.lower():
        raise PoolNotFound(f"Pool with id {asked} does not exist")
    return settings.pool_id


def visible_project(request: Request) -> str | None:
    """The project the path names, or the caller's, if that may be looked at; None of one who looks at all of them."""
    caller = request.caller
    asked = request.parameters.get("project_id", caller.group_id)
    if asked is not None and asked != caller.group_id and not caller.sees(asked):
        raise NotAuthorized(f"user {caller.user_name} may not see project {short(asked)}")
    return asked


def governed_project(request: Request) -> str:
    """The project the path names, for those who rule over it."""
    if not request.caller.is_super:
        raise NotAuthorized(f"user {request.caller.user_name} may not set what projects may have")
    return request.parameters["project_id"]


def scope(request: Request) -> str | None:
    """The project whose zones are asked for; None for those of all."""
    if all_projects(request):
        return None
    assert request.caller.group_id is not None, "designate.admit settles it"
    return request.caller.group_id


def version_number(request: Request) -> int | None:
    """The version of a zone's contents the query names, if any."""
    values = request.query.get("version", [])
    if not values:
        return None
    text = values[0]
    if len(values) > 1 or not (text.isascii() and text.isdigit() and 0 < len(text) <= len(str(HIGHEST))):
        raise MalformedQuery(f"version {short(', '.join(values))} is not the number of a version")
    return int(text)


def zone_file(request: Request) -> bytes:
    """The master file that is the body: text/dns in UTF-8."""
    if len(request.body) > LARGEST_FILE_BODY:
        problem = f"the body has {len(request.body)} octets, more than {LARGEST_FILE_BODY}"
        raise TooLarge(f"{problem}: a link to upload it to is the answer to an import without a file")
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Unsupported(f"a master file must be UTF-8, not {short(charset[1])}")
    return lossless(request, request.body)


def lossless(request: Request, text: bytes) -> bytes:
    """A text of the body; refused where the gateway may have replaced octets of it."""
    at = text.find(_REPLACEMENT) if request.replaced else -1
    if at < 0:
        return text
    line = text.count(b"\n", 0, at) + 1
    problem = f"line {line}: not UTF-8, or U+FFFD, which stands for that here: write it as \\239\\191\\189"
    raise MalformedZoneFile(problem, [Reason(problem)], line)


def project(request: Request) -> str:
    """The project whose tasks are asked for: there is no list of those of all."""
    if request.caller.group_id is None:
        raise GroupUnknown("tasks are listed by project: name one in X-Auth-Sudo-Project-ID")
    return request.caller.group_id


def json_object(request: Request, envelope: str, most: int = LARGEST_BODY) -> dict[str, Any]:
    """The body, with or without its envelope: `{"zone": {...}}` and `{...}` are the same."""
    if len(request.body) > most:
        raise TooLarge(f"the body has {len(request.body)} octets, more than {most}")
    if request.media_type != "application/json":
        raise Unsupported(f"the body must be application/json, not {request.media_type or 'of no type'}")
    if not request.body.strip():
        raise EmptyBody("Request Body is empty")
    try:
        body = json.loads(request.body.decode(), parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise InvalidJson(f"Request Body is not valid JSON: {error}") from error
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
