"""When a zone is synced by itself: its schedule, and the next time that follows from it.

    none ────────── never
    "refresh" ───── by its SOA: REFRESH after a success, RETRY after a failure (RFC 1035 section 3.3.13)
    90 ──────────── seconds after a success; after a failure the SOA's RETRY if that is sooner
    "0 30 2 ? * *"  by the calendar (`cron.py`); after a failure the SOA's RETRY if that is sooner

No time is nearer than the deployment's shortest interval. REFRESH and RETRY count as at most a day. Looks that fail one
after another are each twice as far apart as those before, up to REFRESH or an hour, whichever is less:

    look ─ RETRY ─ look ── 2 RETRY ── look ──── 4 RETRY ──── look ─────── REFRESH, or an hour ─────── look

A schedule is stored as it was written.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zonewright.protocol.types import HIGHEST_TTL

if TYPE_CHECKING:
    from zonewright.model.cron import Cron

REFRESH = "refresh"
LONGEST = HIGHEST_TTL
"""Seconds of the longest interval, the same as of a TTL (RFC 2181 section 8)."""

_DAY = 86400
_LONGEST_WAIT = 3600
"""Most seconds between two looks at primaries that stay silent, unless the zone's own times are further apart."""
_MOST_DOUBLINGS = 12
LONGEST_TEXT = 250
"""Characters of a cron expression."""

Schedule = str | int
"""`REFRESH`, a cron expression, or an interval in seconds."""


@dataclass(frozen=True, slots=True)
class Timers:
    """REFRESH, RETRY and EXPIRE of an SOA, in seconds. Older deployments did not store EXPIRE."""

    refresh: int
    retry: int
    expire: int = 1209600  # the least that RFC 1912 section 2.2 suggests


DEFAULT_TIMERS = Timers(3600, 600)
"""The timers of a zone whose SOA was never seen."""


def parse(text: str) -> Schedule | None:
    """Return the schedule that a setting of the deployment gives, or None for an empty one. Raise ValueError."""
    if text.isdecimal():
        return int(text)
    if not _is_text(text or REFRESH):
        raise ValueError(f"{text} is no schedule")
    return text or None


def is_schedule(value: object, shortest: int) -> bool:
    """Return whether `value` is a schedule. An interval has at least `shortest` seconds."""
    return (type(value) is int and shortest <= value <= LONGEST) or (isinstance(value, str) and _is_text(value))


def _is_text(value: str) -> bool:
    return value == REFRESH or _calendar(value) is not None


def recurrence(schedule: Schedule | None) -> str | None:
    """Return the cron expression of a schedule by the calendar, or None for any other schedule."""
    return schedule if isinstance(schedule, str) and schedule != REFRESH else None


def _calendar(text: str) -> "Cron | None":
    from zonewright.model import cron

    try:
        return cron.parse(text) if len(text) <= LONGEST_TEXT else None
    except cron.NoCron:
        return None


def next_due(
    schedule: Schedule | None, timers: Timers, shortest: int, moment: datetime, *, failed: bool = False, looks: int = 0
) -> datetime | None:
    """Return when a zone is due after a sync that succeeded or failed at `moment`, or after a look.

    Return None without a schedule. `shortest` is the shortest interval in seconds. `looks` counts the looks that failed
    one after another, with this one.
    """
    if schedule is None:
        return None
    own, retry = _own(schedule, timers, moment), moment + timedelta(seconds=min(timers.retry, _DAY))
    if failed:
        own = retry if schedule == REFRESH or own is None else min(own, retry)
    if own is None:
        return None
    wait = max(own - moment, timedelta(seconds=shortest))
    if looks > 1:
        longest = max(wait, timedelta(seconds=min(timers.refresh, _LONGEST_WAIT)))
        wait = min(wait * 2 ** min(looks - 1, _MOST_DOUBLINGS), longest)
    return moment + wait


def first_due(
    schedule: Schedule | None, timers: Timers, shortest: int, synced: datetime, now: datetime
) -> datetime | None:
    """Return when a zone is first due after its schedule was set at `now`.

    An interval counts from the last sync at `synced`, a calendar from now.
    """
    return next_due(schedule, timers, shortest, now if recurrence(schedule) else synced)


def _own(schedule: Schedule, timers: Timers, moment: datetime) -> datetime | None:
    """Return the next time of a schedule after a success, or None for a calendar without a further time."""
    if isinstance(schedule, int):
        return moment + timedelta(seconds=schedule)
    if schedule == REFRESH:
        return moment + timedelta(seconds=min(timers.refresh, _DAY))
    calendar = _calendar(schedule)
    return calendar.after(moment) if calendar else None
