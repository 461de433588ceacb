"""Zones: created, found, listed, changed and deleted.

The contents of a PRIMARY zone are made here, beginning with its SOA and apex NS. A SECONDARY zone is empty until its
first sync, which begins with its creation. Every write is conditional on the revision that was read; a writer that
comes second reads again.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from zonewright import clock
from zonewright.actions import apex, edit
from zonewright.errors import (
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
from zonewright.model.guards import OwnGuards
from zonewright.model.order import COMPARE
from zonewright.model.quotas import Quotas
from zonewright.model.schedule import Schedule
from zonewright.model.selection import Selection
from zonewright.model.states import Event, State
from zonewright.model.users import Caller, Group
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol import rrset, serial
from zonewright.service import Service
from zonewright.store import changes, claims, handovers, quotas, shares, users, versions
from zonewright.store import zones as store
from zonewright.store.table import ConditionFailed, Put, Write
from zonewright.sync import lifecycle

_TRIES = 3
_CLAIMS = 10
"""How often a name is claimed: once more for each zone that others make above or below it at this moment."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Contents to import: RRset lines in canonical order, without SOA and apex NS, and the serial they had."""

    lines: Sequence[str]
    serial: int


@dataclass(frozen=True, slots=True)
class NewZone:
    """A zone to create. The reader of the request has checked it.

    `contents` are those that a PRIMARY zone begins with. A zone created twice under the same `id` is created once.
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
    """Value of a field that is not to be changed, for fields that can be None."""


UNSET = _Unset()


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes of a zone. None leaves a field as it is; UNSET does for those that can be None."""

    email: str | None = None
    ttl: int | None = None
    description: str | _Unset | None = UNSET
    primaries: tuple[Primary, ...] | None = None
    attributes: dict[str, str] | None = None
    schedule: Schedule | _Unset | None = UNSET
    guards: OwnGuards | _Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class Page:
    """Some zones, and how many match; None if that was not asked."""

    zones: list[Zone]
    total: int | None


def create(service: Service, new: NewZone, *, caller: Caller, also: Sequence[Write] = ()) -> Zone:
    """Create a zone for the caller's group. A SECONDARY zone begins its first sync.

    The writes `also` belong to the same transaction. Raise, in this order, OverQuota, Invalid for a name or a TTL that
    the operator does not allow, ZoneExists, IllegalChild, IllegalParent; ConditionFailed if one of `also` fails.
    """
    assert caller.group_id is not None
    now, settings = service.now(), service.settings
    quota = quotas.get(service.table, settings, caller.group_id)
    quota.check("zones", store.count(service.table, caller.group_id) + 1)
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
            with claims.claimed(service.table, zone) as claim:
                made, change, *writes = _begun(service, zone, new.contents, claim.serial, caller=caller)
                service.table.write(*store.create(made, claim, quota.zones), changes.put(change), *writes, *also)
        except ConditionFailed as error:
            if also and any(error.failed[-len(also) :]):
                raise
            refused = store.refusal(zone, error)
            if refused:
                raise refused from error
            continue
        if made.primaries:
            lifecycle.start(service, change, "create", COMPARE)
        return made
    raise ZoneBusy(f"others are making zones above or below {zone.name} at this moment; try again")


def _begun(
    service: Service, zone: Zone, contents: Contents | None, former: int | None, *, caller: Caller
) -> tuple[Zone, Change, *tuple[Write, ...]]:
    """Return a new zone as it is to be stored, the change that made it, and the writes of its first version.

    A copy is held by its first sync and has no version yet. `former` is the serial of the last zone of this name.
    """
    now = zone.created
    if zone.primaries:
        return lifecycle.hold(service, zone, "create", user_id=caller.user_id, now=now)
    change = edit.done(zone, ChangeType.CREATE, caller, now)
    first = serial.following(former, clock.epoch(now))
    if contents and not (former is not None and serial.newer(former, contents.serial)):
        first = contents.serial
    zone = replace(zone, version=1, serial=first)
    version = apex.first_version(service, zone, change, contents.lines if contents else ())
    zone = replace(zone, records=version.records, rrsets=version.rrsets)
    counts = Counts(created=version.rrsets)
    change = replace(change, version=1, serial=zone.serial, records=version.records, counts=counts)
    return zone, change, *versions.publish(version, ())


def get(service: Service, zone_id: str) -> Zone:
    """Return a zone that is not deleted. Raise ZoneNotFound."""
    zone = store.get(service.table, zone_id)
    if zone is None or zone.deleted:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    return zone


def find(service: Service, zone_id: str, name: str) -> Zone:
    """Return a zone that is not deleted, by its id, or by its name if the id is empty. Raise ZoneNotFound."""
    if zone_id:
        return get(service, zone_id)
    zone = store.named(service.table, name if name.endswith(".") else f"{name}.")
    if zone is None:
        raise ZoneNotFound(f"there is no zone {name}")
    return zone


def owned(service: Service, zone_id: str, *, caller: Caller) -> Zone:
    """Return a zone of the caller's group, to do anything with.

    Raise ZoneNotFound, or NotAuthorized for a zone that is only shared with the group.
    """
    zone = usable(service, zone_id, caller=caller)
    if zone.group_id != caller.group_id and not caller.is_super:
        raise NotAuthorized(f"zone {zone.name} is shared with project {caller.group_id}, which does not own it")
    return zone


