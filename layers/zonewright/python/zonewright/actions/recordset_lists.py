"""Record sets: get, list and find them, in one zone or in all zones of a group.

Record sets are the lines of a version's chunks, in canonical order (`recordset_search.py`). A list over all zones of a
group goes zone by zone, in the order of creation. It has the zones that the group owns, as Designate's has the record
sets of the project. So what others share with a group cannot make its lists long or slow.
"""

import base64
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from zonewright.actions import awaited, history
from zonewright.actions.recordset_search import Contents, Deadline, search
from zonewright.contents import chunks
from zonewright.contents.bucket import AT_ONCE, growing_batches
from zonewright.errors import InvalidMarker, MarkerNotFound, RecordSetNotFound
from zonewright.model.columns import OF_ONE_ZONE, Query
from zonewright.model.recordset import RecordSet
from zonewright.model.zone import Zone
from zonewright.protocol import names, rrset
from zonewright.service import Service
from zonewright.store import versions
from zonewright.store import zones as store

_PAGE_BYTES = 1_000_000
"""Bytes of stored text after which a page reads no more. JSON is up to five times longer.

What does not fit into a response is left to the next page (`Page.first`).
"""

_ZONES_AT_ONCE = 100
"""Zones that one query reads."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of record sets. `next_marker` is None for the last page, `total` is None if it was not requested.

    `marker` makes the marker behind a record set.
    """

    items: list[RecordSet]
    next_marker: str | None
    total: int | None
    marker: Callable[[RecordSet], str]

    def first(self, count: int) -> "Page":
        """Return the page of the first `count` record sets, behind which the next page begins."""
        if count == len(self.items):
            return self
        return replace(self, items=self.items[:count], next_marker=self.marker(self.items[count - 1]))


def listing(service: Service, zone: Zone, wanted: Query, number: int | None = None) -> Page:
    """Return a page of the RRsets of version `number` of a zone, or of its current version.

    The marker is a `next_marker` or the id of an RRset. A page has fewer RRsets if more would not fit into one
    response. Raise VersionNotFound, TooLarge, or MarkerNotFound for any other marker.
    """
    if not zone.version and number is None:
        return Page([], None, 0 if wanted.counted else None, _marker)
    version = history.version(service, zone, number)
    asked = number is None and "status" in wanted.patterns
    contents = Contents(zone, version, lacks=awaited.lacks(service, zone) if asked else None)
    behind = None
    if wanted.marker is not None:
        place = _uncursor(wanted.marker) or _place_of_id(service, contents, _uuid(wanted.marker))
        if place is None:
            raise MarkerNotFound(marker=wanted.marker)
        behind = contents, place
    if wanted.order in OF_ONE_ZONE:
        wanted = replace(wanted, order=None)
    # One entry more than the page has shows that another page follows.
    found, total = search(service.bucket, [contents], replace(wanted, limit=wanted.limit + 1), behind, alone=True)
    page = _page(found, wanted, version.rrsets if total is None else total, _marker)
    return page if number is not None else replace(page, items=awaited.marked(service, page.items))


def everywhere(service: Service, group_id: str | None, zone_id: str | None, wanted: Query) -> Page:
    """Return a page of the RRsets of a group's zones, or of all zones if `group_id` is None.

    `zone_id` limits the page to one zone. Markers are those of `listing`, and `find` searches for an id. To count the
    RRsets reads the item of every zone. Raise TooLarge, MarkerNotFound.
    """
    behind = None
    if wanted.marker is not None:
        behind = _place_of_marker(service, group_id, wanted.marker)
    onward = not (wanted.order or wanted.descending or (wanted.counted and wanted.patterns))
    after = behind[0].zone if behind and onward else None
    if zone_id is not None:
        one = store.get(service.table, zone_id)
        some = iter([one] if one and not one.deleted and group_id in (None, one.group_id) else [])
    elif wanted.name is not None:
        some = iter(_zones_above(service, group_id, wanted.name))
    elif after is not None and not after.deleted:
        some = itertools.chain([after], _zones(service, group_id, after))
    else:
        some = _zones(service, group_id, after)

    def count() -> int:
        every = store.every(service.table, group_id, shared=False)
        each = every if zone_id is None else [store.get(service.table, zone_id)]
        return sum(zone.rrsets for zone in each if zone and not zone.deleted and group_id in (None, zone.group_id))

    held = _current_contents(service, some)
    if "status" in wanted.patterns:
        held = (replace(each, lacks=awaited.lacks(service, each.zone)) for each in held)
    found, total = search(service.bucket, held, replace(wanted, limit=wanted.limit + 1), behind, alone=False)
    if total is None and wanted.counted:
        total = count()
    page = _page(found, wanted, total, _marker_everywhere)
    return replace(page, items=awaited.marked(service, page.items))


