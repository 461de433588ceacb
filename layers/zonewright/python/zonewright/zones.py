"""What a caller does with zones: create, find, list, change, delete, and read their history.

A PRIMARY zone's contents are made here, beginning with its SOA and apex NS; a SECONDARY zone is empty until its
first sync, which begins with its creation. Whatever one transaction can do is conditional on the revision that
was read; a writer that comes second reads again.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from zonewright import clock, names, rrset, selection, serial, states, sync
from zonewright.caller import Caller
from zonewright.change import Change, ChangeType
from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.edit import as_read, done
from zonewright.errors import InvalidPaging, ZoneChanged, ZoneExists, ZoneNotFound
from zonewright.selection import Selection
from zonewright.settings import Settings
from zonewright.states import Event, State
from zonewright.store import changes, users, versions
from zonewright.store import zones as store
from zonewright.store.table import ConditionFailed, Put, Table, Write
from zonewright.users import Group
from zonewright.version import Chunk, Version
from zonewright.workflow import Workflow
from zonewright.zone import Primary, Zone, ZoneType

REFRESH, RETRY, EXPIRE, MINIMUM = 3600, 600, 86400, 3600
"""SOA timers of the zones we own, seconds; the values of Designate's first release (contract, section 5)."""

_TRIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewZone:
    """What a caller says of a zone to be; checked by whoever read the request."""

    name: str
    type: ZoneType = ZoneType.PRIMARY
    email: str = ""
    ttl: int = 3600
    description: str | None = None
    primaries: tuple[Primary, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)


class _Unset:
    """The value of a field that is not to be changed, where None means something."""


UNSET = _Unset()


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change of a zone; None (for the description: UNSET) leaves a field as it is."""

    email: str | None = None
    ttl: int | None = None
    description: str | _Unset | None = UNSET
    primaries: tuple[Primary, ...] | None = None
    attributes: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some zones, and how many there are, where that was asked."""

    zones: list[Zone]
    total: int | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Changes, newest first, and the id to go on from if there are more."""

    changes: list[Change]
    next_id: str | None


def create(
    table: Table, bucket: Bucket, workflow: Workflow, settings: Settings, new: NewZone, caller: Caller, now: datetime
) -> Zone:
    """Bring a zone into being for the caller's group; a SECONDARY one begins its first sync.

    Raises ZoneExists where the name is taken.
    """
    assert caller.group_id is not None
    zone = Zone(
        id=str(uuid.uuid4()),
        name=new.name,
        group_id=caller.group_id,
        type=new.type,
        created=now,
        email=new.email,
        ttl=new.ttl,
        description=new.description,
        primaries=new.primaries,
        attributes=new.attributes,
    )
    writes: list[Write] = []
    if zone.primaries:
        zone, change = sync.hold(zone, "create", caller.user_id, settings, now)
    else:
        change = done(zone, ChangeType.CREATE, caller, now)
        former = store.former_serial(table, zone.name)
        first = serial.following(former, clock.epoch(now))
        zone = replace(zone, version=1, serial=first, records=1 + len(settings.name_servers), rrsets=2)
        writes.append(versions.put(_first_version(bucket, zone, settings, change)))
        change = replace(change, version=1, serial=zone.serial, records=zone.records)
    try:
        table.write(*store.create(zone), changes.put(change), *writes)
    except ConditionFailed as error:
        raise ZoneExists(f"Zone with name {zone.name} already exists") from error
    if zone.primaries:
        sync.start(table, workflow, change, "create", now)
    return zone


def get(table: Table, zone_id: str) -> Zone:
    """A zone that is not deleted; raises ZoneNotFound."""
    zone = store.get(table, zone_id)
    if zone is None or zone.state is State.DELETED:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    return zone


def owned(table: Table, zone_id: str, caller: Caller) -> Zone:
    """A zone of the caller's group; another group's zone is as if it were not there."""
    zone = get(table, zone_id)
    if zone.group_id != caller.group_id and not caller.is_super:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    return zone


def owner(table: Table, zone: Zone) -> Group | None:
    """The group a zone belongs to; None where it is gone."""
    return users.group(table, zone.group_id)


def visible(table: Table, zone_id: str, caller: Caller, *, everywhere: bool) -> Zone:
    """A zone to read: of the caller's group, or of any where the caller may and does look `everywhere`."""
    return get(table, zone_id) if everywhere else owned(table, zone_id, caller)


def listing(table: Table, group_id: str | None, wanted: Selection[Zone]) -> Page:
    """A page of a group's zones, of every group's where that is None; the marker is a zone's id.

    In the order of their making it costs a page, by exact name two reads; anything else a look at every zone of the
    group. Raises InvalidPaging where the marker is no zone of the group, deleted or not.
    """
    after = store.get(table, wanted.marker) if wanted.marker else None
    if wanted.marker and (after is None or group_id not in (None, after.group_id)):
        raise InvalidPaging(f"Marker {wanted.marker} could not be found", kind="marker_not_found")
    if not (wanted.filters or wanted.order or wanted.name is not None):
        found = store.in_order(table, group_id, wanted.limit, after, newest_first=wanted.descending)
        return Page(list(found), store.count(table, group_id) if wanted.counted else None)
    if wanted.name is None:
        entries = store.every(table, group_id)
    else:
        named = store.named(table, wanted.name)
        entries = iter([named] if named and group_id in (None, named.group_id) else [])
    order = wanted.order or (lambda zone: zone.created)

    def place(zone: Zone) -> tuple[Any, str]:
        return order(zone), zone.id

    chosen, total = selection.page(entries, wanted, place, place(after) if after else None)
    return Page(chosen, total if wanted.counted else None)


