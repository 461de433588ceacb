"""What a caller does with the record sets of zones: read them, and in PRIMARY zones create, change and delete them.

They are the lines of a version's chunks, in canonical order. A page in that order costs the one or two chunks it lies
in, and so does an exact name; other filters and orders, and an id, which is a digest, cost a look at every line. The
same holds over all zones of a group, zone after zone in the order of their making.

A write makes a new version (`edit.py`). Writers of one zone do not shut each other out: whose version is not the next
one any more begins again from the one that is, unless the RRset it writes has become another meanwhile.
"""

import base64
import functools
import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zonewright.actions import edit, history, zones
from zonewright.actions.edit import Clock
from zonewright.contents import chunks
from zonewright.contents.bucket import AT_ONCE, Bucket, growing_batches
from zonewright.errors import (
    InvalidMarker,
    MarkerNotFound,
    NotAuthorized,
    RecordSetChanged,
    RecordSetExists,
    RecordSetNotFound,
)
from zonewright.model import policy, selection
from zonewright.model.diff import Move
from zonewright.model.quotas import Quotas
from zonewright.model.selection import Selection
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.version import Version, index_of
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import names, rrset
from zonewright.protocol import records as recordrules
from zonewright.protocol.rrset import Notes, RRset
from zonewright.protocol.types import SOA, type_text
from zonewright.store import claims, quotas, versions
from zonewright.store import zones as store
from zonewright.store.table import Table

if TYPE_CHECKING:
    import dns.name

_PAGE_OCTETS = 1_000_000
"""Stored text of a page of RRsets: written out as JSON it grows to five times that at most, and Lambda answers 6 MB."""

_SEARCHED_OCTETS = 64_000_000
"""Text that is looked through for an id when nobody says in which zone it is; two million RRsets, some seconds."""

_ZONES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RecordSet:
    """An RRset of a zone. Its id is made of zone, owner name and type and so never changes."""

    zone: Zone
    rrset: RRset

    @property
    def id(self) -> str:
        """The id."""
        return id_of(self.zone.id, self.rrset.place)

    @property
    def name(self) -> str:
        """The absolute owner name, as spelled."""
        return self.rrset.owner(_origin(self.zone.name)).to_text()

    @property
    def order(self) -> str:
        """What sorts by owner name in canonical order, whatever the zone."""
        zone, key = _origin_key(self.zone.name), self.rrset.key
        return f"{zone} {key}" if zone and key else zone or key


@dataclass(frozen=True, slots=True)
class Page:
    """Some record sets, the marker of the next page if there is one, and how many there are, where that was asked."""

    items: list[RecordSet]
    next_marker: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """What a caller says of a record set besides where it is; checked by whoever read the request."""

    rdatas: tuple[bytes, ...]
    ttl: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class _Contents:
    """A zone and the version it shows."""

    zone: Zone
    version: Version

    def lines(self, bucket: Bucket, behind: str = "") -> Iterator[str]:
        """Its lines from the chunk on that holds the place `behind`."""
        first = index_of(self.version.chunks, _key(behind))
        return chunks.lines(bucket, self.zone.id, self.version.chunks[first:])

    def owned(self, bucket: Bucket, key: str) -> list[str]:
        """The lines of one owner name, which are all in one chunk."""
        chunk = self.version.chunks[index_of(self.version.chunks, key)]
        start = key + rrset.TAB
        return [line for line in chunks.read(bucket, self.zone.id, chunk) if line.startswith(start)]

    def at(self, bucket: Bucket, place: str) -> str | None:
        """The line at a place."""
        return next((line for line in self.owned(bucket, _key(place)) if line.startswith(place)), None)

    def place_of(self, bucket: Bucket, record_set_id: str) -> str | None:
        """The place whose id this is: every line is asked."""
        seed = hashlib.sha1(uuid.UUID(self.zone.id).bytes, usedforsecurity=False)
        head = uuid.UUID(record_set_id).bytes[:6]  # the octets before the UUID's version are the digest's own
        for line in self.lines(bucket):
            place = line[: line.index(rrset.TAB, line.index(rrset.TAB) + 1) + 1]
            digest = seed.copy()
            digest.update(place.encode("ascii"))
            if digest.digest()[:6] == head and id_of(self.zone.id, place) == record_set_id:
                return place
        return None


