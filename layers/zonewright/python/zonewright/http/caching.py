"""Caching of responses that are the same for every caller."""

import hashlib
from dataclasses import replace

from zonewright.http.message import Request, Response


def cacheable(request: Request, response: Response, seconds: int) -> Response:
    """Return `response` with an entity tag, and a lifetime in seconds for caches.

    Return a 304 if `If-None-Match` names that tag (RFC 9110 section 13.1.2).
    """
    tag = f'"{hashlib.sha256(response.body.encode()).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": f"public, max-age={seconds}"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(304, headers=headers)
    return replace(response, headers={**response.headers, **headers})
