"""A batch change: what was asked, and how far it got (contract `vinyldns-writes.md`, sections 13 to 15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zonewright.model.batches.problems import Problem
from zonewright.protocol.fields import Record

TYPES = ("A", "AAAA", "CNAME", "PTR", "TXT", "MX", "NS", "SRV", "NAPTR")
"""The record types that a batch may change, in the order of VinylDNS's message."""


class ChangeType(StrEnum):
    """What a change does."""

    ADD = "Add"
    DELETE = "DeleteRecordSet"


class Status(StrEnum):
    """How far a change got."""

    PENDING = "Pending"
    COMPLETE = "Complete"
    FAILED = "Failed"
    NEEDS_REVIEW = "NeedsReview"
    REJECTED = "Rejected"
    CANCELLED = "Cancelled"


class Approval(StrEnum):
    """Who let a batch run, if anybody."""

    AUTO_APPROVED = "AutoApproved"
    PENDING_REVIEW = "PendingReview"
    MANUALLY_APPROVED = "ManuallyApproved"
    MANUALLY_REJECTED = "ManuallyRejected"
    CANCELLED = "Cancelled"


class BatchStatus(StrEnum):
    """How far a batch got."""

    PENDING_REVIEW = "PendingReview"
    SCHEDULED = "Scheduled"
    REJECTED = "Rejected"
    CANCELLED = "Cancelled"
    PENDING_PROCESSING = "PendingProcessing"
    FAILED = "Failed"
    PARTIAL_FAILURE = "PartialFailure"
    COMPLETE = "Complete"


_BY_APPROVAL = {
    Approval.MANUALLY_REJECTED: BatchStatus.REJECTED,
    Approval.CANCELLED: BatchStatus.CANCELLED,
}
"""The status of a batch that will not run."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as it was asked for. `name` is an FQDN with its dot, or the address of a PTR. `ttl` is seconds.

    A deletion without a `record` is of the whole record set.
    """

    type: ChangeType
    name: str
    record_type: str
    record: Record | None = None
    ttl: int | None = None

    @property
    def adds(self) -> bool:
        """Return whether the change adds a record."""
        return self.type is ChangeType.ADD


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a stored batch. It has the names of its zone and record set if they were found.

    `ttl`, in seconds, is there for additions. `message` is VinylDNS's `systemMessage`.
    """

    id: str
    asked: Asked
    status: Status = Status.PENDING
    ttl: int | None = None
    zone_id: str = ""
    zone_name: str = ""
    record_name: str = ""
    problems: tuple[Problem, ...] = ()
    message: str | None = None
    record_change_id: str | None = None
    record_set_id: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch change."""

    id: str
    user_id: str
    user_name: str
    created: datetime
    changes: tuple[Change, ...]
    approval: Approval
    comments: str | None = None
    owner_group_id: str | None = None
    scheduled: datetime | None = None
    reviewer_id: str | None = None
    review_comment: str | None = None
    reviewed: datetime | None = None
    cancelled: datetime | None = None

    @property
    def status(self) -> BatchStatus:
        """Return how far the batch got."""
        if self.approval is Approval.PENDING_REVIEW:
            return BatchStatus.PENDING_REVIEW if self.scheduled is None else BatchStatus.SCHEDULED
        return _BY_APPROVAL.get(self.approval) or of_changes(each.status for each in self.changes)


def of_changes(statuses: Iterable[Status]) -> BatchStatus:
    """Return how far a batch got that runs, from its changes."""
    found = set(statuses)
    if Status.PENDING in found:
        return BatchStatus.PENDING_PROCESSING
    if Status.FAILED in found:
        return BatchStatus.FAILED if found == {Status.FAILED} else BatchStatus.PARTIAL_FAILURE
    return BatchStatus.COMPLETE
