"""Lists of record sets as VinylDNS has them: ordered by FQDN, of one zone or of all (contract, sections 4 and 9).

The order is that of texts, so a page of a zone reads all its names. An exact name reads one chunk.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from zonewright.actions import recordset_writes
from zonewright.actions.recordset_search import Contents, Deadline
from zonewright.contents.bucket import Bucket
from zonewright.errors import RecordSetNotFound
from zonewright.model import ids
from zonewright.model.columns import Lines
from zonewright.model.recordset import RecordSet, origin
from zonewright.model.selection import matcher
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import names, rrset, types
from zonewright.protocol.notes import Notes
from zonewright.service import Service
from zonewright.store import users, versions
from zonewright.store import zones as store

TYPE_NUMBERS: Mapping[int, int] = {
    rdtype: number
    for number, rdtype in enumerate(
        (
            types.A,
            types.AAAA,
            types.CNAME,
            types.MX,
            types.NS,
            types.PTR,
            types.SPF,
            types.SRV,
            types.SSHFP,
            types.TXT,
            types.SOA,
            types.DS,
            types.NAPTR,
        ),
        1,
    )
}
"""The order of types. Others follow by their own numbers."""

_OTHERS = 100
_BETWEEN = "<....>"
"""Between the name and the type of a marker."""

_OWNER = '"owner":'


@dataclass(frozen=True, slots=True)
class Wanted:
    """The record sets that a caller asks for: up to `limit` behind `start`.

    `name` may have `*` for any text. It is relative in a list of one zone, absolute in that of all. `types` are
    numbers, none for all. `owner` is the id of an owner group. By type first if `types_descending` is not None.
    """

    limit: int
    start: str | None = None
    name: str | None = None
    types: Collection[int] = ()
    owner: str | None = None
    descending: bool = False
    types_descending: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of record sets. `following` is the marker behind it, None for the last page."""

    items: list[RecordSet]
    following: str | None

    def first(self, count: int) -> "Page":
        """Return the page of the first `count` record sets."""
        if count == len(self.items):
            return self
        return Page(self.items[:count], _marker(_row(self.items[count - 1])))


Row = tuple[str, int, Zone, str]
"""The FQDN in lower case, the number of the type, the zone and the line of a record set."""


def of_zone(service: Service, zone: Zone, wanted: Wanted) -> Page:
    """Return a page of the record sets of a zone. A zone without contents has none. Raise TooLarge."""
    version = versions.get(service.table, zone.id, zone.version)
    if version is None:
        return Page([], None)
    below = _below(zone)
    matches = matcher(wanted.name) if wanted.name is not None else None

    def passes(fqdn: str) -> bool:
        assert matches is not None, "without a name all pass"
        return matches(fqdn.removesuffix(below))

    contents = Contents(zone, version)
    return _page(_rows(service.bucket, contents, wanted, passes if matches else None), wanted)


def everywhere(service: Service, wanted: Wanted) -> Page:
    """Return a page of the record sets of all zones whose FQDN matches `wanted.name`. Raise TooLarge."""
    assert wanted.name is not None, "a search has a name"
    matches, deadline = matcher(wanted.name), Deadline("search for an exact name")
    exact = "*" not in wanted.name
    zones = store.covering(service.table, wanted.name) if exact else store.every(service.table, None)

    def rows() -> Iterator[Row]:
        for zone in zones:
            version = versions.get(service.table, zone.id, zone.version)
            if version is not None:
                yield from _rows(service.bucket, Contents(zone, version, deadline), wanted, matches)

    return _page(rows(), wanted)


def get(service: Service, zone: Zone, record_set_id: str) -> RecordSet:
    """Return the record set of a zone with an id, as readers are shown it. Raise RecordSetNotFound."""
    version = versions.get(service.table, zone.id, zone.version) if ids.is_uuid(record_set_id) else None
    line = Contents(zone, version).line_of(service.bucket, record_set_id) if version else None
    if line is None:
        raise RecordSetNotFound(record_set=record_set_id)
    return RecordSet(zone, rrset.from_line(line))


