"""How record changes (`recordchange.py`) go to a primary: which are in one message, and what each of them sends.

VinylDNS's rules for a record change that stands alone are here too. Contract backends.md, section 7.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from zonewright.model.diff import Kind, Move
from zonewright.model.push import OVERHEAD, Options, Prerequisites, Serial
from zonewright.model.recordchange import MOST, RecordChange
from zonewright.protocol import rrset

OPTIONS = Options(Serial.THEIRS, Prerequisites.RECORDSETS)
"""How primaries are written to: they count the serial, and are asked for each record set as it was."""

ROOM = OPTIONS.octets - OVERHEAD
"""Octets of the moves in one message."""


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


def ready(waits: RecordChange, shown: Callable[[str], str | None]) -> "Ready | None":
    """Return a record change as it is to be made where `shown` returns the line at a place, or None if it may not be.

    A record set that is shown as after was brought by a sync: an earlier try had reached the primary.
    """
    sent, published = [], []
    for move in waits.moves:
        now = shown(move.place)
        done, same = _same(now, move.after), _same(now, move.before)
        if waits.exact and not (same or done):
            return None
        before = move.before if waits.exact or move.kind is not Kind.UPDATED else now
        sent.append(Move(before, move.after))
        if not done or now != move.after:
            published.append(Move(now, move.after))
    return Ready(waits, tuple(sent), tuple(published))


def _same(line: str | None, other: str | None) -> bool:
    return line == other or bool(line and other and rrset.equivalent(line, other))
