"""Keys of what only VinylDNS's API has: its lists of zones and changes, and its switch.

| item                | pk                | sk                        | gsi1pk            | gsi1sk              |
| deleted zone        | ZONE#id           | ZONE                      | DELETED#group     | deleted#id          |
| failed change       | ZONE#id           | CHANGE#created#id         | FAILED#shard      | created#id          |
| place of a zone     | READER#reader     | folded zone name          |                   |                     |
| every zone has some | READER#           | SETTLED                   |                   |                     |
| status              | STATUS            | STATUS                    |                   |                     |

A deleted zone is also in the list DELETED of the second index, which has keys only, by the same sort key.
"""

import zlib
from datetime import datetime

from zonewright import clock
from zonewright.store.keys import ItemKey

MOMENTS = "2"
"""How sort keys that begin with a time begin, until the year 3000."""


STATUS: ItemKey = {"pk": "STATUS", "sk": "STATUS"}
"""The key of the switch that stops the processing of changes."""


def place_list(reader: str) -> str:
    """Return the partition of the zones that a reader sees, by name (`places.py`)."""
    return f"READER#{reader}"


def place(reader: str, name: str) -> ItemKey:
    """Return the key of the place of a zone among those that a reader sees."""
    return {"pk": place_list(reader), "sk": name.lower()}


PLACES_SETTLED: ItemKey = {"pk": "READER#", "sk": "SETTLED"}
"""The key of the note that every zone has its places."""


FAILURES = tuple(f"FAILED#{shard:x}" for shard in range(16))
"""The lists of failed changes. A single one would take the writes of all schedules that fail."""

DELETED_ZONES = "DELETED"
"""The list of all deleted zones in the second index, which has keys only."""


def failure_listing(zone_id: str, created: datetime, change_id: str) -> ItemKey:
    """Return the place of a failed change in the lists of failures, the oldest first."""
    return _by_time(FAILURES[zlib.crc32(zone_id.encode()) % len(FAILURES)], created, change_id)


def deleted_zone_list(group_id: str) -> str:
    """Return the list of the deleted zones of a group."""
    return f"{DELETED_ZONES}#{group_id}"


def deleted_zone_listing(group_id: str, deleted: datetime, zone_id: str) -> ItemKey:
    """Return the places of a zone in the lists of deleted zones: that of its group, and that of all."""
    own = _by_time(deleted_zone_list(group_id), deleted, zone_id)
    return own | {"gsi2pk": DELETED_ZONES, "gsi2sk": own["gsi1sk"]}


def _by_time(partition: str, moment: datetime, item_id: str) -> ItemKey:
    return {"gsi1pk": partition, "gsi1sk": f"{clock.to_text(moment)}#{item_id}"}
