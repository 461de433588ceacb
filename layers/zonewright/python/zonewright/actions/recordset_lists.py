"""Record sets: get, list and find them, in one zone or in all zones of a group.

Record sets are the lines of a version's chunks, in canonical order. A page in that order, or an exact name, reads one
or two chunks. Other filters and orders read every line, and so does an id, because an id is a digest. A list over all
zones of a group goes zone by zone, in the order of creation. It has the zones that the group owns, as Designate's has
the record sets of the project. So what others share with a group cannot make its lists long or slow.
"""

import base64
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zonewright.actions import history
from zonewright.contents import chunks
from zonewright.contents.bucket import AT_ONCE, Bucket, growing_batches
from zonewright.errors import InvalidMarker, MarkerNotFound, RecordSetNotFound
from zonewright.model import selection
from zonewright.model.recordset import RecordSet, id_of, origin
from zonewright.model.selection import Selection
from zonewright.model.version import Version, index_of
from zonewright.model.zone import Zone
from zonewright.protocol import names, rrset
from zonewright.service import Service
from zonewright.store import versions
from zonewright.store import zones as store

_PAGE_BYTES = 1_000_000
"""Bytes of stored text after which a page reads no more. JSON is up to five times longer.

What does not fit into a response is left to the next page (`Page.first`).
"""

_SEARCHED_BYTES = 64_000_000
"""Bytes of text that a search for an id over all zones reads: two million RRsets, some seconds."""

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


@dataclass(frozen=True, slots=True)
class Contents:
    """A zone, and one of its versions to read."""

    zone: Zone
    version: Version

    def lines(self, bucket: Bucket, behind: str = "") -> Iterator[str]:
        """Yield the lines, from the first line of the chunk that holds the place `behind`."""
        first = index_of(self.version.chunks, owner_key(behind))
        return chunks.lines(bucket, self.zone.id, self.version.chunks[first:])

    def of_owner(self, bucket: Bucket, key: str) -> list[str]:
        """Return the lines of an owner name, by its sort key. They are all in one chunk."""
        chunk = self.version.chunks[index_of(self.version.chunks, key)]
        start = key + rrset.TAB
        return [line for line in chunks.read(bucket, self.zone.id, chunk) if line.startswith(start)]

    def at(self, bucket: Bucket, place: str) -> str | None:
        """Return the line at a place, or None."""
        return next((line for line in self.of_owner(bucket, owner_key(place)) if line.startswith(place)), None)

    def place_of(self, bucket: Bucket, record_set_id: str) -> str | None:
        """Return the place of the record set with an id, or None. Every line is read."""
        seed = hashlib.sha1(uuid.UUID(self.zone.id).bytes, usedforsecurity=False)
        head = uuid.UUID(record_set_id).bytes[:6]  # the bytes before the UUID's version are unchanged from the digest
        for line in self.lines(bucket):
            place = line[: line.index(rrset.TAB, line.index(rrset.TAB) + 1) + 1]
            digest = seed.copy()
            digest.update(place.encode("ascii"))
            if digest.digest()[:6] == head and id_of(self.zone.id, place) == record_set_id:
                return place
        return None


def listing(service: Service, zone: Zone, wanted: Selection[RecordSet], number: int | None = None) -> Page:
    """Return a page of the RRsets of version `number` of a zone, or of its current version.

    The marker is a `next_marker` or the id of an RRset. A page has fewer RRsets if more would not fit into one
    response. Raise VersionNotFound, or MarkerNotFound for any other marker.
    """
    if not zone.version and number is None:
        return Page([], None, 0 if wanted.counted else None, _marker)
    version = history.version(service, zone, number)
    contents = Contents(zone, version)
    behind = None
    if wanted.marker is not None:
        place = _uncursor(wanted.marker) or contents.place_of(service.bucket, _uuid(wanted.marker))
        if place is None:
            raise MarkerNotFound(marker=wanted.marker)
        behind = contents, place
    return _listing(
        service.bucket,
        iter([contents]),
        wanted,
        behind=behind,
        count=lambda: version.rrsets,
        marker=_marker,
    )


def everywhere(service: Service, group_id: str | None, zone_id: str | None, wanted: Selection[RecordSet]) -> Page:
    """Return a page of the RRsets of a group's zones, or of all zones if `group_id` is None.

    `zone_id` limits the page to one zone. Markers are those of `listing`, and `find` searches for an id. To count the
    RRsets reads the item of every zone. Raise MarkerNotFound.
    """
    behind = None
    if wanted.marker is not None:
        behind = _place_of_marker(service, group_id, wanted.marker)
    after = behind[0].zone if behind and wanted.stored else None
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
    return _listing(service.bucket, held, wanted, behind=behind, count=count, marker=_marker_everywhere)


