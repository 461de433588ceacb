"""Push: the messages that bring a name server from one version of a zone to another (RFC 2136).

The unit is the RRset: it is deleted and added. Name servers keep the net difference, and its TTL is that of the RR
added last. There are three exceptions:

* the NS RRset of the apex: added first, then the RRs that went are deleted. A deletion of all is ignored (RFC 2136
  section 3.4.2.4);
* the SOA is added only, and replaces the one there if its serial is newer;
* an RRset of more than half a message: only the RRs that moved.

All moves of one owner name are in one message, deletions first: a CNAME that is added beside other data is ignored
without a word. Owner names come in canonical order: those where something is created or updated, then those where
something is only deleted. So the cut into messages is a function of the moves and the options, and a push that stopped
goes on with the message that it stopped at.

    before the push    serial B                        message k of n asks for the SOA of message k-1, and brings
    message 1 of n     serial S-(n-1)                  the SOA with serial S-(n-k): the serial says which message
    message n of n     serial S, the version's own     came last

Contract backends.md, section 4.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from zonewright.errors import SerialTooNear, UpdateTooLarge
from zonewright.model import diff
from zonewright.model.diff import Move
from zonewright.protocol import names, rrset, serial, types, update
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import NS, SOA
from zonewright.protocol.update import Section

T = TypeVar("T")

_APEX_NS = f"{rrset.TAB}{NS}{rrset.TAB}"
_PASSING = b"\x03ttl\x07invalid\x00"
"""An NS that is added and deleted in one message (RFC 2606)."""
_SIGNERS = frozenset({types.RRSIG, types.NSEC, types.NSEC3, types.NSEC3PARAM, types.DNSKEY, types.CDS, types.CDNSKEY})
NOT_OURS = _SIGNERS | {types.ZONEMD, 65534, SOA}
"""Types that no move writes: those of the name server's signer (65534 is BIND's), and the SOA, which has a rule."""

OVERHEAD = 2048
"""Octets of a message beside the moves, at most: header, zone, two SOAs, and a TSIG with the longest names.

