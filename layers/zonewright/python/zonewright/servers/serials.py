"""The SOA serials that name servers have, to see whether what was pushed is served. All are asked at the same time.

    UDP ──▶ answer                         its serial, or why it does not serve the zone
        ──▶ answer, truncated ──▶ TCP      one with many records or a long signature
        ──▶ silence ──▶ TCP                UDP may be filtered
    TLS, for a server with `tls`

`primaries.look` asks before a transfer: over TCP, as the transfer will, and with its errors. Here only a serial counts
that an authoritative server serves (flag AA). Contract backends.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import dns.flags
import dns.rcode

from zonewright.errors import (
    DeliveryError,
    ServerFailed,
    ServerSilent,
    ServerUnreachable,
    TransferMalformed,
    WrongZone,
    ZoneNotServed,
)
from zonewright.protocol import serial as serials
from zonewright.protocol import update, wire
from zonewright.protocol.answer import Answer, Question
from zonewright.protocol.transfer import soa_of
from zonewright.servers import connection, datagram
from zonewright.servers.updating import Target, undelivered

WAITS = (0.4, 0.8)
"""Seconds for an answer after each sending over UDP."""

PATIENCE = 2.0
"""Most seconds of a question over TCP or TLS."""

_REMEDY = "does it have the zone, and may this service ask it?"


@dataclass(frozen=True, slots=True)
class Seen:
    """A name server that was asked: the serial that it serves, or the error for none."""

    target: Target
    serial: int | None = None
    error: DeliveryError | None = None

    def has(self, wanted: int) -> bool:
        """Return whether it serves a serial or a newer one (RFC 1982)."""
        return self.serial is not None and (self.serial == wanted or serials.newer(self.serial, wanted))

    def said(self) -> str:
        """Return a text for logs and for those who ask for the delivery of a zone."""
        return f"{self.target.server}: {self.error.message if self.error else f'its serial is {self.serial}'}"


def ask(targets: Sequence[Target], waits: Sequence[float] = WAITS, patience: float = PATIENCE) -> list[Seen]:
    """Ask name servers for the SOA serial of the zone. Return what each said, in their order.

    `waits` are the seconds of UDP, `patience` those of TCP.
    """

    def attempt(target: Target) -> Seen:
        bounds = replace(target.reach, first=min(target.reach.first, patience))
        try:
            return Seen(target, _serial(replace(target, reach=bounds), waits))
        except DeliveryError as error:
            return Seen(target, error=error)

    return datagram.at_once(attempt, targets)


def _serial(target: Target, waits: Sequence[float]) -> int:
    """Return the serial that a name server serves. Raise a DeliveryError."""
    unsigned = update.about(target.origin, 0)
    if target.server.tls:
        return _read(target, _over_tcp(target, unsigned))
    try:
        answer = datagram.ask(target, unsigned, waits)
    except (ServerSilent, ServerUnreachable):
        return _read(target, _over_tcp(target, unsigned))
    if answer.flags & dns.flags.TC:
        answer = _over_tcp(target, unsigned)
    return _read(target, answer)


def _over_tcp(target: Target, unsigned: bytes) -> Answer:
    question = Question(unsigned, target.key)
    with undelivered():
        octets = connection.exchange(target.server, question.octets, target.reach)
    return question.read(octets)


def _read(target: Target, answer: Answer) -> int:
    """Return the serial in an answer. Raise ServerFailed, or ZoneNotServed."""
    if answer.code == dns.rcode.SERVFAIL:
        raise ServerFailed(f"the name server answered {answer.text}: has it loaded the zone, or has its copy expired?")
    if answer.code != dns.rcode.NOERROR:
        raise ZoneNotServed(f"the name server answered {answer.text} to the question for the SOA: {_REMEDY}")
    if not answer.flags & dns.flags.AA:
        raise ZoneNotServed("the answer is not authoritative: is it a resolver, or has its copy expired?")
    try:
        return soa_of(target.zone, answer.octets, wire.scan(answer.octets)).serial
    except (TransferMalformed, WrongZone) as error:
        raise ZoneNotServed(f"the name server answered without the SOA of the zone: {_REMEDY}") from error