def usable(service: Service, zone_id: str, *, caller: Caller) -> Zone:
    """Return a zone of the caller's group or shared with it: to read, and to write its record sets.

    Raise ZoneNotFound.
    """
    zone = store.get(service.table, zone_id)
    live = zone if zone and not zone.deleted else None
    if live and (live.group_id == caller.group_id or caller.is_super):
        return live
    # Looked for whether or not the zone is there, so the time of the answer does not tell.
    shared = shares.with_group(service.table, zone_id, caller.group_id or "")
    if live is None or shared is None:
        raise ZoneNotFound(f"Zone with id {zone_id} does not exists")
    return live


def owner(service: Service, zone: Zone) -> Group | None:
    """Return the group that owns a zone; None if it is gone."""
    return users.group(service.table, zone.group_id)


def visible(service: Service, zone_id: str, *, caller: Caller, everywhere: bool) -> Zone:
    """Return a zone to read: one the caller may use, or any if the caller may look `everywhere`, and does."""
    return get(service, zone_id) if everywhere else usable(service, zone_id, caller=caller)


def listing(service: Service, group_id: str | None, wanted: Selection[Zone]) -> Page:
    """Return a page of a group's zones and those shared with it; of every group's if `group_id` is None.

    The marker is the id of a zone. A page in the order of creation reads what it shows, an exact name two items,
    anything else every zone of the group. Raise MarkerNotFound if the marker is no zone of the group, deleted or not.
    """
    table = service.table
    after = wanted.after(lambda marker: store.get(table, marker), lambda zone: _is_listed(service, zone, group_id))
    if not (wanted.filters or wanted.order or wanted.name is not None):
        found = store.in_order(table, group_id, wanted.limit, after, newest_first=wanted.descending)
        return Page(list(found), store.count(table, group_id) if wanted.counted else None)
    if wanted.name is None:
        entries = store.every(table, group_id)
    else:
        named = store.named(table, wanted.name)
        entries = iter([named] if named and _is_listed(service, named, group_id) else [])

    chosen, total = selection.page_after(entries, wanted, after)
    return Page(chosen, total if wanted.counted else None)


def update(service: Service, zone: Zone, wanted: Edit, *, caller: Caller, exactly: bool = False) -> Zone:
    """Change a zone's settings; those that its SOA says make a new version with a new serial.

    Raise ZoneSyncing, UpdatePending, Invalid for a TTL below the minimum, ZoneChanged if others keep changing the zone.
    With `exactly`, change only the zone as given: raise PreconditionFailed if it is another by now.
    """
    now = service.now()
    if wanted.ttl is not None:
        policy.check_ttl(wanted.ttl, service.settings, caller)
    for _ in range(_TRIES):
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        changed = _rescheduled(service, _edited(zone.freed(state, now), wanted), wanted, caller=caller, now=now)
        change = edit.done(zone, ChangeType.UPDATE, caller, now)
        writes: list[Write] = []
        if zone.type is ZoneType.PRIMARY and (changed.email, changed.ttl) != (zone.email, zone.ttl):
            changed = replace(changed, version=zone.version + 1, serial=serial.following(zone.serial, clock.epoch(now)))
            base = versions.get(service.table, zone.id, zone.version)
            assert base is not None
            version, change = apex.next_version(service, base, changed, change)
            changed = replace(changed, records=version.records, rrsets=version.rrsets)
            writes += versions.publish(version, base.chunks)
        item = Put(store.to_item(changed), edit.as_read(zone, Event.CHANGE, now))
        try:
            service.table.write(item, changes.put(change), *writes, *changes.end_abandoned(zone, now))
        except ConditionFailed as error:
            zone = _again(service, zone, error, exactly=exactly)
            continue
        return changed
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def delete(service: Service, zone: Zone, *, caller: Caller, exactly: bool = False, with_shares: bool = False) -> Zone:
    """Delete a zone, with its shares if `with_shares`. Its name is free at once; its history stays; its offer ends.

    Raise ZoneShared, ZoneSyncing, UpdatePending, ZoneNotFound, ZoneHasSubZone if there are zones below it;
    PreconditionFailed as `update` does.
    """
    table, now = service.table, service.now()
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
            zone = _again(service, zone, error, exactly=exactly)
            continue
        return gone
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def _is_listed(service: Service, zone: Zone, group_id: str | None) -> bool:
    """Return whether a zone is in the list of a group, or of all."""
    if group_id in (None, zone.group_id):
        return True
    return shares.with_group(service.table, zone.id, group_id or "") is not None


def _again(service: Service, zone: Zone, failed: ConditionFailed, *, exactly: bool) -> Zone:
    """Return the zone that a failed write found, to try again. Raise PreconditionFailed if `exactly` forbids that."""
    found = store.found(service.table, zone.id, failed)
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


def _rescheduled(service: Service, zone: Zone, wanted: Edit, *, caller: Caller, now: datetime) -> Zone:
    """Return the zone with its new schedule, which counts from the last sync; without one it is due at once."""
    if isinstance(wanted.schedule, _Unset):
        return zone
    requestor = None if wanted.schedule is None else caller.user_name
    due = None if wanted.schedule is None else now
    if zone.synced is not None:
        shortest = service.settings.shortest_schedule
        due = schedule.first_due(wanted.schedule, zone.timers, shortest, zone.synced, now)
    return replace(zone, schedule=wanted.schedule, requestor=requestor, due=due, unanswered=None)


def _admit(quota: Quotas, lines: Iterable[str]) -> None:
    """Raise OverQuota if contents are more than a project may have in a zone."""
    sizes = [rrset.records(line) for line in lines]
    quota.check("zone_recordsets", len(sizes))
    quota.check("zone_records", sum(sizes))
    quota.check("recordset_records", max(sizes, default=0))
