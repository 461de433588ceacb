"""Conditional requests (RFC 9110 section 13): entity tags, 304 if nothing changed, 412 if something did.

A tag is `"fingerprint-kind"`: the resource's fingerprint, and the kind of representation. Tags are strong. A condition
is checked against the resource as it was read. The write must itself be conditional on that state.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from zonewright.errors import MalformedHeader, PreconditionFailed
from zonewright.http.message import Request, Response

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = rf"\s*(?:,\s*)*{_TAG}(?:\s*,\s*(?:{_TAG})?)*\s*"
"""Pattern of a list of entity tags. A header may have `*` instead of a list."""

_LIST = re.compile(TAGS)
_EACH = re.compile(_TAG)
_READS = ("GET", "HEAD")


def tag(fingerprint: str, kind: str = "json") -> str:
    """Return the entity tag of a resource with this fingerprint, in this kind of representation."""
    return f'"{fingerprint}-{kind}"'


def answer(request: Request, current: str, make: Callable[[], Response]) -> Response:
    """Return the response of `make` with its entity tag `current`, or a 304 without calling `make`.

    Raise PreconditionFailed if `If-Match` does not hold. Raise MalformedHeader if a condition cannot be read.
    """
    validators = {"etag": current, "cache-control": "private, no-cache"}
    if _holds(request, current) is None:
        return Response(304, headers=validators)
    made = make()
    return replace(made, headers={**made.headers, **validators})


def expected(request: Request, current: str) -> bool:
    """Check the conditions of a write against the entity tag `current`. Return True if they name entity tags.

    If True, the write must not be retried on a newer state of the resource. Raise PreconditionFailed if a condition
    does not hold, and MalformedHeader if it cannot be read.
    """
    _holds(request, current)
    conditions = [request.headers.get(name, "*").strip() for name in ("if-match", "if-none-match")]
    return conditions != ["*", "*"]


def _holds(request: Request, current: str) -> bool | None:
    """Return True if the conditions hold, None if a GET already has the content. Raise PreconditionFailed otherwise."""
    wanted = _tags(request, "if-match")
    if wanted is not None and "*" not in wanted and current not in wanted:
        raise PreconditionFailed(f"If-Match does not hold: the entity tag is {current} now")
    known = _tags(request, "if-none-match")
    if known is None or not ("*" in known or current in {each.removeprefix("W/") for each in known}):
        return True
    if request.method in _READS:
        return None
    raise PreconditionFailed(f"If-None-Match does not hold: the entity tag is {current}")


def _tags(request: Request, name: str) -> list[str] | None:
    """Return the entity tags in a header, or `*` alone. Return None without the header. Raise MalformedHeader."""
    text = request.headers.get(name)
    if text is None:
        return None
    if text.strip() == "*":
        return ["*"]
    if not _LIST.fullmatch(text):
        raise MalformedHeader(f'{name} is neither * nor a list of entity tags as "5-json": {text[:80]!r}')
    return _EACH.findall(text)
