"""Read queries about record sets and their changes in the VinylDNS API."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from zonewright.actions.recordset_changes import Place
from zonewright.actions.recordset_pages import Wanted
from zonewright.errors import LimitOutside, MissingParameter, NegativeMarker, PlaceMissing, SearchTooWide
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import MOST_ITEMS, malformed, most_items, number, parameter
from zonewright.http.vinyldns.recordsets.data import TYPES
from zonewright.protocol import names


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


@dataclass(frozen=True, slots=True)
class Listed:
    """The wanted page of a list of record sets, as the query has it.

    `types` are mnemonics. `type_sort` is ASC, DESC or NONE. `pattern` is the name to look for, and `name` the filter as
    it was sent.
    """

    limit: int
    start_from: str | None
    name: str | None
    pattern: str | None
    types: Sequence[str]
    owner: str | None
    descending: bool
    type_sort: str

    @property
    def wanted(self) -> Wanted:
        """Return the record sets that are asked for."""
        return Wanted(
            limit=self.limit,
            start=self.start_from,
            name=self.pattern,
            types=frozenset(TYPES[each] for each in self.types),
            owner=self.owner,
            descending=self.descending,
            types_descending={"ASC": False, "DESC": True}.get(self.type_sort),
        )


def listed(request: Request) -> Listed:
    """Return the wanted page of the record sets of a zone. Raise LimitOutside or MalformedQuery."""
    name = parameter(request, "recordNameFilter")
    return _listed(request, name, name)


def searched(request: Request) -> Listed:
    """Return the wanted page of the record sets of all zones.

    Raise MissingParameter without a name, and SearchTooWide for one that matches too much.
    """
    name = parameter(request, "recordNameFilter")
    if name is None:
        raise MissingParameter(parameter="recordNameFilter")
    found = _listed(request, name, _absolute(name))
    if sum(char.isalnum() for char in name) < _LEAST or (name.startswith("*") and name.endswith("*")):
        raise SearchTooWide
    return found


def _listed(request: Request, name: str | None, pattern: str | None) -> Listed:
    kinds = (parameter(request, "recordTypeFilter") or "").split(",")
    sort = (parameter(request, "recordTypeSort") or "").upper()
    return Listed(
        limit=most_items(request, MOST_ITEMS, LimitOutside),
        start_from=parameter(request, "startFrom"),
        name=name,
        pattern=pattern,
        types=tuple(dict.fromkeys(kind for kind in kinds if kind in TYPES)),
        owner=parameter(request, "recordOwnerGroupFilter"),
        descending=(parameter(request, "nameSort") or "").upper() == "DESC",
        type_sort=sort if sort in ("ASC", "DESC") else "NONE",
    )


def _absolute(name: str) -> str:
    """Return a name to look for in all zones. An address means the name of its PTR."""
    try:
        return f"{ipaddress.ip_address(name).reverse_pointer}."
    except ValueError:
        return name if name.endswith("*") else names.fold(name)


def record_set_id(request: Request) -> str:
    """Return the id of the record set in the path. It may be any text."""
    return request.parameters["recordSetId"]


def place(request: Request) -> Place:
    """Return the record set in the query. Raise PlaceMissing, InvalidLimit, InvalidMarker or MalformedQuery."""
    page(request)
    found = [parameter(request, name) for name in ("zoneId", "fqdn", "recordType")]
    zone_id, fqdn, kind = found
    if not (zone_id and fqdn and kind):
        raise PlaceMissing
    return Place(zone_id, names.fold(fqdn), kind)


_LEAST = 2
"""Letters and digits that a name has at least to look for in all zones."""