def viewed(service: Service, zone: Zone, record_set_id: str, *, caller: Caller) -> RecordSet:
    """Return a record set by its id. Raise RecordSetNotFound, or RecordSetForbidden if the caller may not view it."""
    found = get(service, zone, record_set_id)
    recordset_writes.check_view(service, zone, found.rrset, caller=caller)
    return found


def count(service: Service, zone: Zone) -> int:
    """Return the number of record sets of a zone."""
    version = versions.get(service.table, zone.id, zone.version)
    return version.rrsets if version else 0


def group_names(service: Service, items: Iterable[RecordSet]) -> dict[str, str]:
    """Return the names of the groups that own record sets, by id. Deleted groups are left out."""
    owners = {owner for each in items if (owner := each.rrset.notes.owner)}
    return {owner: group.name for owner in owners if (group := users.group(service.table, owner))}


def _rows(bucket: Bucket, contents: Contents, wanted: Wanted, passes: Callable[[str], bool] | None) -> Iterator[Row]:
    zone, below = contents.zone, _below(contents.zone)
    for lines in _lines(bucket, contents, wanted):
        fqdns = names.texts_of([rrset.key(line) for line in lines], below)
        for fqdn, line in zip(fqdns, lines, strict=True):
            if passes is not None and not passes(fqdn):
                continue
            rdtype = rrset.type_of(line)
            if wanted.types and rdtype not in wanted.types:
                continue
            if wanted.owner is None or (_OWNER in line and _owner(line) == wanted.owner):
                yield fqdn, TYPE_NUMBERS.get(rdtype, _OTHERS + rdtype), zone, line


def _lines(bucket: Bucket, contents: Contents, wanted: Wanted) -> Iterable[Lines]:
    """Return the lines that may match. Those of an exact name are in one chunk."""
    key = _exact_key(contents.zone, wanted.name)
    return contents.lines(bucket) if key is None else [contents.of_owner(bucket, key)]


def _exact_key(zone: Zone, name: str | None) -> str | None:
    """Return the sort key of a name without `*`, relative or absolute, or None for any other."""
    if name is None or "*" in name:
        return None
    below = _below(zone)
    absolute = name if f".{name.lower()}".endswith(below) else name + below
    try:
        return names.key_of(names.absolute(absolute), origin(zone.name))
    except ValueError:
        return None


def _owner(line: str) -> str | None:
    return Notes.parse(rrset.notes_of(line)).owner


def _below(zone: Zone) -> str:
    """Return what the names below a zone end with."""
    return f".{names.fold(zone.name)}"


def _page(rows: Iterable[Row], wanted: Wanted) -> Page:
    """Return the page of rows behind the marker, in the order that is asked for."""
    orders: list[tuple[int, bool]] = [(0, wanted.descending), (1, False)]
    if wanted.types_descending is not None:
        orders = [(1, wanted.types_descending), (0, wanted.descending)]
    behind = _behind(orders, wanted.start)
    chosen = [row for row in rows if behind(row)]
    for column, descending in reversed(orders):
        chosen.sort(key=itemgetter(column), reverse=descending)
    items = [RecordSet(zone, rrset.from_line(line)) for _, _, zone, line in chosen[: wanted.limit]]
    more = len(chosen) > wanted.limit
    return Page(items, _marker(chosen[wanted.limit - 1]) if more else None)


def _behind(orders: list[tuple[int, bool]], marker: str | None) -> Callable[[Row], bool]:
    """Return a test of whether a row is behind a marker."""
    if marker is None:
        return lambda _: True
    name, _, number = marker.rpartition(_BETWEEN)
    start = (name, int(number)) if name and number.isascii() and number.isdigit() else (marker.lower(), 0)

    def test(row: Row) -> bool:
        for column, descending in orders:
            value, edge = row[column], start[column]
            if value != edge:
                return (value < edge) is descending  # type: ignore[operator]
        return False

    return test


def _row(item: RecordSet) -> Row:
    fqdn = names.text_of(item.rrset.key, _below(item.zone))
    return fqdn, TYPE_NUMBERS.get(item.rrset.type, _OTHERS + item.rrset.type), item.zone, ""


def _marker(row: Row) -> str:
    return f"{row[0]}{_BETWEEN}{row[1]}"
