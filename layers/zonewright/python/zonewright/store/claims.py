"""Zone names in the table: one item a name, in canonical order.

An item has the zone of its name, or the claims of groups on it.

A zone may be created only below and above zones of its own group. So its maker looks at the relatives of the name, and
no other maker may create one of them at the same time. A transaction cannot lock relatives that do not exist yet. One
item for all names below `co.uk.` would make all makers wait for each other. So a maker claims its name, then looks, and
commits on the condition that its claim still stands:

    A (example.org.)      claim ──── look: nothing ─────────────────── commit: fails, its claim is broken
    B (www.example.org.)        claim ──── look: A's claim ── commit, breaking A's claim

Of two relatives at least one claims before the other looks, so the other sees it. It sees a zone and is refused, or it
sees a claim and breaks it in the transaction that commits. A maker whose claim was broken begins again, and then sees
the faster one. No maker waits. The claim of a maker that died is broken by the first maker that meets it. Claims of the
maker's own group are left alone.

A zone with zones below it may not be deleted. So its deleter announces the deletion, then looks for zones below, and
commits on the condition that its announcement still stands. It breaks the claims below before it commits. A maker that
looks later sees the announcement, and breaks it in the transaction that commits:

    deleter (example.org.)    announce ──── look: nothing ─────────────── commit: fails, the announcement is broken
    maker (www.example.org.)        claim ──── look: the announcement ── commit, breaking the announcement

Again at least one of the two sees the other. A deletion that commits first leaves a zone without a parent to the maker.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from zonewright.errors import IllegalChild, IllegalParent, ZoneExists, ZoneHasSubZone
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import serial
from zonewright.store import keys
from zonewright.store.conditions import Condition, equal
from zonewright.store.table import ConditionFailed, Delete, Item, Table, Update, Write

_CLAIM = "claim#"
_DELETION = "deletion#"
FREE = Condition("attribute_not_exists(zone_id)")
"""Condition on a name's item: no live zone has the name."""

_NEVER_USED = FREE.also(Condition("attribute_not_exists(serial)"))
_MOST_BROKEN = 50
"""Claims that one transaction breaks. A transaction takes 100 items, and has other writes."""


class Overtaken(Exception):
    """A rival claim became a zone before it could be broken, or the zone to delete is gone. A new look finds it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a name for a future zone.

    `serial` is the newest serial that the name had, or None. `broken` are the writes that break rival claims. `below`
    are the names of the zones below, in canonical order.
    """

    id: str
    name: str
    serial: int | None = None
    broken: tuple[Write, ...] = ()
    below: tuple[str, ...] = ()

    @property
    def stands(self) -> Condition:
        """Return the condition on the name's item that no zone has the name and the claim is not broken."""
        return FREE.also(Condition("attribute_exists(#claim)", {"#claim": _CLAIM + self.id}))


@contextmanager
def claimed(table: Table, zone: Zone) -> Iterator[Claim]:
    """Claim the name of a future zone. The claim is withdrawn if the block fails.

    Raise ZoneExists, IllegalChild, IllegalParent, or Overtaken if the maker has to begin again.
    """
    claim_id = str(uuid.uuid4())
    key = keys.zone_name(zone.name)
    try:
        table.write(Update(key, set={_CLAIM + claim_id: zone.group_id}, condition=FREE))
    except ConditionFailed as error:
        raise ZoneExists(zone=zone.name) from error
    try:
        yield _judged(table, zone, claim_id)
    except BaseException:
        _withdraw(table, key, claim_id)
        raise


@dataclass(frozen=True, slots=True)
class Deletion:
    """An announced deletion of a zone.

    `stands` is the condition on the name's item that no zone was made below meanwhile. `serial` is the newest serial of
    the zones that had the name before, if an older deployment made the zone. Otherwise it is None.
    """

    stands: Condition
    serial: int | None = None


@contextmanager
def announced(table: Table, zone: Zone) -> Iterator[Deletion]:
    """Announce the deletion of a zone. Return it if there is no zone below, or it is an updatable copy.

    The announcement is withdrawn if the block fails. Raise ZoneHasSubZone, or Overtaken if the deleter has to begin
    again.
    """
    mark = _DELETION + str(uuid.uuid4())
    key, own = keys.zone_name(zone.name), equal(zone_id=zone.id)
    try:
        table.write(Update(key, set={mark: zone.group_id}, condition=own))
    except ConditionFailed as error:
        raise Overtaken from error
    try:
        if not zone.updatable:
            _refuse_descendants(table, zone)
        former = (table.get(key) or {}).get("serial")
        yield Deletion(own.also(Condition("attribute_exists(#deletion)", {"#deletion": mark})), former)
    except BaseException:
        with suppress(ConditionFailed):
            table.write(Update(key, remove=(mark,), condition=own))
        raise


def named(table: Table, name: str) -> str | None:
    """Return the id of the live zone with exactly this name, or None."""
    item = table.get(keys.zone_name(name)) or {}
    return item.get("zone_id")


def latest_owners(table: Table, names: Sequence[str]) -> dict[str, str | None]:
    """Return the id of the zone that has each name, or else had it last, by folded name. Older releases did not say."""
    folded = {name.lower(): keys.zone_name(name) for name in names}
    items = dict(zip(folded, table.get_all(list(folded.values())), strict=True))
    return {name: (item or {}).get("zone_id", (item or {}).get("deleted")) for name, item in items.items()}


