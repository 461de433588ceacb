"""Zones in the table: the item, the name that keeps it unique, its place among its group's."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain, islice

from zonewright import clock
from zonewright.errors import RequestError, ZoneExists
from zonewright.model import share
from zonewright.model.guards import OwnGuards
from zonewright.model.quotas import NO_LIMIT, exceeded
from zonewright.model.schedule import DEFAULT_TIMERS, Timers
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import claims, keys, leftovers
from zonewright.store.claims import Claim
from zonewright.store.conditions import ABSENT, Condition, equal, owned
from zonewright.store.table import Check, ConditionFailed, Item, Put, Table, Update, Write


def to_item(zone: Zone) -> Item:
    """The zone's item; only a live zone is listed."""
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
        "shares": zone.shares,
        "state": str(zone.state),
        "holder": zone.holder,
        "lease": zone.lease,
        "held_since": _text(zone.held_since),
        "version": zone.version,
        "serial": zone.serial,
        "records": zone.records,
        "rrsets": zone.rrsets,
        "revision": zone.revision,
        "updated": _text(zone.updated),
        "synced": _text(zone.synced),
        "schedule": zone.schedule,
        "requestor": zone.requestor,
        "timers": None if zone.timers == DEFAULT_TIMERS else asdict(zone.timers),
        "unanswered": zone.unanswered,
        "guards": None if zone.guards is None else _present(asdict(zone.guards)),
    }
    item = _present(item)
    if zone.state is State.DELETED:
        return item
    due = keys.zone_due(zone.id, zone.due) if zone.due else {}
    return item | keys.zone_listing(zone.group_id, zone.created, zone.id) | due


def from_item(item: Item) -> Zone:
    """Read a zone's item."""
    return Zone(
        id=item["id"],
        name=item["name"],
        group_id=item["group_id"],
        type=ZoneType(item["type"]),
        created=clock.from_text(item["created"]),
        email=item["email"],
        ttl=item["ttl"],
        description=item.get("description"),
        primaries=tuple(Primary.parse(text) for text in item["primaries"]),
        attributes=item["attributes"],
        shared=item["shared"],
        shares=item.get("shares", 0),
        state=State(item["state"]),
        holder=item.get("holder"),
        lease=item.get("lease"),
        held_since=_moment(item.get("held_since")),
        version=item["version"],
        serial=item.get("serial"),
        records=item["records"],
        rrsets=item["rrsets"],
        revision=item["revision"],
        updated=_moment(item.get("updated")),
        synced=_moment(item.get("synced")),
        schedule=item.get("schedule"),
        requestor=item.get("requestor"),
        timers=Timers(**item["timers"]) if "timers" in item else DEFAULT_TIMERS,
        due=clock.from_text(item["gsi2sk"].partition("#")[0]) if "gsi2sk" in item else None,
        unanswered=item.get("unanswered"),
        guards=OwnGuards(**item["guards"]) if "guards" in item else None,
    )


def get(table: Table, zone_id: str) -> Zone | None:
    """The zone as last written, deleted or not; None where there never was one."""
    item = table.get(keys.zone(zone_id)) if len(zone_id) <= keys.LONGEST_ID else None
    return from_item(item) if item else None


def groups_of(table: Table, zone_ids: Sequence[str]) -> dict[str, str]:
    """Whose each of these zones is, of those that live."""
    items = table.get_all([keys.zone(zone_id) for zone_id in zone_ids])
    return {item["id"]: item["group_id"] for item in items if item and item["state"] != State.DELETED}


def still_owned(zone: Zone) -> Check:
    """That a zone lives, and is still its group's."""
    return Check(keys.zone(zone.id), owned(zone))


@dataclass(frozen=True, slots=True)
class Due:
    """A zone that may be due, as the index has it; `place` is where it stands there, oldest first."""

    zone_id: str
    place: str


