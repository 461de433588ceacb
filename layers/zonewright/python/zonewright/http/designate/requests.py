"""Read requests below /v2: ids in the path, the caller's project and rights, and bodies."""

import json
import math
import re
import uuid
from typing import Any

from zonewright.errors import (
    EmptyBody,
    GroupUnknown,
    Invalid,
    InvalidId,
    InvalidJson,
    InvalidProjectId,
    MalformedBody,
    MalformedQuery,
    MalformedZoneFile,
    Reason,
    Unsupported,
)
from zonewright.http.designate.dialect import all_projects, may_not
from zonewright.http.designate.refusals import BodyTooLarge, WrongContentType
from zonewright.http.message import Request
from zonewright.model.ids import is_id
from zonewright.model.version import HIGHEST

LARGEST_BODY = 114_688  # bytes; Designate's default of max_request_body_size
LARGEST_FILE_BODY = 4_500_000
"""Bytes of a body with a master file. Lambda takes 6 MB of JSON, in which any type but text is base64, a third more.

Text with its escapes is less in most cases. Beyond 6 MB, API Gateway answers by itself: `Request Too Long`.
"""

INSTEAD = ": a form to upload it by is the answer to an import without a file"
"""The end of a refusal of a master file that is too large: another way to import it."""

_PARAMETERS = {"share_id": "zone_share_id", "transfer_request_id": "zone_transfer_request_id"}
"""Designate's names of parameters of the path, where ours differ."""

_MOST_DIGITS = 100
"""Digits of an integer in a body."""

_NOT_JSON = "Request Body is not valid JSON"
"""Designate's words, behind the reason."""

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^\s;"]*)', re.IGNORECASE)
_REPLACEMENT = "\ufffd".encode()


def zone_id(request: Request) -> str:
    """Return the id of the zone in the path. Raise InvalidId if it is no UUID."""
    return path_id(request, "zone_id")


def path_id(request: Request, name: str) -> str:
    """Return the id in the path parameter `name`. Raise InvalidId if it is no UUID."""
    text = request.parameters[name]
    return uuid_of(text, InvalidId(name=_PARAMETERS.get(name, name), value=cut(text)))


def abandoned_zone_id(request: Request) -> str:
    """Return the id of the zone in the path. Raise NotAuthorized unless a super user calls, and InvalidId."""
    check_super(request, "abandon zones")
    return zone_id(request)


def check_super(request: Request, act: str) -> None:
    """Raise NotAuthorized unless a super user calls, who may `act`."""
    if not request.caller.is_super:
        raise may_not(request, act)


def check_operator(request: Request, act: str = "see pools") -> None:
    """Raise NotAuthorized unless a super or support user calls, who may `act`."""
    if not (request.caller.is_super or request.caller.is_support):
        raise may_not(request, act)


def visible_project(request: Request) -> str | None:
    """Return the project in the path, else the caller's project. It is None if the caller reads all projects.

    Raise NotAuthorized if the caller may not see the project.
    """
    caller = request.caller
    asked = request.parameters.get("project_id", caller.group_id)
    if asked is not None and asked != caller.group_id and not caller.sees(asked):
        raise may_not(request, f"see project {short(asked)}")
    return None if asked is None else _check_project(asked)


def governed_project(request: Request) -> str:
    """Return the project in the path, to set its quotas. Raise NotAuthorized unless a super user calls."""
    if not request.caller.is_super:
        raise may_not(request, "set what projects may have")
    return _check_project(request.parameters["project_id"])


def _check_project(text: str) -> str:
    """Return the id of a project. Raise InvalidId for a text that no id is."""
    if not is_id(text):
        raise InvalidProjectId(name="project_id", value=cut(text))
    return text


def scope(request: Request) -> str | None:
    """Return the project whose zones the request asks for. None stands for all projects."""
    if all_projects(request):
        return None
    assert request.caller.group_id is not None, "dialect.admit ensures a project"
    return request.caller.group_id


def version_number(request: Request) -> int | None:
    """Return the number of the version in the query, or None. Raise MalformedQuery if it is no such number."""
    values = request.query.get("version", [])
    if not values:
        return None
    text = values[0]
    if len(values) > 1 or not (text.isascii() and text.isdigit() and 0 < len(text) <= len(str(HIGHEST))):
        raise MalformedQuery(f"version {short(', '.join(values))} is not the number of a version")
    return int(text)


def zone_file(request: Request) -> bytes:
    """Return the master file in the body, in UTF-8.

    Raise TooLarge if it has more than LARGEST_FILE_BODY bytes. Raise Unsupported for another charset, or if it is
    compressed. Raise MalformedZoneFile if it is not UTF-8.
    """
    _check_encoding(request)
    if len(request.body) > LARGEST_FILE_BODY:
        raise BodyTooLarge(f"It has {len(request.body)}{INSTEAD}", most=LARGEST_FILE_BODY)
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Unsupported(f"a master file must be UTF-8, not {short(charset[1])}")
    return lossless(request, request.body)


