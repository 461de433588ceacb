"""Zones in the table: the item, the claim of its name, and its place in the list of its group."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from itertools import chain, islice

from zonewright import clock
from zonewright.errors import BackendNotFound, NoValidPool, OverQuota, RequestError, ZoneExists
from zonewright.model import acl, share
from zonewright.model.change import bounded
from zonewright.model.delivery import Delivered
from zonewright.model.failure import Failure
from zonewright.model.guards import OwnGuards
from zonewright.model.ids import is_id
from zonewright.model.order import Order
from zonewright.model.quotas import NO_LIMIT
from zonewright.model.schedule import DEFAULT_TIMERS, Timers
from zonewright.model.source import Source
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import (
    backends,
    claims,
    connections,
    dueplaces,
    keys,
    leftovers,
    places,
    pools,
    tallies,
    vinyldnskeys,
)
from zonewright.store.claims import Claim, Deletion
from zonewright.store.conditions import ABSENT, Condition, equal, owned, starting
from zonewright.store.table import Check, ConditionFailed, Item, Put, Table, Update, Write, without_none


def to_item(zone: Zone) -> Item:
    """Return the item of a zone. A deleted zone is in other lists than a live one."""
    item: Item = {
        **keys.zone(zone.id),
        "id": zone.id,
        "name": zone.name,
        "group_id": zone.group_id,
        "type": str(zone.type),
        "created": clock.to_text(zone.created),
        "email": zone.email,
        "ttl": zone.ttl,
        "description": zone.description,
        "primaries": [str(primary) for primary in zone.primaries],
        "attributes": zone.attributes,
        "shared": zone.shared,
        "is_test": zone.is_test or None,
        "shares": zone.shares,
        "state": str(zone.state),
        "holder": zone.holder,
        "lease": zone.lease,
        "held_since": _text(zone.held_since),
        "order": order_item(zone.order) if zone.order else None,
        "slot": zone.slot,
        "version": zone.version,
        "serial": zone.serial,
        "newest": zone.newest,
        "records": zone.records,
        "rrsets": zone.rrsets,
        "revision": zone.revision,
        "updated": _text(zone.updated),
        "synced": _text(zone.synced),
        "source": source_item(zone.source) if zone.source else None,
        "schedule": zone.schedule,
        "requestor": zone.requestor,
        **({} if zone.timers == DEFAULT_TIMERS else timers_item(zone.timers)),
        "confirmed": _text(zone.confirmed),
        "failure": failure_item(zone.failure) if zone.failure else None,
        "guards": None if zone.guards is None else without_none(asdict(zone.guards)),
        "pending": zone.pending or None,
        "pool_id": zone.pool_id,
        "delivered": delivered_item(zone.delivered) if zone.delivered else None,
        "name_servers": list(zone.name_servers) or None,
        "acl": [acl.to_item(rule) for rule in zone.acl] or None,
        **connections.of_zone(zone),
    }
    item = without_none(item)
    if zone.state is State.DELETED:
        return item | (vinyldnskeys.deleted_zone_listing(zone.group_id, zone.updated, zone.id) if zone.updated else {})
    held = zone.state is State.SYNCING
    due = dueplaces.zone_due(zone.id, zone.due, zone.group_id, held=held) if zone.due else {}
    return item | keys.zone_listing(zone.group_id, zone.created, zone.id) | due


def from_item(item: Item) -> Zone:
    """Return the zone of an item."""
    return Zone(
        id=item["id"],
        name=item["name"],
        group_id=item["group_id"],
        type=ZoneType(item["type"]),
        created=clock.from_text(item["created"]),
        email=item["email"],
        ttl=item["ttl"],
        description=item.get("description"),
        primaries=tuple(Primary.stored(text) for text in item["primaries"]),
        attributes=item["attributes"],
        shared=item["shared"],
        is_test=item.get("is_test", False),
        shares=item.get("shares", 0),
        state=State(item["state"]),
        holder=item.get("holder"),
        lease=item.get("lease"),
        held_since=_moment(item.get("held_since")),
        order=_order(item) if "order" in item else None,
        slot=item.get("slot"),
        version=item["version"],
        serial=item.get("serial"),
        newest=item.get("newest"),
        records=item["records"],
        rrsets=item["rrsets"],
        revision=item["revision"],
        updated=_moment(item.get("updated")),
        synced=_moment(item.get("synced")),
        source=Source(**item["source"]) if "source" in item else None,
        schedule=item.get("schedule"),
        requestor=item.get("requestor"),
        timers=_timers(item),
        due=dueplaces.due_parts(item["gsi2sk"])[0] if item.get("gsi2pk") in dueplaces.DUE else None,
        confirmed=_moment(item.get("confirmed")),
        failure=_failure(item),
        guards=OwnGuards(**item["guards"]) if "guards" in item else None,
        pending=item.get("pending", 0),
        pool_id=item.get("pool_id"),
        delivered=Delivered(item["delivered"]["version"], _failure(item["delivered"])) if "delivered" in item else None,
        name_servers=tuple(item.get("name_servers", ())),
        acl=tuple(map(acl.from_item, item.get("acl", ()))),
        **connections.fields(item),
    )


def order_item(order: Order) -> Item:
    """Return the stored form of the order of a sync that nobody has taken up. The item of its zone has the rest."""
    item = {name: getattr(order, name) for name in ("trigger", "mode", "force", "seen", "correlation")}
    return without_none(item)


def _order(item: Item) -> Order:
    held = {"zone_id": item["id"], "sync_id": item["holder"], "created": item["held_since"]}
    return Order.read(held | item["order"])


def timers_item(timers: Timers) -> Item:
    """Return the attributes of a zone's timers. EXPIRE is apart, so that older deployments can still read the zone."""
    return {"timers": {"refresh": timers.refresh, "retry": timers.retry}, "expire": timers.expire}


