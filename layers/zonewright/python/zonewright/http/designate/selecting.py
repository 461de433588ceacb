"""What lists of /v2 may be filtered and sorted by (contract `designate.md`, sections 4 and 9).

Each filter and sort key names what it looks at, as it is shown. A value is exact, or has `*` for any run of
characters; nothing else in it means anything.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from zonewright import clock, names, recordsets, selection
from zonewright.errors import Invalid, InvalidPaging
from zonewright.http.designate import hides_counts
from zonewright.http.designate.reading import short, uuid_of
from zonewright.http.designate.writing import HIGHEST_LIMIT
from zonewright.http.designate.writing.zones import STATUS
from zonewright.http.message import Request
from zonewright.rrset import RRset
from zonewright.selection import Selection
from zonewright.zone import Zone

T = TypeVar("T")
Texts = Callable[[T], Iterable[str]]

DEFAULT_LIMIT = 20
PAGING = frozenset({"limit", "marker", "sort_key", "sort_dir", "all_projects", "all_tenants"})

ZONE_FILTERS: dict[str, Texts[Zone]] = {
    "type": lambda zone: [zone.type],
    "status": lambda zone: [STATUS[zone.state]],
    "ttl": lambda zone: [str(zone.ttl)],
    "email": lambda zone: [zone.email],
    "description": lambda zone: [zone.description] if zone.description is not None else [],
    "name": lambda zone: [zone.name],
}

# None is the order zones are kept in. A serial has no place in a list but by its number (RFC 1982 orders pairs only).
ZONE_ORDERS: dict[str, Callable[[Zone], Any] | None] = {
    "created_at": None,
    "id": lambda zone: zone.id,
    "updated_at": lambda zone: zone.updated or clock.EPOCH,
    "name": lambda zone: zone.name.lower(),
    "tenant_id": lambda zone: zone.group_id,
    "serial": lambda zone: zone.serial or 0,
    "ttl": lambda zone: zone.ttl,
    "status": lambda zone: STATUS[zone.state],
}


def zones(request: Request) -> Selection[Zone]:
    """The zones a request asks for; its marker is a zone's id."""
    query = _query(request, ZONE_FILTERS)
    marker = query.get("marker")
    if marker is not None:
        marker = uuid_of(marker, InvalidPaging(f"Invalid marker {short(marker)}", kind="invalid_marker"))
    return _selection(request, query, ZONE_FILTERS, ZONE_ORDERS, marker)


def record_sets(request: Request, zone: Zone) -> Selection[RRset]:
    """The record sets of a zone a request asks for; its marker is one's id, or what `links.next` said."""
    filters = record_set_filters(zone)
    query = _query(request, filters)
    return _selection(request, query, filters, record_set_orders(zone), query.get("marker"))


def record_set_filters(zone: Zone) -> dict[str, Texts[RRset]]:
    """What each filter of a zone's record sets looks at; what costs least is looked at first."""
    origin = names.absolute(zone.name)
    return {
        "status": lambda _: ["ACTIVE"],
        "description": lambda _: [],
        "ttl": lambda entry: [] if entry.ttl is None else [str(entry.ttl)],
        "type": lambda entry: [entry.type_text()],
        "name": lambda entry: [entry.owner(origin).to_text()],
        "data": lambda entry: entry.texts(),
    }


def record_set_orders(zone: Zone) -> dict[str, Callable[[RRset], Any] | None]:
    """What each order of a zone's record sets goes by.

    None is canonical order (RFC 4034 section 6.1), which serves for whatever is the same in the whole zone.
    """
    return {
        **dict.fromkeys(("created_at", "updated_at", "zone_id", "tenant_id", "name")),
        "id": lambda entry: recordsets.id_of(zone.id, entry.place),
        "type": lambda entry: entry.type_text(),
        "ttl": lambda entry: -1 if entry.ttl is None else entry.ttl,
        "records": lambda entry: entry.texts(),
    }


def _query(request: Request, filters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of the query, each known and said once."""
    query = request.query
    unknown = sorted(query.keys() - PAGING - filters.keys())
    if unknown:
        raise Invalid(f"Unknown query parameters: {short(', '.join(unknown))}", kind="bad_request")
    repeated = sorted(name for name, values in query.items() if len(values) > 1)
    if repeated:
        raise Invalid(f"Query parameters given more than once: {', '.join(repeated)}", kind="bad_request")
    return {name: values[0] for name, values in query.items()}


def _selection(
    request: Request,
    query: Mapping[str, str],
    filters: Mapping[str, Texts[T]],
    orders: Mapping[str, Callable[[T], Any] | None],
    marker: str | None,
) -> Selection[T]:
    key, direction = query.get("sort_key", "created_at"), query.get("sort_dir", "asc").lower()
    if key not in orders:
        raise InvalidPaging(f"Invalid sort_key {short(key)}: one of {', '.join(orders)}", kind="invalid_sort_key")
    if direction not in ("asc", "desc"):
        raise InvalidPaging(f"Invalid sort_dir {short(direction)}: asc or desc", kind="invalid_sort_dir")
    name = query.get("name")
    exact = name if name is not None and "*" not in name else None
    return Selection(
        limit=_limit(query.get("limit")),
        marker=marker,
        name=exact,
        filters=tuple(
            _filter(texts, selection.matcher(query[field]))
            for field, texts in filters.items()
            if field in query and (field != "name" or exact is None)
        ),
        order=orders[key],
        descending=direction == "desc",
        counted=not hides_counts(request),
    )


def _filter(texts: Texts[T], matches: Callable[[str], bool]) -> Callable[[T], bool]:
    return lambda entry: any(map(matches, texts(entry)))


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if text.lower() == "max":
        return HIGHEST_LIMIT
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise InvalidPaging(f"Invalid limit value {short(text)}: a positive integer or max", kind="invalid_limit")
    return HIGHEST_LIMIT if len(text.lstrip("0")) > 4 else min(int(text), HIGHEST_LIMIT)
