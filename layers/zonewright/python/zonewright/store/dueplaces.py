"""Places in the index of what is due: zones with a schedule, and deliveries.

| item                | gsi2pk            | gsi2sk                    |
| zone                | DUE#0 to DUE#f    | due moment#id#group       |
| delivery            | DUE#0 to DUE#f    | moment#id#group#delivery  |
"""

import zlib
from datetime import datetime

from zonewright import clock
from zonewright.store.keys import ItemKey

DUE_INDEX = "gsi2"
"""The index of due zones."""

DUE = tuple(f"DUE#{shard:x}" for shard in range(16))
"""The partitions of the index of due zones. A single partition would take a write of every scheduled zone."""

NOT_DUE = ("gsi2pk", "gsi2sk")
"""The attributes that a zone without a schedule lacks."""

LOOK = "look"
"""The attribute of a zone with the mark of a look: until when it may last, and an id (`duezones.py`)."""

_HELD = "#held"
"""The end of the place of a zone that a sync holds."""


def zone_due(zone_id: str, due: datetime, group_id: str, *, held: bool = False) -> ItemKey:
    """Return the place of a zone of a group in the index of due zones. `held` says that a sync holds it."""
    shard = zlib.crc32(zone_id.encode()) % len(DUE)
    return {"gsi2pk": DUE[shard], "gsi2sk": f"{due_start(zone_id, due)}#{group_id}{_HELD if held else ''}"}


_DELIVERY = "#delivery"
"""The end of the place of a delivery."""


def delivery_due(zone_id: str, due: datetime, group_id: str) -> ItemKey:
    """Return the place of the delivery of a group's zone in the index of due zones."""
    place = zone_due(zone_id, due, group_id)
    return {**place, "gsi2sk": place["gsi2sk"] + _DELIVERY}


def is_delivery(place: str) -> bool:
    """Return whether a place in the index of due zones is that of a delivery."""
    return place.endswith(_DELIVERY)


def due_start(zone_id: str, due: datetime) -> str:
    """Return how the place of a due zone starts. It is the whole place if an older deployment stored it."""
    return f"{clock.to_text(due)}#{zone_id}"


def due_parts(place: str) -> tuple[datetime, str, str, bool]:
    """Return the time, the zone and the group of a place in the index of due zones, and whether a sync holds the zone.

    The group is empty if an older deployment stored the place.
    """
    moment, _, rest = place.removesuffix(_HELD).removesuffix(_DELIVERY).partition("#")
    zone_id, _, group_id = rest.partition("#")
    return clock.from_text(moment), zone_id, group_id, place.endswith(_HELD)