# --- Reading


def listing(table: Table, bucket: Bucket, zone: Zone, wanted: Selection[RecordSet], number: int | None = None) -> Page:
    """A page of a zone's RRsets; its marker is a `next_marker`, which says where to go on, or the id of an RRset.

    They are those of the version that `number` names, else of the one the zone shows; raises VersionNotFound. A page
    ends early where its record data would grow past what one answer holds. Raises InvalidPaging where the marker is
    neither.
    """
    if not zone.version and number is None:
        return Page([], None, 0 if wanted.counted else None)
    version = history.version(table, zone, number)
    contents = _Contents(zone, version)
    behind = None
    if wanted.marker is not None:
        place = _uncursor(wanted.marker) or contents.place_of(bucket, _uuid(wanted.marker))
        if place is None:
            raise selection.marker_not_found(wanted.marker)
        behind = contents, place
    return _listing(bucket, iter([contents]), wanted, behind, lambda: version.rrsets, lambda last: last.rrset.place)


def everywhere(
    table: Table, bucket: Bucket, group_id: str | None, zone_id: str | None, wanted: Selection[RecordSet]
) -> Page:
    """A page of the RRsets of all zones of a group, of one of them where `zone_id` is given; of all groups' if None.

    Markers are as those of `listing`; an id is looked for as `find` does. To count them all reads every zone's item.
    """
    behind = None
    if wanted.marker is not None:
        behind = _marked(table, bucket, group_id, wanted.marker)
    after = behind[0].zone if behind and wanted.stored else None
    if zone_id is not None:
        one = store.get(table, zone_id)
        some = iter([one] if one and not one.deleted and group_id in (None, one.group_id) else [])
    elif wanted.name is not None:
        some = iter(_holding(table, group_id, wanted.name))
    elif after is not None and not after.deleted:
        some = itertools.chain([after], _zones(table, group_id, after))
    else:
        some = _zones(table, group_id, after)

    def count() -> int:
        each = store.every(table, group_id) if zone_id is None else [store.get(table, zone_id)]
        return sum(zone.rrsets for zone in each if zone and not zone.deleted and group_id in (None, zone.group_id))

    def marker(last: RecordSet) -> str:
        return last.zone.id + rrset.TAB + last.rrset.place

    return _listing(bucket, _shown(table, bucket, some), wanted, behind, count, marker)


def get(table: Table, bucket: Bucket, zone: Zone, record_set_id: str) -> RecordSet:
    """The RRset with this id; raises RecordSetNotFound."""
    version = versions.get(table, zone.id, zone.version)
    contents = _Contents(zone, version) if version else None
    place = contents.place_of(bucket, record_set_id) if contents else None
    line = contents.at(bucket, place) if contents and place else None
    if line is None:
        raise RecordSetNotFound(f"Record set with id {record_set_id} does not exist in zone {zone.name}")
    return RecordSet(zone, rrset.from_line(line))


def find(table: Table, bucket: Bucket, group_id: str | None, record_set_id: str) -> RecordSet:
    """The RRset with this id in any zone of a group, of all groups if None; raises RecordSetNotFound.

    An id says nothing of its zone, so zone after zone is looked through, the oldest first, up to a bound.
    """
    searched = 0
    for contents in _shown(table, bucket, _zones(table, group_id)):
        place = contents.place_of(bucket, record_set_id)
        line = contents.at(bucket, place) if place else None
        if line is not None:
            return RecordSet(contents.zone, rrset.from_line(line))
        searched += sum(chunk.size for chunk in contents.version.chunks)
        if searched > _SEARCHED_OCTETS:
            raise RecordSetNotFound(
                f"Record set with id {record_set_id} is not in the first zones of the project; ask for it in its zone"
            )
    raise RecordSetNotFound(f"Record set with id {record_set_id} does not exist")