def _timers(item: Item) -> Timers:
    """Return the timers of a zone. Older deployments did not store EXPIRE."""
    if "timers" not in item:
        return DEFAULT_TIMERS
    return Timers(**item["timers"], expire=item.get("expire", DEFAULT_TIMERS.expire))


def source_item(source: Source) -> Item:
    """Return the attribute of a zone's source."""
    return without_none(asdict(source))


def failure_item(failure: Failure) -> Item:
    """Return the attribute of a zone's last failure."""
    item = {"reason": bounded(failure.reason), "at": _text(failure.at), "since": _text(failure.since)}
    looks = {"looks": failure.looks, "revision": failure.revision} if failure.looks else {}
    return without_none(item | {"of_sync": failure.of_sync or None} | looks)


def _failure(item: Item) -> Failure | None:
    """Return the last failure of a zone. Older deployments did not store of what, or the reason of a look alone."""
    if "failure" in item:
        stored = item["failure"]
        at, since = _moment(stored.get("at")), _moment(stored.get("since"))
        looks = stored.get("looks", 0), stored.get("revision")
        return Failure(stored["reason"], at, since, stored.get("of_sync", False), *looks)
    return Failure(item["unanswered"]) if "unanswered" in item else None


def delivered_item(delivered: Delivered) -> Item:
    """Return the attribute of what name servers have of a zone."""
    failure = {"failure": failure_item(delivered.failure)} if delivered.failure else {}
    return {"version": delivered.version, **failure}


_FEW, _MANY = 25, 100
"""Zones behind shares that are read at once, at first and at most. A page of large zones ends after the first ones."""

SETTLED = ("failure", "unanswered")
"""Attributes of a zone that a success removes. Older deployments stored the second one."""


def get(table: Table, zone_id: str) -> Zone | None:
    """Return the zone as last written, deleted or not, or None."""
    item = table.get(keys.zone(zone_id)) if is_id(zone_id) else None
    return from_item(item) if item else None


def live(table: Table, zone_ids: Sequence[str]) -> list[Zone]:
    """Return the live zones among `zone_ids`, none of which may occur twice, in their order."""
    items = table.get_all([keys.zone(zone_id) for zone_id in zone_ids])
    return [from_item(item) for item in items if item and item["state"] != State.DELETED]


def groups_of(table: Table, zone_ids: Sequence[str]) -> dict[str, str]:
    """Return the owner group of each live zone among `zone_ids`, by zone id."""
    return {zone.id: zone.group_id for zone in live(table, zone_ids)}


def still_owned(zone: Zone) -> Check:
    """Return the check that a zone is not deleted and has the same owner."""
    return Check(keys.zone(zone.id), owned(zone))


def saw(table: Table, zone: Zone, serials: Iterable[tuple[Primary, int]]) -> Zone:
    """Return the zone after primaries were seen with these serials (`Zone.seen`), and store what that changes.

    No caller changed the zone, so it is no revision. `unseen` keeps it from writers that read the zone before.
    """
    after = zone.seen(serials)
    if after.source is None or zone.source is None or after.source == zone.source:
        return zone
    broken, condition = {"source": source_item(after.source)}, equal(source=source_item(zone.source))
    with suppress(ConditionFailed):  # the contents are others by now, or their source was broken already
        table.write(Update(keys.zone(zone.id), set=broken, condition=condition))
    return after


def delivers(table: Table, zone: Zone, delivered: Delivered | None) -> Zone:
    """Store what name servers have of a zone. Return the zone. Raise ConditionFailed as the write of `delivering`."""
    if delivered != zone.delivered:
        table.write(delivering(zone, delivered))
    return replace(zone, delivered=delivered)


