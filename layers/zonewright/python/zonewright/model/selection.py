"""The part of a list that a caller asks for: filters, order, where to begin, how many.

The dialect says which fields of an entry filters and orders read. The verb says where entries come from. A list in its
stored order costs one page. Any other order, and any count with filters, reads every entry once, and never holds more
entries than the page has.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from zonewright.errors import MarkerNotFound


class Entry(Protocol):
    """An entry of a list that is stored in the order of creation."""

    @property
    def id(self) -> str:
        """Return the entry's id, which serves as a marker."""

    @property
    def created(self) -> datetime:
        """Return when the entry was created."""


T = TypeVar("T")
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Selection(Generic[T]):
    """The choice of up to `limit` entries that pass every filter, behind `marker`: an entry's id, or a cursor.

    `name` is a filter of its own, because an exact name is looked up. `order` returns the value to sort by; None is the
    stored order. `counted` asks for the number of entries that pass the filters.
    """

    limit: int = 20
    marker: str | None = None
    name: str | None = None
    filters: tuple[Callable[[T], bool], ...] = ()
    order: Callable[[T], Any] | None = None
    descending: bool = False
    counted: bool = True

    def after(self, find: Callable[[str], T | None], listed: Callable[[T], bool] = lambda _: True) -> T | None:
        """Return the entry that `marker` names, or None without a marker.

        `find` reads an entry by id. Raise MarkerNotFound if the entry is missing or not `listed`.
        """
        entry = find(self.marker) if self.marker else None
        if self.marker and (entry is None or not listed(entry)):
            raise MarkerNotFound(marker=self.marker)
        return entry

    @property
    def stored(self) -> bool:
        """Return whether the selection is a part of the stored list, forwards."""
        return not (self.filters or self.name is not None or self.order or self.descending)


def page_after(entries: Iterable[E], selection: Selection[E], after: E | None) -> tuple[list[E], int]:
    """Return the page of `entries` behind the entry `after`, and how many entries pass the filters.

    The order is that of the selection, or that of creation. Equal entries are in the order of their ids.
    """
    order = selection.order or (lambda entry: entry.created)

    def place(entry: E) -> tuple[Any, str]:
        return order(entry), entry.id

    return page(entries, selection, place, place(after) if after else None)


def page(
    entries: Iterable[T], selection: Selection[T], place: Callable[[T], Any], behind: Any = None
) -> tuple[list[T], int]:
    """Return the page of `entries`, which come in any order, and how many entries pass the filters.

    `place` returns the position of an entry in the order, unique to each entry. The page begins behind the position
    `behind`.
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
    """Return a test of whether a text matches `pattern`, in which `*` stands for any run of characters.

    Case is ignored, as the databases below Designate do. Each part of the pattern is searched for once, because its
    first match is as good as any. So no pattern is slow.
    """
    first, *others = pattern.lower().split("*")
    if not others:
        return lambda text: text.lower() == first
    *parts, last = others
    if len(parts) == 1 and not (first or last):
        (part,) = parts
        return lambda text: part in text.lower()

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
