"""The places of zones in the lists of those who see them, by name.

A *reader* is a group, a user, everybody, or ALL, whose list has every zone. A zone has a place in the list of ALL, in
that of its owner group, and in those of the users and groups that its access rules name. The transactions that create a
zone, hand it over, change its rules or delete it write its places. So a list is as consistent as the table.

Zones of earlier releases have no places until the sweeper gives them some, or one of these transactions. The tally of a
group counts its zones that have places, so a list knows the groups that it must read in another way.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.store import keys, tallies, vinyldnskeys
from zonewright.store.conditions import Condition, equal, owned
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table, Write

ALL = "ALL"
"""The reader whose list has every zone."""

EVERYBODY = "EVERYBODY"
"""The reader of an access rule that names nobody."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a zone in a list. `name` is folded. `readers` are those who see the zone, without ALL."""

    name: str
    zone_id: str
    group_id: str
    readers: frozenset[str]


def of_group(group_id: str) -> str:
    """Return a group as a reader."""
    return f"GROUP#{group_id}"


def readers(zone: Zone) -> frozenset[str]:
    """Return those who see a zone by its owner group or its access rules."""
    named = (
        f"USER#{rule.user_id}" if rule.user_id else of_group(rule.group_id) if rule.group_id else EVERYBODY
        for rule in zone.acl
    )
    return frozenset((of_group(zone.group_id), *named))


def as_readers(caller: Caller) -> list[str]:
    """Return the readers that a caller is."""
    return [EVERYBODY, f"USER#{caller.user_id}", *map(of_group, sorted(caller.group_ids))]


def of_zone(zone: Zone) -> Place:
    """Return the place of a zone, which is alike in each list."""
    return Place(zone.name.lower(), zone.id, zone.group_id, readers(zone))


def take(zone: Zone, former: Zone | None = None) -> list[Write]:
    """Return the writes that give a zone its places, instead of those that `former`, the zone before, has."""
    item = {"zone_id": zone.id, "group_id": zone.group_id, "readers": sorted(readers(zone))}
    ended = readers(former) - readers(zone) if former else ()
    return [
        *(Put(vinyldnskeys.place(reader, zone.name) | item) for reader in (ALL, *sorted(readers(zone)))),
        *(Delete(vinyldnskeys.place(reader, zone.name)) for reader in sorted(ended)),
    ]


def leave(zone: Zone) -> list[Write]:
    """Return the writes that end the places of a zone: first those that every zone has."""
    owner = of_group(zone.group_id)
    others = sorted(readers(zone) - {owner})
    return [Delete(vinyldnskeys.place(reader, zone.name)) for reader in (ALL, owner, *others)]


EVERY_ZONE = 2
"""Places that every zone has: among all zones, and among those of its owner group."""


def ensure(table: Table, zone: Zone) -> None:
    """Give a live zone of an earlier release its places, unless it has them. Do nothing if the zone has changed."""
    place = table.get(vinyldnskeys.place(ALL, zone.name))
    if place and place["zone_id"] == zone.id:
        return
    first, *others = take(zone)
    assert isinstance(first, Put)
    first = Put(first.item, _without(zone))
    with suppress(ConditionFailed):  # another gave it its places, or the zone is gone
        table.write(first, *others, tallies.placed(zone.group_id), Check(keys.zone(zone.id), owned(zone)))


def _without(zone: Zone) -> Condition:
    """Return the condition that the place is free, or another zone's that is gone."""
    other = "attribute_not_exists(pk) OR #zone_id <> :zone_id"
    return Condition(other, {"#zone_id": "zone_id"}, {":zone_id": zone.id})


def settled(table: Table) -> bool:
    """Return whether every zone has its places, as the sweeper found."""
    return table.get(vinyldnskeys.PLACES_SETTLED) is not None


def settle(table: Table, *, settled: bool) -> None:
    """Note whether every zone has its places."""
    table.write(Put({**vinyldnskeys.PLACES_SETTLED}) if settled else Delete(vinyldnskeys.PLACES_SETTLED))


def sweep(table: Table, zone: Zone) -> None:
    """Delete what is left of the places of a deleted zone. Its name may belong to another zone by now."""
    for reader in readers(zone):
        with suppress(ConditionFailed):
            table.write(Delete(vinyldnskeys.place(reader, zone.name), equal(zone_id=zone.id)))


def listing(table: Table, reader: str, after: str = "", prefix: str = "", step: int | None = None) -> Iterator[Place]:
    """Yield the places in the list of a reader whose names begin with `prefix`, behind the name `after`.

    `step` is the most that is read at once.
    """
    start = after.lower() if after.lower() > prefix else None
    items = table.query(vinyldnskeys.place_list(reader), prefix=prefix, after=start, step=step)
    return map(_place, items)


def _place(item: Item) -> Place:
    return Place(item["sk"], item["zone_id"], item["group_id"], frozenset(item["readers"]))
