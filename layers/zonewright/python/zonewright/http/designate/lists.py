"""What lists of /v2 may be filtered and sorted by (contract `designate.md`, sections 4 and 9).

Each filter and sort key names what it looks at, as it is shown. A value is exact, or has `*` for any run of
characters; nothing else in it means anything.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from zonewright import clock
from zonewright.errors import (
    InvalidId,
    InvalidLimit,
    InvalidMarker,
    InvalidSortDirection,
    InvalidSortKey,
    MalformedQuery,
)
from zonewright.http.designate.dialect import hides_counts
from zonewright.http.designate.requests import short, uuid_of
from zonewright.http.designate.views import HIGHEST_LIMIT
from zonewright.http.designate.zones.view import STATUS
from zonewright.http.message import Request
from zonewright.model import selection
from zonewright.model.handover import Acceptance, Offer, OfferStatus
from zonewright.model.recordset import RecordSet
from zonewright.model.selection import Selection
from zonewright.model.share import Share
from zonewright.model.tsigkey import TsigKey
from zonewright.model.zone import Zone
from zonewright.model.zonetask import ZoneTask

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


# What costs least is looked at first.
RECORD_SET_FILTERS: dict[str, Texts[RecordSet]] = {
    "status": lambda _: ["ACTIVE"],
    "ttl": lambda entry: [] if entry.rrset.ttl is None else [str(entry.rrset.ttl)],
    "description": lambda entry: [text] if (text := entry.rrset.notes.description) is not None else [],
    "type": lambda entry: [entry.rrset.type_text()],
    "name": lambda entry: [entry.name],
    "data": lambda entry: entry.rrset.texts(),
}

# Ties are in the order of the zones' making, and within a zone in canonical order (RFC 4034 section 6.1).
RECORD_SET_ORDERS: dict[str, Callable[[RecordSet], Any] | None] = {
    "created_at": lambda entry: entry.rrset.notes.created or entry.zone.created,
    "id": lambda entry: entry.id,
    "updated_at": lambda entry: entry.rrset.notes.updated or clock.EPOCH,
    "zone_id": lambda entry: entry.zone.id,
    "tenant_id": lambda entry: entry.zone.group_id,
    "name": lambda entry: entry.order,
    "type": lambda entry: entry.rrset.type_text(),
    "ttl": lambda entry: -1 if entry.rrset.ttl is None else entry.rrset.ttl,
    "records": lambda entry: entry.rrset.texts(),
}


# In one zone canonical order is that of the names, and serves for what is the same in all of it.
ORDERS_OF_ONE_ZONE = {**RECORD_SET_ORDERS, **dict.fromkeys(("name", "zone_id", "tenant_id"))}

OFFER_FILTERS: dict[str, Texts[Offer]] = {
    "status": lambda offer: [offer.status],
    "zone_id": lambda offer: [offer.zone_id],
    "target_project_id": lambda offer: [offer.target_id] if offer.target_id is not None else [],
    "description": lambda offer: [offer.description] if offer.description is not None else [],
}
OFFER_ORDERS: dict[str, Callable[[Offer], Any] | None] = {
    "created_at": None,
    "id": lambda offer: offer.id,
    "updated_at": lambda offer: offer.updated or clock.EPOCH,
}

ACCEPTANCE_FILTERS: dict[str, Texts[Acceptance]] = {
    "status": lambda _: [OfferStatus.COMPLETE],
    "zone_id": lambda acceptance: [acceptance.zone_id],
    "zone_transfer_request_id": lambda acceptance: [acceptance.offer_id],
}
ACCEPTANCE_ORDERS: dict[str, Callable[[Acceptance], Any] | None] = {
    **dict.fromkeys(("created_at", "updated_at")),
    "id": lambda acceptance: acceptance.id,
}

SHARE_FILTERS: dict[str, Texts[Share]] = {"target_project_id": lambda share: [share.target_id]}
SHARE_ORDERS: dict[str, Callable[[Share], Any] | None] = {
    **dict.fromkeys(("created_at", "updated_at")),
    "id": lambda share: share.id,
    "target_project_id": lambda share: share.target_id,
}


def zones(request: Request) -> Selection[Zone]:
    """The zones a request asks for; its marker is a zone's id."""
    return _by_id(request, ZONE_FILTERS, ZONE_ORDERS)


def offers(request: Request) -> Selection[Offer]:
    """The zone transfer requests a request asks for; its marker is one's id."""
    return _by_id(request, OFFER_FILTERS, OFFER_ORDERS)


