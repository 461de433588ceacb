"""Syncs and dry runs that the callers of a project begin, counted by the minute.

The count is one item for each project and minute. It is raised by a single conditional write, not in a transaction, so
callers at the same moment do not conflict. A begin that is refused later, or whose count had a lost answer, counts too.
"""

from datetime import datetime, timedelta

from zonewright import clock
from zonewright.errors import TooManyRequests
from zonewright.store import keys
from zonewright.store.conditions import below
from zonewright.store.table import ConditionFailed, Table, Update

_WINDOW = timedelta(minutes=1)
_KEPT = timedelta(hours=1)
"""How long a count is kept. The clocks of two machines may differ."""


def count(table: Table, group_id: str, most: int, now: datetime) -> None:
    """Count one more begin in the minute of `now`. Raise TooManyRequests if the project had `most` of them."""
    minute = now.replace(second=0, microsecond=0)
    update = Update(
        keys.begins(group_id, minute),
        set={"expires": clock.epoch(minute + _KEPT)},
        add={"begun": 1},
        condition=below("begun", most),
    )
    try:
        table.update(update)
    except ConditionFailed as error:
        left = minute + _WINDOW - now
        text = f"project {group_id} has begun {most} syncs and dry runs in this minute, the most that it may"
        raise TooManyRequests(text, after=-(-left // timedelta(seconds=1))) from error