def due(table: Table, partition: str, now: datetime, limit: int) -> list[Due]:
    """Up to `limit` zones of a partition of the index (`keys.DUE`) that are due, the longest due first."""
    items = table.query(partition, index=keys.DUE_INDEX, until=clock.to_text(now), limit=limit)
    return [Due(item["gsi2sk"].partition("#")[2], item["gsi2sk"]) for item in items]


def postpone(table: Table, seen: Due, until: datetime) -> Due | None:
    """Let a zone be due only at `until`, and where it stands then; None where it stands no more where it was seen."""
    place = keys.zone_due(seen.zone_id, until)
    try:
        table.write(Update(keys.zone(seen.zone_id), set=place, condition=_stands(seen)))
    except ConditionFailed:
        return None
    return Due(seen.zone_id, place["gsi2sk"])


def reschedule(table: Table, claimed: Due, moment: datetime | None, unanswered: str | None = None) -> None:
    """Let a claimed zone be due at `moment`, never if that is None, and keep why its primary told nothing.

    A zone that was changed since it was claimed stays as it is.
    """
    place = keys.zone_due(claimed.zone_id, moment) if moment else {}
    reason = {"unanswered": unanswered} if unanswered else {}
    gone = (() if unanswered else ("unanswered",)) + (() if moment else keys.NOT_DUE)
    with suppress(ConditionFailed):
        table.write(Update(keys.zone(claimed.zone_id), set=place | reason, remove=gone, condition=_stands(claimed)))


def _stands(zone: Due) -> Condition:
    return equal(gsi2sk=zone.place)


def found(table: Table, zone_id: str, failed: ConditionFailed) -> Zone | None:
    """The zone as a failed write found it, where the zone's own write came first; read again if it was another's."""
    if failed.failed[0]:
        return from_item(failed.old[0]) if failed.old[0] else None
    return get(table, zone_id)


def in_order(
    table: Table, group_id: str | None, limit: int, after: Zone | None = None, *, newest_first: bool = False
) -> Iterator[Zone]:
    """Up to `limit` live zones of a group in the order of their making, those behind `after`; of every group's if None.

    A zone shared with the group stands in its list as one of its own does; its item is read for it.

    Reads in proportion to the page. The zones of all groups have no index of their own: its one partition would take
    every write of every zone, so all would pay, and wait, for what few may ask. Their groups' lists are merged
    instead, a few of each read at a time: one query for each group that has zones, whatever their number.
    """
    if group_id is not None:
        return _listed(table, group_id, after, newest_first=newest_first, limit=limit)
    groups = [each for each, zones in _groups(table) if zones > 0]
    step = limit // max(len(groups), 1) + 1
    lists = [_listed(table, each, after, newest_first=newest_first, step=step, shared=False) for each in groups]
    return islice(heapq.merge(*lists, key=lambda zone: (zone.created, zone.id), reverse=newest_first), limit)


def every(table: Table, group_id: str | None) -> Iterator[Zone]:
    """All live zones of a group, of all groups if None, one after the other as they are read."""
    if group_id is not None:
        return _listed(table, group_id)
    groups = [each for each, zones in _groups(table) if zones > 0]
    return chain.from_iterable(_listed(table, each, shared=False) for each in groups)


def owners(table: Table) -> list[str]:
    """Every group that ever had a zone."""
    return [group_id for group_id, _ in _groups(table)]


def count(table: Table, group_id: str | None) -> int:
    """How many live zones a group has or is given a share of, all groups if None."""
    if group_id is None:
        return sum(zones for _, zones in _groups(table))
    tally = table.get(keys.tally(group_id)) or {}
    return int(tally.get("zones", 0)) + int(tally.get("shares", 0))


def named(table: Table, name: str) -> Zone | None:
    """The live zone of an absolute name, in any case of its letters."""
    if not name.endswith(".") or len(name) > 255:
        return None
    zone_id = claims.named(table, name)
    zone = get(table, zone_id) if zone_id else None
    return zone if zone and zone.state is not State.DELETED else None