def lossless(request: Request, text: bytes) -> bytes:
    """Return `text`, a part of the body. Raise MalformedZoneFile if the gateway may have replaced bytes in it."""
    at = _replaced(request, text)
    if at < 0:
        return text
    line = text.count(b"\n", 0, at) + 1
    problem = f"line {line}: not UTF-8, or U+FFFD, which stands for that here: write it as \\239\\191\\189"
    raise MalformedZoneFile(problem, reasons=[Reason(problem)], line=line)


def project(request: Request) -> str:
    """Return the project whose tasks the request asks for. Raise GroupUnknown if it asks for all projects."""
    if request.caller.group_id is None:
        raise GroupUnknown("tasks are listed by project: name one in X-Auth-Sudo-Project-ID")
    return request.caller.group_id


def json_object(request: Request, envelope: str | None, most: int = LARGEST_BODY, instead: str = "") -> dict[str, Any]:
    """Return the JSON object in the body, without its envelope. `{"zone": {...}}` and `{...}` mean the same.

    With an `envelope` of None there is none.

    Raise TooLarge, whose message ends with `instead`, if the body has more than `most` bytes. Raise Unsupported,
    EmptyBody, InvalidJson or MalformedBody if it is not a JSON object. JSON is UTF-8 (RFC 8259 section 8.1).
    """
    _check_encoding(request)
    if len(request.body) > most:
        raise BodyTooLarge(f"It has {len(request.body)}{instead}", most=most)
    if request.media_type != "application/json":
        raise wrong_content_type(request, "application/json")
    if not request.body.strip():
        raise EmptyBody
    if (at := _replaced(request, request.body)) >= 0:
        told = f"not UTF-8, or U+FFFD, at octet {at}; write U+FFFD as \\ufffd"
        raise InvalidJson(f"{told}: {_NOT_JSON}")
    try:
        body = json.loads(
            request.body.decode(), parse_constant=_refuse_constant, parse_int=_integer, parse_float=_fraction
        )
        json.dumps(body, ensure_ascii=False).encode()  # raises for half a surrogate pair
    except (ValueError, RecursionError) as error:
        raise InvalidJson(f"{_not_json(error)}: {_NOT_JSON}") from error
    if isinstance(body, dict) and body.keys() == {envelope}:
        body = body[envelope]
    if not isinstance(body, dict):
        problem = f"{short(body)} is not of type 'object'"
        raise MalformedBody(problem, reasons=[Reason(problem, (), "type", "object")])
    return body


def _replaced(request: Request, text: bytes) -> int:
    """Return where `text`, a part of the body, has U+FFFD that may stand for another byte, or -1."""
    return text.find(_REPLACEMENT) if request.replaced else -1


def _check_encoding(request: Request) -> None:
    """Raise Unsupported if the body is compressed (RFC 9110 section 8.4)."""
    encoding = request.headers.get("content-encoding", "").strip()
    if encoding.lower() not in ("", "identity"):
        raise Unsupported(f"the body has Content-Encoding {short(encoding)}; send it without one")


def uuid_of(text: str, problem: Invalid) -> str:
    """Return a UUID in its canonical form, in lower case. Raise `problem` if `text` is no UUID."""
    try:
        if len(text) == 36:
            return str(uuid.UUID(text))
    except ValueError:
        pass
    raise problem


def wrong_content_type(request: Request, wanted: str) -> WrongContentType:
    """Return the error for a body that is not of the media types `wanted`."""
    return WrongContentType(
        f"not {request.media_type}" if request.media_type else "the request has none", wanted=wanted
    )


def cut(text: str) -> str:
    """Return a text that was sent, as a message quotes it: at most 250 characters."""
    return text if len(text) <= 250 else text[:247] + "..."


def short(value: object) -> str:
    """Return a value as a message shows it, in at most 80 characters: a text in quotes, all else as JSON."""
    text = repr(str(value)) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


class _NotJson(ValueError):
    """A part of a body is not JSON, or not JSON that is read, for this reason."""


def _refuse_constant(name: str) -> None:
    raise _NotJson(f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _NotJson(f"a number has {len(digits)} digits, more than {_MOST_DIGITS}")
    return int(digits)


def _fraction(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NotJson(f"the number {cut(text)} is too large")
    return number


def _not_json(error: Exception) -> str:
    """Return why a body is not JSON. The texts of Python's errors are not for callers."""
    match error:
        case _NotJson():
            return str(error)
        case json.JSONDecodeError():
            return f"wrong from line {error.lineno}, column {error.colno} on"
        case UnicodeDecodeError():
            return f"not UTF-8 from octet {error.start} on"
        case UnicodeEncodeError():
            return "a text has half of a surrogate pair"
    return "lists and objects are nested too deeply"