def get(service: Service, zone: Zone, record_set_id: str) -> RecordSet:
    """Return the RRset with an id in a zone. Raise RecordSetNotFound."""
    version = versions.get(service.table, zone.id, zone.version)
    contents = Contents(zone, version) if version else None
    place = contents.place_of(service.bucket, record_set_id) if contents else None
    line = contents.at(service.bucket, place) if contents and place else None
    if line is None:
        raise RecordSetNotFound(record_set=record_set_id)
    return RecordSet(zone, rrset.from_line(line))


def find(service: Service, group_id: str | None, record_set_id: str) -> RecordSet:
    """Return the RRset with an id in any zone of a group, or in any zone if `group_id` is None.

    An id does not contain its zone. So the search reads zone by zone, oldest first, up to `_SEARCHED_BYTES`. Raise
    RecordSetNotFound.
    """
    searched = 0
    for contents in _current_contents(service, _zones(service, group_id)):
        place = contents.place_of(service.bucket, record_set_id)
        line = contents.at(service.bucket, place) if place else None
        if line is not None:
            return RecordSet(contents.zone, rrset.from_line(line))
        searched += sum(chunk.size for chunk in contents.version.chunks)
        if searched > _SEARCHED_BYTES:
            raise RecordSetNotFound(
                "it is not in the first zones of the project; ask for it in its zone", record_set=record_set_id
            )
    raise RecordSetNotFound(record_set=record_set_id)


# --- Pages


def _listing(
    bucket: Bucket,
    every: Iterator[Contents],
    wanted: Selection[RecordSet],
    *,
    behind: tuple[Contents, str] | None,
    count: Callable[[], int],
    marker: Callable[[RecordSet], str],
) -> Page:
    """Return a page of the RRsets of some zones, after a place in one of them.

    `count` counts the RRsets of all zones, and `marker` makes the marker after an RRset.
    """
    # One entry more than the page holds shows that another page follows.
    more = replace(wanted, limit=wanted.limit + 1)
    if wanted.stored:
        lines = _lines(bucket, every, behind)
        return _page(lines, more.limit, count() if more.counted else None, marker)
    if wanted.name is None:
        entries: Iterable[RecordSet] = (
            RecordSet(each.zone, rrset.from_line(line)) for each in every for line in each.lines(bucket)
        )
    else:
        entries = _named(bucket, every, wanted.name)
    order = wanted.order

    def place(entry: RecordSet) -> tuple[Any, datetime, str, str]:
        return order(entry) if order else "", entry.zone.created, entry.zone.id, entry.rrset.place

    start = None
    if behind is not None:
        zone, line = behind[0].zone, behind[0].at(bucket, behind[1]) if order else None
        if line:
            start = place(RecordSet(zone, rrset.from_line(line)))
        elif order:
            raise MarkerNotFound("its record set is gone", marker=wanted.marker or "")
        else:
            start = "", zone.created, zone.id, behind[1]
    found, total = selection.page(entries, more, place, start)
    chosen = ((entry.zone, entry.rrset.line()) for entry in found)
    return _page(chosen, more.limit, total if more.counted else None, marker)


def _page(lines: Iterable[tuple[Zone, str]], limit: int, total: int | None, marker: Callable[[RecordSet], str]) -> Page:
    """Return the lines as a page of up to `limit` - 1 entries."""
    items: list[RecordSet] = []
    size = 0
    for zone, line in lines:
        size += len(line)
        if len(items) == limit - 1 or (items and size > _PAGE_BYTES):
            return Page(items, marker(items[-1]), total, marker)
        items.append(RecordSet(zone, rrset.from_line(line)))
    return Page(items, None, total, marker)


def _lines(
    bucket: Bucket, every: Iterator[Contents], behind: tuple[Contents, str] | None
) -> Iterator[tuple[Zone, str]]:
    """Yield the lines of zones, one zone after the other. Skip the lines up to the place in the zone of `behind`."""
    for contents in every:
        place = behind[1] if behind and behind[0].zone.id == contents.zone.id else ""
        for line in contents.lines(bucket, place):
            if rrset.place(line) > place:
                yield contents.zone, line


def _named(bucket: Bucket, every: Iterable[Contents], name: str) -> Iterator[RecordSet]:
    """Yield the RRsets of an owner name, by its absolute name. Zones that cannot contain the name are skipped."""
    if not name.endswith("."):
        return
    for contents in every:
        try:
            key = names.key_of(names.absolute(name), origin(contents.zone.name))
        except ValueError:
            continue
        for line in contents.of_owner(bucket, key):
            yield RecordSet(contents.zone, rrset.from_line(line))


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
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in growing_batches(some):
            found = pool.map(lambda zone: versions.get(service.table, zone.id, zone.version), batch)
            shown = [Contents(zone, version) for zone, version in zip(batch, found, strict=True) if version]
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


def _uuid(marker: str) -> str:
    try:
        return str(uuid.UUID(marker))
    except ValueError as error:
        raise InvalidMarker(marker=marker) from error


def owner_key(place: str) -> str:
    """Return the sort key of the owner name of a place."""
    return place.partition(rrset.TAB)[0]