def covering(table: Table, name: str) -> list[Zone]:
    """The live zones that an absolute name is, or is below, the nearest first; two reads."""
    found = table.get_all([keys.zone(zone_id) for zone_id in claims.covering(table, name).values()])
    return [from_item(item) for item in found if item and item["state"] != State.DELETED]


def create(zone: Zone, claim: Claim | None = None, most: int = NO_LIMIT) -> list[Write]:
    """The writes that bring a zone into being, if its name is free and its group has fewer than `most` zones.

    With a `claim`, if nobody made a zone above or below it meanwhile.
    """
    guard = Put(claims.name_item(zone), claim.stands if claim else claims.FREE)
    return [guard, Put(to_item(zone), ABSENT), _counted(zone.group_id, most), *(claim.broken if claim else ())]


def refusal(zone: Zone, failed: ConditionFailed) -> RequestError | None:
    """Why the writes of `create`, which came first, did not happen; None where only the claim did not stand."""
    if failed.failed[0] and "zone_id" in (failed.old[0] or {}):
        return ZoneExists(f"Zone with name {zone.name} already exists")
    return exceeded("zones") if failed.failed[2] else None


def hand_over(zone: Zone, former: str, condition: Condition, most: int = NO_LIMIT) -> list[Write]:
    """The writes that make `zone`, as it is to be, another group's than `former`'s: item and listing, guard, tallies.

    `condition` is the zone's own; `most` is how many zones its new group may have, whose tally comes last.
    """
    held = equal(zone_id=zone.id)
    return [
        Put(to_item(zone), condition),
        Update(keys.zone_name(zone.name), set={"group_id": zone.group_id}, condition=held),
        Update(keys.tally(former), add={"zones": -1}),
        _counted(zone.group_id, most),
    ]


def delete(zone: Zone, condition: Condition) -> list[Write]:
    """The writes that take away a zone that is DELETED: its name is free and keeps the serial, the rest is swept."""
    assert zone.updated is not None
    return [
        Put(to_item(zone), condition),
        Put(claims.freed_name_item(zone)),
        Update(keys.tally(zone.group_id), add={"zones": -1}),
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
    """The live zones of one group, and those `shared` with it; `after` may be another group's: all are in one order."""
    start = None
    if after is not None:
        own = after.group_id == group_id
        key = keys.zone(after.id) if own else keys.share(after.id, share.id_of(after.id, group_id))
        start = {**key, **keys.zone_listing(group_id, after.created, after.id)}
    pk = keys.zone_listing(group_id, clock.EPOCH, "")["gsi1pk"]
    items = table.query(pk, index=keys.INDEX, start=start, newest_first=newest_first, step=step or limit)
    zone_sk = keys.zone("")["sk"]
    found = (
        from_item(item) if item["sk"] == zone_sk else get(table, item["zone_id"])
        for item in items
        if shared or item["sk"] == zone_sk
    )
    return islice((zone for zone in found if zone and zone.state is not State.DELETED), limit)


def _counted(group_id: str, most: int) -> Update:
    """One zone more in a group's tally, if that is not more than `most`."""
    room = Condition("attribute_not_exists(#zones) OR #zones < :most", {"#zones": "zones"}, {":most": most})
    listed = keys.tally_listing(group_id)
    return Update(keys.tally(group_id), set=listed, add={"zones": 1}, condition=None if most == NO_LIMIT else room)


def _groups(table: Table) -> Iterator[tuple[str, int]]:
    """Every group that ever had a zone, and how many it has."""
    return ((item["gsi1sk"], item["zones"]) for item in table.query(keys.TALLIES, index=keys.INDEX))


def _present(fields: Item) -> Item:
    """Without what is None."""
    return {name: value for name, value in fields.items() if value is not None}


def _text(moment: datetime | None) -> str | None:
    return clock.to_text(moment) if moment else None


def _moment(text: str | None) -> datetime | None:
    return clock.from_text(text) if text else None
