"""Shares of zones in the table: below their zone, and listed among the zones of the group they are for."""

from datetime import datetime

from zonewright import clock
from zonewright.model.share import MOST_SHARES, Share, id_of
from zonewright.model.zone import Zone
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, PRESENT, Condition, owned
from zonewright.store.table import Check, Delete, Item, Put, Table, Update, Write

UNSHARED = Condition("attribute_not_exists(#shares) OR #shares = :none", {"#shares": "shares"}, {":none": 0})
"""Of a zone's item."""


def get(table: Table, zone_id: str, share_id: str) -> Share | None:
    """One share of a zone."""
    item = table.get(keys.share(zone_id, share_id))
    return _from_item(item) if item else None


def with_group(table: Table, zone_id: str, group_id: str) -> Share | None:
    """A zone's share with a group."""
    return get(table, zone_id, id_of(zone_id, group_id))


def listing(table: Table, zone_id: str) -> list[Share]:
    """All shares of a zone, oldest first."""
    items = table.query(keys.zone(zone_id)["pk"], prefix=keys.SHARES)
    return sorted(map(_from_item, items), key=lambda share: (share.created, share.id))


def create(share: Share, zone: Zone, now: datetime) -> list[Write]:
    """The writes that share a zone: on the zone, the share, the group it is for, and that group's tally."""
    few = Condition("attribute_not_exists(#shares) OR #shares < :most", {"#shares": "shares"}, {":most": MOST_SHARES})
    item: Item = {
        **keys.share(share.zone_id, share.id),
        **keys.zone_listing(share.target_id, zone.created, zone.id),
        "zone_id": share.zone_id,
        "group_id": share.group_id,
        "target_id": share.target_id,
        "created": clock.to_text(share.created),
    }
    return [
        _counted(zone, 1, now, owned(zone).also(few)),
        Put(item, ABSENT),
        Check(keys.group(share.target_id), PRESENT),
        Update(keys.tally(share.target_id), add={"shares": 1}),
    ]


def delete(share: Share, zone: Zone, now: datetime) -> list[Write]:
    """The writes that end a share: on the zone, and those of `end`."""
    return [_counted(zone, -1, now, owned(zone)), *end(share)]


def end(share: Share) -> list[Write]:
    """The writes that end a share whose zone ends too: the share, and the tally of the group it was for."""
    return [
        Delete(keys.share(share.zone_id, share.id), PRESENT),
        Update(keys.tally(share.target_id), add={"shares": -1}),
    ]


def _counted(zone: Zone, change: int, now: datetime, condition: Condition) -> Update:
    """The zone with a share more or less. It says so of itself, so this is a change of it."""
    updated = {"updated": clock.to_text(now)}
    return Update(keys.zone(zone.id), set=updated, add={"shares": change, "revision": 1}, condition=condition)


def _from_item(item: Item) -> Share:
    return Share(item["zone_id"], item["group_id"], item["target_id"], clock.from_text(item["created"]))
