"""The keys of groups in the list of all by name, and of the changes of groups (`keys.py` draws all keys)."""

from datetime import datetime

from zonewright import clock
from zonewright.store import keys
from zonewright.store.keys import ItemKey

GROUP_NAMES = "GROUPNAMES"
"""The partition that has a small item for each group, by name. Unlike an index it shows what was just written."""

ALL_LISTED: ItemKey = {"pk": "GROUPSLISTED", "sk": "GROUPSLISTED"}
"""The key of the item that says that the groups of earlier releases are in this list too."""


def entry(name: str, group_id: str) -> ItemKey:
    """Return the key of the item that lists a group by name."""
    return {"pk": GROUP_NAMES, "sk": keys.group_place(name, group_id)}


def change(group_id: str, created: datetime, change_id: str) -> ItemKey:
    """Return the key of a change of a group."""
    return {"pk": keys.group_partition(group_id), "sk": f"{keys.CHANGES}{clock.to_text(created)}#{change_id}"}


def change_id(text: str) -> ItemKey:
    """Return the key of the item that tells where the change of this id is."""
    return {"pk": f"GROUPCHANGE#{text}", "sk": "GROUPCHANGE"}
