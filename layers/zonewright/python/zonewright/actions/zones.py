"""Zones: create, find, list, change and delete them.

A PRIMARY zone is created with its first version, which has at least SOA and apex NS. A SECONDARY zone is empty until
its first sync, which its creation begins. Every write needs the revision that was read. A writer that loses a race
reads the zone again and retries.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from zonewright import clock
from zonewright.actions import edit, handing, imported, outbox, pools, syncs, zonesettings
from zonewright.actions.imported import Contents
from zonewright.errors import (
    NotAuthorized,
    PreconditionFailed,
    ZoneBusy,
    ZoneChanged,
    ZoneNameNotFound,
    ZoneNotFound,
    ZoneShared,
)
from zonewright.log import log
from zonewright.model import policy, states
from zonewright.model.acl import AclRule
from zonewright.model.change import Change, ChangeType, Counts
from zonewright.model.delivery import Delivered
from zonewright.model.guards import OwnGuards
from zonewright.model.order import COMPARE
from zonewright.model.pool import Pool
from zonewright.model.schedule import Schedule
from zonewright.model.states import Event, State
from zonewright.model.users import Caller, Group
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol import serial
from zonewright.service import Service
from zonewright.store import (
    catalogs,
    changes,
    claims,
    deliveries,
    handovers,
    places,
    quotas,
    shares,
    slots,
    tsigkeys,
    users,
    versions,
)
from zonewright.store import zones as store
from zonewright.store.table import MOST_WRITES, ConditionFailed, Delete, Put, Write
from zonewright.sync import lifecycle

_TRIES = 3
_CLAIMS = 10
"""Tries to claim a zone name. A try fails for each zone that others create above or below it at the same time."""


@dataclass(frozen=True, slots=True)
class NewZone:
    """A zone to create. The reader of the request has checked it.

    `contents` become the first version of a PRIMARY zone. An `id` can be used once, so a retry creates no second zone.
    `way` is that of a copy whose primary takes updates, and is sealed for this `id`. Such a zone may have a name of one
    label, and be above or below zones of other groups, for its keeper proved by the transfer who may read it.
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
    shared: bool = False
    acl: tuple[AclRule, ...] = ()
    way: zonesettings.Way | None = None


def create(
    service: Service, new: NewZone, *, caller: Caller, also: Sequence[Write] = (), ends: Sequence[Delete] = ()
) -> Zone:
    """Create a zone for the caller's group, and return it, as `begin` does."""
    return begin(service, new, caller=caller, also=also, ends=ends)[0]


def begin(
    service: Service, new: NewZone, *, caller: Caller, also: Sequence[Write] = (), ends: Sequence[Delete] = ()
) -> tuple[Zone, Change]:
    """Create a zone for the caller's group. Return it, and the change that records it.

    The first sync of a SECONDARY zone begins. If it cannot be started, the zone is returned with its failure, in ERROR.
    It exists by then, and a caller that got an error would try again and be told that the name is taken, by its own
    zone.

    The writes `also` belong to the same transaction. That of a PRIMARY zone also frees the slots of `ends`. Raise, in
    this order, OverQuota, Invalid for a name or a TTL that the operator does not allow, what `pools.choose` raises,
    TooManyRequests, ZoneExists, IllegalChild, IllegalParent, RecordSetMisplaced for contents of a zone below. Raise
    ConditionFailed if a write of `also` fails, ZoneBusy if others keep creating zones above or below it.
    """
    assert caller.group_id is not None
    now, settings = service.now(), service.settings
    quota = quotas.get(service.table, settings, caller.group_id)
    quota.check("zones", store.count(service.table, caller.group_id, shared=False) + 1)
    policy.check_name(new.name, settings, caller, slow=_log_slow, fewest=1 if new.way else 2)
    if new.type is ZoneType.PRIMARY:  # a copy has its primary's TTL
        policy.check_ttl(new.ttl, settings, caller)
    policy.check_masters(new.primaries, settings)
    policy.check_attributes(new.attributes, settings)
    pool = pools.choose(service, new.attributes, caller=caller)
    if new.primaries or new.way:
        syncs.count_begin(service, caller.group_id)
    if new.contents:
        imported.check(new.contents, new.name, quota, settings, caller)
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
        shared=new.shared,
        acl=new.acl,
        is_test=caller.is_test,
        pool_id=pools.named(service, pool),
        delivered=Delivered() if pool.targets and new.type is ZoneType.PRIMARY else None,
    )
    zone = zonesettings.reached_by(zone, new.way) if new.way else zone
    for _ in range(_CLAIMS):
        try:
            with claims.claimed(service.table, zone) as claim:
                if new.contents:
                    imported.check_children(new.contents, new.name, claim.below)
                made, change, *writes = _prepared(service, zone, new.contents, claim.serial, caller=caller, pool=pool)
                others = [changes.put(change), *writes, *_pushed(made, pool, now), *also]
                if made.primaries:
                    made = lifecycle.take_slot(service, made, _creating(made, claim, quota.zones, others))
                else:
                    slots.write(service.table, [*store.create(made, claim, quota.zones), *others], ends)
        except claims.Overtaken:
            continue
        except ConditionFailed as error:
            if also and any(error.failed[-len(also) :]):
                raise
            refused = store.refusal(zone, error)
            if refused:
                raise refused from error
            continue
        return _started(service, made) if made.primaries else outbox.begin(service, made, pool), change
    raise ZoneBusy(f"others are making zones above or below {zone.name} at this moment; try again")


