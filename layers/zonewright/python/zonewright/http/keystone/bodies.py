"""Read JSON bodies by hand. A login needs no pydantic, which would take longest of a cold start."""

import json
from typing import Any

from zonewright.errors import EmptyBody, Invalid, InvalidJson, Reason, TooLarge
from zonewright.http.message import Request

MOST = 114_688
"""Octets of a body, as Keystone has it (`max_request_body_size`)."""

Object = dict[str, Any]


def document(request: Request) -> Object:
    """Return the body, an object. Raise TooLarge, EmptyBody, InvalidJson, Invalid."""
    if len(request.body) > MOST:
        raise TooLarge(f"the body has {len(request.body)} octets, and may have {MOST}")
    if not request.body.strip():
        raise EmptyBody("the request needs a body")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InvalidJson("the body is not JSON") from error
    return obj(found, "the body")


def obj(value: object, path: str) -> Object:
    """Return a value that must be an object. Raise Invalid."""
    if not isinstance(value, dict):
        raise wrong(path, "must be an object")
    return value


def text(value: object, path: str) -> str:
    """Return a value that must be a text. Raise Invalid."""
    if not isinstance(value, str):
        raise wrong(path, "must be a text")
    return value


def part(whole: Object, name: str, path: str) -> Object:
    """Return the object under `name`. Raise Invalid if it is missing or none."""
    if whole.get(name) is None:
        raise wrong(f"{path}.{name}", "is missing")
    return obj(whole[name], f"{path}.{name}")


def optional(whole: Object, name: str, path: str) -> str | None:
    """Return the text under `name`, or None. Raise Invalid."""
    return None if whole.get(name) is None else text(whole[name], f"{path}.{name}")


def required(whole: Object, name: str, path: str) -> str:
    """Return the text under `name`. Raise Invalid if it is missing or none."""
    found = optional(whole, name, path)
    if found is None:
        raise wrong(f"{path}.{name}", "is missing")
    return found


def wrong(path: str, problem: str) -> Invalid:
    """Return the error for a part of a body. No value is repeated: it may be a secret."""
    return Invalid(reasons=[Reason(f"{path} {problem}", tuple(path.split(".")))])