def id_of(zone_id: str, place: str) -> str:
    """The id of the RRset at a place: a name-based UUID (RFC 9562 section 5.5) below the zone's own."""
    digest = hashlib.sha1(uuid.UUID(zone_id).bytes + place.encode("ascii"), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


# --- Writing


def create(
    table: Table,
    bucket: Bucket,
    settings: Settings,
    zone: Zone,
    name: str,
    rdtype: int,
    content: Content,
    caller: Caller,
    now: Clock,
) -> RecordSet:
    """Put a new RRset into a zone.

    Raises Invalid where the name is not in the zone, is in a child zone, or cannot have this beside what it has,
    RecordSetExists, OverQuota, NotAuthorized for a SECONDARY zone, ZoneSyncing, UpdatePending, or ZoneChanged where
    others keep changing the zone.
    """
    _ours(zone)
    key, spelling = recordrules.place_of(name, _origin(zone.name))
    if rdtype == SOA:
        recordrules.check_editable(key, rdtype, "created", may_managed=False)
    recordrules.check_count(rdtype, len(content.rdatas))
    if content.ttl is not None:
        policy.check_ttl(content.ttl, settings, caller)
    holding = claims.covering(table, name)
    nearest = next(iter(holding), zone.name)
    if zone.id in holding.values() and holding[nearest] != zone.id:
        raise recordrules.in_child(name, nearest)
    limits = quotas.get(table, settings, zone.group_id)

    def moves(contents: _Contents, at: datetime) -> list[Move]:
        siblings = contents.owned(bucket, key)
        types = [int(line.split(rrset.TAB, 2)[1]) for line in siblings]
        if rdtype in types:
            kind = type_text(rdtype)
            raise RecordSetExists(f"Duplicate RecordSet: zone {zone.name} has {name} {kind} already")
        recordrules.check_siblings(name, key, rdtype, types)
        _within(limits, bucket, contents, 1, len(content.rdatas))
        limits.check("recordset_records", len(content.rdatas))
        notes = Notes(content.description, created=at)
        return [Move(None, rrset.to_line(key, rdtype, content.ttl, content.rdatas, spelling, notes_text=str(notes)))]

    return _written(table, bucket, settings, zone, caller, now, moves)


def update(
    table: Table,
    bucket: Bucket,
    settings: Settings,
    found: RecordSet,
    content: Content,
    caller: Caller,
    now: Clock,
    *,
    managed: bool = False,
) -> RecordSet:
    """Change what an RRset holds, as it was `found`; `managed` is that the caller may change the apex NS.

    Raises as `create` does, and RecordSetChanged or RecordSetNotFound where another changed it or took it away since.
    """
    _ours(found.zone)
    seen = found.rrset
    recordrules.check_editable(seen.key, seen.type, "updated", may_managed=managed)
    recordrules.check_count(seen.type, len(content.rdatas))
    if content.ttl is not None:
        policy.check_ttl(content.ttl, settings, caller)
    limits = quotas.get(table, settings, found.zone.group_id)

    def moves(contents: _Contents, at: datetime) -> list[Move]:
        before = _as_found(bucket, contents, found)
        more = len(content.rdatas) - len(seen.rdatas)
        if more > 0 and not recordrules.is_managed(seen.key, seen.type):
            _within(limits, bucket, contents, 0, more)
            limits.check("recordset_records", len(content.rdatas))
        was = seen.notes
        notes = replace(was, description=content.description, updated=at, version=was.version + 1)
        after = rrset.to_line(seen.key, seen.type, content.ttl, content.rdatas, seen.spelling, notes_text=str(notes))
        return [Move(before, after)]

    return _written(table, bucket, settings, found.zone, caller, now, moves)


def delete(table: Table, bucket: Bucket, settings: Settings, found: RecordSet, caller: Caller, now: Clock) -> RecordSet:
    """Take an RRset away, as it was `found`; raises as `update` does."""
    _ours(found.zone)
    recordrules.check_editable(found.rrset.key, found.rrset.type, "deleted", may_managed=False)

    def moves(contents: _Contents, _: datetime) -> list[Move]:
        return [Move(_as_found(bucket, contents, found), None)]

    return _written(table, bucket, settings, found.zone, caller, now, moves)


def _written(
    table: Table,
    bucket: Bucket,
    settings: Settings,
    zone: Zone,
    caller: Caller,
    now: Clock,
    moves: Callable[[_Contents, datetime], list[Move]],
) -> RecordSet:
    """The one RRset `moves` is about, after it was published (before, where it is no more).

    `moves` is asked anew of each version that came first; what it raises ends the writing.
    """

    def attempt(zone: Zone, at: datetime) -> RecordSet:
        version = versions.get(table, zone.id, zone.version)
        assert version is not None, "a PRIMARY zone has contents from the beginning"
        (move,) = moves(_Contents(zone, version), at)
        changed = edit.publish(table, bucket, settings, zone, version, [move], caller, at)
        return RecordSet(changed, rrset.from_line(move.after or move.before or ""))

    return edit.until_done(zone, attempt, lambda: zones.usable(table, zone.id, caller), now)


def _ours(zone: Zone) -> None:
    if zone.type is not ZoneType.PRIMARY:
        raise NotAuthorized(
            f"zone {zone.name} is SECONDARY: its record sets are copied, and written at its primary only"
        )


def _as_found(bucket: Bucket, contents: _Contents, found: RecordSet) -> str:
    """The line of an RRset that is to be changed, if it is as it was found."""
    line = contents.at(bucket, found.rrset.place)
    which = f"{found.name} {found.rrset.type_text()}"
    if line is None:
        raise RecordSetNotFound(f"Record set {which} is gone: another deleted it at this moment")
    if line != found.rrset.line():
        raise RecordSetChanged(f"Record set {which} was changed by another at this moment; read it again")
    return line


def _within(limits: Quotas, bucket: Bucket, contents: _Contents, rrsets: int, records: int) -> None:
    """Raise OverQuota where a zone would hold too much with so many more; what is managed does not count."""
    own = [rrset.from_line(line) for line in contents.owned(bucket, "")]
    managed = [each for each in own if recordrules.is_managed(each.key, each.type)]
    if rrsets:
        limits.check("zone_recordsets", contents.version.rrsets - len(managed) + rrsets)
    limits.check("zone_records", contents.version.records - sum(len(each.rdatas) for each in managed) + records)


# --- Pages


def _listing(
    bucket: Bucket,
    every: Iterator[_Contents],
    wanted: Selection[RecordSet],
    behind: tuple[_Contents, str] | None,
    count: Callable[[], int],
    marker: Callable[[RecordSet], str],
) -> Page:
    """A page of the RRsets of some zones, those behind a place of one of them."""
    # One more than the page holds tells whether another follows.
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
            raise MarkerNotFound("The record set the marker stands for is gone")
        else:
            start = "", zone.created, zone.id, behind[1]
    found, total = selection.page(entries, more, place, start)
    chosen = ((entry.zone, entry.rrset.line()) for entry in found)
    return _page(chosen, more.limit, total if more.counted else None, marker)


def _page(lines: Iterable[tuple[Zone, str]], limit: int, total: int | None, marker: Callable[[RecordSet], str]) -> Page:
    """The lines as a page, all but the one too many."""
    items: list[RecordSet] = []
    size = 0
    for zone, line in lines:
        size += len(line)
        if len(items) == limit - 1 or (items and size > _PAGE_OCTETS):
            return Page(items, _cursor(marker(items[-1])), total)
        items.append(RecordSet(zone, rrset.from_line(line)))
    return Page(items, None, total)


def _lines(
    bucket: Bucket, every: Iterator[_Contents], behind: tuple[_Contents, str] | None
) -> Iterator[tuple[Zone, str]]:
    """The lines of zones one after the other, those behind a place of the first."""
    for contents in every:
        place = behind[1] if behind and behind[0].zone.id == contents.zone.id else ""
        for line in contents.lines(bucket, place):
            if rrset.place(line) > place:
                yield contents.zone, line


def _named(bucket: Bucket, every: Iterable[_Contents], name: str) -> Iterator[RecordSet]:
    """The RRsets of one owner name; none where the name is none of a zone's."""
    if not name.endswith("."):
        return
    for contents in every:
        try:
            key = names.key_of(names.absolute(name), _origin(contents.zone.name))
        except ValueError:
            continue
        for line in contents.owned(bucket, key):
            yield RecordSet(contents.zone, rrset.from_line(line))


def _zones(table: Table, group_id: str | None, after: Zone | None = None) -> Iterator[Zone]:
    """The live zones of a group in the order of their making, those behind `after`; read a page at a time."""
    while True:
        some = list(store.in_order(table, group_id, _ZONES_AT_ONCE, after))
        yield from some
        if len(some) < _ZONES_AT_ONCE:
            return
        after = some[-1]


def _holding(table: Table, group_id: str | None, name: str) -> list[Zone]:
    """The zones of a group that may hold an owner name: those named like an end of it."""
    if not name.endswith("."):
        return []
    try:
        owner = names.absolute(name).to_text()
    except ValueError:
        return []
    return [zone for zone in store.covering(table, owner) if group_id in (None, zone.group_id)]


def _shown(table: Table, bucket: Bucket, some: Iterator[Zone]) -> Iterator[_Contents]:
    """What each zone shows, those that show anything; a few are read at once, the more the longer this goes on."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in growing_batches(some):
            found = pool.map(lambda zone: versions.get(table, zone.id, zone.version), batch)
            shown = [_Contents(zone, version) for zone, version in zip(batch, found, strict=True) if version]
            chunks.prefetch(bucket, [(each.zone.id, each.version.chunks[0]) for each in shown])
            yield from shown


# --- Markers


def _cursor(text: str) -> str:
    return "." + base64.urlsafe_b64encode(text.encode("ascii")).decode().rstrip("=")


def _uncursor(marker: str) -> str | None:
    """What a cursor was made of; None where the marker is none."""
    if not marker.startswith("."):
        return None
    try:
        return base64.b64decode(marker[1:] + "=" * (-len(marker[1:]) % 4), b"-_", validate=True).decode("ascii")
    except ValueError as error:
        raise InvalidMarker(f"Marker {marker} is not one of ours") from error


def _marked(table: Table, bucket: Bucket, group_id: str | None, marker: str) -> tuple[_Contents, str]:
    """The zone and the place a marker of all zones stands for."""
    text = _uncursor(marker)
    if text is None:
        try:
            found = find(table, bucket, group_id, _uuid(marker))
        except RecordSetNotFound as error:
            raise selection.marker_not_found(marker) from error
        zone, place = found.zone, found.rrset.place
    else:
        zone_id, _, place = text.partition(rrset.TAB)
        of_marker = store.get(table, zone_id)
        if of_marker is None or group_id not in (None, of_marker.group_id):
            raise selection.marker_not_found(marker)
        zone = of_marker
    version = versions.get(table, zone.id, zone.version)
    if version is None:
        raise selection.marker_not_found(marker)
    return _Contents(zone, version), place


def _uuid(marker: str) -> str:
    try:
        return str(uuid.UUID(marker))
    except ValueError as error:
        raise InvalidMarker(f"Marker {marker} is not a UUID") from error


def _key(place: str) -> str:
    return place.partition(rrset.TAB)[0]


@functools.lru_cache(maxsize=1024)
def _origin(zone_name: str) -> "dns.name.Name":
    return names.absolute(zone_name)


@functools.lru_cache(maxsize=1024)
def _origin_key(zone_name: str) -> str:
    return names.key_of(names.absolute(zone_name), names.absolute("."))
