"""Read queries about groups in the VinylDNS API."""

from dataclasses import dataclass

from zonewright.actions.groups import Selection
from zonewright.errors import LimitOutside, NegativeMarker
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import flag, most_items, number, parameter

MOST_GROUPS = 3000
MOST_MEMBERS = 1000
MOST_CHANGES = 1000
"""Entries of a page of each list."""


@dataclass(frozen=True, slots=True)
class Page:
    """The wanted page of members: behind the id `start_from`."""

    limit: int
    start_from: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The wanted page of changes: without the newest `start_from`."""

    limit: int
    start_from: int | None = None


def groups(request: Request) -> Selection:
    """Return the wanted page of groups. Raise InvalidLimit or MalformedQuery."""
    abridged(request)
    return Selection(
        most_items(request, MOST_GROUPS),
        parameter(request, "groupNameFilter"),
        parameter(request, "startFrom"),
        flag(request, "ignoreAccess"),
    )


def abridged(request: Request) -> bool:
    """Return whether a list is to be short. Raise MalformedQuery."""
    return flag(request, "abridged")


def members(request: Request) -> Page:
    """Return the wanted page of members. Raise InvalidLimit or MalformedQuery."""
    return Page(most_items(request, MOST_MEMBERS), parameter(request, "startFrom"))


def changes(request: Request) -> Changes:
    """Return the wanted page of changes. Raise LimitOutside, MalformedQuery or InvalidMarker."""
    start = number(request, "startFrom", 32)
    if start is not None and start < 0:
        raise NegativeMarker(marker=str(start))
    return Changes(most_items(request, MOST_CHANGES, LimitOutside), start)
