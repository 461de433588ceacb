"""Conditional requests (RFC 9110 section 13): entity tags, 304 if nothing changed, 412 if something did.

A tag is `"fingerprint.digest-kind"`: the resource's fingerprint, a digest of the representation, and its kind. Tags are
strong: two representations that differ in any byte have different tags. An immutable representation needs no digest. A
condition is checked against the resource as it was read. The write must itself be conditional on that state.

`If-Match` of a write compares fingerprints and kinds only. A zone also shows what no caller changes, such as
`next_sync_at`, which the dispatcher moves every few minutes. A caller asks whether another changed the zone since it
read it. The fingerprint says that. A 412 because of the dispatcher would make writes of scheduled zones fail by chance.
Reads compare whole tags, and so does `If-None-Match`.
"""

import hashlib
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
_DIGITS = 16
_DIGEST = re.compile(rf'\.[0-9a-f]{{{_DIGITS}}}(?=-\w+"$)')


def tag(fingerprint: str, kind: str = "json", shown: str | None = None) -> str:
    """Return the entity tag of a resource with this fingerprint, in this kind of representation.

    `shown` is the representation. It may be left out if the fingerprint changes with every byte of it.
    """
    digest = "" if shown is None else "." + hashlib.sha256(shown.encode()).hexdigest()[:_DIGITS]
    return f'"{fingerprint}{digest}-{kind}"'


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

    `If-Match` holds for each tag of the same fingerprint and kind. If True, the write must not be retried on a newer
    state of the resource. Raise PreconditionFailed if a condition does not hold, and MalformedHeader if it cannot be
    read.
    """
    _holds(request, current, _state)
    conditions = [request.headers.get(name, "*").strip() for name in ("if-match", "if-none-match")]
    return conditions != ["*", "*"]


def _state(entity_tag: str) -> str:
    """Return an entity tag without the digest."""
    return _DIGEST.sub("", entity_tag)


def _holds(request: Request, current: str, state: Callable[[str], str] = str) -> bool | None:
    """Return True if the conditions hold, None if a GET already has the content. Raise PreconditionFailed otherwise.

    `If-Match` compares what `state` returns for each tag.
    """
    wanted = _tags(request, "if-match")
    if wanted is not None and "*" not in wanted and state(current) not in map(state, wanted):
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
