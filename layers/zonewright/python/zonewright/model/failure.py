"""The last failure of a look at a zone's primaries, or of a sync.

success ──▶ failure ──▶ failure ──▶ failure ──▶ success
               └ since                 └ at         └ none

A sync that succeeds ends it. So does a look that finds the serial of the contents, but only if no sync failed since the
last success: a look shows that a primary answers, not that it allows a transfer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a look or a sync failed, in a text that names the primaries.

    It failed last at `at`, and first, after the last success, at `since`. Both are None if an older deployment stored
    the reason alone. `of_sync` says that a sync is among the failures since then. `looks` counts the looks that failed
    one after another while the zone had this `revision`.
    """

    reason: str
    at: datetime | None = None
    since: datetime | None = None
    of_sync: bool = False
    looks: int = 0
    revision: int | None = None

    @property
    def text(self) -> str:
        """Return the reason with its times, for people."""
        if self.at is None or self.since is None:
            return self.reason
        if self.at == self.since:
            return f"{self.reason} (at {shown(self.at)})"
        return f"{self.reason} (at {shown(self.at)}, failing since {shown(self.since)})"


def following(before: Failure | None, reason: str, now: datetime, *, of_sync: bool) -> Failure:
    """Return the failure of a zone whose sync or look failed again, or for the first time, at `now`."""
    if before is None:
        return Failure(reason, now, now, of_sync)
    return Failure(reason, now, before.since or now, of_sync or before.of_sync)


def shown(moment: datetime) -> str:
    """Return a time for people, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