def covering(table: Table, names: Sequence[str]) -> list[dict[str, str]]:
    """Return, for each name, name and id of the live zones at and above it, the nearest first.

    Each name that may have a zone is read once. One read has up to a hundred of them.
    """
    ways = [_upwards(name) for name in names]
    wanted = {key["sk"]: key for way in ways for key in way}
    found = dict(zip(wanted, table.get_all(list(wanted.values())), strict=True))
    above = ([found[key["sk"]] or {} for key in way] for way in ways)
    return [{item["name"]: item["zone_id"] for item in items if "zone_id" in item} for items in above]


def name_item(zone: Zone) -> Item:
    """Return the item of a live zone's name. The zone's item keeps the newest serial that the name had."""
    return keys.zone_name(zone.name) | {"name": zone.name, "zone_id": zone.id, "group_id": zone.group_id}


def freed_name_item(zone: Zone, former: int | None = None) -> Item:
    """Return the item of a name that is free again. It names the last zone that had the name.

    It keeps the newest serial that the name had, from which the next zone goes on. Usually that is the zone's own. A
    SECONDARY zone may have none yet, or an older one than it had once, or than the zones before it. Older deployments
    kept that of the zones before in the name's item (`former`).
    """
    newest = _newest(zone, former)
    return keys.zone_name(zone.name) | {"deleted": zone.id} | ({} if newest is None else {"serial": newest})


def _newest(zone: Zone, former: int | None) -> int | None:
    """Return the newest of the serials that a zone had, and the serial of the zones before it. Each may be None."""
    own = zone.newest_serial
    if own is None or former is None:
        return former if own is None else own
    # A PRIMARY zone began with a newer serial, and has moved on from there, maybe by more than RFC 1982 can compare.
    if zone.type is ZoneType.PRIMARY or serial.newer(own, former):
        return own
    return former


def _judged(table: Table, zone: Zone, claim_id: str) -> Claim:
    """Return the claim after a look at the relatives of the name. They do not matter to an updatable copy.

    Its maker proved by a transfer who may read it, and nothing is served from it.
    """
    own, *above = table.get_all(_upwards(zone.name))
    if zone.updatable:
        return Claim(claim_id, zone.name, (own or {}).get("serial"))
    rivals: list[Write] = []
    for item in filter(None, above):
        if item.get("group_id", zone.group_id) != zone.group_id:
            raise IllegalChild(zone=zone.name)
        rivals += _breaking(item, zone.group_id)
    below: list[str] = []
    for item in _descendants(table, zone.name):
        if item.get("group_id", zone.group_id) != zone.group_id:
            raise IllegalParent(zone=zone.name)
        if "zone_id" in item:
            below.append(item["name"])
        rivals += _breaking(item, zone.group_id)
    _break(table, rivals, _MOST_BROKEN)
    return Claim(claim_id, zone.name, (own or {}).get("serial"), tuple(rivals), tuple(below))


def _refuse_descendants(table: Table, zone: Zone) -> None:
    """Raise ZoneHasSubZone if there are zones below a zone. Break the claims below it. Raise Overtaken."""
    rivals: list[Write] = []
    for item in _descendants(table, zone.name):
        if "zone_id" in item:
            raise ZoneHasSubZone(zone=zone.name, child=item["name"])
        rivals += _breaking(item)
    _break(table, rivals)


def _break(table: Table, rivals: list[Write], left: int = 0) -> None:
    """Write and remove `rivals`, until at most `left` of them remain. Raise Overtaken if one has become a zone."""
    while len(rivals) > left:
        try:
            table.write(*rivals[-_MOST_BROKEN:])
        except ConditionFailed as error:
            raise Overtaken from error
        del rivals[-_MOST_BROKEN:]


def _breaking(item: Item, group_id: str | None = None) -> Iterator[Write]:
    """Yield the write that breaks the claims of groups other than `group_id` on a name, or its zone's deletions.

    It fails if a claim has become a zone, or the zone was deleted.
    """
    zone_id = item.get("zone_id")
    if zone_id is None:
        broken = tuple(name for name, owner in item.items() if name.startswith(_CLAIM) and owner != group_id)
    else:
        broken = tuple(name for name in item if name.startswith(_DELETION))
    if broken:
        key = {"pk": item["pk"], "sk": item["sk"]}
        yield Update(key, remove=broken, condition=equal(zone_id=zone_id) if zone_id else FREE)


def _withdraw(table: Table, key: keys.ItemKey, claim_id: str) -> None:
    """Withdraw a claim. Delete the item of a name that no zone ever had.

    That also deletes other claims of the name made just now, and their makers begin again.
    """
    try:
        table.write(Delete(key, _NEVER_USED))
    except ConditionFailed:
        table.write(Update(key, remove=(_CLAIM + claim_id,)))


def _upwards(name: str) -> list[keys.ItemKey]:
    """Return the keys of a name and of the names above it that a zone may have, the nearest first."""
    key = keys.zone_name(name)
    labels = key["sk"].split(" ")
    return [
        {"pk": key["pk"], "sk": " ".join(labels[:count])} for count in range(len(labels), min(2, len(labels)) - 1, -1)
    ]


def _descendants(table: Table, name: str) -> Iterator[Item]:
    key = keys.zone_name(name)
    return table.query(key["pk"], prefix=key["sk"] + " ")
