"""The history of a zone in the table: one item a change, listed by time. The end of a change updates its item."""

import heapq
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts, bounded
from zonewright.model.zone import Zone
from zonewright.store import keys, vinyldnskeys
from zonewright.store.conditions import equal
from zonewright.store.table import Delete, Item, Put, Table, Update, Write, without_none

PENDING = equal(status=str(ChangeStatus.PENDING))

ABANDONED = "it was abandoned: its lease ran out before it ended"
NEVER_BEGUN = "it was abandoned: its execution did not begin in time"
"""Reasons of a change whose holder died."""

LAPSED = "LeaseLapsed"
"""Name of the error of such a change."""


def to_item(change: Change) -> Item:
    """Return the item of a change."""
    item: Item = {
        **keys.change(change.zone_id, change.created, change.id),
        "id": change.id,
        "zone_id": change.zone_id,
        "type": str(change.type),
        "user_id": change.user_id,
        "created": clock.to_text(change.created),
        "base": change.base,
        "comment": change.comment,
        **outcome(change),
    }
    return without_none(item)


def failures(table: Table) -> Iterator[Change]:
    """Yield the failed changes of all zones, the newest first."""
    lists = [table.query(pk, index=keys.INDEX, newest_first=True, step=100) for pk in vinyldnskeys.FAILURES]
    return map(from_item, heapq.merge(*lists, key=lambda item: str(item["gsi1sk"]), reverse=True))


def deletion(table: Table, zone: Zone) -> Change | None:
    """Return the change that deleted a zone, which is its newest one, or None if it is gone."""
    newest = listing(table, zone.id, 1)
    return newest[0] if newest and newest[0].type is ChangeType.DELETE else None


def from_item(item: Item) -> Change:
    """Return the change of an item."""
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
        error=item.get("error"),
        comment=item.get("comment"),
    )


def put(change: Change) -> Put:
    """Return the write that begins a change's entry."""
    return Put(to_item(change))


def end(change: Change) -> Update:
    """Return the write that ends a change: status, reason, counts and versions. It fails if the change has ended."""
    key = keys.change(change.zone_id, change.created, change.id)
    return Update(key, set=without_none(outcome(change)), condition=PENDING)


def end_abandoned(zone: Zone, now: datetime) -> list[Write]:
    """Return the write that ends the change of a zone's dead holder, or nothing for a zone without a holder.

    The holder's lease ran out, and another writer takes the zone.
    """
    if zone.holder is None or zone.held_since is None:
        return []
    orphan = Change(zone.holder, zone.id, ChangeType.SYNC, "", zone.held_since, base=zone.version)
    return [end(replace(orphan, status=ChangeStatus.FAILED, reason=abandoned(zone), error=LAPSED, finished=now))]


def abandoned(zone: Zone) -> str:
    """Return why the change of a zone's dead holder ends."""
    return ABANDONED if zone.order is None else NEVER_BEGUN


def get(table: Table, zone_id: str, created: datetime, change_id: str) -> Change | None:
    """Return one entry, or None."""
    item = table.get(keys.change(zone_id, created, change_id))
    return from_item(item) if item else None


def listing(table: Table, zone_id: str, limit: int, before: tuple[datetime, str] | None = None) -> list[Change]:
    """Return up to `limit` entries, the newest first, older than the one that `before` names."""
    after = keys.change(zone_id, *before)["sk"] if before else None
    pk = keys.zone_partition(zone_id)
    items = table.query(pk, prefix=keys.CHANGES, after=after, limit=limit, newest_first=True)
    return [from_item(item) for item in items]


def newest(table: Table, zone_id: str) -> Iterator[Change]:
    """Yield all entries of a zone's history, the newest first. A hundred are read at a time."""
    items = table.query(keys.zone_partition(zone_id), prefix=keys.CHANGES, newest_first=True, step=100)
    return map(from_item, items)


def every(table: Table, zone_id: str, before: datetime | None = None) -> Iterator[Change]:
    """Yield all entries of a zone's history that began before a time, or all; the oldest first."""
    for item in table.query(keys.zone_partition(zone_id), prefix=keys.CHANGES):
        change = from_item(item)
        if before is not None and change.created >= before:
            return
        yield change


def delete(change: Change) -> Delete:
    """Return the write that deletes an entry that has ended. Such an entry never changes again."""
    assert change.finished is not None
    return Delete(keys.change(change.zone_id, change.created, change.id))


def outcome(change: Change) -> dict[str, Any]:
    """Return the attributes of how a change ended. A missing one is None. A failed change is in a list."""
    failed = change.status is ChangeStatus.FAILED
    return {
        **(vinyldnskeys.failure_listing(change.zone_id, change.created, change.id) if failed else {}),
        "status": str(change.status),
        "reason": bounded(change.reason) if change.reason else None,
        "counts": asdict(change.counts) if change.counts else None,
        "records": change.records,
        "serial": change.serial,
        "finished": clock.to_text(change.finished) if change.finished else None,
        "version": change.version,
        "differences": list(change.differences) or None,
        "transfer": change.transfer,
        "error": change.error,
    }
