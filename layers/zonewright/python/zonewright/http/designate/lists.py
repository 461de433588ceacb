"""Read the query of a list below /v2: filters, order and page (contract `designate.md`, section 4).

The `filters` module of a subject has the tables. A filter or sort key is the name of a field in the answer. In the
value of a filter, `*` matches any run of characters. No other character is special.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from zonewright.errors import InvalidLimit, InvalidMarker, InvalidSortDirection, InvalidSortKey
from zonewright.http.designate.dialect import hides_counts
from zonewright.http.designate.refusals import RepeatedFilters, UnknownFilters
from zonewright.http.designate.requests import cut, uuid_of
from zonewright.http.designate.views import HIGHEST_LIMIT
from zonewright.http.message import Request
from zonewright.model import selection
from zonewright.model.selection import Selection

T = TypeVar("T")
Texts = Callable[[T], Iterable[str]]
Filters = Mapping[str, Texts[T]]
"""For each query parameter, a function that returns the texts of an entry. One of them must match."""

Orders = Mapping[str, Callable[[T], Any] | None]
"""For each sort key, a function that returns the value to sort by. None stands for the stored order."""

DEFAULT_LIMIT = 20
PAGING = frozenset({"limit", "marker", "sort_key", "sort_dir", "all_projects", "all_tenants"})


def parameters(request: Request, filters: Collection[str]) -> dict[str, str]:
    """Return the parameters of the query. Raise RepeatedFilters or UnknownFilters."""
    query = request.query
    repeated = sorted(name for name, values in query.items() if len(values) > 1)
    if repeated:
        raise RepeatedFilters(names=cut(", ".join(repeated)))
    unknown = sorted(query.keys() - PAGING - set(filters))
    if unknown:
        raise UnknownFilters(names=cut(", ".join(unknown)))
    return {name: values[0] for name, values in query.items()}


def by_id(request: Request, filters: Filters[T], orders: Orders[T]) -> Selection[T]:
    """Return the selection that the query describes. The marker is the id of an entry.

    Raise RepeatedFilters, UnknownFilters, InvalidMarker, InvalidLimit, InvalidSortKey or InvalidSortDirection.
    """
    query = parameters(request, filters)
    marker = query.get("marker")
    if marker is not None:
        marker = uuid_of(marker, InvalidMarker(marker=cut(marker)))
    return _select(request, query, filters, orders, marker)


@dataclass(frozen=True, slots=True)
class Page:
    """What any list reads of a query: the entries of a page, the sort key and direction, and whether to count."""

    limit: int
    order: str | None
    descending: bool
    counted: bool


def page(request: Request, query: Mapping[str, str], orders: Collection[str]) -> Page:
    """Return the page that the `parameters` of a query describe.

    Raise InvalidLimit, InvalidSortKey or InvalidSortDirection.
    """
    key, direction = query.get("sort_key"), query.get("sort_dir", "asc").lower()
    if key is not None and key not in orders:
        raise InvalidSortKey(key=cut(key), keys=list(orders))
    if direction not in ("asc", "desc"):
        raise InvalidSortDirection(direction=cut(direction))
    return Page(_limit(query.get("limit")), key, direction == "desc", not hides_counts(request))


def _select(
    request: Request, query: Mapping[str, str], filters: Filters[T], orders: Orders[T], marker: str | None
) -> Selection[T]:
    asked = page(request, query, orders)
    name = query.get("name")
    exact = name if name is not None and "*" not in name else None
    return Selection(
        limit=asked.limit,
        marker=marker,
        name=exact,
        filters=tuple(
            _filter(texts, selection.matcher(query[field]))
            for field, texts in filters.items()
            if field in query and (field != "name" or exact is None)
        ),
        order=None if asked.order is None else orders[asked.order],
        descending=asked.descending,
        counted=asked.counted,
    )


def _filter(texts: Texts[T], matches: Callable[[str], bool]) -> Callable[[T], bool]:
    return lambda entry: any(map(matches, texts(entry)))


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if text.lower() == "max":
        return HIGHEST_LIMIT
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise InvalidLimit(limit=cut(text), most=HIGHEST_LIMIT)
    return HIGHEST_LIMIT if len(text.lstrip("0")) > 4 else min(int(text), HIGHEST_LIMIT)