def _creating(made: Zone, claim: claims.Claim, most: int, others: Sequence[Write]) -> Callable[[int], list[Write]]:
    """Return the writes, for each slot of its first sync, that create a SECONDARY zone, `others` among them."""
    return lambda slot: [*store.create(replace(made, slot=slot), claim, most), *others]


def _prepared(
    service: Service, zone: Zone, contents: Contents | None, former: int | None, *, caller: Caller, pool: Pool
) -> tuple[Zone, Change, *tuple[Write, ...]]:
    """Return a new zone, the change that creates it, and the writes of its first version. The caller writes them.

    A SECONDARY zone is held by its first sync and has no version yet. `former` is the newest serial that the name had,
    or None.

    A name server that still holds a former zone of the name transfers the new one only if its serial is newer (RFC 1034
    section 4.3.5). So the serial of imported contents is kept if it is newer than `former`. Otherwise the zone gets the
    next serial, and the change says so.
    """
    now = zone.created
    if zone.primaries:
        return lifecycle.hold(service, zone, "create", COMPARE, user_id=caller.user_id, now=now)
    change = edit.done(zone, ChangeType.CREATE, caller, now)
    first, note = serial.following(former, clock.epoch(now)), None
    if contents and (former is None or serial.newer(contents.serial, former)):
        first = contents.serial
    elif contents:
        note = f"the serial {contents.serial} of the file is not newer than {former}, which the name had"
    zone = replace(zone, version=1, serial=first)
    from zonewright.actions import apex

    version = apex.first_version(service, zone, change, pool, contents.lines if contents else ())
    zone = replace(zone, records=version.records, rrsets=version.rrsets)
    counts = Counts(created=version.rrsets)
    change = replace(change, version=1, serial=first, records=version.records, counts=counts, reason=note)
    return zone, change, *versions.publish(version, ())


def _started(service: Service, zone: Zone) -> Zone:
    """Start the sync that holds a zone, and return the zone: SYNCING, or as the failure left it."""
    try:
        lifecycle.start(service, zone)
    except Exception:  # noqa: BLE001 - what was written stands, whatever the fault
        log().exception("sync not started", extra={"zone_id": zone.id, "sync_id": zone.holder})
        return store.get(service.table, zone.id) or zone
    return zone


def get(service: Service, zone_id: str) -> Zone:
    """Return a zone that is not deleted. Raise ZoneNotFound."""
    zone = store.get(service.table, zone_id)
    if zone is None or zone.deleted:
        raise ZoneNotFound(zone=zone_id)
    return zone


def find(service: Service, zone_id: str, name: str) -> Zone:
    """Return a zone that is not deleted, by its id, or by its name if the id is empty. Raise ZoneNotFound."""
    if zone_id:
        return get(service, zone_id)
    absolute = name if name.endswith(".") else f"{name}."
    zone = store.named(service.table, absolute)
    if zone is None:
        raise ZoneNameNotFound(zone=absolute)
    return zone


