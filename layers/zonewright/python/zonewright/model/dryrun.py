"""A dry run: the change a sync would have been, which was not made.

It holds no zone. While it runs it has a lease, so that a zone has one at a time; one that is Pending when that is over
has died. Report and differences are kept for a week.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zonewright.model.change import Change, ChangeStatus

KEPT = timedelta(days=7)
"""How long a report can be read; `template.yaml` keeps what it names as long."""


@dataclass(frozen=True, slots=True)
class Report:
    """One dry run. `change` says how it went; `change.base` is the version it compared with, `held` the serial of that.

    `refusal` is why a sync of these contents would be refused, which a dry run is not.
    """

    change: Change
    lease: datetime
    held: int | None = None
    refusal: str | None = None

    @property
    def id(self) -> str:
        """Its id, which is that of its execution."""
        return self.change.id

    @property
    def expires(self) -> datetime:
        """When it is forgotten."""
        return self.change.created + KEPT

    @property
    def in_sync(self) -> bool | None:
        """Whether the zone is as the primary has it; None where that is not known."""
        return None if self.change.counts is None else not self.change.counts.moved

    def at(self, now: datetime) -> "Report":
        """It as a reader sees it: failed, where it never ended and its lease is over."""
        if self.change.status is not ChangeStatus.PENDING or now < self.lease:
            return self
        reason = "it was abandoned: its lease ran out before it ended"
        return replace(self, change=replace(self.change, status=ChangeStatus.FAILED, reason=reason))