def delivering(zone: Zone, delivered: Delivered | None) -> Update:
    """Return the write that stores what name servers have of a zone, None for a zone that is not pushed anywhere.

    It is no revision: no caller changed the zone. It fails if another stored it, or deleted or handed over the zone.
    """
    condition = owned(zone).also(_as_delivered(zone))
    if delivered is None:
        return Update(keys.zone(zone.id), remove=("delivered",), condition=condition)
    return Update(keys.zone(zone.id), set={"delivered": delivered_item(delivered)}, condition=condition)


def _as_delivered(zone: Zone) -> Condition:
    return equal(delivered=delivered_item(zone.delivered) if zone.delivered else None)


def unseen(zone: Zone) -> Condition:
    """Return the condition, for a zone's item, that no look or delivery has written to it since it was read.

    What they find does not raise `revision`, so a writer of the whole item needs this condition too. Every look moves
    the due place at its end (`duezones.py`), and `saw` changes the source. `delivers` stores what name servers have.
    """
    source = equal(source=source_item(zone.source) if zone.source else None).also(_as_delivered(zone))
    return source.also(starting("gsi2sk", dueplaces.due_start(zone.id, zone.due)) if zone.due else equal(gsi2sk=None))


def found(table: Table, zone_id: str, failed: ConditionFailed) -> Zone | None:
    """Return the zone as a failed write found it, or None.

    The zone's own write must come first. If another write failed, the zone is read again.
    """
    if failed.failed[0]:
        return from_item(failed.old[0]) if failed.old[0] else None
    return get(table, zone_id)


def in_order(
    table: Table,
    group_id: str | None,
    limit: int,
    after: Zone | None = None,
    *,
    newest_first: bool = False,
    shared: bool = True,
) -> Iterator[Zone]:
    """Yield up to `limit` live zones of a group in the order of creation, behind `after`; of all groups for None.

    If `shared`, a zone shared with the group is in its list too. The items of such zones are read in batches.

    The cost grows with the page. For all groups the lists of the groups are merged, a few zones of each read at a time.
    """
    if group_id is not None:
        return _listed(table, group_id, after, newest_first=newest_first, limit=limit, shared=shared)
    groups = [each for each, zones in tallies.zones(table) if zones > 0]
    step = limit // max(len(groups), 1) + 1
    lists = [_listed(table, each, after, newest_first=newest_first, step=step, shared=False) for each in groups]
    return islice(heapq.merge(*lists, key=lambda zone: (zone.created, zone.id), reverse=newest_first), limit)


def every(table: Table, group_id: str | None, *, shared: bool = True) -> Iterator[Zone]:
    """Yield all live zones of a group, and those `shared` with it, or of all groups for None, as they are read."""
    if group_id is not None:
        return _listed(table, group_id, shared=shared)
    groups = [each for each, zones in tallies.zones(table) if zones > 0]
    return chain.from_iterable(_listed(table, each, shared=False) for each in groups)


def owners(table: Table) -> list[str]:
    """Return every group that ever had a zone."""
    return [group_id for group_id, _ in tallies.zones(table)]


def count(table: Table, group_id: str | None, *, shared: bool = True) -> int:
    """Return the number of live zones that a group owns, and of those `shared` with it; of all groups for None."""
    if group_id is None:
        return sum(zones for _, zones in tallies.zones(table))
    tally = table.get(keys.tally(group_id)) or {}
    return int(tally.get("zones", 0)) + (int(tally.get("shares", 0)) if shared else 0)


def named(table: Table, name: str) -> Zone | None:
    """Return the live zone of an absolute name, in any case of letters, or None."""
    if not name.endswith(".") or len(name) > 255:
        return None
    zone_id = claims.named(table, name)
    zone = get(table, zone_id) if zone_id else None
    return zone if zone and zone.state is not State.DELETED else None


def covering(table: Table, name: str) -> list[Zone]:
    """Return the live zones at and above an absolute name, the nearest first. It costs two reads."""
    (above,) = claims.covering(table, [name])
    return live(table, list(above.values()))


def create(zone: Zone, claim: Claim | None = None, most: int = NO_LIMIT) -> list[Write]:
    """Return the writes that create a zone. They fail if its name is taken, its group full, its pool or backend gone.

    A group is full with `most` zones. With a `claim` they also fail if the claim was broken: another maker created a
    zone above or below. A copy may have an older serial than the name had. Then its item keeps that one.
    """
    if claim and zone.type is ZoneType.SECONDARY:
        zone = replace(zone, newest=replace(zone, newest=claim.serial).went_back_from(zone.serial))
    name = Put(claims.name_item(zone), claim.stands if claim else claims.FREE)
    counted = [tallies.joined(zone.group_id, most), *pools.joined(zone.pool_id, zone.id)]
    counted += [*backends.joined(zone.backend_id, zone.id), *places.take(zone)]
    return [name, Put(to_item(zone), ABSENT), *counted, *(claim.broken if claim else ())]