def owned(service: Service, zone_id: str, *, caller: Caller) -> Zone:
    """Return a zone of the caller's group, for any action.

    Raise ZoneNotFound, or NotAuthorized for a zone that is only shared with the group.
    """
    zone = usable(service, zone_id, caller=caller)
    if zone.group_id != caller.group_id and not caller.is_super:
        raise NotAuthorized(f"zone {zone.name} is shared with project {caller.group_id}, which does not own it")
    return zone


def usable(service: Service, zone_id: str, *, caller: Caller) -> Zone:
    """Return a zone that the caller's group owns, or that is shared with it. The group may write its record sets.

    Raise ZoneNotFound.
    """
    zone = store.get(service.table, zone_id)
    live = zone if zone and not zone.deleted else None
    if live and (live.group_id == caller.group_id or caller.is_super):
        return live
    # Read the share even if there is no zone, so that the response time does not reveal the zone.
    shared = shares.with_group(service.table, zone_id, caller.group_id or "")
    if live is None or shared is None:
        raise ZoneNotFound(zone=zone_id)
    return live


def owner(service: Service, zone: Zone) -> Group | None:
    """Return the group that owns a zone, or None if the group was deleted."""
    return users.group(service.table, zone.group_id)


def visible(service: Service, zone_id: str, *, caller: Caller, everywhere: bool) -> Zone:
    """Return a zone to read: a zone that the caller may use, or any zone if `everywhere`. Raise ZoneNotFound."""
    return get(service, zone_id) if everywhere else usable(service, zone_id, caller=caller)


def update(service: Service, zone: Zone, wanted: zonesettings.Edit, *, caller: Caller, exactly: bool = False) -> Zone:
    """Change a zone's settings, and return the zone, as `change` does."""
    return change(service, zone, wanted, caller=caller, exactly=exactly)[0]


def change(
    service: Service, zone: Zone, wanted: zonesettings.Edit, *, caller: Caller, exactly: bool = False
) -> tuple[Zone, Change]:
    """Change a zone's settings. Return the zone, and the change that records it.

    A change of settings in the SOA publishes a new version. Other primaries begin a sync, which the same transaction
    lets hold the zone, and whose end is that of the change. If it cannot be started, the settings are changed
    nevertheless, and the zone shows the failure, as with `begin`.

    Raise ZoneSyncing, UpdatePending, ZoneNotFound, Invalid for a TTL below the minimum, OverQuota for too many masters
    or attributes, or too many zones of another group, TooManyRequests, ZoneShared for a shared zone that another group
    is to own, or ZoneChanged if others keep changing the zone. If `exactly`, raise PreconditionFailed if the zone is no
    longer as given.
    """
    zonesettings.check(service, zone, wanted, caller=caller)
    for _ in range(_TRIES):
        now = zone.moment(service.now())
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        changed = zonesettings.edited(service, zone.freed(state, now), wanted, caller=caller, now=now)
        moved = wanted.way is None and changed.primaries != zone.primaries
        if moved:
            changed, entry = lifecycle.hold(service, changed, "update", COMPARE, user_id=caller.user_id, now=now)
        else:
            entry = edit.done(zone, ChangeType.UPDATE, caller, now)
        writes: list[Write] = []
        if zone.type is ZoneType.PRIMARY and (changed.email, changed.ttl) != (zone.email, zone.ttl):
            changed = replace(changed, version=zone.version + 1, serial=serial.following(zone.serial, clock.epoch(now)))
            base = versions.get(service.table, zone.id, zone.version)
            assert base is not None
            from zonewright.actions import apex

            version, entry = apex.next_version(service, base, changed, entry)
            changed = replace(changed, records=version.records, rrsets=version.rrsets)
            writes += versions.publish(version, base.chunks)
        as_read, others = edit.as_read(zone, Event.CHANGE, now), [*writes, *changes.end_abandoned(zone, now)]
        others += deliveries.wanted(changed, now) if changed.version > zone.version else []
        own = handing.stored(service, zone, changed, as_read)
        written = _changing(changed, own, [changes.put(entry), *others])
        try:
            if moved:
                changed = lifecycle.take_slot(service, changed, written, former=zone)
            else:
                slots.write(service.table, written(None), slots.of(zone))
        except ConditionFailed as error:
            handing.check_room(zone, changed, own, error)
            zone = _unmoved(zone, store.found(service.table, zone.id, error), error, exactly=exactly)
            continue
        return _started(service, changed) if moved else outbox.begin(service, changed), entry
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def _changing(changed: Zone, own: Sequence[Write], others: Sequence[Write]) -> Callable[[int | None], list[Write]]:
    """Return the writes, for the slot of a sync or None, that change a zone. `own` are its own, its item the first."""
    first, *more = own
    assert isinstance(first, Put)
    return lambda slot: [Put(store.to_item(replace(changed, slot=slot)), first.condition), *more, *others]


