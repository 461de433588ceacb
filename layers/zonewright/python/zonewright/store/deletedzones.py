"""Deleted zones in the table, by the time of their deletion, until the sweeper deletes their items."""

import heapq
from collections.abc import Collection, Iterator
from itertools import islice

from zonewright.model.zone import Zone
from zonewright.store import dueplaces, keys, vinyldnskeys, zones
from zonewright.store.table import Item, Table

_STEP = 100


def newest(table: Table, group_ids: Collection[str] | None, after: Zone | None = None) -> Iterator[Zone]:
    """Yield the deleted zones of some groups, or of all groups for None, the last deleted first, behind `after`."""
    place = (
        vinyldnskeys.deleted_zone_listing("", after.updated, after.id)["gsi2sk"] if after and after.updated else None
    )
    if group_ids is None:
        return _behind(table, _list(table, vinyldnskeys.DELETED_ZONES, dueplaces.DUE_INDEX, place))
    lists = [_list(table, vinyldnskeys.deleted_zone_list(each), keys.INDEX, place) for each in sorted(group_ids)]
    merged = heapq.merge(*lists, key=lambda item: str(item["gsi1sk"]), reverse=True)
    return map(zones.from_item, merged)


def _list(table: Table, partition: str, index: str, after: str | None) -> Iterator[Item]:
    return table.query(partition, prefix=vinyldnskeys.MOMENTS, after=after, newest_first=True, index=index, step=_STEP)


def _behind(table: Table, listed: Iterator[Item]) -> Iterator[Zone]:
    """Yield the zones behind entries that have keys only."""
    while some := list(islice(listed, _STEP)):
        items = table.get_all([{"pk": each["pk"], "sk": each["sk"]} for each in some])
        yield from (zones.from_item(item) for item in items if item)