It is the same for all messages and keys, so that a push is cut alike when it goes on.
"""

LEAST_OCTETS, MOST_OCTETS = 4096, 65535


class Serial(StrEnum):
    """Who counts the serial: this service, or the name server, as one that signs the zone does."""

    OURS = "ours"
    THEIRS = "theirs"


class Prerequisites(StrEnum):
    """What a message asks for: the SOA that we left, each RRset as it was, both, or nothing."""

    ZONE = "zone"
    RECORDSETS = "recordsets"
    BOTH = "both"
    NONE = "none"

    @property
    def of_soa(self) -> bool:
        """Return whether the SOA is asked for."""
        return self in (Prerequisites.ZONE, Prerequisites.BOTH)

    @property
    def of_sets(self) -> bool:
        """Return whether each RRset is asked for."""
        return self in (Prerequisites.RECORDSETS, Prerequisites.BOTH)


@dataclass(frozen=True, slots=True)
class Options:
    """How a target is written to. `octets` is the size of the largest message."""

    serial: Serial = Serial.OURS
    prerequisites: Prerequisites = Prerequisites.ZONE
    octets: int = 60_000

    def __post_init__(self) -> None:
        if self.serial is Serial.THEIRS and self.prerequisites.of_soa:
            raise ValueError("the SOA of a name server that counts its own serial is no prerequisite")
        if not LEAST_OCTETS <= self.octets <= MOST_OCTETS:
            raise ValueError(f"a message has {LEAST_OCTETS:,} to {MOST_OCTETS:,} octets")


@dataclass(frozen=True, slots=True)
class Message:
    """Message `number` of `of`, from 1. `moves` are as DNS shows them; `soa` is the line of the SOA that it brings."""

    number: int
    of: int
    moves: tuple[Move, ...]
    prerequisites: Section
    updates: Section
    soa: str | None

    def applied(self, by: Prerequisites) -> Section:
        """Return what holds if this message was the last one applied. It tells a lost answer from a lost update.

        With `none`, nothing tells them apart, and the section is empty.
        """
        if by.of_soa and self.soa:
            return update.exactly(rrset.from_line(self.soa))
        return update.joined(map(_as_after, self.moves)) if by.of_sets else Section()

    def proofs(self, options: Options) -> Iterator[Section]:
        """Yield the prerequisites that hold after this message, in messages of at most `octets`.

        They find what a name server ignored silently, but not its TTLs. RRsets larger than a message are left out. So
        is the SOA, unless the target gets it right in prerequisites.
        """
        room = options.octets - OVERHEAD
        soa = self.soa if options.prerequisites.of_soa else None
        parts = [update.exactly(rrset.from_line(soa))] if soa else []
        parts += [part for part in map(_as_after, self.moves) if len(part) <= room]
        for run in cut([(len(part), part) for part in parts], room):
            yield update.joined(run)


@dataclass(frozen=True, slots=True)
class Push:
    """All messages of a push, in order."""

    messages: tuple[Message, ...]
    options: Options

    def arrived(self, there: int) -> int | None:
        """Return how many messages a name server has whose serial is `there`, or None if no message left that one.

        For a target that counts its own serial it is None.
        """
        return next((each.number for each in self.messages if each.soa and rrset.serial_of(each.soa) == there), None)


@dataclass(frozen=True, slots=True)
class _Owner:
    """The moves of one owner name, and what they are in a message."""

    moves: tuple[Move, ...]
    prerequisites: Section
    updates: Section

    def __len__(self) -> int:
        return len(self.prerequisites) + len(self.updates)


def moves_between(old: Iterable[str], new: Iterable[str], was: int, ttl: int) -> list[Move]:
    """Return the moves from one run of lines to another, whose zones have the TTLs `was` and `ttl`.

    A zone whose TTL changed has moves of every RRset without a TTL of its own.
    """
    if was == ttl:
        return diff.exact_moves(old, new)
    before = [rrset.as_served(line, was) for line in old]
    return diff.exact_moves(before, [rrset.as_served(line, ttl) for line in new])


def plan(moves: Iterable[Move], left: str, soa: str, ttl: int, options: Options) -> Push:
    """Return the messages that do `moves`, in any order, at a name server where we left the SOA of the line `left`.

    `soa` is the line of the SOA to reach, `ttl` the zone's own TTL. Raise UpdateTooLarge, SerialTooNear.
    """
    ours = options.serial is Serial.OURS
    owners = list(_owners(seen(moves, ttl), options))
    runs = list(cut([(len(each), each) for each in owners], options.octets - OVERHEAD))
    if ours and not runs and rrset.serial_of(left) != rrset.serial_of(soa):
        runs = [[]]
    last, before, served = len(runs), left, rrset.as_served(soa, ttl) if ours else ""
    if ours and runs:
        _check_serials(rrset.serial_of(left), rrset.serial_of(soa), last)
    made = []
    for number, run in enumerate(runs, 1):
        asked, brought = [each.prerequisites for each in run], [each.updates for each in run]
        after = None
        if ours:
            after = rrset.with_serial(served, (rrset.serial_of(soa) - (last - number)) % serial.MODULUS)
            brought.append(update.added(rrset.from_line(after)))
        if options.prerequisites.of_soa:
            asked = [*asked, update.exactly(rrset.from_line(before))]
        moved = tuple(move for each in run for move in each.moves)
        made.append(Message(number, last, moved, update.joined(asked), update.joined(brought), after))
        before = after or before
    return Push(tuple(made), options)


def weight(moves: Iterable[Move], ttl: int, options: Options) -> int:
    """Return the octets that moves take in messages, beside `OVERHEAD`. `ttl` is the zone's own TTL.

    Raise UpdateTooLarge.
    """
    return sum(len(each) for each in _owners(list(seen(moves, ttl)), options))


def cut(sized: Iterable[tuple[int, T]], room: int) -> Iterator[list[T]]:
    """Yield neighbours together, as many as have room. Each has its size, which is not larger than the room."""
    run: list[T] = []
    filled = 0
    for size, each in sized:
        if run and filled + size > room:
            yield run
            run, filled = [], 0
        run.append(each)
        filled += size
    if run:
        yield run


def seen(moves: Iterable[Move], ttl: int) -> Iterator[Move]:
    """Yield the moves that a name server is told of, with lines as DNS shows them. `ttl` is the zone's own TTL."""
    for move in moves:
        if rrset.type_of(move.after or move.before or "") in NOT_OURS:
            continue
        before, after = (line and rrset.as_served(line, ttl) for line in (move.before, move.after))
        if before is None or after is None or not rrset.equivalent(before, after):
            yield Move(before, after)


