"""What happened to a zone, one entry of its history each: who, what, how it ended, how much moved."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChangeType(StrEnum):
    """What was asked for; the words of the VinylDNS contract, section 3.1."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    SYNC = "Sync"
    AUTOMATED_SYNC = "AutomatedSync"


class ChangeStatus(StrEnum):
    """How far it got."""

    PENDING = "Pending"
    SYNCED = "Synced"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Counts:
    """RRsets that a change created, updated, deleted and left as they were."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.created + other.created,
            self.updated + other.updated,
            self.deleted + other.deleted,
            self.unchanged + other.unchanged,
        )

    @property
    def moved(self) -> int:
        """RRsets that differ between the two sides."""
        return self.created + self.updated + self.deleted


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a zone's history; its id is also the id of the sync and of its execution.

    `reason` says why it failed, or what a reader should know (mixed TTLs, out-of-zone records).
    `transfer` is how a sync came by the contents: AXFR or IXFR. `base` and `version` are the contents
    before and after; `differences` names the stored parts of what moved between them (`contents/`),
    empty where everything was created.
    """

    id: str
    zone_id: str
    type: ChangeType
    user_id: str
    created: datetime
    status: ChangeStatus = ChangeStatus.PENDING
    reason: str | None = None
    counts: Counts | None = None
    records: int | None = None
    serial: int | None = None
    finished: datetime | None = None
    base: int = 0
    version: int | None = None
    differences: tuple[str, ...] = field(default=())
    transfer: str | None = None

    @property
    def seconds(self) -> float | None:
        """How long it took, from the request to the end."""
        return None if self.finished is None else (self.finished - self.created).total_seconds()
