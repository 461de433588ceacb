"""Shares of zones in the table: below their zone, and in the list of zones of the target group.

The tally of the target group counts the shares that it was given: all of them (`shares`), and those of each owner. The
latter have an attribute for each owner, so that one condition on one item bounds both. Shares of earlier releases are
counted among all, but not among their owner's.
"""

from datetime import datetime

from zonewright import clock
from zonewright.model.share import MOST_SHARES, Share, id_of, part_of_one_owner
from zonewright.model.zone import Zone
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, PRESENT, Condition, before, below, owned
from zonewright.store.table import Check, Delete, Item, Put, Table, Update, Write

UNSHARED = Condition("attribute_not_exists(#shares) OR #shares = :none", {"#shares": "shares"}, {":none": 0})
"""Condition on a zone's item: the zone has no shares."""


def get(table: Table, zone_id: str, share_id: str) -> Share | None:
    """Return one share of a zone, or None."""
    item = table.get(keys.share(zone_id, share_id))
    return _from_item(item) if item else None


def with_group(table: Table, zone_id: str, group_id: str) -> Share | None:
    """Return a zone's share with a group, or None."""
    return get(table, zone_id, id_of(zone_id, group_id))


def listing(table: Table, zone_id: str) -> list[Share]:
    """Return all shares of a zone, the oldest first."""
    items = table.query(keys.zone_partition(zone_id), prefix=keys.SHARES)
    return sorted(map(_from_item, items), key=lambda share: (share.created, share.id))


def create(share: Share, zone: Zone, now: datetime, most: int) -> list[Write]:
    """Return the writes that share a zone: on the zone, the share, the target group, and that group's tally.

    They fail if the zone was changed at `now` or later, as do those of `delete`. `most` is how many shares the target
    may be given. The last write fails if it was given as many, or its part of them by this owner.
    """
    few = below("shares", MOST_SHARES)
    room = below("shares", most).also(below(_by(share.group_id), part_of_one_owner(most), "of_owner"))
    item: Item = {
        **keys.share(share.zone_id, share.id),
        **keys.zone_listing(share.target_id, zone.created, zone.id),
        "zone_id": share.zone_id,
        "group_id": share.group_id,
        "target_id": share.target_id,
        "created": clock.to_text(share.created),
    }
    return [
        _counted(zone, 1, now, owned(zone).also(before(now)).also(few)),
        Put(item, ABSENT),
        Check(keys.group(share.target_id), PRESENT),
        _tallied(share, 1, room),
    ]


def delete(share: Share, zone: Zone, now: datetime) -> list[Write]:
    """Return the writes that delete a share: on the zone, then those of `end`."""
    return [_counted(zone, -1, now, owned(zone).also(before(now))), *end(share)]


def end(share: Share) -> list[Write]:
    """Return the writes that delete a share of a deleted zone: the share, and the target group's tally."""
    return [
        Delete(keys.share(share.zone_id, share.id), PRESENT),
        _tallied(share, -1),
    ]


def given(tally: Item | None) -> int:
    """Return how many shares a group was given, by the item of its tally."""
    return int((tally or {}).get("shares", 0))


def _counted(zone: Zone, change: int, now: datetime, condition: Condition) -> Update:
    """Return the write that adds `change` to the number of a zone's shares.

    The zone shows the number, so this is a change of the zone.
    """
    updated = {"updated": clock.to_text(now)}
    return Update(keys.zone(zone.id), set=updated, add={"shares": change, "revision": 1}, condition=condition)


def _tallied(share: Share, change: int, condition: Condition | None = None) -> Update:
    """Return the write that adds `change` to the shares that the target was given: to all, and to the owner's."""
    counts = {"shares": change, _by(share.group_id): change}
    return Update(keys.tally(share.target_id), add=counts, condition=condition)


def _by(group_id: str) -> str:
    """Return the attribute of a tally that counts the shares given by one group."""
    return f"shares#{group_id}"


def _from_item(item: Item) -> Share:
    return Share(item["zone_id"], item["group_id"], item["target_id"], clock.from_text(item["created"]))
