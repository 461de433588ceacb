"""Updates (RFC 2136) of name servers that zones are written to: send one, believe its answer, prove what it did.

    send ──▶ NOERROR            applied: servers answer after the commit
         ──▶ silence            applied or not: ask for what holds if it was, else send again
         ──▶ NXRRSET, YXRRSET   applied by an earlier try: ask likewise; else somebody else wrote (TargetDiverged)
         ──▶ other codes        a delay or a refusal (`protocol/answer.py`)

Over TCP or TLS only, each message on a connection of its own. The addresses that may be connected to, and the times,
are those of transfers (`connection.py`). Contract backends.md, sections 4.5 and 7.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from zonewright.errors import (
    DeliveryError,
    DeliveryRefused,
    PrimaryForbidden,
    PrimaryUnreachable,
    PrimaryUntrusted,
    ServerForbidden,
    ServerSilent,
    ServerUnreachable,
    ServerUntrusted,
    TargetDiverged,
    TransferError,
)
from zonewright.model.diff import Move
from zonewright.model.push import Message, Push
from zonewright.model.zone import Primary
from zonewright.protocol import rrset, update
from zonewright.protocol.answer import Question
from zonewright.protocol.tsig import Key
from zonewright.protocol.update import Section
from zonewright.protocol.wire import unsigned
from zonewright.servers import connection
from zonewright.servers.connection import Reach

_NO_CONNECTION: dict[type[TransferError], type[DeliveryError]] = {
    PrimaryForbidden: ServerForbidden,
    PrimaryUnreachable: ServerUnreachable,
    PrimaryUntrusted: ServerUntrusted,
}
"""What an error of a connection means for an update. Every other one leaves open whether the update was applied."""

_TRIES = 2
"""How often one call sends a message that was lost. Its caller has the longer patience (section 7)."""


_QUESTIONS = 40
"""How often a target is asked which record sets it refuses."""


@dataclass(frozen=True, slots=True)
class Target:
    """A name server that a zone is written to, or that is asked or told of it.

    It comes with the TSIG key that signs, and the limits of connections.
    """

    zone: dns.name.Name
    server: Primary
    key: Key | None
    reach: Reach

    @property
    def origin(self) -> bytes:
        """Return the name of the zone in wire form, in lower case."""
        return self.zone.canonicalize().to_wire() or b""


def push(target: Target, planned: Push, done: int = 0) -> Iterator[int]:
    """Send the messages behind the first `done`, and yield how many the target has after each.

    A message that an earlier call sent, without an answer, is not applied twice. Raise a DeliveryError.
    """
    for message in planned.messages[done:]:
        _bring(target, message, planned)
        yield message.number


def proven(target: Target, planned: Push) -> bool:
    """Return whether the target has what the last message of a push brought, TTLs aside.

    It finds what a name server ignored and answered NOERROR. A push without messages is proven. Raise a DeliveryError.
    """
    proofs = [part for message in planned.messages[-1:] for part in message.proofs(planned.options)]
    return all(holds(target, part) for part in proofs)


def holds(target: Target, prerequisites: Section) -> bool:
    """Return whether prerequisites hold at the target, by an update that changes nothing. Raise a DeliveryError."""
    try:
        _exchange(target, prerequisites, Section())
    except TargetDiverged:
        return False
    return True


def served(target: Target, owner: dns.name.Name, rdtype: int) -> dns.rrset.RRset | None:
    """Return the RRset that a target serves at a name, or None if it has none. Raise a DeliveryError."""
    query = dns.message.make_query(owner, dns.rdatatype.RdataType.make(rdtype), flags=0)
    question = Question(query.to_wire(), target.key)
    with undelivered():
        octets = connection.exchange(target.server, question.octets, target.reach)
    found = dns.message.from_wire(unsigned(question.read(octets).octets))
    return found.get_rrset(found.answer, owner, dns.rdataclass.IN, query.question[0].rdtype)


def refused(target: Target, moves: Sequence[Move]) -> Iterator[Move]:
    """Yield the first moves that a target refuses whatever they are to: its policy does not allow their record sets.

    Asked by updates that change nothing: an RR that is there is added, one that is not is deleted. Half of the moves
    are asked for together, so that few refused ones are found soon. Raise a DeliveryError for a delay.
    """
    left = [moves]
    for _ in range(_QUESTIONS):
        if not left:
            return
        some = left.pop()
        if some and not _allowed(target, some):
            if len(some) == 1:
                yield some[0]
            else:
                left += [some[len(some) // 2 :], some[: len(some) // 2]]


def _allowed(target: Target, moves: Iterable[Move]) -> bool:
    try:
        _exchange(target, Section(), update.joined(map(_idle, moves)))
    except DeliveryRefused:
        return False
    return True


def _idle(move: Move) -> Section:
    """Return an update of a record set that changes nothing before the move."""
    found = rrset.from_line(move.before or move.after or "")
    return update.added(found, found.rdatas[:1]) if move.before else update.deleted_rrs(found, found.rdatas[:1])


def _bring(target: Target, message: Message, planned: Push) -> None:
    """Have a message applied once."""
    applied = message.applied(planned.options.prerequisites)
    for last in [False] * (_TRIES - 1) + [True]:
        try:
            return _exchange(target, message.prerequisites, message.updates)
        except (ServerSilent, TargetDiverged) as error:
            if applied.count and holds(target, applied):
                return None
            if last or isinstance(error, TargetDiverged):
                raise
    return None


def _exchange(target: Target, prerequisites: Section, updates: Section) -> None:
    """Send an update, and return if it was done. Raise a DeliveryError."""
    question = Question(update.message(target.origin, prerequisites, updates), target.key)
    with undelivered():
        answer = connection.exchange(target.server, question.octets, target.reach)
    question.judge(answer)


@contextmanager
def undelivered() -> Iterator[None]:
    """Raise the DeliveryError that the error of a connection means."""
    try:
        yield
    except TransferError as error:
        raise _NO_CONNECTION.get(type(error), ServerSilent)(error.message) from error
