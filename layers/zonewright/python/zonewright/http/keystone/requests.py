"""Read the parts of requests that several routes below /v3 have."""

import re

from zonewright.errors import Invalid, InvalidLimit
from zonewright.http.message import Request

MOST = 1000
"""Entries of a page."""


def subject(request: Request) -> str:
    """Return the text of the token that the request is about. Raise Invalid without it."""
    text = request.headers.get("x-subject-token")
    if not text:
        raise Invalid("the header X-Subject-Token is missing")
    return text


def limit(request: Request) -> int:
    """Return the wanted number of entries. More than MOST are MOST. Raise InvalidLimit."""
    text = request.query.get("limit", [str(MOST)])[-1]
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) == 0:
        raise InvalidLimit(limit=text[:32], most=MOST)
    return min(int(text), MOST)


def one(request: Request, name: str) -> str | None:
    """Return a parameter of the query, or None. The last of repeated ones counts."""
    return request.query.get(name, [None])[-1]
