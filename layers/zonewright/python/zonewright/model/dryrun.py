"""A dry run: a sync that reports its changes and publishes none.

A dry run does not hold the zone. While it runs it has a lease, so a zone has one dry run at a time. A dry run that is
Pending after its lease has died. Its report and its differences are kept for a week.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zonewright.model.change import Change, ChangeStatus

KEPT = timedelta(days=7)
"""How long a report is kept. `template.yaml` keeps the objects that it names as long."""


@dataclass(frozen=True, slots=True)
class Report:
    """One dry run. `change` says how it went, and `change.base` is the version that it compared with.

    `held` is the serial of that version. `refusal` says why a sync of these contents would be refused; a dry run only
    reports it. `group_id` and `slot` are the project at its begin and its slot there (`store/slots.py`). Dry runs of
    older deployments have none.
    """

    change: Change
    lease: datetime
    held: int | None = None
    refusal: str | None = None
    group_id: str | None = None
    slot: int | None = None

    @property
    def id(self) -> str:
        """Return its id, which is the id of its execution."""
        return self.change.id

    @property
    def expires(self) -> datetime:
        """Return when the report expires."""
        return self.change.created + KEPT

    @property
    def in_sync(self) -> bool | None:
        """Return whether the zone has the contents of the primary. Return None if that is not known."""
        return None if self.change.counts is None else not self.change.counts.moved

    def at(self, now: datetime) -> "Report":
        """Return the dry run as it is at `now`: failed, if its lease ran out before it ended."""
        if self.change.status is not ChangeStatus.PENDING or now < self.lease:
            return self
        reason = "it was abandoned: its lease ran out before it ended"
        return replace(self, change=replace(self.change, status=ChangeStatus.FAILED, reason=reason))
