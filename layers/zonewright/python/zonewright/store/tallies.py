"""The numbers of zones of a group, in its tally: all of them, and those that have places in lists (`places.py`)."""

from collections.abc import Iterator

from zonewright.model.quotas import NO_LIMIT
from zonewright.store import keys
from zonewright.store.conditions import below
from zonewright.store.table import Table, Update


def joined(group_id: str, most: int) -> Update:
    """Return the write that adds a zone to a group's tally. It fails at `most` zones."""
    room = None if most == NO_LIMIT else below("zones", most)
    return Update(keys.tally(group_id), set=keys.tally_listing(group_id), add={"zones": 1, "placed": 1}, condition=room)


def left(group_id: str, tsig_keys: int) -> Update:
    """Return the write that takes a zone, and its TSIG keys, from a group's tally."""
    ended = {"tsig_keys": -tsig_keys} if tsig_keys else {}
    return Update(keys.tally(group_id), add={"zones": -1, "placed": -1} | ended)


def placed(group_id: str) -> Update:
    """Return the write that counts a zone of an earlier release, which now has places."""
    return Update(keys.tally(group_id), add={"placed": 1})


def zones(table: Table) -> Iterator[tuple[str, int]]:
    """Yield every group that ever had a zone, and its number of zones."""
    return ((item["gsi1sk"], item["zones"]) for item in table.query(keys.TALLIES, index=keys.INDEX))


def unplaced(table: Table) -> list[str]:
    """Return the groups that have zones of an earlier release, without places."""
    tallies = table.query(keys.TALLIES, index=keys.INDEX)
    return [each["gsi1sk"] for each in tallies if each.get("placed", 0) < each["zones"]]
