"""The history of a zone in the table: one item per change, newest first, updated in place as it ends."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.model.zone import Zone
from zonewright.store import keys
from zonewright.store.conditions import equal
from zonewright.store.table import Delete, Item, Put, Table, Update, Write

PENDING = equal(status=str(ChangeStatus.PENDING))


def to_item(change: Change) -> Item:
    """The change's item."""
    item: Item = {
        **keys.change(change.zone_id, change.created, change.id),
        "id": change.id,
        "zone_id": change.zone_id,
        "type": str(change.type),
        "user_id": change.user_id,
        "created": clock.to_text(change.created),
        "base": change.base,
        **outcome(change),
    }
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Change:
    """Read a change's item."""
    return Change(
        id=item["id"],
        zone_id=item["zone_id"],
        type=ChangeType(item["type"]),
        user_id=item["user_id"],
        created=clock.from_text(item["created"]),
        status=ChangeStatus(item["status"]),
        reason=item.get("reason"),
        counts=Counts(**item["counts"]) if "counts" in item else None,
        records=item.get("records"),
        serial=item.get("serial"),
        finished=clock.from_text(item["finished"]) if "finished" in item else None,
        base=item["base"],
        version=item.get("version"),
        differences=tuple(item.get("differences", ())),
        transfer=item.get("transfer"),
    )


def put(change: Change) -> Put:
    """The write that begins a change's entry."""
    return Put(to_item(change))


def end(change: Change) -> Update:
    """The write that ends it, once: status, reason, counts and versions in place."""
    fields = {name: value for name, value in outcome(change).items() if value is not None}
    return Update(keys.change(change.zone_id, change.created, change.id), set=fields, condition=PENDING)


def end_abandoned(zone: Zone, now: datetime) -> list[Write]:
    """The write that ends the change of a zone's holder, which died: its lease ran out, and another takes the zone.

    None for a zone that nobody holds.
    """
    if zone.holder is None or zone.held_since is None:
        return []
    orphan = Change(zone.holder, zone.id, ChangeType.SYNC, "", zone.held_since, base=zone.version)
    reason = "it was abandoned: its lease ran out before it ended"
    return [end(replace(orphan, status=ChangeStatus.FAILED, reason=reason, finished=now))]


def get(table: Table, zone_id: str, created: datetime, change_id: str) -> Change | None:
    """One entry."""
    item = table.get(keys.change(zone_id, created, change_id))
    return from_item(item) if item else None


def listing(table: Table, zone_id: str, limit: int, before: tuple[datetime, str] | None = None) -> list[Change]:
    """Up to `limit` entries, newest first, those before the one named by `before`."""
    after = keys.change(zone_id, *before)["sk"] if before else None
    pk = keys.zone(zone_id)["pk"]
    items = table.query(pk, prefix=keys.CHANGES, after=after, limit=limit, newest_first=True)
    return [from_item(item) for item in items]


def newest(table: Table, zone_id: str) -> Iterator[Change]:
    """All entries of a zone's history, the newest first, a hundred at a time as they are read."""
    items = table.query(keys.zone(zone_id)["pk"], prefix=keys.CHANGES, newest_first=True, step=100)
    return map(from_item, items)


def every(table: Table, zone_id: str, before: datetime | None = None) -> Iterator[Change]:
    """All entries of a zone's history that began before a moment, if one is given; the oldest first."""
    for item in table.query(keys.zone(zone_id)["pk"], prefix=keys.CHANGES):
        change = from_item(item)
        if before is not None and change.created >= before:
            return
        yield change


def delete(change: Change) -> Delete:
    """The write that takes an entry away that has ended, and so never changes again."""
    assert change.finished is not None
    return Delete(keys.change(change.zone_id, change.created, change.id))


def outcome(change: Change) -> dict[str, Any]:
    """The attributes of how it ended; None for those it is without."""
    return {
        "status": str(change.status),
        "reason": change.reason,
        "counts": asdict(change.counts) if change.counts else None,
        "records": change.records,
        "serial": change.serial,
        "finished": clock.to_text(change.finished) if change.finished else None,
        "version": change.version,
        "differences": list(change.differences) or None,
        "transfer": change.transfer,
    }
