"""How large the response of a function may be.

Lambda returns at most 6 MB: one JSON event, in which the body is a string. So a quote in a JSON body takes two octets,
and a backslash that JSON has escaped already takes four. All sizes here are octets within that event.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

MOST = 6_000_000
"""Octets of the largest response that is sent."""

PAGE = 5_000_000
"""Octets of entries after which a page of a list ends. The rest is for links, headers and the fields beside them."""

Fields = TypeVar("Fields", bound=Mapping[str, Any])


def octets(text: str) -> int:
    """Return the size of a text within a response."""
    return len(json.dumps(text)) - 2  # without the quotes around it


def fitting(entries: Iterable[Fields]) -> tuple[list[Fields], bool]:
    """Return the entries of a list that fit into one page, the first in any case, and whether others are left.

    No more entries are read than one behind the last of the page.
    """
    page: list[Fields] = []
    size = 0
    for entry in entries:
        size += octets(json.dumps(entry)) + len(", ")
        if page and size > PAGE:
            return page, True
        page.append(entry)
    return page, False
