"""Transfer of a record set to another owner group: its states (contract `vinyldns-writes.md`, section 7)."""

from dataclasses import dataclass
from enum import StrEnum


class TransferStatus(StrEnum):
    """The state of a transfer, as VinylDNS words it. The owner's group asks or approves."""

    AUTO_APPROVED = "AutoApproved"
    CANCELLED = "Cancelled"
    MANUALLY_APPROVED = "ManuallyApproved"
    MANUALLY_REJECTED = "ManuallyRejected"
    REQUESTED = "Requested"
    PENDING_REVIEW = "PendingReview"
    NONE = "None"


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer of a record set to the group that was asked for. `status` of a body may be any text."""

    status: str = TransferStatus.NONE
    group_id: str | None = None