def delete(service: Service, zone: Zone, *, caller: Caller, exactly: bool = False, with_shares: bool = False) -> Zone:
    """Delete a zone, and return it as deleted. Its name is free at once, its history stays, its offer and keys end.

    A shared zone is deleted only if `with_shares`, with its shares. Of more TSIG keys than one transaction can delete,
    which earlier releases allowed, the sweeper deletes the rest: none of them signs for a deleted zone. So it does with
    places in the lists of those whom access rules name.

    Raise ZoneShared, ZoneSyncing, UpdatePending, ZoneNotFound, ZoneHasSubZone if there are zones below it, or
    PreconditionFailed and ZoneChanged as `update` does.
    """
    table, pool = service.table, pools.of(service, zone) if zone.delivered else None
    places.ensure(table, zone)
    for _ in range(_TRIES):
        now = zone.moment(service.now())
        try:
            with claims.announced(table, zone) as announced:
                gone = _gone(zone, now, with_shares=with_shares)
                signing = tsigkeys.end(table, zone.id, names=False)
                ends = handovers.withdraw(table, zone.id)
                for share in shares.listing(table, zone.id) if zone.shares else []:
                    ends += shares.end(share)
                as_read = edit.as_read(zone, Event.DELETE, now)
                deletion = store.delete(gone, as_read, announced, tsig_keys=signing.counted)
                change = changes.put(edit.done(zone, ChangeType.DELETE, caller, now))
                writes = [*deletion, change, *ends, *changes.end_abandoned(zone, now)]
                writes += _pushed(gone, pool, now) if pool else []
                slot = slots.of(zone)
                more = [*places.leave(zone)[places.EVERY_ZONE :], *signing.writes]
                writes += more[: MOST_WRITES - len(writes) - len(slot)]
                slots.write(table, writes, slot)
        except claims.Overtaken as error:
            zone = _unmoved(zone, store.get(table, zone.id), error, exactly=exactly)
            continue
        except ConditionFailed as error:
            zone = _unmoved(zone, store.found(table, zone.id, error), error, exactly=exactly)
            continue
        return outbox.begin(service, gone, pool)
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


def _pushed(zone: Zone, pool: Pool, now: datetime) -> list[Write]:
    """Return the writes that have a zone, new or deleted, delivered to the targets of its pool, with the catalog."""
    return [*deliveries.wanted(zone, now), *catalogs.moved(pool, zone, now)] if zone.delivered else []


def _gone(zone: Zone, now: datetime, *, with_shares: bool) -> Zone:
    """Return a zone as deleted. Raise ZoneShared, or the reason if its state forbids the deletion."""
    if zone.shares and not with_shares:
        raise ZoneShared(zone=zone.name, shares=zone.shares)
    if states.next_state(Event.DELETE, zone.hold, now) is None:
        raise states.refusal(Event.DELETE, zone.name, zone.hold, zone.held_since)
    return replace(zone.freed(State.DELETED, now), shares=0)


def _unmoved(zone: Zone, found: Zone | None, failed: Exception, *, exactly: bool) -> Zone:
    """Return the zone that a failed write found, for a retry.

    Raise ZoneNotFound if it was deleted or handed over. If `exactly`, raise PreconditionFailed if it changed.
    """
    if found is None or found.group_id != zone.group_id:
        raise ZoneNotFound(zone=zone.id) from failed
    if exactly and found.fingerprint != zone.fingerprint:
        raise PreconditionFailed(f"zone {zone.name} was changed meanwhile by another request") from failed
    if found.deleted:
        raise ZoneNotFound(zone=zone.id) from failed
    return found


def _log_slow(entry: str) -> None:
    log().error("an entry of Blacklist takes too long to match", extra={"entry": entry})
