"""What a caller wants of a list: which entries, in which order, from where on, how many.

The dialect says what of an entry a filter or an order looks at, the verb where entries come from. An order the store
keeps costs a page; for any other, and to count what a filter lets through, every entry is looked at once, and never
more of them held than the page has.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from zonewright.errors import MarkerNotFound


class Entry(Protocol):
    """An entry of a list that is kept in the order of creation."""

    @property
    def id(self) -> str:
        """The entry's id, which serves as a marker."""

    @property
    def created(self) -> datetime:
        """When it was created."""


T = TypeVar("T")
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Selection(Generic[T]):
    """Up to `limit` entries that every filter lets through, those behind `marker`, the id of one or a cursor.

    `name` is a filter of its own: an exact name is looked up. `order` says what to sort by, None the order in which
    entries are kept.
    """

    limit: int = 20
    marker: str | None = None
    name: str | None = None
    filters: tuple[Callable[[T], bool], ...] = ()
    order: Callable[[T], Any] | None = None
    descending: bool = False
    counted: bool = True

    def after(self, find: Callable[[str], T | None], listed: Callable[[T], bool] = lambda _: True) -> T | None:
        """Return the entry that the page begins behind, or None without a marker.

        `find` reads an entry by id. Raises MarkerNotFound for an entry that is missing or not `listed`.
        """
        entry = find(self.marker) if self.marker else None
        if self.marker and (entry is None or not listed(entry)):
            raise marker_not_found(self.marker)
        return entry

    @property
    def stored(self) -> bool:
        """Whether this is a part of the list as it is kept, forwards."""
        return not (self.filters or self.name is not None or self.order or self.descending)


def marker_not_found(marker: str) -> MarkerNotFound:
    """Return the error for a marker that names no entry of the list."""
    return MarkerNotFound(f"Marker {marker} could not be found")


def page_after(entries: Iterable[E], selection: Selection[E], after: E | None) -> tuple[list[E], int]:
    """Return the page of `entries` behind the entry `after`, and the number of entries that the filters let through.

    The order is that of the selection, or that of creation. Equal entries are in the order of their ids.
    """
    order = selection.order or (lambda entry: entry.created)

    def place(entry: E) -> tuple[Any, str]:
        return order(entry), entry.id

    return page(entries, selection, place, place(after) if after else None)


def page(
    entries: Iterable[T], selection: Selection[T], place: Callable[[T], Any], behind: Any = None
) -> tuple[list[T], int]:
    """The page of `entries`, which come in any order, and how many the filters let through.

    `place` is where an entry stands in the order, no two at the same; the page begins behind the place `behind`.
    """
    count = 0

    def wanted() -> Iterator[T]:
        nonlocal count
        for entry in entries:
            if not all(lets_through(entry) for lets_through in selection.filters):
                continue
            count += 1
            if behind is None or (place(entry) < behind if selection.descending else place(entry) > behind):
                yield entry

    choose = heapq.nlargest if selection.descending else heapq.nsmallest
    return choose(selection.limit, wanted(), key=place), count


def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text is `pattern`, in which `*` stands for any run of characters.

    The case of letters is ignored, as the databases below Designate do. Each part of the pattern is looked for once,
    the first place it fits is as good as any, so no pattern makes this slow.
    """
    first, *others = pattern.lower().split("*")
    if not others:
        return lambda text: text.lower() == first
    *parts, last = others

    def matches(text: str) -> bool:
        text = text.lower()
        at, end = len(first), len(text) - len(last)
        if at > end or not (text.startswith(first) and text.endswith(last)):
            return False
        for part in parts:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return matches
