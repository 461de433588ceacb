"""Questions to a name server over UDP: sent again until an answer comes, or the time is over.

    send ── wait ── send ── wait longer ── send ── ...      to the addresses of the server in turn
      └────────────────┴───────────────────┴──────▶ the first answer to any of them that can be believed

The sockets are connected, so the system drops datagrams from elsewhere. An answer that cannot be believed, for it may
be forged, is dropped too (RFC 8945 section 5.4). The addresses are those that transfers may connect to
(`connection.py`).
"""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

from zonewright.errors import DeliveryError, ServerSilent, ServerUnreachable
from zonewright.protocol.answer import Answer, Question
from zonewright.servers import connection
from zonewright.servers.pace import Pace
from zonewright.servers.updating import Target, undelivered

T = TypeVar("T")

_LARGEST = 65_535
"""Octets of a datagram, at most."""


def ask(target: Target, unsigned: bytes, waits: Sequence[float]) -> Answer:
    """Return the first answer to a message, which is sent once for each of `waits`, and signed anew each time.

    `waits` are the seconds for an answer after each sending. Raise a DeliveryError.
    """
    with undelivered():
        addresses = connection.addresses_of(target.server, target.reach, Pace(target.reach))
    with ExitStack() as stack:
        ways = _Ways(stack)
        for address in addresses[: len(waits)]:
            ways.open(address, target.server.port)
        for number, seconds in enumerate(waits):
            if (answer := ways.send(number, Question(unsigned, target.key), seconds)) is not None:
                return answer
    raise ways.silence(sum(waits), len(waits))


def at_once(attempt: Callable[[Target], T], targets: Sequence[Target]) -> list[T]:
    """Return the result of `attempt` for each target, in their order. All run at the same time."""
    with ThreadPoolExecutor(max(1, len(targets))) as pool:
        return list(pool.map(attempt, targets))


class _Ways:
    """The sockets to the addresses of one server, and the questions that were sent through them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._sockets: list[socket.socket] = []
        self._sent: list[Question] = []
        self._selector = stack.enter_context(selectors.DefaultSelector())
        self._unopened: OSError | None = None
        self._last: OSError | DeliveryError | None = None

    def open(self, address: str, port: int) -> None:
        """Open a way to an address. An address that this machine has no way to is left out."""
        try:
            family, kind, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_DGRAM)[0]
            way = self._stack.enter_context(socket.socket(family, kind))
            way.setblocking(False)
            way.connect(place)
        except OSError as error:
            self._unopened = error
        else:
            self._sockets.append(way)
            self._selector.register(way, selectors.EVENT_READ)

    def send(self, number: int, question: Question, seconds: float) -> Answer | None:
        """Send a question on one of the ways in turn, and return the answer to it or to one before, if one comes."""
        if not self._sockets:
            return None
        self._sent.append(question)
        try:
            self._sockets[number % len(self._sockets)].send(question.octets)
        except OSError as error:  # also one that an earlier datagram met
            self._last = error
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for ready, _ in self._selector.select(left):
                assert isinstance(ready.fileobj, socket.socket)
                if (answer := self._heard(ready.fileobj)) is not None:
                    return answer
        return None

    def _heard(self, way: socket.socket) -> Answer | None:
        """Return what came, if it is an answer that can be believed."""
        try:
            octets = way.recv(_LARGEST)
        except OSError as error:
            self._last = error
            return None
        for question in reversed(self._sent):
            try:
                return question.read(octets)
            except ServerSilent as error:
                self._last = error
        return None

    def silence(self, seconds: float, times: int) -> DeliveryError:
        """Return the error for no answer: what was heard last, or that nothing was."""
        last = self._last if self._sockets else self._unopened
        if isinstance(last, DeliveryError):
            return last
        if last is not None:
            return ServerUnreachable(f"no way to it over UDP: {connection.explain(last)}")
        return ServerSilent(f"it said nothing for {seconds:g} s to {times} messages over UDP")
