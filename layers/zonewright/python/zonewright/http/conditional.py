"""Conditional requests (RFC 9110 section 13): entity tags, 304 where nothing is new, 412 where something is.

A tag is `"mark-kind"`: what a resource was when it was shown, and in which representation. Tags are strong. That a
condition held when the resource was read is half of it: whoever writes makes sure that it still is as it was read.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from zonewright.errors import MalformedHeader, PreconditionFailed
from zonewright.http.message import Request, Response

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = rf"\s*(?:,\s*)*{_TAG}(?:\s*,\s*(?:{_TAG})?)*\s*"
"""What lists entity tags, as a pattern; a header may have `*` in its place."""

_LIST = re.compile(TAGS)
_EACH = re.compile(_TAG)
_READS = ("GET", "HEAD")


def tag(mark: str, kind: str = "json") -> str:
    """The entity tag of a resource that is at `mark`, in a representation of this kind."""
    return f'"{mark}-{kind}"'


def answer(request: Request, current: str, make: Callable[[], Response]) -> Response:
    """What a GET is answered: `make()` under its tag, or 304 without making it. Raises PreconditionFailed."""
    validators = {"etag": current, "cache-control": "private, no-cache"}
    if _holds(request, current) is None:
        return Response(304, headers=validators)
    made = make()
    return replace(made, headers={**made.headers, **validators})


def expected(request: Request, current: str) -> bool:
    """Whether the caller wants the resource changed only as it is at `current`; raises PreconditionFailed.

    The one who writes must not try again on a later state where this is so.
    """
    _holds(request, current)
    conditions = [request.headers.get(name, "*").strip() for name in ("if-match", "if-none-match")]
    return conditions != ["*", "*"]


def _holds(request: Request, current: str) -> bool | None:
    """True where the conditions hold; None where a GET has what it would get. Raises PreconditionFailed."""
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
    """The entity tags a header lists, `*` by itself; None where there is no such header."""
    text = request.headers.get(name)
    if text is None:
        return None
    if text.strip() == "*":
        return ["*"]
    if not _LIST.fullmatch(text):
        raise MalformedHeader(f'{name} is neither * nor a list of entity tags as "5-json": {text[:80]!r}')
    return _EACH.findall(text)
