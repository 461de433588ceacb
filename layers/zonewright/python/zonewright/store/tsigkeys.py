"""TSIG keys in the table: each under its id, and a guard of its name under what it signs for, a zone or the pool.

A name is unique among the keys of its zone, or of the pool: two primaries of two zones may well call their keys alike.
"""

from collections.abc import Iterator

from zonewright import clock
from zonewright.errors import TsigKeyChanged, TsigKeyExists, TsigKeyNotFound
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, Condition, equal
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table, Write


def for_zone(table: Table, zone_id: str, pool_id: str) -> TsigKey | None:
    """The key that signs this zone's transfers: its own, else the pool's; the first by name where there are several."""
    for resource_id in (zone_id, pool_id):
        for guard in _guards(table, resource_id):
            found = get(table, guard["id"])
            if found:
                return found
    return None


def listing(table: Table, resource_id: str) -> list[TsigKey]:
    """The keys of a zone or of the pool, by name."""
    items = table.get_all([keys.tsig_key(guard["id"]) for guard in _guards(table, resource_id)])
    return [_key(item) for item in items if item]


def every(table: Table) -> Iterator[TsigKey]:
    """All keys, oldest first, as they are read."""
    return map(_key, table.query(keys.TSIG_KEYS, index=keys.INDEX))


def get(table: Table, key_id: str) -> TsigKey | None:
    """The key under an id."""
    item = table.get(keys.tsig_key(key_id))
    return _key(item) if item else None


def create(table: Table, key: TsigKey, *checks: Check) -> None:
    """Store a new key, if all `checks` hold; raises TsigKeyExists, or TsigKeyChanged where a check does not hold."""
    try:
        table.write(Put(_item(key), ABSENT), Put(_guard(key), ABSENT), *checks)
    except ConditionFailed as error:
        if error.failed[0]:
            raise TsigKeyExists(f"there is a TSIG key with id {key.id} already") from error
        raise (_taken(key) if error.failed[1] else _moved_on(key)) from error


def replace(table: Table, old: TsigKey, new: TsigKey, *checks: Check) -> None:
    """Store `new` in place of `old`, as it was read; raises TsigKeyNotFound, TsigKeyExists, TsigKeyChanged."""
    writes: list[Write] = [Put(_item(new), _as_read(old))]
    moved = _guard(old) != _guard(new)
    if moved:
        writes += [Put(_guard(new), ABSENT), Delete(keys.tsig_name(old.resource_id, old.name))]
    try:
        table.write(*writes, *checks)
    except ConditionFailed as error:
        if error.failed[0] and error.old[0] is None:
            raise TsigKeyNotFound(f"TSIG key {old.id} is not there") from error
        raise (_taken(new) if moved and error.failed[1] else _moved_on(new)) from error


def delete(table: Table, key_id: str) -> None:
    """Forget a key; raises TsigKeyNotFound, TsigKeyChanged."""
    key = get(table, key_id)
    if key is None:
        raise TsigKeyNotFound(f"TSIG key {key_id} is not there")
    try:
        table.write(Delete(keys.tsig_key(key_id), _as_read(key)), Delete(keys.tsig_name(key.resource_id, key.name)))
    except ConditionFailed as error:
        raise _moved_on(key) from error


def _taken(key: TsigKey) -> TsigKeyExists:
    return TsigKeyExists(f"there is a TSIG key {key.name} of {key.resource_id} already")


def _moved_on(key: TsigKey) -> TsigKeyChanged:
    return TsigKeyChanged(f"TSIG key {key.name}, or what it signs for, changed meanwhile; try again")


def _as_read(key: TsigKey) -> Condition:
    return equal(revision=key.revision)


def _guards(table: Table, resource_id: str) -> Iterator[Item]:
    """The guards of the names of the keys of a zone or of the pool, by name."""
    return table.query(keys.tsig_name(resource_id, "")["pk"])


def _guard(key: TsigKey) -> Item:
    return keys.tsig_name(key.resource_id, key.name) | {"id": key.id}


def _item(key: TsigKey) -> Item:
    return (
        keys.tsig_key(key.id)
        | keys.tsig_listing(key.created, key.id)
        | {
            "id": key.id,
            "name": key.name,
            "algorithm": key.algorithm,
            "secret": key.secret,
            "scope": str(key.scope),
            "resource_id": key.resource_id,
            "created": clock.to_text(key.created),
            "revision": key.revision,
        }
        | ({"updated": clock.to_text(key.updated)} if key.updated else {})
    )


def _key(item: Item) -> TsigKey:
    return TsigKey(
        id=item["id"],
        name=item["name"],
        algorithm=item["algorithm"],
        secret=item["secret"],
        scope=Scope(item["scope"]),
        resource_id=item["resource_id"],
        created=clock.from_text(item["created"]),
        revision=item["revision"],
        updated=clock.from_text(item["updated"]) if "updated" in item else None,
    )
