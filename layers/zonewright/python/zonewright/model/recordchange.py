"""Record changes: what callers want of a copied zone, and its primary has to take before it is shown here.

    asked ──▶ waits, behind those before it ──▶ sent to the primary ──▶ Complete, in a version of the copy
                                                      └──▶ Failed: refused, out of sync, or too long away

They are taken in the order of arrival, at most `MOST` in one update message (RFC 2136). A message is all or nothing, so
one has at most one change of an owner name, and a change fits in one message. Contract backends.md, sections 3 and 7.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zonewright.model import diff
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.diff import Move
from zonewright.protocol import names, rrset

MOST = 40
"""Record changes in one message. They end in one transaction, which has two writes for each."""

MOST_WAITING = 1000
"""Record changes of a zone that may wait. A new one is judged by what all of them lead to."""

PATIENCE = timedelta(minutes=10)
"""How long a record change may wait for a primary that is away."""

LARGEST = 300_000
"""Bytes of the item of a record change, without the rest of it."""

OUT_OF_SYNC = (
    "This record set is out of sync with the DNS backend. Sync this zone before attempting to update this record set."
)
"""VinylDNS's words for a record set that the primary has otherwise."""


class Status(StrEnum):
    """How far a record change is, in VinylDNS's words."""

    PENDING = "Pending"
    COMPLETE = "Complete"
    FAILED = "Failed"


_STATUSES = {
    ChangeStatus.PENDING: Status.PENDING,
    ChangeStatus.SYNCED: Status.COMPLETE,
    ChangeStatus.FAILED: Status.FAILED,
}


def status(change: Change) -> Status:
    """Return how far a record change is, by its entry."""
    return _STATUSES[change.status]


def failed_applying(change: Change, reason: str) -> str:
    """Return why a record change failed for any other reason, in VinylDNS's words."""
    return f"Failed applying update to DNS for change {change.id}:{_name(diff.read(change.moved)[0])}: {reason}"


def _name(move: Move) -> str:
    """Return the owner name of a move, below the zone."""
    found = rrset.from_line(move.after or move.before or "")
    if found.spelling:
        return found.spelling.replace(" ", ".")
    return names.text_of(found.key, "") if found.key else "@"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record change that waits: its entry of the history to be, and its moves. TTLs are those that DNS shows.

    With `exact` the record sets must be as before, here and at the primary. Otherwise `before` only tells what was to
    be expected: VinylDNS's callers do not say what they saw.
    """

    change: Change
    moves: tuple[Move, ...]
    exact: bool = False

    @property
    def owners(self) -> frozenset[str]:
        """Return the sort keys of the owner names."""
        return frozenset(rrset.key(move.place) for move in self.moves)

    def expired(self, now: datetime, since: datetime) -> bool:
        """Return whether it has waited too long for a primary that is away `since` a time."""
        return now - max(self.change.created, since) >= PATIENCE


def over(waiting: Iterable[RecordChange]) -> dict[str, str | None]:
    """Return what record changes lead to, one after the other: the line at each place, or None."""
    return {move.place: move.after for each in waiting for move in each.moves}
