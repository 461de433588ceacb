"""TSIG keys in the table: an item each, an item that claims its name in its zone or in the pool, and two numbers.

A name is unique among the keys of a zone, or of the pool. The keys of two zones may have the same name, because their
primaries chose it.

The keys of a zone count in the tally of its group, and in an item of the zone. Each write of a key of a zone raises the
`revision` of that item. So the writes that end all keys of a zone fail if a key was made, moved or renamed since they
were read. Keys that earlier releases stored do not count. They are in another list (`keys.TSIG_KEYS`).
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from zonewright import clock
from zonewright.errors import OverQuota, TsigKeyChanged, TsigKeyExists, TsigKeyNotFound, ZonewrightError
from zonewright.model.quotas import NO_LIMIT
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.zone import Primary, Zone
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, PRESENT, Condition, below, equal
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table, Update, Write
from zonewright.store.vault import Purpose, Vault


@dataclass(frozen=True, slots=True)
class Limits:
    """The most TSIG keys that a group and a zone may have. -1 means unlimited."""

    group: int = NO_LIMIT
    zone: int = NO_LIMIT


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The TSIG key that signs a zone's transfers, by primary. `pooled` says that the pool has keys."""

    keys: dict[Primary, TsigKey]
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The writes that end the TSIG keys of a zone, how many keys that are, and how many of them count.

    The first write is the condition that the keys are as they were read.
    """

    writes: list[Write]
    keys: int
    counted: int


def for_zone(table: Table, zone: Zone, pool_id: str) -> Chosen:
    """Return the TSIG keys that sign a zone's transfers: its own first, or else those of the pool that list it.

    If there are several, the first by name is used, for each primary of the zone. A key that a former owner of the zone
    made signs nothing. Only the keys that sign are read. The items of the names say where those of the pool do.
    """
    for claim in _claims(table, zone.id):
        found = get(table, claim["id"])
        if found and any(found.signs(zone, each) for each in zone.primaries):
            return Chosen(dict.fromkeys(zone.primaries, found))
    chosen: dict[Primary, TsigKey] = {}
    pooled = False
    for claim in _claims(table, pool_id):
        pooled, places = True, _places(claim)
        wanted = [each for each in zone.primaries if each not in chosen and places.allow(zone, each)]
        if wanted and (found := get(table, claim["id"])):
            chosen |= {each: found for each in wanted if found.signs(zone, each)}
        if len(chosen) == len(set(zone.primaries)):
            break
    return Chosen(chosen, pooled)


def end(table: Table, zone_id: str, *, names: bool) -> Ended:
    """Return the writes that end the TSIG keys of a zone. They fail if the keys changed since they were read.

    With `names` the names are free again. Those of a deleted zone are swept later (`sweep`), with the keys whose writes
    the transaction has no room for.
    """
    count = table.get(keys.tsig_count(zone_id))  # before the keys, so a later key changes it
    claims = list(_claims(table, zone_id))
    writes: list[Write] = [Delete(keys.tsig_key(claim["id"])) for claim in claims]
    if names:
        writes += [Delete({"pk": claim["pk"], "sk": claim["sk"]}) for claim in claims]
    key = keys.tsig_count(zone_id)
    unchanged = Delete(key, equal(revision=count["revision"])) if count else Check(key, ABSENT)
    return Ended([unchanged, *writes], len(claims), count["tsig_keys"] if count else 0)


def sweep(table: Table, zone_id: str) -> None:
    """Delete what a deleted zone left: the names of its TSIG keys, and keys that did not end with it.

    Earlier releases ended none.
    """
    claims = list(_claims(table, zone_id))
    for claim in claims:
        with suppress(ConditionFailed):
            table.write(Delete(keys.tsig_key(claim["id"]), equal(resource_id=zone_id)))
    table.delete({"pk": claim["pk"], "sk": claim["sk"]} for claim in claims)


def listing(table: Table, resource_id: str) -> list[TsigKey]:
    """Return the TSIG keys of a zone or of the pool, by name."""
    items = table.get_all([keys.tsig_key(claim["id"]) for claim in _claims(table, resource_id)])
    return [_key(item) for item in items if item]


def every(
    table: Table,
    group_id: str | None = None,
    after: TsigKey | None = None,
    *,
    newest_first: bool = False,
    limit: int | None = None,
) -> Iterator[TsigKey]:
    """Yield TSIG keys in the order of creation, behind `after`: those that count for a group, and those for none.

    Without a group, yield the keys of all groups. That is one query for each group that has keys, and the cost grows
    with what is taken, if `limit` tells about how many.
    """
    lists = [None, group_id] if group_id else [None, *_groups(table)]
    step = limit and limit // len(lists) + 1
    found = [_listed(table, each, after, newest_first=newest_first, step=step) for each in lists]
    return heapq.merge(*found, key=lambda key: (key.created, key.id), reverse=newest_first)


def get(table: Table, key_id: str) -> TsigKey | None:
    """Return the TSIG key of an id, or None."""
    item = table.get(keys.tsig_key(key_id))
    return _key(item) if item else None


def create(table: Table, key: TsigKey, *checks: Check, limits: Limits = UNLIMITED) -> None:
    """Store a new TSIG key if all `checks` hold.

    Raise TsigKeyExists, TsigKeyChanged if a check fails, or OverQuota.
    """
    same_id = TsigKeyExists(key=key.id)
    new = (Put(_item(key), ABSENT), same_id), (Put(_claim(key), ABSENT), _taken(key))
    _write(table, [*new, *_checked(key, checks), *_counted(None, key, limits)])


def replace(table: Table, old: TsigKey, new: TsigKey, *checks: Check, limits: Limits = UNLIMITED) -> None:
    """Store `new` in place of the unchanged `old` if all `checks` hold.

    Raise TsigKeyNotFound, TsigKeyExists, TsigKeyChanged, OverQuota.
    """
    writes: list[_Guarded] = [(Put(_item(new), _as_read(old)), _moved_on(new))]
    if _name(old) != _name(new):
        writes += [(Put(_claim(new), ABSENT), _taken(new)), (Delete(_name(old)), _moved_on(new))]
    elif _claim(old) != _claim(new):
        writes.append((Put(_claim(new)), _moved_on(new)))
    _write(table, [*writes, *_checked(new, checks), *_counted(old, new, limits)], old)


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
    gone = (Delete(keys.tsig_key(key.id), _as_read(key)), _moved_on(key)), (Delete(_name(key)), _moved_on(key))
    _write(table, [*gone, *_checked(key, checks), *_counted(key, None, UNLIMITED)], key)


_Guarded = tuple[Write, ZonewrightError]
"""A write, and the error to raise if its condition fails."""


def _write(table: Table, guarded: Sequence[_Guarded], old: TsigKey | None = None) -> None:
    """Write all, or raise the error of the first write that failed. Raise TsigKeyNotFound if the key `old` is gone."""
    try:
        table.write(*(write for write, _ in guarded))
    except ConditionFailed as error:
        if old and error.failed[0] and error.old[0] is None:
            raise TsigKeyNotFound(key=old.id) from error
        failed = (reason for (_, reason), failed in zip(guarded, error.failed, strict=True) if failed)
        raise next(failed) from error


def _checked(key: TsigKey, checks: Sequence[Check]) -> Iterator[_Guarded]:
    return ((check, _moved_on(key)) for check in checks)


def _counted(old: TsigKey | None, new: TsigKey | None, limits: Limits) -> Iterator[_Guarded]:
    """Yield the writes that count a change of TSIG keys, for their zones and their groups.

    The item of a zone notes every change, except the deletion of a key that does not count. It is gone if the zone was
    deleted: then its keys no longer count.
    """
    zones: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for key, by in ((old, -1), (new, 1)):
        if key is None:
            continue
        change = by if key.counted else 0
        if key.scope is Scope.ZONE and (new or change):
            zones[key.resource_id] += change
        if key.group_id:
            groups[key.group_id] += change
    for zone_id, change in zones.items():
        noted = Update(
            keys.tsig_count(zone_id),
            add={"revision": 1, "tsig_keys": change},
            condition=PRESENT if change < 0 else _room(change, limits.zone),
        )
        yield noted, _ended(zone_id) if change < 0 else _over(f"zone {zone_id}", limits.zone)
    for group_id, change in groups.items():
        if change:
            room = _room(change, limits.group)
            counted = Update(keys.tally(group_id), add={"tsig_keys": change}, condition=room)
            yield counted, _over(f"project {group_id}", limits.group)


def _room(change: int, most: int) -> Condition | None:
    return below("tsig_keys", most) if change > 0 and most != NO_LIMIT else None


def _over(whose: str, most: int) -> OverQuota:
    return OverQuota(f"{whose} may have {most}", quota="tsigkeys")


def _ended(zone_id: str) -> TsigKeyChanged:
    return TsigKeyChanged(f"the TSIG keys of zone {zone_id} ended with it, and will be swept")


def _taken(key: TsigKey) -> TsigKeyExists:
    return TsigKeyExists(f"a key of {key.resource_id} has this name", key=key.name)


def _moved_on(key: TsigKey) -> TsigKeyChanged:
    return TsigKeyChanged(f"TSIG key {key.name}, or what it signs for, changed meanwhile; try again")


def _as_read(key: TsigKey) -> Condition:
    return equal(revision=key.revision)


def _groups(table: Table) -> list[str]:
    """Return every group for which TSIG keys count."""
    tallies = table.query(keys.TALLIES, index=keys.INDEX)
    return [tally["gsi1sk"] for tally in tallies if tally.get("tsig_keys", 0) > 0]


def _listed(
    table: Table, group_id: str | None, after: TsigKey | None, *, newest_first: bool, step: int | None
) -> Iterator[TsigKey]:
    """Yield the TSIG keys of one list, behind `after`, which may be of another list."""
    start = None
    if after is not None:
        start = {**keys.tsig_key(after.id), **keys.tsig_listing(group_id, after.created, after.id)}
    pk = keys.tsig_list(group_id)
    return map(_key, table.query(pk, index=keys.INDEX, start=start, newest_first=newest_first, step=step))


def _claims(table: Table, resource_id: str) -> Iterator[Item]:
    """Return the items that claim the names of the TSIG keys of a zone or of the pool, by name."""
    return table.query(keys.tsig_names(resource_id))


def _name(key: TsigKey) -> keys.ItemKey:
    return keys.tsig_name(key.resource_id, key.name)


def _claim(key: TsigKey) -> Item:
    return _name(key) | {"id": key.id} | _places_item(key.places)


def _item(key: TsigKey) -> Item:
    return (
        keys.tsig_key(key.id)
        | keys.tsig_listing(key.group_id if key.counted else None, key.created, key.id)
        | {
            "id": key.id,
            "name": key.name,
            "algorithm": key.algorithm,
            "secret": key.secret,
            "scope": str(key.scope),
            "resource_id": key.resource_id,
            **({"group_id": key.group_id} if key.group_id else {}),
            **_places_item(key.places),
            "created": clock.to_text(key.created),
            "revision": key.revision,
            "edition": key.edition,
        }
        | ({"updated": clock.to_text(key.updated)} if key.updated else {})
    )


def _key(item: Item) -> TsigKey:
    """Return the key of an item. Earlier releases stored no edition: each revision was one."""
    return TsigKey(
        id=item["id"],
        name=item["name"],
        algorithm=item["algorithm"],
        secret=item["secret"],
        scope=Scope(item["scope"]),
        resource_id=item["resource_id"],
        created=clock.from_text(item["created"]),
        group_id=item.get("group_id"),
        places=_places(item),
        counted=item["gsi1pk"] != keys.TSIG_KEYS,
        revision=item["revision"],
        edition=item["edition"] if "edition" in item else item["revision"],
        updated=clock.from_text(item["updated"]) if "updated" in item else None,
    )


def _places_item(places: Places) -> Item:
    listed = {"primaries": [str(each) for each in places.primaries], "zones": list(places.zones)}
    return {name: each for name, each in listed.items() if each}


def _places(item: Item) -> Places:
    return Places(tuple(map(Primary.stored, item.get("primaries", ()))), tuple(item.get("zones", ())))
