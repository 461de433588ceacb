"""Queries of the lists of record sets (contract `designate.md`, section 9)."""

from zonewright.errors import InvalidId
from zonewright.http.designate import lists
from zonewright.http.designate.requests import cut, uuid_of
from zonewright.http.message import Request
from zonewright.model.columns import FILTERS, ORDERS, Query


def record_sets(request: Request) -> Query:
    """Return the query of a zone's record sets.

    The marker is a record set's id, or the text from `links.next`. `requests.version_number` reads the version. Raise
    what `lists.by_id` raises, without InvalidMarker.
    """
    return _query(request, lists.parameters(request, {*FILTERS, "version"}))


def all_record_sets(request: Request) -> tuple[str | None, Query]:
    """Return the id of the zone in the query, if any, and the query of record sets. Raise also InvalidId."""
    query = lists.parameters(request, {*FILTERS, "zone_id"})
    zone_id = query.get("zone_id")
    if zone_id is not None:
        zone_id = uuid_of(zone_id, InvalidId(name="zone_id", value=cut(zone_id)))
    return zone_id, _query(request, query)


def _query(request: Request, query: dict[str, str]) -> Query:
    page = lists.page(request, query, ORDERS)
    return Query(
        limit=page.limit,
        marker=query.get("marker"),
        patterns={field: query[field] for field in FILTERS if field in query},
        order=page.order,
        descending=page.descending,
        counted=page.counted,
    )
