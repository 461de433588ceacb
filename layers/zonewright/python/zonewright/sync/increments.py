"""Increments of an IXFR (RFC 1995), turned into moves of RRsets.

An increment leads from one serial to the next. It lists the removed RRs, the old SOA first, and then the added RRs, the
new SOA first. Increments are applied in order. Only RRsets that differ at the end have moved.

An increment may remove an RR that the zone does not have, or add an RR that it has. Then the primary has other contents
than our version, and the whole IXFR is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from zonewright.errors import IncrementUnfit
from zonewright.model.diff import Move, keeping_notes
from zonewright.protocol import rrset
from zonewright.protocol.types import NAMELESS

_SOA = "\t6\t"
"""Start of the line of the apex SOA."""

RRChange = tuple[bool, str]
"""Whether an RR is added (or removed), and its line."""


@dataclass(frozen=True, slots=True)
class Increment:
    """RR lines that are removed and added from one serial to the next."""

    removed: list[str]
    added: list[str]


def read(lines: Iterable[str]) -> list[Increment]:
    """Return the increments in the RR lines of a complete IXFR, in their order.

    The lines begin and end with the new SOA. The increments are between.
    """
    found: list[Increment] = []
    into: list[str] | None = None
    for number, line in enumerate(lines):
        if not line.startswith(_SOA):
            assert into is not None, "the transfer machine found an SOA here"
            into.append(line)
        elif number:
            if into is None or into is found[-1].added:
                found.append(Increment([line], []))
                into = found[-1].removed
            else:
                into = found[-1].added
                into.append(line)
    return found[:-1]  # the closing SOA began another


def by_rrset(increments: Iterable[Increment]) -> dict[str, list[RRChange]]:
    """Group the changes of all increments by RRset (`rrset.place`), each group in order."""
    found: dict[str, list[RRChange]] = {}
    for each in increments:
        for added, lines in ((False, each.removed), (True, each.added)):
            for line in lines:
                found.setdefault(rrset.place(line), []).append((added, line))
    return found


def moves(
    changed: Mapping[str, Iterable[RRChange]],
    held: Callable[[str], str | None],
    shown: Callable[[str], str | None] | None = None,
) -> list[Move]:
    """Return the moves of changed RRsets, in canonical order. `held` returns our line at a place, or None.

    Hidden moves are among them (`Move.hidden`): the line changes, and what readers are shown does not. An RRset keeps
    its notes. Raise IncrementUnfit if a change does not fit our line. The moves begin with what `shown` returns
    instead, if it is given.
    """
    ordered = sorted(changed)
    after = (_RRset(place, held(place)).after(changed[place]).line() for place in ordered)
    return list(_moved(zip(map(shown or held, ordered), after, strict=True)))


def _moved(pairs: Iterable[tuple[str | None, str | None]]) -> Iterator[Move]:
    """Yield the moves of lines that differ."""
    for before, line in pairs:
        kept = keeping_notes(Move(before, line))
        if kept.before != kept.after:
            yield kept


class _RRset:
    """An RRset while it changes: the TTL and the owner of each rdata. So it becomes what a transfer would make it."""

    def __init__(self, place: str, before: str | None) -> None:
        self._place = place
        self._heads = {} if before is None else rrset.heads(before)
        self._field = place.split(rrset.TAB)[1]
        self._nameless = rrset.type_of(place) in NAMELESS
        self._alike: dict[bytes, list[str]] | None = None  # our rdatas by their octets in lower case

    def after(self, changes: Iterable[RRChange]) -> "_RRset":
        """Apply the changes, and return the RRset."""
        for added, line in changes:
            if added:
                self.add(line)
            else:
                self.remove(line)
        return self

    def add(self, line: str) -> None:
        """Add an RR."""
        ((text, head),) = rrset.heads(line).items()
        if self._same(text) is not None:
            raise IncrementUnfit(f"it adds {_described(line)}, which is there")
        self._heads[text] = head
        if self._alike is not None:
            self._alike.setdefault(_lowered(text), []).append(text)

    def remove(self, line: str) -> None:
        """Remove an RR. Its TTL is not compared."""
        same = self._same(line.split(rrset.TAB)[3])
        if same is None:
            raise IncrementUnfit(f"it removes {_described(line)}, which is not there")
        del self._heads[same]
        if self._alike is not None:
            self._alike[_lowered(same)].remove(same)

    def line(self) -> str | None:
        """Return the line of the RRset as it is now, or None if it is empty. It has no notes."""
        return rrset.of_heads(self._place, self._heads) if self._heads else None

    def _same(self, text: str) -> str | None:
        """Return our rdata that equals `text`, or None. The case of names in it is ignored (RFC 4343)."""
        if text in self._heads:
            return text
        if self._nameless:
            return None
        if self._alike is None:
            self._alike = {}
            for each in self._heads:
                self._alike.setdefault(_lowered(each), []).append(each)
        alike = self._alike.get(_lowered(text))
        if not alike:
            return None
        folded = rrset.folded(self._field, text)
        return next((each for each in alike if rrset.folded(self._field, each) == folded), None)


def _lowered(text: str) -> bytes:
    """Return rdata in hex as octets, with every letter in lower case. Equal rdatas have equal ones."""
    return bytes.fromhex(text).lower()


def _described(line: str) -> str:
    """Return the owner name, type and content of an RR line, for a message."""
    entry = rrset.from_line(line)
    owner = ".".join(reversed(entry.key.split(" "))) if entry.key else "the apex"
    return f"{owner} {entry.type_text()} {entry.texts()[0][:80]}"
