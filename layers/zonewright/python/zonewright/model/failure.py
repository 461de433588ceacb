"""The last failure of a look at a zone's primaries, or of a sync. It lasts until one of them succeeds.

success ──▶ failure ──▶ failure ──▶ failure ──▶ success
               └ since                 └ at         └ none
"""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a look or a sync failed, in a text that names the primaries.

    It failed last at `at`, and first, after the last success, at `since`. Both are None if an older deployment stored
    the reason alone.
    """

    reason: str
    at: datetime | None = None
    since: datetime | None = None

    @property
    def text(self) -> str:
        """Return the reason with its times, for people."""
        if self.at is None or self.since is None:
            return self.reason
        if self.at == self.since:
            return f"{self.reason} (at {shown(self.at)})"
        return f"{self.reason} (at {shown(self.at)}, failing since {shown(self.since)})"


def following(before: Failure | None, reason: str, now: datetime) -> Failure:
    """Return the failure of a zone that failed again, or for the first time, at `now`."""
    return Failure(reason, now, (before and before.since) or now)


def shown(moment: datetime) -> str:
    """Return a time for people, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
