"""What a caller reads of a zone's contents: its record sets.

They are the lines of its version's chunks, in canonical order. A page in that order costs the one or two chunks it lies
in, and so does an exact name; other filters and orders, and an id, which is a digest, cost a look at every line.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from zonewright import names, rrset, selection
from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.errors import InvalidPaging, RecordSetNotFound
from zonewright.rrset import RRset
from zonewright.selection import Selection
from zonewright.store import versions
from zonewright.store.table import Table
from zonewright.version import Version, index_of
from zonewright.zone import Zone

_PAGE_OCTETS = 1_000_000
"""Stored text of a page of RRsets: written out as JSON it grows to five times that at most, and Lambda answers 6 MB."""


@dataclass(frozen=True, slots=True)
class RecordSet:
    """An RRset with its id, which is made of zone, owner name and type and so never changes."""

    id: str
    rrset: RRset


@dataclass(frozen=True, slots=True)
class Page:
    """Some RRsets, the marker of the next page if there is one, and how many there are, where that was asked."""

    items: list[RecordSet]
    next_marker: str | None
    total: int | None


def listing(table: Table, bucket: Bucket, zone: Zone, wanted: Selection[RRset]) -> Page:
    """A page of a zone's RRsets; its marker is a `next_marker`, which says where to go on, or the id of an RRset.

    A page ends early where its record data would grow past what one answer holds. Raises InvalidPaging where the marker
    is neither.
    """
    version = versions.get(table, zone.id, zone.version)
    if version is None:
        return Page([], None, 0 if wanted.counted else None)
    behind = _behind(bucket, version, wanted.marker) if wanted.marker else ""
    # One more than the page holds tells whether another follows.
    more = replace(wanted, limit=wanted.limit + 1)
    if wanted.stored:
        lines = _lines(bucket, version, behind)
        return _page(zone, (line for line in lines if rrset.place(line) > behind), more, version.rrsets)
    of_name = _lines(bucket, version) if wanted.name is None else _named(bucket, version, zone, wanted.name)
    order = wanted.order

    def place(entry: RRset) -> tuple[Any, str]:
        return order(entry) if order else "", entry.place

    start = ("" if order is None else order(_at(bucket, version, behind)), behind) if behind else None
    found, total = selection.page(map(rrset.from_line, of_name), more, place, start)
    return _page(zone, (entry.line() for entry in found), more, total)


def get(table: Table, bucket: Bucket, zone: Zone, record_set_id: str) -> RecordSet:
    """The RRset with this id; raises RecordSetNotFound."""
    version = versions.get(table, zone.id, zone.version)
    place = _place(bucket, version, record_set_id) if version else None
    if version is None or place is None:
        raise RecordSetNotFound(f"Record set with id {record_set_id} does not exist in zone {zone.name}")
    return RecordSet(record_set_id, _at(bucket, version, place))


def id_of(zone_id: str, place: str) -> str:
    """The id of the RRset at a place: a name-based UUID (RFC 9562 section 5.5) below the zone's own."""
    digest = hashlib.sha1(uuid.UUID(zone_id).bytes + place.encode("ascii"), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


def _page(zone: Zone, lines: Iterator[str], more: Selection[RRset], total: int) -> Page:
    """The lines as a page, all but the one too many."""
    counted = total if more.counted else None
    items: list[RecordSet] = []
    size = 0
    for line in lines:
        size += len(line)
        if len(items) == more.limit - 1 or (items and size > _PAGE_OCTETS):
            return Page(items, _cursor(items[-1].rrset), counted)
        items.append(RecordSet(id_of(zone.id, rrset.place(line)), rrset.from_line(line)))
    return Page(items, None, counted)


def _lines(bucket: Bucket, version: Version, behind: str = "") -> Iterator[str]:
    """The lines of a version from the chunk on that holds the place `behind`."""
    first = index_of(version.chunks, behind.partition(rrset.TAB)[0])
    return chunks.lines(bucket, version.zone_id, version.chunks[first:])


def _named(bucket: Bucket, version: Version, zone: Zone, name: str) -> Iterator[str]:
    """The lines of one owner name, which are all in one chunk; none where the name is none of this zone's."""
    if not name.endswith("."):
        return iter(())
    try:
        key = names.key_of(names.absolute(name), names.absolute(zone.name))
    except ValueError:
        return iter(())
    chunk = version.chunks[index_of(version.chunks, key)]
    return (line for line in chunks.read(bucket, version.zone_id, chunk) if rrset.key(line) == key)


def _cursor(last: RRset) -> str:
    return "." + base64.urlsafe_b64encode(last.place.encode("ascii")).decode().rstrip("=")


def _behind(bucket: Bucket, version: Version, marker: str) -> str:
    """The place a marker stands for."""
    if marker.startswith("."):
        try:
            place = base64.b64decode(marker[1:] + "=" * (-len(marker[1:]) % 4), b"-_", validate=True).decode("ascii")
        except ValueError as error:
            raise InvalidPaging(f"Marker {marker} is not one of ours", kind="invalid_marker") from error
        return place
    try:
        wanted = str(uuid.UUID(marker))
    except ValueError as error:
        raise InvalidPaging(f"Marker {marker} is not a UUID", kind="invalid_marker") from error
    found = _place(bucket, version, wanted)
    if found is None:
        raise InvalidPaging(f"Marker {marker} could not be found", kind="marker_not_found")
    return found


def _place(bucket: Bucket, version: Version, record_set_id: str) -> str | None:
    """The place whose id this is: every line is asked."""
    places = map(rrset.place, _lines(bucket, version))
    return next((place for place in places if id_of(version.zone_id, place) == record_set_id), None)


def _at(bucket: Bucket, version: Version, place: str) -> RRset:
    """The RRset at a place."""
    chunk = version.chunks[index_of(version.chunks, place.partition(rrset.TAB)[0])]
    for line in chunks.read(bucket, version.zone_id, chunk):
        if rrset.place(line) == place:
            return rrset.from_line(line)
    raise InvalidPaging("The marker could not be found: the record set it stands for is gone", kind="marker_not_found")
