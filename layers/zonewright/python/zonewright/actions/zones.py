"""What a caller does with zones: create, find, list, change, delete, and read their history.

A PRIMARY zone's contents are made here, beginning with its SOA and apex NS; a SECONDARY zone is empty until its
first sync, which begins with its creation. Whatever one transaction can do is conditional on the revision that
was read; a writer that comes second reads again.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from zonewright import clock
from zonewright.actions import edit
from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.contents.sink import Sink
from zonewright.errors import (
    InvalidMarker,
    NotAuthorized,
    PreconditionFailed,
    ZoneBusy,
    ZoneChanged,
    ZoneHasSubZone,
    ZoneNotFound,
    ZoneShared,
)
from zonewright.model import policy, schedule, selection, states
from zonewright.model.change import Change, ChangeType, Counts
from zonewright.model.diff import Move
from zonewright.model.guards import OwnGuards
from zonewright.model.quotas import Quotas
from zonewright.model.ranges import Piece
from zonewright.model.schedule import Schedule
from zonewright.model.selection import Selection
from zonewright.model.settings import Settings
from zonewright.model.states import Event, State
from zonewright.model.users import Caller, Group
from zonewright.model.version import Chunk, Version
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol import names, rrset, serial
from zonewright.store import changes, claims, handovers, quotas, shares, users, versions
from zonewright.store import zones as store
from zonewright.store.table import ConditionFailed, Put, Table, Write
from zonewright.sync import lifecycle
from zonewright.sync.workflow import Workflow

REFRESH, RETRY, EXPIRE, MINIMUM = 3600, 600, 86400, 3600
"""SOA timers of the zones we own, seconds; the values of Designate's first release (contract, section 5)."""

_TRIES = 3
_CLAIMS = 10
"""How often a name is claimed: one claim more for each zone that others make above or below it at this moment."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a zone is imported with: RRset lines in canonical order, all but SOA and apex NS, and the serial it had."""

    lines: Sequence[str]
    serial: int


