"""Pools in the table: an item each, an item that claims its name, and items that count its zones.

The zones of the deployment's pool (`PoolId`) are not counted, because it always exists. Nor do their items name it.
"""

from collections.abc import Iterator
from datetime import datetime

from zonewright import clock
from zonewright.errors import PoolChanged, PoolInUse, TsigKeyNotFound
from zonewright.model import pool as pools
from zonewright.model.pool import Pool
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, PRESENT, equal
from zonewright.store.table import Check, ConditionFailed, Delete, Put, Table, Update, Write


def listing(table: Table) -> list[Pool]:
    """Return all stored pools as last written, in the order of creation. It costs one query."""
    found = [pools.from_document(item) for item in table.query(keys.POOLS, prefix=keys.POOL)]
    return sorted(found, key=lambda each: (each.created or clock.EPOCH, each.id))


def get(table: Table, pool_id: str) -> Pool | None:
    """Return a stored pool, or None."""
    item = table.get(keys.pool(pool_id))
    return pools.from_document(item) if item else None


def put(table: Table, new: Pool, old: Pool | None, now: datetime) -> Pool:
    """Store a pool, in place of the unchanged stored `old` or as a new one. Return it with its times and its revision.

    Raise TsigKeyNotFound if there is no TSIG key that it names, or PoolChanged if another wrote it, or one of its name.
    """
    item = keys.pool(new.id) | pools.document(new) | ({"catalog_id": new.catalog_id} if new.catalog_id else {})
    claim, writes = keys.pool_name(new.name), list[Write]()
    if old:
        updated = clock.after(old.updated or old.created or now, now)
        item |= {"created": clock.to_text(old.created or now), "updated": clock.to_text(updated)}
        item |= {"revision": old.revision + 1}
        writes.append(Put(item, equal(revision=old.revision)))
    else:
        item |= {"created": clock.to_text(now), "revision": 1}
        writes += [Put(item, ABSENT), *(Put(key | {"zones": 0}, ABSENT) for key in keys.pool_counts(new.id))]
    if old is None or keys.pool_name(old.name) != claim:
        writes.append(Put(claim | {"id": new.id}, ABSENT))
        writes += [Delete(keys.pool_name(old.name))] if old else []
    signing = sorted(new.key_ids)
    try:
        table.write(*writes, *(Check(keys.tsig_key(key_id), PRESENT) for key_id in signing))
    except ConditionFailed as error:
        gone = [key_id for key_id, failed in zip(signing, error.failed[len(writes) :], strict=True) if failed]
        if gone:
            raise TsigKeyNotFound(key=gone[0]) from error
        raise _changed(new) from error
    return pools.from_document(item)


def delete(table: Table, pool: Pool) -> None:
    """Delete an unchanged pool without zones. Raise PoolInUse, or PoolChanged if another changed or deleted it."""
    empty = [Delete(key, equal(zones=0)) for key in keys.pool_counts(pool.id)]
    try:
        table.write(
            Delete(keys.pool(pool.id), equal(revision=pool.revision)), Delete(keys.pool_name(pool.name)), *empty
        )
    except ConditionFailed as error:
        zones = count(table, pool.id)
        if zones and not error.failed[0]:
            raise PoolInUse(pool=pool.name, zones=zones) from error
        raise _changed(pool) from error


def count(table: Table, pool_id: str) -> int:
    """Return the number of zones that count for a pool."""
    return sum(each["zones"] for each in table.get_all(keys.pool_counts(pool_id)) if each)


def joined(pool_id: str | None, zone_id: str) -> Iterator[Write]:
    """Yield the write that counts a new zone of a pool. It fails if the pool was deleted. None is the deployment's."""
    if pool_id:
        yield Update(keys.pool_zones(pool_id, zone_id), add={"zones": 1}, condition=PRESENT)


def left(pool_id: str | None, zone_id: str) -> Iterator[Write]:
    """Yield the write that no longer counts a deleted zone of a pool."""
    if pool_id:
        yield Update(keys.pool_zones(pool_id, zone_id), add={"zones": -1})


def _changed(pool: Pool) -> PoolChanged:
    return PoolChanged("another changed it meanwhile; try again", pool=pool.name)