def acceptances(request: Request) -> Selection[Acceptance]:
    """The zone transfer accepts a request asks for; its marker is one's id."""
    return _by_id(request, ACCEPTANCE_FILTERS, ACCEPTANCE_ORDERS)


def shares(request: Request) -> Selection[Share]:
    """The shares of a zone a request asks for; its marker is one's id."""
    return _by_id(request, SHARE_FILTERS, SHARE_ORDERS)


TASK_FILTERS: dict[str, Texts[ZoneTask]] = {
    "status": lambda task: [task.status],
    "message": lambda task: [] if task.message is None else [task.message],
    "zone_id": lambda task: [] if task.zone_id is None else [task.zone_id],
}

TASK_ORDERS: dict[str, Callable[[ZoneTask], Any] | None] = {
    "created_at": None,
    "id": lambda task: task.id,
    "updated_at": lambda task: task.updated or clock.EPOCH,
}


def zone_tasks(request: Request) -> Selection[ZoneTask]:
    """The imports or exports a request asks for; its marker is a task's id."""
    return _by_id(request, TASK_FILTERS, TASK_ORDERS)


KEY_FILTERS: dict[str, Texts[TsigKey]] = {
    "scope": lambda key: [key.scope],
    "algorithm": lambda key: [key.algorithm],
    "name": lambda key: [key.name],
}

KEY_ORDERS: dict[str, Callable[[TsigKey], Any] | None] = {
    "created_at": None,
    "id": lambda key: key.id,
    "updated_at": lambda key: key.updated or clock.EPOCH,
    "name": lambda key: key.name,
}


def tsig_keys(request: Request) -> Selection[TsigKey]:
    """The TSIG keys a request asks for; its marker is a key's id."""
    return _by_id(request, KEY_FILTERS, KEY_ORDERS)


def record_sets(request: Request) -> Selection[RecordSet]:
    """The record sets of a zone a request asks for; its marker is one's id, or what `links.next` said.

    Of which version of the contents they are, `reading.version_number` reads.
    """
    query = _query(request, {**RECORD_SET_FILTERS, "version": None})
    return _selection(request, query, RECORD_SET_FILTERS, ORDERS_OF_ONE_ZONE, query.get("marker"))


def all_record_sets(request: Request) -> tuple[str | None, Selection[RecordSet]]:
    """The record sets of all zones a request asks for, or of the one zone whose id comes first."""
    query = _query(request, {**RECORD_SET_FILTERS, "zone_id": None})
    zone_id = query.get("zone_id")
    if zone_id is not None:
        zone_id = uuid_of(zone_id, InvalidId("Invalid UUID zone_id"))
    return zone_id, _selection(request, query, RECORD_SET_FILTERS, RECORD_SET_ORDERS, query.get("marker"))


def _query(request: Request, filters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of the query, each known and said once."""
    query = request.query
    unknown = sorted(query.keys() - PAGING - filters.keys())
    if unknown:
        raise MalformedQuery(f"Unknown query parameters: {short(', '.join(unknown))}")
    repeated = sorted(name for name, values in query.items() if len(values) > 1)
    if repeated:
        raise MalformedQuery(f"Query parameters given more than once: {', '.join(repeated)}")
    return {name: values[0] for name, values in query.items()}


def _by_id(
    request: Request, filters: Mapping[str, Texts[T]], orders: Mapping[str, Callable[[T], Any] | None]
) -> Selection[T]:
    """What is asked for of a list whose marker is the id of an entry."""
    query = _query(request, filters)
    marker = query.get("marker")
    if marker is not None:
        marker = uuid_of(marker, InvalidMarker(f"Invalid marker {short(marker)}"))
    return _selection(request, query, filters, orders, marker)


def _selection(
    request: Request,
    query: Mapping[str, str],
    filters: Mapping[str, Texts[T]],
    orders: Mapping[str, Callable[[T], Any] | None],
    marker: str | None,
) -> Selection[T]:
    key, direction = query.get("sort_key"), query.get("sort_dir", "asc").lower()
    if key is not None and key not in orders:
        raise InvalidSortKey(f"Invalid sort_key {short(key)}: one of {', '.join(orders)}")
    if direction not in ("asc", "desc"):
        raise InvalidSortDirection(f"Invalid sort_dir {short(direction)}: asc or desc")
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
        order=None if key is None else orders[key],
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
        raise InvalidLimit(f"Invalid limit value {short(text)}: a positive integer or max")
    return HIGHEST_LIMIT if len(text.lstrip("0")) > 4 else min(int(text), HIGHEST_LIMIT)
