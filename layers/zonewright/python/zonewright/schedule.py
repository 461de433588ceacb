"""When a zone is copied again without being asked to be: its schedule, and the moment that follows from it.

    none ────────── never
    "refresh" ───── as its SOA says: REFRESH after a success, RETRY after a failure (RFC 1035 section 3.3.13)
    90 ──────────── so many seconds after a success; after a failure the SOA's RETRY, where that is sooner

No moment is nearer than the deployment's shortest interval, and REFRESH and RETRY are taken as a day where they are
more. A schedule is stored as it is written: any other text is free for a calendar's, such as a cron expression.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

REFRESH = "refresh"
LONGEST = 2**31 - 1
"""Seconds that an interval may be, as of a TTL (RFC 2181 section 8)."""

_DAY = 86400

Schedule = str | int
"""`REFRESH`, or an interval in seconds."""


@dataclass(frozen=True, slots=True)
class Timers:
    """An SOA's REFRESH and RETRY, seconds."""

    refresh: int
    retry: int


USUAL = Timers(3600, 600)
"""What serves until the first SOA is seen."""


def parse(text: str) -> Schedule | None:
    """A schedule as a setting of the deployment says it, none where it is empty; ValueError where it is neither."""
    if text in ("", REFRESH):
        return text or None
    return int(text)


def fits(value: object, shortest: int) -> bool:
    """Whether `value` is a schedule; an interval has at least `shortest` seconds."""
    return value == REFRESH or (type(value) is int and shortest <= value <= LONGEST)


def following(
    schedule: Schedule | None, timers: Timers, shortest: int, moment: datetime, *, failed: bool = False
) -> datetime | None:
    """When a zone is due that was copied, or could not be, at `moment`; None where it has no schedule."""
    if schedule is None:
        return None
    seconds = min(timers.retry if failed else timers.refresh, _DAY)
    if isinstance(schedule, int):
        seconds = min(schedule, seconds) if failed else schedule
    return moment + timedelta(seconds=max(seconds, shortest))
