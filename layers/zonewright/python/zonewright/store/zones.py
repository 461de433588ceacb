"""Zones in the table: the item, the name that keeps it unique, its place among its group's."""

from dataclasses import dataclass, replace
from datetime import datetime

from zonewright import clock, names
from zonewright.states import Condition, State
from zonewright.store import keys
from zonewright.store.table import ABSENT, ConditionFailed, Item, Put, Table, Update, Write
from zonewright.zone import Primary, Zone, ZoneType

_FREE = Condition("attribute_not_exists(zone_id)")
"""Of the guard of a name: no live zone has it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some zones of a group, oldest first, and how many the group has."""

    zones: list[Zone]
    total: int


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
        "state": str(zone.state),
        "holder": zone.holder,
        "lease": zone.lease,
        "held_since": _text(zone.held_since),
        "version": zone.version,
        "serial": zone.serial,
        "records": zone.records,
        "revision": zone.revision,
        "updated": _text(zone.updated),
        "synced": _text(zone.synced),
    }
    item = {name: value for name, value in item.items() if value is not None}
    return item if zone.state is State.DELETED else item | keys.zone_listing(zone.group_id, zone.created, zone.id)


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
        state=State(item["state"]),
        holder=item.get("holder"),
        lease=item.get("lease"),
        held_since=_moment(item.get("held_since")),
        version=item["version"],
        serial=item.get("serial"),
        records=item["records"],
        revision=item["revision"],
        updated=_moment(item.get("updated")),
        synced=_moment(item.get("synced")),
    )


def get(table: Table, zone_id: str) -> Zone | None:
    """The zone as last written, deleted or not; None where there never was one."""
    item = table.get(keys.zone(zone_id))
    return from_item(item) if item else None


def found(table: Table, zone_id: str, failed: ConditionFailed) -> Zone | None:
    """The zone as a failed write found it, where the zone's own write came first; read again if it was another's."""
    if failed.failed[0]:
        return from_item(failed.old[0]) if failed.old[0] else None
    return get(table, zone_id)


def listing(table: Table, group_id: str, limit: int, after: Zone | None) -> Page:
    """Up to `limit` live zones of a group, those behind `after`; reads in proportion to the page."""
    start = None
    if after is not None:
        start = {**keys.zone(after.id), **keys.zone_listing(group_id, after.created, after.id)}
    pk = keys.zone_listing(group_id, clock.EPOCH, "")["gsi1pk"]
    items = table.query(pk, index=keys.INDEX, start=start, limit=limit)
    tally = table.get(keys.tally(group_id)) or {}
    return Page([from_item(item) for item in items], tally.get("zones", 0))


def former_serial(table: Table, name: str) -> int | None:
    """The last serial of a deleted zone of this name."""
    guard = table.get(keys.zone_name(names.fold(name))) or {}
    return guard.get("serial")


def create(zone: Zone) -> list[Write]:
    """The writes that bring a zone into being, if its name is free."""
    guard = keys.zone_name(names.fold(zone.name)) | {"zone_id": zone.id}
    return [Put(guard, _FREE), Put(to_item(zone), ABSENT), Update(keys.tally(zone.group_id), add={"zones": 1})]


def delete(zone: Zone, condition: Condition) -> list[Write]:
    """The writes that take a zone away: a gravestone stays; its name is free at once, and keeps the last serial."""
    guard = keys.zone_name(names.fold(zone.name)) | ({} if zone.serial is None else {"serial": zone.serial})
    return [
        Put(to_item(replace(zone, state=State.DELETED, holder=None, lease=None, held_since=None)), condition),
        Put(guard),
        Update(keys.tally(zone.group_id), add={"zones": -1}),
    ]


def _text(moment: datetime | None) -> str | None:
    return clock.to_text(moment) if moment else None


def _moment(text: str | None) -> datetime | None:
    return clock.from_text(text) if text else None
