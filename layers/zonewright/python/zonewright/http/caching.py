"""Answers that are the same for everybody: how long they may be kept, and whether the caller has them already."""

import hashlib
from dataclasses import replace

from zonewright.http.message import Request, Response


def kept(request: Request, response: Response, seconds: int) -> Response:
    """The answer with its tag, to be kept unasked for so long; a 304 to who has it (RFC 9110 section 13.1.2)."""
    tag = f'"{hashlib.sha256(response.body.encode()).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": f"public, max-age={seconds}"}
    had = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if had & {tag, "*"}:
        return Response(304, headers=headers)
    return replace(response, headers={**response.headers, **headers})