def refusal(zone: Zone, failed: ConditionFailed) -> RequestError | None:
    """Return the error for failed writes of `create`, which must come first. None: only the claim was broken."""
    if failed.failed[0] and "zone_id" in (failed.old[0] or {}):
        return ZoneExists(zone=zone.name)
    if zone.pool_id and failed.failed[3]:
        return NoValidPool("it was deleted at this moment", pool=zone.pool_id)
    if zone.backend_id is not None and failed.failed[4 if zone.pool_id else 3]:
        return BackendNotFound("it was deleted at this moment", backend=zone.backend_id)
    return OverQuota(quota="zones") if failed.failed[2] else None


def hand_over(
    zone: Zone, former: Zone, condition: Condition, most: int = NO_LIMIT, *, tsig_keys: int = 0
) -> list[Write]:
    """Return the writes that give a zone to another group: item, name, places, and the tallies of both groups.

    `zone` is the zone afterwards, `former` the zone before. `condition` is on the zone's item. `most` is how many
    zones the new group may have. Its tally is the last write. `tsig_keys` of the former group end with the handover.
    """
    held = equal(zone_id=zone.id)
    return [
        Put(to_item(zone), condition),
        Update(keys.zone_name(zone.name), set={"group_id": zone.group_id}, condition=held),
        *places.take(zone, former),
        tallies.left(former.group_id, tsig_keys),
        tallies.joined(zone.group_id, most),
    ]


def delete(zone: Zone, condition: Condition, deletion: Deletion, *, tsig_keys: int = 0) -> list[Write]:
    """Return the writes that delete a zone whose state is DELETED.

    Its name is free at once and keeps the serial. The rest is swept later, as are its places by access rules for which
    the transaction has no room. `condition` is on the zone's item. They also fail if the announced `deletion` was
    broken: another made a zone below. `tsig_keys` of its group end with it.
    """
    assert zone.updated is not None
    return [
        Put(to_item(zone), condition),
        Put(claims.freed_name_item(zone, deletion.serial), deletion.stands),
        tallies.left(zone.group_id, tsig_keys),
        *pools.left(zone.pool_id, zone.id),
        *backends.left(zone.backend_id, zone.id),
        *places.leave(zone)[: places.EVERY_ZONE],
        leftovers.deleted(zone.id, zone.updated),
    ]


def _listed(
    table: Table,
    group_id: str,
    after: Zone | None = None,
    *,
    newest_first: bool = False,
    limit: int | None = None,
    step: int | None = None,
    shared: bool = True,
) -> Iterator[Zone]:
    """Yield up to `limit` live zones of one group, and of those `shared` with it, behind `after`.

    `after` may belong to another group. `step` is the most that is read at once.
    """
    start = None
    if after is not None:
        own = after.group_id == group_id
        key = keys.zone(after.id) if own else keys.share(after.id, share.id_of(after.id, group_id))
        start = {**key, **keys.zone_listing(group_id, after.created, after.id)}
    pk = keys.zone_list(group_id)
    items = table.query(pk, index=keys.INDEX, start=start, newest_first=newest_first, step=step or limit)
    if shared:
        return _with_shared(table, items, limit)
    found = (from_item(item) for item in items if item["sk"] == keys.ZONE)
    return islice((zone for zone in found if zone.state is not State.DELETED), limit)


def _with_shared(table: Table, items: Iterator[Item], limit: int | None) -> Iterator[Zone]:
    """Yield up to `limit` live zones that listed items stand for, in the same order: zones, and shares of zones.

    Zones behind shares are read in batches that grow, so a short page reads few and a long one makes few calls.
    """
    left, size = limit, _FEW
    while some := list(islice(items, size if left is None else min(left, size))):
        behind = [item["zone_id"] for item in some if item["sk"] != keys.ZONE]
        found = dict(zip(behind, table.get_all([keys.zone(each) for each in behind]), strict=True))
        for listed in some:
            item = listed if listed["sk"] == keys.ZONE else found[listed["zone_id"]]
            if item and item["state"] != State.DELETED:
                yield from_item(item)
                left = None if left is None else left - 1
        size = min(size * 2, _MANY)


def _text(moment: datetime | None) -> str | None:
    return clock.to_text(moment) if moment else None


def _moment(text: str | None) -> datetime | None:
    return clock.from_text(text) if text else None