@dataclass(frozen=True, slots=True)
class NewZone:
    """What a caller says of a zone to be; checked by whoever read the request.

    `contents` are those of a PRIMARY zone that has some already. `id` is that of a zone that may be made twice, and is
    then made once.
    """

    name: str
    type: ZoneType = ZoneType.PRIMARY
    email: str = ""
    ttl: int = 3600
    description: str | None = None
    primaries: tuple[Primary, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    contents: Contents | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    schedule: Schedule | None = None
    guards: OwnGuards | None = None


class _Unset:
    """The value of a field that is not to be changed, where None means something."""


UNSET = _Unset()


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change of a zone; None leaves a field as it is, UNSET one that may be None."""

    email: str | None = None
    ttl: int | None = None
    description: str | _Unset | None = UNSET
    primaries: tuple[Primary, ...] | None = None
    attributes: dict[str, str] | None = None
    schedule: Schedule | _Unset | None = UNSET
    guards: OwnGuards | _Unset | None = UNSET


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
    table: Table,
    bucket: Bucket,
    workflow: Workflow | None,
    settings: Settings,
    new: NewZone,
    caller: Caller,
    now: datetime,
    also: Sequence[Write] = (),
) -> Zone:
    """Bring a zone into being for the caller's group; a SECONDARY one begins its first sync, by the `workflow`.

    What is to be written with it or not at all goes `also`. Raises, in this order, OverQuota, Invalid for a name or a
    TTL the operator does not allow, ZoneExists, IllegalChild, IllegalParent; ConditionFailed where a condition of
    `also` does not hold.
    """
    assert caller.group_id is not None
    quota = quotas.get(table, settings, caller.group_id)
    quota.check("zones", store.count(table, caller.group_id) + 1)
    policy.check_name(new.name, settings, caller)
    if new.type is ZoneType.PRIMARY:  # a copy has its primary's TTL
        policy.check_ttl(new.ttl, settings, caller)
    if new.contents:
        _admit(quota, new.contents.lines)
    zone = Zone(
        id=new.id,
        name=new.name,
        group_id=caller.group_id,
        type=new.type,
        created=now,
        email=new.email,
        ttl=new.ttl,
        description=new.description,
        primaries=new.primaries,
        attributes=new.attributes,
        schedule=new.schedule,
        guards=new.guards,
        requestor=None if new.schedule is None else caller.user_name,
    )
    for _ in range(_CLAIMS):
        try:
            with claims.claimed(table, zone) as claim:
                made, change, *writes = _begun(bucket, settings, zone, new.contents, claim.serial, caller, now)
                table.write(*store.create(made, claim, quota.zones), changes.put(change), *writes, *also)
        except ConditionFailed as error:
            if also and any(error.failed[-len(also) :]):
                raise
            refused = store.refusal(zone, error)
            if refused:
                raise refused from error
            continue
        if made.primaries:
            assert workflow is not None
            lifecycle.start(table, workflow, settings, change, "create", lifecycle.WHOLE, now)
        return made
    raise ZoneBusy(f"others are making zones above or below {zone.name} at this moment; try again")


def _begun(
    bucket: Bucket,
    settings: Settings,
    zone: Zone,
    contents: Contents | None,
    former: int | None,
    caller: Caller,
    now: datetime,
) -> tuple[Zone, Change, *tuple[Write, ...]]:
    """A new zone as it is to be stored, and the change that made it: a copy held by its first sync, or with contents.

    `former` is the serial of the zone that had the name last; the contents' first version is the third of the tuple.
    """
    if zone.primaries:
        return lifecycle.hold(zone, "create", caller.user_id, settings, now)
    change = edit.done(zone, ChangeType.CREATE, caller, now)
    first = serial.following(former, clock.epoch(now))
    if contents and not (former is not None and serial.newer(former, contents.serial)):
        first = contents.serial
    zone = replace(zone, version=1, serial=first)
    version = _first_version(bucket, zone, settings, change, contents.lines if contents else ())
    zone = replace(zone, records=version.records, rrsets=version.rrsets)
    counts = Counts(created=version.rrsets)
    change = replace(change, version=1, serial=zone.serial, records=version.records, counts=counts)
    return zone, change, *versions.publish(version, ())


def get(table: Table, zone_id: str) -> Zone:
    """A zone that is not deleted; raises ZoneNotFound."""
    zone = store.get(table, zone_id)
    if zone is None or zone.state is State.DELETED:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    return zone


def find(table: Table, zone_id: str, name: str) -> Zone:
    """A zone that is not deleted, by its id, or where that is empty by its name; raises ZoneNotFound."""
    if zone_id:
        return get(table, zone_id)
    zone = store.named(table, name if name.endswith(".") else f"{name}.")
    if zone is None:
        raise ZoneNotFound(f"there is no zone {name}")
    return zone


def owned(table: Table, zone_id: str, caller: Caller) -> Zone:
    """A zone of the caller's group, to do anything with; another's is as if it were not there.

    Raises ZoneNotFound, or NotAuthorized for one that is only shared with the group.
    """
    zone = usable(table, zone_id, caller)
    if zone.group_id != caller.group_id and not caller.is_super:
        raise NotAuthorized(f"zone {zone.name} is shared with project {caller.group_id}, which does not own it")
    return zone


def usable(table: Table, zone_id: str, caller: Caller) -> Zone:
    """A zone of the caller's group, or shared with it: to read, and to write its record sets. Raises ZoneNotFound."""
    zone = store.get(table, zone_id)
    live = zone if zone and zone.state is not State.DELETED else None
    if live and (live.group_id == caller.group_id or caller.is_super):
        return live
    # Looked for whether or not the zone is there: how long the answer takes shall not tell.
    shared = shares.with_group(table, zone_id, caller.group_id or "")
    if live is None or shared is None:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    return live


def owner(table: Table, zone: Zone) -> Group | None:
    """The group a zone belongs to; None where it is gone."""
    return users.group(table, zone.group_id)


def visible(table: Table, zone_id: str, caller: Caller, *, everywhere: bool) -> Zone:
    """A zone to read: one the caller may use, or any where the caller may and does look `everywhere`."""
    return get(table, zone_id) if everywhere else usable(table, zone_id, caller)


def listing(table: Table, group_id: str | None, wanted: Selection[Zone]) -> Page:
    """A page of a group's zones and those shared with it, of every group's where that is None; the marker is an id.

    In the order of their making it costs a page, by exact name two reads; anything else a look at every zone of the
    group. Raises InvalidPaging where the marker is no zone of the group, deleted or not.
    """
    after = wanted.after(lambda marker: store.get(table, marker), lambda zone: _is_listed(table, zone, group_id))
    if not (wanted.filters or wanted.order or wanted.name is not None):
        found = store.in_order(table, group_id, wanted.limit, after, newest_first=wanted.descending)
        return Page(list(found), store.count(table, group_id) if wanted.counted else None)
    if wanted.name is None:
        entries = store.every(table, group_id)
    else:
        named = store.named(table, wanted.name)
        entries = iter([named] if named and _is_listed(table, named, group_id) else [])
    chosen, total = selection.page_after(entries, wanted, after)
    return Page(chosen, total if wanted.counted else None)


def update(
    table: Table,
    bucket: Bucket,
    settings: Settings,
    zone: Zone,
    wanted: Edit,
    caller: Caller,
    now: datetime,
    *,
    exactly: bool = False,
) -> Zone:
    """Change a zone's settings; where its SOA says them, in a new version with a new serial.

    Raises ZoneSyncing, UpdatePending, ZoneChanged where others keep changing it, Invalid for a TTL below the minimum;
    PreconditionFailed where `exactly` the zone as given is to be changed and it is another by now.
    """
    if wanted.ttl is not None:
        policy.check_ttl(wanted.ttl, settings, caller)
    for _ in range(_TRIES):
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        changed = _rescheduled(_edited(zone.freed(state, now), wanted), wanted, settings, caller, now)
        change = edit.done(zone, ChangeType.UPDATE, caller, now)
        writes: list[Write] = []
        if zone.type is ZoneType.PRIMARY and (changed.email, changed.ttl) != (zone.email, zone.ttl):
            changed = replace(changed, version=zone.version + 1, serial=serial.following(zone.serial, clock.epoch(now)))
            base = versions.get(table, zone.id, zone.version)
            assert base is not None
            version, change = _next_version(bucket, base, changed, settings, change)
            changed = replace(changed, records=version.records, rrsets=version.rrsets)
            writes += versions.publish(version, base.chunks)
        item = Put(store.to_item(changed), edit.as_read(zone, Event.CHANGE, now))
        try:
            table.write(item, changes.put(change), *writes, *changes.end_abandoned(zone, now))
        except ConditionFailed as error:
            zone = _again(table, zone, error, exactly=exactly)
            continue
        return changed
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def delete(
    table: Table, zone: Zone, caller: Caller, now: datetime, *, exactly: bool = False, with_shares: bool = False
) -> Zone:
    """Take a zone away, its shares too where that is said; its name is free at once, its history stays.

    Nobody can accept it any more. Raises ZoneShared, ZoneSyncing, UpdatePending, ZoneNotFound,
    ZoneHasSubZone where there are zones below it; PreconditionFailed as `update` does.
    """
    child = next(claims.below(table, zone.name), None)
    if child:
        raise ZoneHasSubZone(f"zone {zone.name} has zones below it, {child} for one")
    for _ in range(_TRIES):
        if zone.shares and not with_shares:
            raise ZoneShared(f"zone {zone.name} is shared with {zone.shares} projects: end that, or ask for it too")
        if states.next_state(Event.DELETE, zone.hold, now) is None:
            raise states.refusal(Event.DELETE, zone.name, zone.hold, zone.held_since)
        gone = replace(zone.freed(State.DELETED, now), shares=0)
        condition = edit.as_read(zone, Event.DELETE, now)
        change = edit.done(zone, ChangeType.DELETE, caller, now)
        ends = handovers.withdraw(table, zone.id)
        for share in shares.listing(table, zone.id) if zone.shares else []:
            ends += shares.end(share)
        try:
            table.write(*store.delete(gone, condition), changes.put(change), *ends, *changes.end_abandoned(zone, now))
        except ConditionFailed as error:
            zone = _again(table, zone, error, exactly=exactly)
            continue
        return gone
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def history(table: Table, zone: Zone, limit: int, start_from: str | None) -> HistoryPage:
    """What happened to a zone, newest first, from the change `start_from` (a `next_id`) on.

    Raises InvalidMarker where that is none of ours.
    """
    before = None
    if start_from is not None:
        created, _, change_id = start_from.partition("#")
        try:
            before = clock.from_text(created), change_id
        except ValueError as error:
            raise InvalidMarker(f"startFrom {start_from} is no nextId of this zone's history") from error
    found = changes.listing(table, zone.id, limit + 1, before)
    more = len(found) > limit
    shown = found[:limit]
    return HistoryPage(shown, f"{clock.to_text(shown[-1].created)}#{shown[-1].id}" if more else None)


def _is_listed(table: Table, zone: Zone, group_id: str | None) -> bool:
    """Whether a zone is in the list of a group, or of all."""
    return group_id in (None, zone.group_id) or shares.with_group(table, zone.id, group_id or "") is not None


def _again(table: Table, zone: Zone, failed: ConditionFailed, *, exactly: bool) -> Zone:
    """The zone as the failed write found it, to try again on; not where `exactly` the one that was read will do."""
    found = store.found(table, zone.id, failed)
    if found is None or found.group_id != zone.group_id:
        raise ZoneNotFound(f"Zone with id {zone.id} does not exists") from failed
    if exactly and found.fingerprint != zone.fingerprint:
        raise PreconditionFailed(f"zone {zone.name} was changed meanwhile by another request") from failed
    return found


def _edited(zone: Zone, edit: Edit) -> Zone:
    return replace(
        zone,
        email=zone.email if edit.email is None else edit.email,
        ttl=zone.ttl if edit.ttl is None else edit.ttl,
        description=zone.description if isinstance(edit.description, _Unset) else edit.description,
        primaries=zone.primaries if edit.primaries is None else edit.primaries,
        attributes=zone.attributes if edit.attributes is None else edit.attributes,
        guards=zone.guards if isinstance(edit.guards, _Unset) else edit.guards,
    )


def _rescheduled(zone: Zone, wanted: Edit, settings: Settings, caller: Caller, now: datetime) -> Zone:
    """The zone under the schedule it is to have, which counts from its last sync; without one it is due at once."""
    if isinstance(wanted.schedule, _Unset):
        return zone
    requestor = None if wanted.schedule is None else caller.user_name
    due = None if wanted.schedule is None else now
    if zone.synced is not None:
        due = schedule.first_due(wanted.schedule, zone.timers, settings.shortest_schedule, zone.synced, now)
    return replace(zone, schedule=wanted.schedule, requestor=requestor, due=due, unanswered=None)


def _managed(zone: Zone, settings: Settings) -> list[str]:
    """SOA and apex NS of a zone of ours, from its settings and the service's name servers; its own TTL serves."""
    from zonewright.protocol.types import NS, SOA

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


def _admit(quota: Quotas, lines: Iterable[str]) -> None:
    """See whether contents are within what a project may have in a zone; raises OverQuota."""
    sizes = [rrset.records(line) for line in lines]
    quota.check("zone_recordsets", len(sizes))
    quota.check("zone_records", sum(sizes))
    quota.check("recordset_records", max(sizes, default=0))


def _first_version(
    bucket: Bucket, zone: Zone, settings: Settings, change: Change, lines: Sequence[str] = ()
) -> Version:
    """The version a zone begins with: SOA and apex NS, and the `lines` it is imported with."""
    from zonewright.sync import load

    managed = _managed(zone, settings)
    sink = Sink.of(bucket, settings, zone.id, change.id, len(lines))
    if not lines:
        return _version(zone, change, sink.chunks([Piece("", managed, changed=True)], ()))
    whole = sorted([*managed, *lines])
    merged = load.merge(sink, 0, (), whole)
    return _version(zone, change, merged.chunks)


def _next_version(
    bucket: Bucket, base: Version, changed: Zone, settings: Settings, change: Change
) -> tuple[Version, Change]:
    """The zone's contents with SOA and apex NS made anew, all else as it is, and the change with what moved.

    What a super user wrote in their place stays.
    """
    held = {rrset.place(line): line for line in chunks.read(bucket, base.zone_id, base.chunks[0])}
    anew = [Move(held.get(rrset.place(line)), line) for line in _managed(changed, settings)]
    moves = [move for move in anew if move.before is None or not rrset.from_line(move.before).notes_text]
    difference = edit.against((move for move in moves if move.before != move.after), base)
    sink = Sink.of(bucket, settings, base.zone_id, change.id, base.records)
    version = _version(changed, change, edit.apply(sink, base, difference.moves))
    change = replace(
        change,
        version=version.number,
        serial=version.serial,
        records=version.records,
        counts=difference.counts(),
        differences=(sink.difference(0, difference),),
    )
    return version, change


def _version(zone: Zone, change: Change, made: Sequence[Chunk]) -> Version:
    assert zone.serial is not None
    return Version(zone.id, zone.version, zone.serial, change.created, change.id, tuple(made), zone.ttl)
