"""Members of catalog zones that came or went: one item each in the partition of the pool, until the catalog has it.

The transaction that creates or deletes a zone writes it, and makes the delivery of the catalog due. Its turn changes
the catalog, and then deletes the item if it is still the one that it read. A turn that dies between changes nothing the
second time.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zonewright.model.pool import Pool
from zonewright.model.zone import Zone
from zonewright.store import deliveries, keys
from zonewright.store.conditions import equal
from zonewright.store.table import ConditionFailed, Delete, Put, Table, Write

MOST = 1000
"""Members that one version of a catalog brings."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """A zone that came into the pool, or is gone from it. `stamp` names this item among those of the zone."""

    zone_id: str
    name: str
    gone: bool
    stamp: str


def moved(pool: Pool, zone: Zone, now: datetime) -> list[Write]:
    """Return the writes that tell the catalog of a pool of a zone, live or deleted, or nothing without a catalog."""
    if pool.catalog_id in (None, zone.id):
        return []
    assert pool.catalog_id is not None
    item = {"zone_id": zone.id, "name": zone.name, "gone": zone.deleted, "stamp": str(uuid.uuid4())}
    return [
        Put(keys.catalog_entry(pool.id, zone.id) | item),
        deliveries.called(pool.catalog_id, zone.group_id, now),
    ]


def listing(table: Table, pool: Pool) -> list[Turnover]:
    """Return the next members that came or went."""
    found = table.query(keys.catalog_entries(pool.id), limit=MOST)
    return [Turnover(each["zone_id"], each["name"], each["gone"], each["stamp"]) for each in found]


def done(table: Table, pool: Pool, some: Sequence[Turnover]) -> None:
    """Delete items that the catalog has. Those that were written again meanwhile stay."""
    for each in some:
        try:
            table.write(Delete(keys.catalog_entry(pool.id, each.zone_id), equal(stamp=each.stamp)))
        except ConditionFailed:
            continue
