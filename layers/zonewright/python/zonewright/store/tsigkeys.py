"""TSIG keys in the table: an item each, and an item that claims its name in its zone or in the pool.

A name is unique among the keys of a zone, or of the pool. The keys of two zones may have the same name, because their
primaries chose it.
"""

from collections.abc import Iterator
from contextlib import suppress

from zonewright import clock
from zonewright.errors import TsigKeyChanged, TsigKeyExists, TsigKeyNotFound
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.model.zone import Zone
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, Condition, equal
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table, Update, Write
from zonewright.store.vault import Purpose, Vault


def for_zone(table: Table, zone: Zone, pool_id: str) -> TsigKey | None:
    """Return the TSIG key that signs a zone's transfers: its own, or else the pool's; None without either.

    If there are several, the first by name is used. A key that a former owner of the zone made is not.
    """
    for resource_id in (zone.id, pool_id):
        for claim in _claims(table, resource_id):
            found = get(table, claim["id"])
            if found and found.group_id in (None, zone.group_id):
                return found
    return None


def end(table: Table, zone_id: str) -> list[Write]:
    """Return the writes that delete the TSIG keys of a zone, two for each."""
    claims = list(_claims(table, zone_id))
    gone = [Delete(keys.tsig_key(claim["id"])) for claim in claims]
    return [*gone, *(Delete({"pk": claim["pk"], "sk": claim["sk"]}) for claim in claims)]


def listing(table: Table, resource_id: str) -> list[TsigKey]:
    """Return the TSIG keys of a zone or of the pool, by name."""
    items = table.get_all([keys.tsig_key(claim["id"]) for claim in _claims(table, resource_id)])
    return [_key(item) for item in items if item]


def every(table: Table) -> Iterator[TsigKey]:
    """Yield all TSIG keys, the oldest first."""
    return map(_key, table.query(keys.TSIG_KEYS, index=keys.INDEX))


def get(table: Table, key_id: str) -> TsigKey | None:
    """Return the TSIG key of an id, or None."""
    item = table.get(keys.tsig_key(key_id))
    return _key(item) if item else None


def create(table: Table, key: TsigKey, *checks: Check) -> None:
    """Store a new TSIG key if all `checks` hold. Raise TsigKeyExists, or TsigKeyChanged if a check fails."""
    try:
        table.write(Put(_item(key), ABSENT), Put(_claim(key), ABSENT), *checks)
    except ConditionFailed as error:
        if error.failed[0]:
            raise TsigKeyExists(f"there is a TSIG key with id {key.id} already") from error
        raise (_taken(key) if error.failed[1] else _moved_on(key)) from error


def replace(table: Table, old: TsigKey, new: TsigKey, *checks: Check) -> None:
    """Store `new` in place of the unchanged `old` if all `checks` hold.

    Raise TsigKeyNotFound, TsigKeyExists, TsigKeyChanged.
    """
    writes: list[Write] = [Put(_item(new), _as_read(old))]
    moved = _claim(old) != _claim(new)
    if moved:
        writes += [Put(_claim(new), ABSENT), Delete(keys.tsig_name(old.resource_id, old.name))]
    try:
        table.write(*writes, *checks)
    except ConditionFailed as error:
        raise (_taken(new) if moved and error.failed[1] and not error.failed[0] else _changed(new, error)) from error


def renew_secrets(table: Table, vault: Vault) -> int:
    """Seal the secrets of TSIG keys as this release does. Return how many earlier releases had sealed.

    A key that is changed or deleted meanwhile is left as it is. Whoever changed its secret has sealed it anew.
    """
    renewed = 0
    for key in list(every(table)):
        secret = vault.renew(key.secret, key.id, Purpose.TSIG)
        if secret is not None:
            with suppress(ConditionFailed):
                table.write(Update(keys.tsig_key(key.id), set={"secret": secret}, condition=equal(secret=key.secret)))
                renewed += 1
    return renewed


def delete(table: Table, key: TsigKey, *checks: Check) -> None:
    """Delete an unchanged TSIG key if all `checks` hold. Raise TsigKeyNotFound, TsigKeyChanged."""
    gone = Delete(keys.tsig_key(key.id), _as_read(key)), Delete(keys.tsig_name(key.resource_id, key.name))
    try:
        table.write(*gone, *checks)
    except ConditionFailed as error:
        raise _changed(key, error) from error


def _taken(key: TsigKey) -> TsigKeyExists:
    return TsigKeyExists(f"there is a TSIG key {key.name} of {key.resource_id} already")


def _changed(key: TsigKey, failed: ConditionFailed) -> TsigKeyNotFound | TsigKeyChanged:
    """Return the error for a failed write of a TSIG key, whose own write must come first."""
    if failed.failed[0] and failed.old[0] is None:
        return TsigKeyNotFound(f"TSIG key {key.id} is not there")
    return _moved_on(key)


def _moved_on(key: TsigKey) -> TsigKeyChanged:
    return TsigKeyChanged(f"TSIG key {key.name}, or what it signs for, changed meanwhile; try again")


def _as_read(key: TsigKey) -> Condition:
    return equal(revision=key.revision)


def _claims(table: Table, resource_id: str) -> Iterator[Item]:
    """Return the items that claim the names of the TSIG keys of a zone or of the pool, by name."""
    return table.query(keys.tsig_names(resource_id))


def _claim(key: TsigKey) -> Item:
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
            **({"group_id": key.group_id} if key.group_id else {}),
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
        group_id=item.get("group_id"),
        revision=item["revision"],
        updated=clock.from_text(item["updated"]) if "updated" in item else None,
    )
