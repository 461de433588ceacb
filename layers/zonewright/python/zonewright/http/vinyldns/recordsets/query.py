"""Read queries about record set changes in the VinylDNS API."""

from dataclasses import dataclass

from zonewright.errors import NegativeMarker
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import malformed, most_items, number


@dataclass(frozen=True, slots=True)
class Page:
    """The wanted page of a list. `start_from` is the `nextId` of the page before, if the query has one.

    `since` and `until` are two versions to compare, which VinylDNS itself cannot.
    """

    limit: int
    start_from: int | None = None
    since: int | None = None
    until: int | None = None

    @property
    def start(self) -> int:
        """The number of changes to skip, or the marker within a difference."""
        return self.start_from or 0


def page(request: Request) -> Page:
    """Return the wanted page of record set changes. Raise MalformedQuery, InvalidLimit or InvalidMarker."""
    since, until = number(request, "from", 32), number(request, "to", 32)
    if until is not None and since is None:
        raise malformed("to", "it needs a 'from' to be compared with")
    start = number(request, "startFrom", 32 if since is None else 64)
    if start is not None and start < 0:
        raise NegativeMarker(marker=str(start))
    return Page(most_items(request), start, since, until)


def change_id(request: Request) -> str:
    """Return the id of the change in the path. It may be any text."""
    return request.parameters["changeId"]