def by_owner(moves: Iterable[Move]) -> list[tuple[Move, ...]]:
    """Return the moves of each owner name, in the order of messages: names that only lose something come last."""
    found = [
        tuple(group)
        for _, group in itertools.groupby(sorted(moves, key=lambda move: move.place), lambda move: _key(move.place))
    ]
    return sorted(found, key=lambda group: all(move.after is None for move in group))


def _owners(moves: Iterable[Move], options: Options) -> Iterator[_Owner]:
    """Yield the owner names of moves in the order of messages. Raise UpdateTooLarge."""
    room = options.octets - OVERHEAD
    for group in by_owner(moves):
        made = _owner(group, options.prerequisites, room)
        if len(made) > room:
            name = names.text_of(_key(group[0].place), ".") if _key(group[0].place) else "the apex"
            size = f"{len(made):,} octets, and a message has room for {room:,}"
            raise UpdateTooLarge(f"what moves of {name} takes {size}")
        yield made


def _owner(moves: tuple[Move, ...], prerequisites: Prerequisites, room: int) -> _Owner:
    """Return the moves of one owner name: deletions first, but the apex loses no NS before it has the new ones."""
    first: list[Section] = []
    then: list[Section] = []
    last: list[Section] = []
    for move in moves:
        before, after = (rrset.from_line(line) if line else None for line in (move.before, move.after))
        gone, come = _whole(before, after)
        if before and move.place == _APEX_NS:
            come, gone = _of_apex(before, after)
            last.append(gone)
        elif before and len(gone) + len(come) > room / 2:
            gone, come = _single(before, after)
            first.append(gone)
        else:
            first.append(gone)
        then.append(come)
    asked = update.joined(map(_as_before, moves)) if prerequisites.of_sets else Section()
    return _Owner(moves, asked, update.joined([*first, *then, *last]))


def _whole(before: RRset | None, after: RRset | None) -> tuple[Section, Section]:
    """Return the deletion of an RRset, and the addition of the one that takes its place."""
    return update.deleted(before) if before else Section(), update.added(after) if after else Section()


def _single(before: RRset, after: RRset | None) -> tuple[Section, Section]:
    """Return the deletion of the RRs that went, and the addition of those that came.

    A name server gives all RRs the TTL of the RR that is added last. Knot does so only if that RR is new, so one that
    stays is deleted and added for a new TTL.
    """
    gone, come = _differing(before, after)
    if after and not come and after.ttl != before.ttl:
        gone, come = [*gone, after.rdatas[0]], [after.rdatas[0]]
    return update.deleted_rrs(before, gone), update.added(after, come) if after else Section()


def _of_apex(before: RRset, after: RRset | None) -> tuple[Section, Section]:
    """Return the addition of the apex NS that came, and the deletion of those that went.

    PowerDNS deletes them last of all. So for a new TTL alone an RR is added that goes again.
    """
    gone, come = _differing(before, after)
    if after and not come and after.ttl != before.ttl:
        gone, come = [*gone, _PASSING], [_PASSING]
    return update.added(after, come) if after else Section(), update.deleted_rrs(before, gone)


def _differing(before: RRset, after: RRset | None) -> tuple[list[bytes], list[bytes]]:
    """Return the rdatas that went and those that came. Names are compared without case."""
    field = str(before.type)
    held = {rrset.folded(field, rdata.hex()): rdata for rdata in before.rdatas}
    wanted = {rrset.folded(field, rdata.hex()): rdata for rdata in after.rdatas} if after else {}
    gone = [rdata for text, rdata in held.items() if text not in wanted]
    return gone, [rdata for text, rdata in wanted.items() if text not in held]


def _as_before(move: Move) -> Section:
    """Return the prerequisite that an RRset is as it was before its move."""
    return _is(move.before, move.after)


def _as_after(move: Move) -> Section:
    """Return the prerequisite that an RRset is as its move left it."""
    return _is(move.after, move.before)


def _is(line: str | None, other: str | None) -> Section:
    """Return the prerequisite that the RRset of a line is there, or, for None, nothing at the place of the other."""
    return update.exactly(rrset.from_line(line)) if line else update.absent(rrset.from_line(other or ""))


def _key(place: str) -> str:
    return place.partition(rrset.TAB)[0]


def _check_serials(left: int, reached: int, messages: int) -> None:
    if serial.ahead(reached, left) < messages:
        needs = f"{messages:,} messages need as many serials"
        text = f"{needs}, and {reached} is not so far from {left}, which the name server has"
        raise SerialTooNear(text, (left + messages) % serial.MODULUS)