def update(
    table: Table, bucket: Bucket, settings: Settings, zone: Zone, edit: Edit, caller: Caller, now: datetime
) -> Zone:
    """Change a zone's settings; where its SOA says them, in a new version with a new serial.

    Raises ZoneSyncing, UpdatePending, or ZoneChanged where others keep changing it.
    """
    for _ in range(_TRIES):
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        changed = _edited(zone.freed(state, now), edit)
        change = done(zone, ChangeType.UPDATE, caller, now)
        writes: list[Write] = []
        if zone.type is ZoneType.PRIMARY and (changed.email, changed.ttl) != (zone.email, zone.ttl):
            changed = replace(changed, version=zone.version + 1, serial=serial.following(zone.serial, clock.epoch(now)))
            version = _next_version(table, bucket, zone, changed, settings, change)
            changed = replace(changed, records=version.records, rrsets=version.rrsets)
            writes.append(versions.put(version))
            change = replace(change, version=version.number, serial=version.serial)
        item = Put(store.to_item(changed), as_read(zone, Event.CHANGE, now))
        try:
            table.write(item, changes.put(change), *writes, *sync.abandon(zone, now))
        except ConditionFailed as error:
            zone = _again(table, zone, error)
            continue
        return changed
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def delete(table: Table, zone: Zone, caller: Caller, now: datetime) -> Zone:
    """Take a zone away; its name is free at once, its history stays.

    Raises ZoneSyncing, UpdatePending, ZoneNotFound.
    """
    for _ in range(_TRIES):
        if states.next_state(Event.DELETE, zone.hold, now) is None:
            raise states.refusal(Event.DELETE, zone.name, zone.hold, zone.held_since)
        gone = zone.freed(State.DELETED, now)
        condition = as_read(zone, Event.DELETE, now)
        change = done(zone, ChangeType.DELETE, caller, now)
        try:
            table.write(*store.delete(gone, condition), changes.put(change), *sync.abandon(zone, now))
        except ConditionFailed as error:
            zone = _again(table, zone, error)
            continue
        return gone
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def history(table: Table, zone: Zone, limit: int, start_from: str | None) -> HistoryPage:
    """What happened to a zone, newest first, from the change `start_from` (a `next_id`) on.

    Raises InvalidPaging where that is none of ours.
    """
    before = None
    if start_from is not None:
        created, _, change_id = start_from.partition("#")
        try:
            before = clock.from_text(created), change_id
        except ValueError as error:
            raise InvalidPaging(f"startFrom {start_from} is no nextId of this zone's history") from error
    found = changes.listing(table, zone.id, limit + 1, before)
    more = len(found) > limit
    shown = found[:limit]
    return HistoryPage(shown, f"{clock.to_text(shown[-1].created)}#{shown[-1].id}" if more else None)


def _again(table: Table, zone: Zone, failed: ConditionFailed) -> Zone:
    """The zone as the failed write found it."""
    found = store.found(table, zone.id, failed)
    if found is None:
        raise ZoneNotFound(f"Zone with id {zone.id} does not exists") from failed
    return found


def _edited(zone: Zone, edit: Edit) -> Zone:
    return replace(
        zone,
        email=zone.email if edit.email is None else edit.email,
        ttl=zone.ttl if edit.ttl is None else edit.ttl,
        description=zone.description if isinstance(edit.description, _Unset) else edit.description,
        primaries=zone.primaries if edit.primaries is None else edit.primaries,
        attributes=zone.attributes if edit.attributes is None else edit.attributes,
    )


def _managed(zone: Zone, settings: Settings) -> list[str]:
    """SOA and apex NS of a zone of ours, from its settings and the service's name servers; its own TTL serves."""
    from zonewright.wire import NS, SOA

    timers = f"{zone.serial} {REFRESH} {RETRY} {EXPIRE} {MINIMUM}"
    soa = f"{settings.name_servers[0]} {names.rname(zone.email)} {timers}"
    return [
        rrset.to_line("", NS, None, [_wire(NS, host) for host in settings.name_servers]),
        rrset.to_line("", SOA, None, [_wire(SOA, soa)]),
    ]


def _wire(rdtype: int, text: str) -> bytes:
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    wire = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), text).to_wire()
    assert wire is not None
    return wire


def _first_version(bucket: Bucket, zone: Zone, settings: Settings, change: Change) -> Version:
    return _version(zone, change, [_first_chunk(bucket, zone, _managed(zone, settings))])


def _next_version(
    table: Table, bucket: Bucket, zone: Zone, changed: Zone, settings: Settings, change: Change
) -> Version:
    """The zone's contents with SOA and apex NS made anew: the first chunk is rewritten, the others stay.

    So does what a super user wrote in their place.
    """
    version = versions.get(table, zone.id, zone.version)
    assert version is not None
    held = chunks.read(bucket, zone.id, version.chunks[0])
    written = {rrset.place(line) for line in held if rrset.from_line(line).said}
    managed = [line for line in _managed(changed, settings) if rrset.place(line) not in written]
    places = {rrset.place(line) for line in managed}
    kept = [line for line in held if rrset.place(line) not in places]
    first = _first_chunk(bucket, zone, sorted([*managed, *kept]))
    return _version(changed, change, [first, *version.chunks[1:]])


def _first_chunk(bucket: Bucket, zone: Zone, lines: Sequence[str]) -> Chunk:
    """The chunk that begins at the apex, stored."""
    text = chunks.to_text(lines)
    chunk = chunks.describe("", lines, text)
    chunks.write(bucket, zone.id, [(chunk, text)])
    return chunk


def _version(zone: Zone, change: Change, made: Sequence[Chunk]) -> Version:
    assert zone.serial is not None
    return Version(zone.id, zone.version, zone.serial, change.created, change.id, tuple(made))
