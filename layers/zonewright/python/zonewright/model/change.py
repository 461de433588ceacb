"""The entries of a zone's history: what happened, by whom, and with which result."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LONGEST_REASON = 1_000
"""Characters of a reason. Each of many primaries may say something, and what they say is text of others."""


class ChangeType(StrEnum):
    """The kind of a change, in the words of the VinylDNS contract (section 3.1)."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    SYNC = "Sync"
    AUTOMATED_SYNC = "AutomatedSync"


class ChangeStatus(StrEnum):
    """How far a change is."""

    PENDING = "Pending"
    SYNCED = "Synced"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many RRsets a change created, updated, deleted and left unchanged."""

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
        """Return the number of RRsets that differ between the two sides."""
        return self.created + self.updated + self.deleted


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a zone's history. Its id is also the id of the sync and of its execution.

    `reason` says why the change failed, or holds a note for readers, such as mixed TTLs or records outside the zone.
    `error` is the name of the error of a failure. `transfer` is how a sync got the contents: AXFR or IXFR. `base` and
    `version` are the numbers of the contents before and after. `differences` has the keys of the stored differences
    between them (`contents/`), and is empty if everything was created. `comment` is what the caller said of the change.

    A record change (`recordchange.py`) has its moves here, in their stored form (`diff.py`): `moved`. `differing` says
    what its name server had, and what is here, if that stopped it.
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
    error: str | None = None
    comment: str | None = None
    moved: tuple[str, ...] = field(default=())
    differing: str | None = None

    @property
    def seconds(self) -> float | None:
        """Return the seconds from the request to the end, or None for a change that has not ended."""
        return None if self.finished is None else (self.finished - self.created).total_seconds()


def bounded(reason: str) -> str:
    """Return a reason as it is stored."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 3]}..."
