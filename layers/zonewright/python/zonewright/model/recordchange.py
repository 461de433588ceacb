"""Record changes: what callers want of a copied zone, and its primary has to take before it is shown here.

    asked ──▶ waits, behind those before it ──▶ sent to the primary ──▶ Complete, in a version of the copy
                                                      └──▶ Failed: refused, out of sync, or too long away

They are taken in the order of arrival, at most `MOST` in one update message (RFC 2136). A message is all or nothing, so
one has at most one change of an owner name, and a change fits in one message. Contract backends.md, sections 3 and 7.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from zonewright.model import diff
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.diff import Kind, Move
from zonewright.model.push import OVERHEAD, Options, Prerequisites, Serial
from zonewright.protocol import names, rrset

MOST = 40
"""Record changes in one message. They end in one transaction, which has two writes for each."""

MOST_WAITING = 1000
"""Record changes of a zone that may wait. A new one is judged by what all of them lead to."""

PATIENCE = timedelta(minutes=10)
"""How long a record change may wait for a primary that is away."""

LARGEST = 300_000
"""Bytes of the item of a record change, without the rest of it."""

OPTIONS = Options(Serial.THEIRS, Prerequisites.RECORDSETS)
"""How primaries are written to: they count the serial, and are asked for each record set as it was."""

ROOM = OPTIONS.octets - OVERHEAD
"""Octets of the moves in one message."""

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

    def ready(self, shown: Callable[[str], str | None]) -> "Ready | None":
        """Return the change as it is to be made where `shown` returns the line at a place, or None if it may not be.

        A record set that is shown as after was brought by a sync: an earlier try had reached the primary.
        """
        sent, published = [], []
        for move in self.moves:
            now = shown(move.place)
            done, same = _same(now, move.after), _same(now, move.before)
            if self.exact and not (same or done):
                return None
            before = move.before if self.exact or move.kind is not Kind.UPDATED else now
            sent.append(Move(before, move.after))
            if not done or now != move.after:
                published.append(Move(now, move.after))
        return Ready(self, tuple(sent), tuple(published))

    def expired(self, now: datetime, since: datetime) -> bool:
        """Return whether it has waited too long for a primary that is away `since` a time."""
        return now - max(self.change.created, since) >= PATIENCE


@dataclass(frozen=True, slots=True)
class Ready:
    """A record change that may be made: the moves that are `sent` to the primary, and those that are `published`."""

    waiting: RecordChange
    sent: tuple[Move, ...]
    published: tuple[Move, ...]

    @property
    def relaxed(self) -> "tuple[tuple[Move, ...], Prerequisites] | None":
        """Return what else may be sent alone, and what it asks for, if the primary has it neither as before nor after.

        VinylDNS's rules: what was to be updated may be absent, and what is deleted may be anything.
        """
        if self.waiting.exact or any(move.before is None for move in self.sent):
            return None
        if all(move.after is None for move in self.sent):
            return self.sent, Prerequisites.NONE
        absent = tuple(replace(move, before=None) for move in self.sent if move.after)
        return (absent, Prerequisites.RECORDSETS) if len(absent) == len(self.sent) else None


def together(waiting: Sequence[RecordChange], weigh: Callable[[Iterable[Move]], int], most: int = MOST) -> int:
    """Return how many of the first record changes may be in one message: all of other names, and there is room.

    `weigh` returns the octets of moves. The first one always may.
    """
    seen: set[str] = set()
    filled = 0
    for count, each in enumerate(waiting[:most]):
        filled += weigh(each.moves)
        if count and (filled > ROOM or seen & each.owners):
            return count
        seen |= each.owners
    return min(len(waiting), most)


def over(waiting: Iterable[RecordChange]) -> dict[str, str | None]:
    """Return what record changes lead to, one after the other: the line at each place, or None."""
    return {move.place: move.after for each in waiting for move in each.moves}


def _same(line: str | None, other: str | None) -> bool:
    return line == other or bool(line and other and rrset.equivalent(line, other))
