"""When a zone is copied again without being asked to be: its schedule, and the moment that follows from it.

    none ────────── never
    "refresh" ───── as its SOA says: REFRESH after a success, RETRY after a failure (RFC 1035 section 3.3.13)
    90 ──────────── so many seconds after a success; after a failure the SOA's RETRY, where that is sooner
    "0 30 2 ? * *"  at the moments of a calendar (`cron.py`); after a failure RETRY, where that is sooner

No moment is nearer than the deployment's shortest interval, and REFRESH and RETRY are taken as a day where they are
more. A schedule is stored as it is written.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zonewright.protocol.types import HIGHEST_TTL

if TYPE_CHECKING:
    from zonewright.model.cron import Cron

REFRESH = "refresh"
LONGEST = HIGHEST_TTL
"""Seconds that an interval may be, as of a TTL (RFC 2181 section 8)."""

_DAY = 86400
LONGEST_TEXT = 250
"""Characters of a cron expression."""

Schedule = str | int
"""`REFRESH`, a cron expression, or an interval in seconds."""


@dataclass(frozen=True, slots=True)
class Timers:
    """An SOA's REFRESH and RETRY, seconds."""

    refresh: int
    retry: int


DEFAULT_TIMERS = Timers(3600, 600)
"""What serves until the first SOA is seen."""


def parse(text: str) -> Schedule | None:
    """A schedule as a setting of the deployment says it, none where it is empty; ValueError where it is neither."""
    if text.isdecimal():
        return int(text)
    if not _is_text(text or REFRESH):
        raise ValueError(f"{text} is no schedule")
    return text or None


def is_schedule(value: object, shortest: int) -> bool:
    """Whether `value` is a schedule; an interval has at least `shortest` seconds."""
    return (type(value) is int and shortest <= value <= LONGEST) or (isinstance(value, str) and _is_text(value))


def _is_text(value: str) -> bool:
    return value == REFRESH or _calendar(value) is not None


def recurrence(schedule: Schedule | None) -> str | None:
    """The cron expression of a schedule by the calendar; None of every other."""
    return schedule if isinstance(schedule, str) and schedule != REFRESH else None


def _calendar(text: str) -> "Cron | None":
    from zonewright.model import cron

    try:
        return cron.parse(text) if len(text) <= LONGEST_TEXT else None
    except cron.NoCron:
        return None


def next_due(
    schedule: Schedule | None, timers: Timers, shortest: int, moment: datetime, *, failed: bool = False
) -> datetime | None:
    """When a zone is due that was copied, or could not be, at `moment`; None where it has no schedule."""
    if schedule is None:
        return None
    own, retry = _own(schedule, timers, moment), moment + timedelta(seconds=min(timers.retry, _DAY))
    if failed:
        own = retry if schedule == REFRESH or own is None else min(own, retry)
    return own and max(own, moment + timedelta(seconds=shortest))


def first_due(
    schedule: Schedule | None, timers: Timers, shortest: int, synced: datetime, now: datetime
) -> datetime | None:
    """When a zone is due that has a schedule from now on: it counts from the last sync, but a calendar goes on."""
    return next_due(schedule, timers, shortest, now if recurrence(schedule) else synced)


def _own(schedule: Schedule, timers: Timers, moment: datetime) -> datetime | None:
    """The next moment of a schedule after a success; None of a calendar that is over."""
    if isinstance(schedule, int):
        return moment + timedelta(seconds=schedule)
    if schedule == REFRESH:
        return moment + timedelta(seconds=min(timers.refresh, _DAY))
    calendar = _calendar(schedule)
    return calendar.after(moment) if calendar else None
