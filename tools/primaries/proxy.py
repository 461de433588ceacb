"""A way to a name server on which updates meet with mishaps.

    with Proxy(server, [LOST_ANSWER, HONEST, delayed(1.5)]) as way:
        ...                                  # connect to way.host, way.port instead
        assert way.updates == 3              # messages of updates that came
        assert way.applied == 2              # messages with updates that the server answered NOERROR

A plan is one fate for each message of an update (RFC 2136), prerequisites alone included, in the order in which they
come. When it is over, messages pass. It may be endless, and chosen at random. Everything else passes: SOA queries and
transfers over TCP, and any datagram.
"""

import contextlib
import select
import socket
import socketserver
import struct
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import dns.opcode
import dns.rcode

from primaries.server import HOST, NameServer, free_port

_PATIENCE = 10  # seconds for the server behind to answer
_UPDATE = int(dns.opcode.UPDATE)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one message of an update, and of its answer.

    `wait` seconds pass before the message is passed on, unless it is `lost`. `late` seconds pass before `part` of the
    answer is: 1 is all of it, 0 nothing. Then the connection stays open, or is closed or reset.
    """

    lost: bool = False
    wait: float = 0
    late: float = 0
    part: float = 1
    closed: bool = False
    reset: bool = False


HONEST = Fate()
LOST_QUESTION = Fate(lost=True, closed=True)
LOST_ANSWER = Fate(part=0, closed=True)
CUT_ANSWER = Fate(part=0.5, closed=True)
RESET_BEFORE = Fate(lost=True, reset=True)
RESET_AFTER = Fate(part=0, reset=True)
SILENT_BEFORE = Fate(lost=True)
SILENT_AFTER = Fate(part=0)
MISHAPS = (LOST_QUESTION, LOST_ANSWER, CUT_ANSWER, RESET_BEFORE, RESET_AFTER, SILENT_BEFORE, SILENT_AFTER)
"""All of them, but delays. The silent ones leave the connection open, so they cost the client all its patience."""


def delayed(seconds: float) -> Fate:
    """The answer comes late."""
    return Fate(late=seconds)


def held_up(seconds: float) -> Fate:
    """The message reaches the server late, as one that waited in a queue. The client may have gone."""
    return Fate(wait=seconds)


class Proxy:
    """The relay in front of a name server, on a port of its own for TCP and UDP. A context manager.

    `updates` counts messages of updates, `passed` those that the server answered, and `applied` those of them that had
    updates and were answered NOERROR. `connections` counts connections over TCP.
    """

    host = HOST

    def __init__(self, server: NameServer, plan: Iterable[Fate] = ()) -> None:
        self.server = server
        self.port = 0
        self.updates = self.passed = self.applied = self.connections = 0
        self._plan = iter(plan)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open: set[socket.socket] = set()

    def replan(self, plan: Iterable[Fate]) -> None:
        """Set the fates of the next messages."""
        with self._lock:
            self._plan = iter(plan)

    def __enter__(self) -> Self:
        self.port = free_port()
        self._servers = [_Tcp((self.host, self.port), _Stream), _Udp((self.host, self.port), _Datagram)]
        self._threads = []
        for each in self._servers:
            each.proxy = self
            self._threads.append(threading.Thread(target=each.serve_forever, args=(0.02,)))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._servers:
            each.shutdown()
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for each in self._servers:
            each.server_close()  # waits for the threads of the connections
        for thread in self._threads:
            thread.join()

    def serve(self, client: socket.socket) -> None:
        """Relay one connection until either side ends it."""
        with self._lock:
            self.connections += 1
        with contextlib.suppress(OSError), self._reaching() as server, self._known(client):
            while question := self._passing(client, server):
                if _opcode(question) != _UPDATE:
                    server.sendall(question)
                elif not self._update(question, client, server):
                    return

    def relay(self, datagram: bytes, client: tuple[str, int], listening: socket.socket) -> None:
        """Relay one datagram and its answer."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.settimeout(_PATIENCE)
            way.connect((self.server.host, self.server.port))
            way.send(datagram)
            listening.sendto(way.recv(65_535), client)

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[socket.socket]:
        with socket.create_connection((self.server.host, self.server.port), timeout=_PATIENCE) as server:
            yield server

    @contextlib.contextmanager
    def _known(self, client: socket.socket) -> Iterator[None]:
        self._open.add(client)
        try:
            yield
        finally:
            self._open.discard(client)

    def _passing(self, client: socket.socket, server: socket.socket) -> bytes:
        """Pass on what the server says until the client asks. Return the question, or nothing at the end."""
        while not self._over.is_set():
            ready, _, _ = select.select([client, server], [], [])
            if client in ready:
                return _message(client)
            octets = server.recv(1 << 16)
            if not octets:
                return b""
            client.sendall(octets)
        return b""

    def _update(self, question: bytes, client: socket.socket, server: socket.socket) -> bool:
        """Let an update meet with its fate. Return whether the connection stays open."""
        with self._lock:
            self.updates += 1
            fate = next(self._plan, HONEST)
        if not fate.lost:
            self._over.wait(fate.wait)
            server.sendall(question)
            answer = _message(server)
            with self._lock:
                self.passed += 1
                self.applied += _has_updates(question) and _code(answer) == dns.rcode.NOERROR
            self._over.wait(fate.late)
            client.sendall(answer[: int(len(answer) * fate.part)])
        if fate.reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return not (fate.reset or fate.closed)


class _Stream(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.server.proxy.serve(self.request)


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, listening = self.request
        self.server.proxy.relay(wire, self.client_address, listening)


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def shutdown_request(self, request: socket.socket) -> None:
        self.close_request(request)  # no shutdown, which would be an orderly end before a reset


class _Udp(socketserver.ThreadingUDPServer):
    pass


def _message(stream: socket.socket) -> bytes:
    """Return one message with its length, or nothing at the end."""
    received = b""
    while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2], "big"):
        part = stream.recv(1 << 16)
        if not part:
            return b""
        received += part
    return received


def _opcode(message: bytes) -> int:
    """Return the operation of a message behind its length."""
    return message[4] >> 3 & 15


def _code(message: bytes) -> int | None:
    return message[5] & 15 if message else None


def _has_updates(message: bytes) -> bool:
    """Return whether an update is more than prerequisites."""
    return message[10:12] != bytes(2)
