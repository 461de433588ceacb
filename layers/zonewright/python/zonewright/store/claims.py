"""The guards of zone names: who has a name, and who those above and below it. One item per name, in canonical order.

A name may be taken below and above one's own zones only. Who makes a zone therefore looks at its relatives, and
nobody may make one of them behind its back. A transaction could hold nothing but the items it knows of, and an item
that every maker below `co.uk.` has to move would let them all wait for each other. So a maker claims its name first,
looks then, and commits on the condition that its claim still stands:

    A (example.org.)      claim ──── look: nothing ─────────────────── commit: fails, its claim is broken
    B (www.example.org.)        claim ──── look: A's claim ── commit, breaking A's claim

Of two relatives at least one claims before the other looks, so it is seen: as a zone, and the looker is refused, or as
a claim, which the looker breaks in the transaction it commits by. A maker whose claim is broken begins again, and sees
who was faster. Nobody waits, and a claim that its maker died with is broken by the first it is in the way of. Claims
of one's own group are no obstacle.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from zonewright.errors import IllegalChild, IllegalParent, ZoneExists
from zonewright.model.zone import Zone
from zonewright.store import keys
from zonewright.store.conditions import Condition
from zonewright.store.table import ConditionFailed, Delete, Item, Table, Update, Write

_CLAIM = "claim#"
FREE = Condition("attribute_not_exists(zone_id)")
"""Of the guard: no live zone has the name."""

_NEVER_USED = FREE.also(Condition("attribute_not_exists(serial)"))
_MOST_BROKEN = 50
"""Claims that one transaction breaks: it takes 100 items, and has others to write."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A name as claimed for a zone to be; `serial` is that of the zone that had it last."""

    id: str
    name: str
    serial: int | None = None
    broken: tuple[Write, ...] = ()

    @property
    def stands(self) -> Condition:
        """Of the guard: nobody has the name, and nobody broke the claim."""
        return FREE.also(Condition("attribute_exists(#claim)", {"#claim": _CLAIM + self.id}))


@contextmanager
def claimed(table: Table, zone: Zone) -> Iterator[Claim]:
    """Claim the name of a zone to be; it is withdrawn if what is done with it fails.

    Raises ZoneExists, IllegalChild, IllegalParent.
    """
    claim_id = str(uuid.uuid4())
    key = keys.zone_name(zone.name)
    try:
        table.write(Update(key, set={_CLAIM + claim_id: zone.group_id}, condition=FREE))
    except ConditionFailed as error:
        raise ZoneExists(f"Zone with name {zone.name} already exists") from error
    try:
        yield _judged(table, zone, claim_id)
    except BaseException:
        _withdraw(table, key, claim_id)
        raise


def named(table: Table, name: str) -> str | None:
    """The id of the live zone of this very name."""
    guard = table.get(keys.zone_name(name)) or {}
    return guard.get("zone_id")


def below(table: Table, name: str) -> Iterator[str]:
    """The names of live zones below a name, at any depth, in canonical order, as they are read."""
    return (guard["name"] for guard in _descendants(table, name) if "zone_id" in guard)


def covering(table: Table, name: str) -> dict[str, str]:
    """The live zones that a name is, or is below, the nearest first: their names, and the id of each; one read."""
    guards = filter(None, table.get_all(_upwards(name)))
    return {guard["name"]: guard["zone_id"] for guard in guards if "zone_id" in guard}


def name_item(zone: Zone) -> Item:
    """The guard of a live zone's name."""
    return keys.zone_name(zone.name) | {"name": zone.name, "zone_id": zone.id, "group_id": zone.group_id}


def freed_name_item(zone: Zone) -> Item:
    """The guard of a name that is free again: it keeps the serial, which the next zone goes on from."""
    return keys.zone_name(zone.name) | ({} if zone.serial is None else {"serial": zone.serial})


def _judged(table: Table, zone: Zone, claim_id: str) -> Claim:
    """The claim after a look at the name's relatives."""
    own, *above = table.get_all(_upwards(zone.name))
    rivals: list[Write] = []
    for guard in filter(None, above):
        if guard.get("group_id", zone.group_id) != zone.group_id:
            raise IllegalChild(f"Unable to create subzone {zone.name} in another projects zone {guard['name']}")
        rivals += _breaking(guard, zone.group_id)
    for guard in _descendants(table, zone.name):
        if guard.get("group_id", zone.group_id) != zone.group_id:
            raise IllegalParent(f"Unable to create zone {zone.name} because another project owns a subzone of it")
        rivals += _breaking(guard, zone.group_id)
    while len(rivals) > _MOST_BROKEN:
        table.write(*rivals[-_MOST_BROKEN:])
        del rivals[-_MOST_BROKEN:]
    return Claim(claim_id, zone.name, (own or {}).get("serial"), tuple(rivals))


def _breaking(guard: Item, group_id: str) -> Iterator[Write]:
    """The write that breaks the claims of other groups on a name, unless one of them has become a zone."""
    claims = tuple(name for name, owner in guard.items() if name.startswith(_CLAIM) and owner != group_id)
    if claims:
        yield Update({"pk": guard["pk"], "sk": guard["sk"]}, remove=claims, condition=FREE)


def _withdraw(table: Table, key: keys.ItemKey, claim_id: str) -> None:
    """Take a claim back; what nobody ever had needs no guard, and others who claim it just now begin again."""
    try:
        table.write(Delete(key, _NEVER_USED))
    except ConditionFailed:
        table.write(Update(key, remove=(_CLAIM + claim_id,)))


def _upwards(name: str) -> list[keys.ItemKey]:
    """The keys of a name and of those above it that a zone may have, the nearest first."""
    key = keys.zone_name(name)
    labels = key["sk"].split(" ")
    return [
        {"pk": key["pk"], "sk": " ".join(labels[:count])} for count in range(len(labels), min(2, len(labels)) - 1, -1)
    ]


def _descendants(table: Table, name: str) -> Iterator[Item]:
    key = keys.zone_name(name)
    return table.query(key["pk"], prefix=key["sk"] + " ")
