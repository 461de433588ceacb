"""Queries about record set changes in the VinylDNS API."""

from dataclasses import dataclass

from zonewright.errors import InvalidMarker, MalformedQuery
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import most_items, number


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: `start_from` is a `nextId`, where that was said.

    `since` and `until` are the versions whose difference is asked for, ours, for VinylDNS has none.
    """

    limit: int
    start_from: int | None = None
    since: int | None = None
    until: int | None = None

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.start_from or 0


def page(request: Request) -> Page:
    """A page of record set changes; the check of the query, too."""
    since, until = number(request, "from", 32), number(request, "to", 32)
    if until is not None and since is None:
        raise MalformedQuery("The query parameter 'to' was malformed:\nit needs a 'from' to be compared with")
    start = number(request, "startFrom", 32 if since is None else 64)
    if start is not None and start < 0:
        raise InvalidMarker(f"startFrom was {start}, startFrom must not be negative")
    return Page(most_items(request), start, since, until)


def change_id(request: Request) -> str:
    """The change the path names; any text may be one."""
    return request.parameters["changeId"]
