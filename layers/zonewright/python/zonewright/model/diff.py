"""The difference of two runs of RRset lines: RRsets created, updated, deleted.

Both runs are sorted and hold each place (owner and type) once. RRsets that differ only in the case of names are equal
to DNS (RFC 4343), and so are RRsets whose lowest TTL is the same (RFC 2181 section 5.2). They have not moved, and count
as unchanged. The new line is stored all the same, so the next comparison finds equal text. DNS does not carry notes
either: a line without notes keeps the stored ones, also if its data is new, and a line with other notes changes them.

A stored difference is text in canonical order. `-` precedes a line that was there, `+` a line that is there now. An
update is a `-` and a `+` of one place next to each other. It lists what moved, so it does not always turn the old lines
into the new ones.
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zonewright.model.change import Counts
from zonewright.protocol import rrset


class Kind(StrEnum):
    """How an RRset moved."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Move:
    """One RRset that differs. `before` is None for a created RRset, `after` for a deleted one."""

    before: str | None
    after: str | None

    @property
    def kind(self) -> Kind:
        """Return whether the RRset was created, updated or deleted."""
        if self.before is None:
            return Kind.CREATED
        return Kind.DELETED if self.after is None else Kind.UPDATED

    @property
    def place(self) -> str:
        """Return owner and type, as the line begins."""
        return rrset.place(self.after or self.before or "")

    @property
    def hidden(self) -> bool:
        """Return whether readers are shown the same on both sides, but for the case of names."""
        if self.before is None or self.after is None or not rrset.equivalent(self.before, self.after):
            return False
        return rrset.notes_of(self.before) == rrset.notes_of(self.after)


@dataclass(frozen=True, slots=True)
class Difference:
    """All moves in canonical order, and the number of unchanged RRsets."""

    moves: tuple[Move, ...] = field(default=())
    unchanged: int = 0

    def counts(self) -> Counts:
        """Return how many RRsets were created, updated, deleted and unchanged."""
        kinds = [move.kind for move in self.moves]
        return Counts(kinds.count(Kind.CREATED), kinds.count(Kind.UPDATED), kinds.count(Kind.DELETED), self.unchanged)

    def lines(self) -> list[str]:
        """Return the stored form."""
        out = []
        for move in self.moves:
            if move.before is not None:
                out.append("-" + move.before)
            if move.after is not None:
                out.append("+" + move.after)
        return out


def exact_moves(old: Iterable[str], new: Iterable[str]) -> list[Move]:
    """Return the moves from the lines `old` to the lines `new`, in canonical order. Hidden ones count too."""
    held, wanted = set(old), set(new)
    before = {rrset.place(line): line for line in held - wanted}
    moves = [Move(before.pop(rrset.place(line), None), line) for line in wanted - held]
    moves += [Move(line, None) for line in before.values()]
    return sorted(moves, key=lambda move: move.place)


def diff(old: Sequence[str], new: Sequence[str]) -> tuple[Difference, list[str]]:
    """Return the difference of two runs, and the lines to store.

    The lines are those of `new`, but with the notes of `old`.
    """
    noted: dict[str, str] = {}
    moves: list[Move] = []
    for move in exact_moves(old, new):
        kept = keeping_notes(move)
        if not kept.hidden:
            moves.append(kept)
        if move.after and kept.after and kept is not move:
            noted[move.after] = kept.after
    unchanged = len(new) - sum(move.after is not None for move in moves)
    lines = [noted.get(line, line) for line in new] if noted else list(new)
    return Difference(tuple(moves), unchanged), lines


def keeping_notes(move: Move) -> Move:
    """Return the move with the notes of the line before, if the line after has none."""
    if move.before is None or move.after is None or rrset.notes_of(move.after):
        return move
    notes_text = rrset.notes_of(move.before)
    return Move(move.before, rrset.with_notes(move.after, notes_text)) if notes_text else move


def apply(difference: Difference, lines: Iterable[str]) -> list[str]:
    """Return the lines after the difference, of the `lines` before it."""
    result = list(lines)
    for move in difference.moves:
        at = bisect.bisect_left(result, move.place)
        there = at < len(result) and result[at].startswith(move.place)
        assert there == (move.before is not None), "the difference is one of this run"
        result[at : at + there] = [] if move.after is None else [move.after]
    return result


def read(lines: Iterable[str]) -> list[Move]:
    """Return the moves that `Difference.lines` wrote as `lines`."""
    moves: list[Move] = []
    for line in lines:
        sign, text = line[0], line[1:]
        if sign == "-":
            moves.append(Move(text, None))
        elif moves and moves[-1].after is None and moves[-1].place == rrset.place(text):
            moves[-1] = Move(moves[-1].before, text)
        else:
            moves.append(Move(None, text))
    return moves
