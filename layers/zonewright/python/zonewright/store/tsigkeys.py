"""TSIG keys in the table, listed by what they sign for: a zone, or the pool."""

from zonewright import clock
from zonewright.errors import TsigKeyExists, TsigKeyNotFound
from zonewright.store import keys
from zonewright.store.table import ABSENT, PRESENT, ConditionFailed, Delete, Item, Put, Table
from zonewright.tsig import Scope, TsigKey


def for_zone(table: Table, zone_id: str, pool_id: str) -> TsigKey | None:
    """The key that signs this zone's transfers: its own, else the pool's; the first by name where there are several."""
    found = listing(table, zone_id) or listing(table, pool_id)
    return found[0] if found else None


def listing(table: Table, resource_id: str) -> list[TsigKey]:
    """The keys of a zone or of the pool, by name."""
    return [_key(item) for item in table.query(f"TSIG#{resource_id}", index=keys.INDEX)]


def create(table: Table, key: TsigKey) -> None:
    """Store a new key."""
    item = (
        keys.tsig_key(key.id)
        | keys.tsig_listing(key.resource_id, key.name, key.id)
        | {
            "id": key.id,
            "name": key.name,
            "algorithm": key.algorithm,
            "secret": key.secret,
            "scope": str(key.scope),
            "resource_id": key.resource_id,
            "created": clock.to_text(key.created),
        }
    )
    try:
        table.write(Put(item, ABSENT))
    except ConditionFailed as error:
        raise TsigKeyExists(f"there is a TSIG key with id {key.id} already") from error


def delete(table: Table, key_id: str) -> None:
    """Forget a key."""
    try:
        table.write(Delete(keys.tsig_key(key_id), PRESENT))
    except ConditionFailed as error:
        raise TsigKeyNotFound(f"TSIG key {key_id} is not there") from error


def _key(item: Item) -> TsigKey:
    return TsigKey(
        id=item["id"],
        name=item["name"],
        algorithm=item["algorithm"],
        secret=item["secret"],
        scope=Scope(item["scope"]),
        resource_id=item["resource_id"],
        created=clock.from_text(item["created"]),
    )