def get(service: Service, zone: Zone, record_set_id: str) -> RecordSet:
    """Return the RRset with an id in a zone. Raise RecordSetNotFound, TooLarge."""
    version = versions.get(service.table, zone.id, zone.version)
    line = Contents(zone, version).line_of(service.bucket, record_set_id) if version else None
    if line is None:
        raise RecordSetNotFound(record_set=record_set_id)
    return awaited.marked(service, [RecordSet(zone, rrset.from_line(line))])[0]


def find(service: Service, group_id: str | None, record_set_id: str) -> RecordSet:
    """Return the RRset with an id in any zone of a group, or in any zone if `group_id` is None.

    An id does not say its zone, so the search goes zone by zone, oldest first. Raise RecordSetNotFound, TooLarge.
    """
    for contents in _current_contents(service, _zones(service, group_id)):
        line = contents.line_of(service.bucket, record_set_id)
        if line is not None:
            return RecordSet(contents.zone, rrset.from_line(line))
    raise RecordSetNotFound(record_set=record_set_id)


# --- Pages


def _page(
    lines: Iterable[tuple[Zone, str]], wanted: Query, total: int | None, marker: Callable[[RecordSet], str]
) -> Page:
    """Return the lines as a page, which another page follows if there are more lines than it has."""
    shown = total if wanted.counted else None
    items: list[RecordSet] = []
    size = 0
    for zone, line in lines:
        size += len(line)
        if len(items) == wanted.limit or (items and size > _PAGE_BYTES):
            return Page(items, marker(items[-1]), shown, marker)
        items.append(RecordSet(zone, rrset.from_line(line)))
    return Page(items, None, shown, marker)


def _zones(service: Service, group_id: str | None, after: Zone | None = None) -> Iterator[Zone]:
    """Yield the zones that a group owns in the order of creation, after the zone `after`, without deleted ones."""
    while True:
        some = list(store.in_order(service.table, group_id, _ZONES_AT_ONCE, after, shared=False))
        yield from some
        if len(some) < _ZONES_AT_ONCE:
            return
        after = some[-1]


def _zones_above(service: Service, group_id: str | None, name: str) -> list[Zone]:
    """Return the zones of a group that may hold an owner name: the name ends with their zone name."""
    if not name.endswith("."):
        return []
    try:
        owner = names.absolute(name).to_text()
    except ValueError:
        return []
    return [zone for zone in store.covering(service.table, owner) if group_id in (None, zone.group_id)]


def _current_contents(service: Service, some: Iterator[Zone]) -> Iterator[Contents]:
    """Yield the current contents of zones. Zones without a version are skipped.

    Versions are read in batches that grow, so that a short page reads few.
    """
    deadline = Deadline()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in growing_batches(some):
            found = pool.map(lambda zone: versions.get(service.table, zone.id, zone.version), batch)
            shown = [Contents(zone, version, deadline) for zone, version in zip(batch, found, strict=True) if version]
            chunks.prefetch(service.bucket, [(each.zone.id, each.version.chunks[0]) for each in shown])
            yield from shown


# --- Markers


def _marker(last: RecordSet) -> str:
    """Return the marker behind a record set in the list of its zone."""
    return _cursor(last.rrset.place)


def _marker_everywhere(last: RecordSet) -> str:
    """Return the marker behind a record set in the list over all zones."""
    return _cursor(last.zone.id + rrset.TAB + last.rrset.place)


def _cursor(text: str) -> str:
    """Return the opaque marker of a place."""
    return "." + base64.urlsafe_b64encode(text.encode("ascii")).decode().rstrip("=")


def _uncursor(marker: str) -> str | None:
    """Return the place in an opaque marker, or None if the marker is an id. Raise InvalidMarker."""
    if not marker.startswith("."):
        return None
    try:
        return base64.b64decode(marker[1:] + "=" * (-len(marker[1:]) % 4), b"-_", validate=True).decode("ascii")
    except ValueError as error:
        raise InvalidMarker(marker=marker) from error


def _place_of_marker(service: Service, group_id: str | None, marker: str) -> tuple[Contents, str]:
    """Return the zone and the place of a marker over all zones. Raise InvalidMarker, MarkerNotFound."""
    text = _uncursor(marker)
    if text is None:
        try:
            found = find(service, group_id, _uuid(marker))
        except RecordSetNotFound as error:
            raise MarkerNotFound(marker=marker) from error
        zone, place = found.zone, found.rrset.place
    else:
        zone_id, _, place = text.partition(rrset.TAB)
        of_marker = store.get(service.table, zone_id)
        if of_marker is None or group_id not in (None, of_marker.group_id):
            raise MarkerNotFound(marker=marker)
        zone = of_marker
    version = versions.get(service.table, zone.id, zone.version)
    if version is None:
        raise MarkerNotFound(marker=marker)
    return Contents(zone, version), place


def _place_of_id(service: Service, contents: Contents, record_set_id: str) -> str | None:
    line = contents.line_of(service.bucket, record_set_id)
    return line and rrset.place(line)


def _uuid(marker: str) -> str:
    try:
        return str(uuid.UUID(marker))
    except ValueError as error:
        raise InvalidMarker(marker=marker) from error
