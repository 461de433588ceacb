"""Due zones: the index that lists them, and what a look at their primaries writes.

    due ──claim──▶ still in its place, with the mark of a look ──reschedule──▶ due later, without the mark

Each write needs the zone's place in the index as it was read, so only one of two dispatchers makes it. The mark is no
part of a key: a move within the index costs two writes more, so a zone is moved once for each look. A writer of the
whole item drops the mark. Then the look writes nothing, and the zone is still due.
"""

import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from zonewright import clock
from zonewright.model.failure import Failure
from zonewright.model.schedule import Timers
from zonewright.store import dueplaces, keys, zones
from zonewright.store.conditions import Condition, equal, unmarked
from zonewright.store.table import ConditionFailed, Item, Table, Update


@dataclass(frozen=True, slots=True)
class Due:
    """A zone in the index of due zones. `place` is its sort key there, the oldest first.

    `held` says that a sync holds it. `group_id` is empty if an older deployment stored the place. `look` is the mark of
    the look that claimed the zone.
    """

    zone_id: str
    place: str
    group_id: str = ""
    held: bool = False
    look: str | None = None

    @classmethod
    def at(cls, place: str) -> "Due":
        """Return the zone of a place."""
        _, zone_id, group_id, held = dueplaces.due_parts(place)
        return cls(zone_id, place, group_id, held)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A look that found the serial of a zone's contents, with the timers of that SOA.

    It ends the zone's failure unless that is `lasting`, which a sync has to end (`failure.py`).
    """

    at: datetime
    timers: Timers
    lasting: bool = False


def due(table: Table, partition: str, now: datetime, limit: int) -> Iterator[Due]:
    """Yield up to `limit` due zones of a partition of the index (`dueplaces.DUE`), the longest due first."""
    items = table.query(partition, index=dueplaces.DUE_INDEX, until=clock.to_text(now), limit=limit)
    return (Due.at(item["gsi2sk"]) for item in items)


def claim(table: Table, seen: Due, now: datetime, until: datetime) -> Due | None:
    """Mark a due zone for one look, so that no other looks at it before `until`. Return it with the mark.

    Return None if another dispatcher has it, or if it is due at another time by now.
    """
    look = f"{clock.to_text(until)} {uuid.uuid4()}"
    free = _in_place(seen).also(unmarked(dueplaces.LOOK, clock.to_text(now)))
    try:
        table.write(Update(keys.zone(seen.zone_id), set={dueplaces.LOOK: look}, condition=free))
    except ConditionFailed:
        return None
    return replace(seen, look=look)


def reschedule(table: Table, claimed: Due, moment: datetime | None, look: Failure | Confirmed | None = None) -> None:
    """Make a claimed zone due at `moment`, or never for None. Store what a look has found, if there was one.

    The new place has the group of `claimed`. Does nothing if the zone changed since it was claimed.
    """
    place: Item = dueplaces.zone_due(claimed.zone_id, moment, claimed.group_id, held=claimed.held) if moment else {}
    gone = (dueplaces.LOOK,) if moment else (dueplaces.LOOK, *dueplaces.NOT_DUE)
    if isinstance(look, Failure):
        place, gone = place | {"failure": zones.failure_item(look)}, (*gone, "unanswered")
    elif look:
        found = {"confirmed": clock.to_text(look.at), **zones.timers_item(look.timers)}
        place, gone = place | found, gone if look.lasting else (*gone, *zones.SETTLED)
    mine = _in_place(claimed).also(equal(**{dueplaces.LOOK: claimed.look}))
    with suppress(ConditionFailed):
        table.write(Update(keys.zone(claimed.zone_id), set=place, remove=gone, condition=mine))


def _in_place(zone: Due) -> Condition:
    return equal(gsi2sk=zone.place)
