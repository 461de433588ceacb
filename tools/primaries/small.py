"""An authoritative server in Python that answers queries (UDP, TCP), AXFR and IXFR (TCP), and takes updates (RFC 2136).

It knows no wildcards and no delegations, and puts nothing into the authority section.

An answer is made in four steps. `hostile.py` can alter each:

    records   the RRs in the order of sending, with both SOAs
    messages  the RRs in messages, with the zone part of owner names compressed
    signed    the messages, with a TSIG on each or on every Nth (RFC 8945 section 5.3.1)
    steps     the bytes to send, the waits between them, and the end of the connection
"""

import contextlib
import enum
import itertools
import math
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.tsig
import dns.update
from dns.rdtypes.ANY.TSIG import TSIG

from primaries.contents import RR, Records, Refused, found, read_zone, updated
from primaries.server import HOST, Key, NameServer, free_port

_ROOM = 64_000  # bytes of RRs in a message: 65,535 less the header, the longest question and the longest TSIG
_DATAGRAM = 512  # bytes of an answer over UDP (RFC 1035 section 4.2.1); EDNS is not read
_TRANSFERS = (dns.rdatatype.AXFR, dns.rdatatype.IXFR)
FUDGE = 300


@dataclass(frozen=True, slots=True)
class Query:
    """A query that the server received."""

    zone: str
    type: str
    key: str | None
    transport: str


class End(enum.Enum):
    """The ways to end a connection early."""

    CLOSE = enum.auto()
    RESET = enum.auto()


Step = bytes | float | End  # bytes to send, seconds to wait, or the end
Edit = Callable[[list[bytes]], list[bytes]]  # of all messages of an answer
Pace = Callable[[Iterator[Step]], Iterator[Step]]
FOR_EVER = math.inf


@dataclass(frozen=True)
class Signing:
    """How to sign the messages of an answer. Their numbers begin with 0; -1 is the last."""

    key: dns.tsig.Key
    request_mac: bytes = b""
    every: int = 1
    unsigned: frozenset[int] = frozenset()
    spoiled: frozenset[int] = frozenset()
    skew: int = 0

    def signed(self, messages: Sequence[bytes]) -> list[bytes]:
        """Return the messages. The first, the last and every Nth between them are signed."""
        count, context, done = len(messages), None, []
        for number, message in enumerate(messages):
            last = number == count - 1
            if {number, number - count} & self.unsigned or (number % self.every and not last):
                if context:
                    context.update(message)
                done.append(message)
                continue
            tsig, context = dns.tsig.sign(
                message,
                self.key,
                tsig_rdata(self.key.algorithm, int.from_bytes(message[:2], "big")),
                int(time.time()) + self.skew,
                self.request_mac,
                context,
                multi=True,
            )
            if {number, number - count} & self.spoiled:
                tsig = tsig.replace(mac=bytes([tsig.mac[0] ^ 1]) + tsig.mac[1:])
            done.append(with_tsig(message, self.key.name, tsig))
        return done


@dataclass(frozen=True)
class Answer:
    """One answer before it is sent."""

    query: dns.message.Message
    records: tuple[RR, ...] = ()
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    per_message: int = 100
    question: dns.name.Name | None = None
    signing: Signing | None = None
    truncated: bool = False
    edits: tuple[Edit, ...] = ()
    after_signing: tuple[Edit, ...] = ()
    paces: tuple[Pace, ...] = ()

    @property
    def zone(self) -> dns.name.Name:
        """The zone in the question of the answer. By default it is that of the query."""
        return self.question or self.query.question[0].name

    def messages(self) -> list[bytes]:
        """Return the messages, signed if the query was."""
        messages = list(self._plain())
        for edit in self.edits:
            messages = edit(messages)
        if self.signing:
            messages = self.signing.signed(messages)
        for edit in self.after_signing:
            messages = edit(messages)
        return messages

    def steps(self) -> Iterator[Step]:
        """Return the steps on a TCP connection."""
        steps: Iterator[Step] = (len(message).to_bytes(2, "big") + message for message in self.messages())
        for pace in self.paces:
            steps = pace(steps)
        return steps

    def _plain(self) -> Iterator[bytes]:
        batch: list[bytes] = []
        size = 0
        for record in self.records:
            wire = record.wire(self.zone)
            if batch and (len(batch) == self.per_message or size + len(wire) > _ROOM):
                yield self._message(batch)
                batch, size = [], 0
            batch.append(wire)
            size += len(wire)
        if batch or not self.records:
            yield self._message(batch)

    def _message(self, records: list[bytes]) -> bytes:
        question = self.query.question[0]
        flags = dns.flags.QR | dns.flags.AA | dns.opcode.to_flags(self.query.opcode()) | self.rcode
        if self.truncated:
            flags |= dns.flags.TC
        head = struct.pack("!HHHHHH", self.query.id, flags, 1, len(records), 0, 0)
        asked = self.zone.to_wire() + struct.pack("!HH", question.rdtype, question.rdclass)
        return b"".join((head, asked, *records))


class Small(NameServer):
    """The server. `queries` holds the queries that it received. Override `answer` to change its answers."""

    updates = False
    """Whether dynamic updates change zones. They come from anybody, or for a zone in `require_key` under its key."""

    def __init__(
        self,
        zones: Mapping[str, str],
        keys: Sequence[Key] = (),
        require_key: Mapping[str, str] | None = None,
        *,
        port: int = 0,
    ) -> None:
        super().__init__(zones, keys, require_key, port=port)
        self.queries: list[Query] = []
        self._records = {_name(zone): read_zone(zone, text) for zone, text in self.zones.items()}
        self._former: dict[dns.name.Name, list[Records]] = {}
        self._updating = threading.Lock()
        self._stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._servers: list[socketserver.BaseServer] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._servers = list(_listen(self))
        self.port = self._servers[0].server_address[1]
        self._threads = [threading.Thread(target=each.serve_forever, args=(0.02,)) for each in self._servers]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for server in self._servers:
            server.shutdown()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for server in self._servers:
            server.server_close()  # waits for the threads of the connections
        for thread in self._threads:
            thread.join()

    def reload(self, zone: str, text: str) -> None:
        """Serve `text` from now on, and keep the former records for IXFR."""
        with self._updating:
            self._serve_now(_name(zone), read_zone(zone, text))
        self.zones[zone] = text

    def _serve_now(self, zone: dns.name.Name, records: Records) -> None:
        if zone in self._records:
            self._former.setdefault(zone, []).append(self._records[zone])
        self._records[zone] = records

    def forget(self, zone: str) -> None:
        """Forget former serials, as after a restart. An IXFR then gets the whole zone."""
        self._former.pop(_name(zone), None)

    def has_clients(self) -> bool:
        """Return whether a client has not hung up."""
        for connection in tuple(self._connections):
            try:
                if connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                    return True
            except BlockingIOError:
                return True
            except OSError:
                continue
        return False

    def records(self, zone: str) -> Records:
        """Return the RRs of a zone, the SOA first."""
        return self._records[_name(zone)]

    def answer(self, query: dns.message.Message) -> Answer:
        """Return the correct answer to a query. The query is unsigned, or its signature is valid."""
        asked = query.question[0]
        answer = Answer(query, signing=Signing(query.keyring, query.mac) if query.had_tsig else None)
        if isinstance(query, dns.update.UpdateMessage):
            return replace(answer, rcode=self._update(query))
        if query.opcode() != dns.opcode.QUERY:
            return replace(answer, rcode=dns.rcode.NOTIMP)
        if asked.rdtype not in _TRANSFERS:
            return self._look_up(answer)
        zone = asked.name
        if zone not in self._records or asked.rdclass != dns.rdataclass.IN:
            return replace(answer, rcode=dns.rcode.NOTAUTH)
        if not self._allowed(query, zone):
            return replace(answer, rcode=dns.rcode.REFUSED)
        if asked.rdtype == dns.rdatatype.IXFR:
            return replace(answer, records=self._since(zone, query.authority[0][0].serial))
        return replace(answer, records=(*self._records[zone], self._records[zone][0]))

    def _look_up(self, answer: Answer) -> Answer:
        """Return the answer to a query of no transfer."""
        asked = answer.query.question[0]
        zones = [zone for zone in self._records if asked.name.is_subdomain(zone)]
        if not zones or asked.rdclass != dns.rdataclass.IN:
            return replace(answer, rcode=dns.rcode.NOTAUTH)
        records, rcode = found(self._records[max(zones, key=len)], asked.name, asked.rdtype)
        return replace(answer, records=records, rcode=rcode, per_message=len(records))

    def _update(self, update: dns.update.UpdateMessage) -> dns.rcode.Rcode:
        """Do an update, and return the code of its answer."""
        zone = update.zone[0].name
        with self._updating:
            if zone not in self._records:
                return dns.rcode.NOTAUTH
            if not self.updates or not self._allowed(update, zone):
                return dns.rcode.REFUSED
            try:
                records = updated(self._records[zone], update)
            except Refused as refusal:
                return refusal.rcode
            if records != self._records[zone]:
                self._serve_now(zone, records)
        return dns.rcode.NOERROR

    def _allowed(self, query: dns.message.Message, zone: dns.name.Name) -> bool:
        """Return whether the key of a message, or none, may transfer or update a zone."""
        if not query.had_tsig:
            return all(_name(each) != zone for each in self.require_key)
        return query.keyname in {_name(key.name) for key in self.keys_of(zone.to_text())}

    def _since(self, zone: dns.name.Name, serial: int) -> Records:
        """Return the answer to an IXFR (RFC 1995 section 4): the differences since a serial, or the whole zone."""
        history = [*self._former.get(zone, ()), self._records[zone]]
        last = history[-1][0]
        if (last.rdata.serial - serial) % 2**32 >= 2**31:  # it is older (RFC 1982 section 3.2)
            return (last,)
        known = [number for number, records in enumerate(history) if records[0].rdata.serial == serial]
        if not known:
            return (*history[-1], last)
        steps: list[RR] = []
        for old, new in itertools.pairwise(history[known[-1] :]):
            gone = [record for record in old[1:] if record not in new]
            come = [record for record in new[1:] if record not in old]
            steps += [old[0], *gone, new[0], *come]
        return (last, *steps, last) if steps else (last,)

    def reply(self, wire: bytes, transport: str) -> Answer | None:
        """Return the answer to a received message, or None if it is no query."""
        keyring = {_name(key.name): key.tsig() for key in self.keys}
        error = dns.rcode.NOERROR
        try:
            query = dns.message.from_wire(wire, keyring=keyring)
        except tuple(_TSIG_ERRORS) as caught:
            error = _TSIG_ERRORS[type(caught)]
            query = dns.message.from_wire(wire, keyring=False)
        except dns.exception.DNSException:
            return None
        if not query.question:
            return None
        asked = query.question[0]
        key = query.keyname.to_text() if query.had_tsig else None
        kind = query.opcode()
        asks = dns.rdatatype.to_text(asked.rdtype) if kind == dns.opcode.QUERY else dns.opcode.to_text(kind)
        self.queries.append(Query(asked.name.to_text(), asks, key, transport))
        return with_tsig_error(Answer(query), error, keyring.get(query.keyname)) if error else self.answer(query)

    def serve(self, connection: socket.socket) -> None:
        """Answer the queries of one TCP connection until either side ends it."""
        self._connections.add(connection)
        try:
            while not self._stopping.is_set() and (wire := _receive(connection)):
                answer = self.reply(wire, "tcp")
                if answer is None or not self._perform(answer.steps(), connection):
                    return
        except OSError:
            return  # the client went away
        finally:
            self._connections.discard(connection)

    def serve_datagram(self, wire: bytes, client: tuple[str, int], listening: socket.socket) -> None:
        """Answer one query over UDP. A transfer gets only the SOA, so the client tries TCP (RFC 1995 section 4)."""
        answer = self.reply(wire, "udp")
        if answer and answer.query.question[0].rdtype in _TRANSFERS:
            answer = replace(answer, records=answer.records[:1])
        elif answer and len(answer.messages()[0]) > _DATAGRAM:
            answer = replace(answer, records=(), truncated=True)
        for step in answer.steps() if answer else ():
            if isinstance(step, bytes):
                listening.sendto(step[2:], client)
                return
            if step in End or self._stopping.wait(None if step == FOR_EVER else step):
                return

    def _perform(self, steps: Iterable[Step], connection: socket.socket) -> bool:
        """Perform the steps. Return whether the connection stays open."""
        for step in steps:
            if isinstance(step, bytes):
                connection.sendall(step)
            elif step is End.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            elif step is End.CLOSE or self._stopping.wait(None if step == FOR_EVER else step):
                return False
        return True


def tsig_rdata(
    algorithm: dns.name.Name, original_id: int, *, error: int = 0, other: bytes = b"", signed: int = 0
) -> TSIG:
    """Return a TSIG with an empty MAC."""
    return TSIG(dns.rdataclass.ANY, dns.rdatatype.TSIG, algorithm, signed, FUDGE, b"", original_id, error, other)


def with_tsig(message: bytes, key: dns.name.Name, tsig: TSIG) -> bytes:
    """Return the message with a TSIG at its end."""
    additional = int.from_bytes(message[10:12], "big") + 1
    body = tsig.to_wire()
    record = key.to_wire() + struct.pack("!HHIH", dns.rdatatype.TSIG, dns.rdataclass.ANY, 0, len(body)) + body
    return message[:10] + additional.to_bytes(2, "big") + message[12:] + record


def with_tsig_error(answer: Answer, error: dns.rcode.Rcode, key: dns.tsig.Key | None = None) -> Answer:
    """Return NOTAUTH with the reason in the TSIG. Only BADTIME is signed, and has our time (RFC 8945 section 5.3.2)."""
    query = answer.query
    asked = query.tsig[0]
    signed = key and error == dns.rcode.BADTIME
    other = int(time.time()).to_bytes(6, "big") if signed else b""

    def add(messages: list[bytes]) -> list[bytes]:
        tsig = tsig_rdata(asked.algorithm, query.id, error=error, other=other, signed=asked.time_signed)
        if signed:
            tsig, _ = dns.tsig.sign(messages[0], key, tsig, asked.time_signed, query.mac)
        return [with_tsig(messages[0], query.keyname, tsig)]

    return replace(answer, rcode=dns.rcode.NOTAUTH, records=(), signing=None, after_signing=(add,))


_TSIG_ERRORS = {
    dns.message.UnknownTSIGKey: dns.rcode.BADKEY,
    dns.tsig.BadAlgorithm: dns.rcode.BADKEY,
    dns.tsig.BadSignature: dns.rcode.BADSIG,
    dns.tsig.BadTime: dns.rcode.BADTIME,
}


class _Stream(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.server.small.serve(self.request)


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, listening = self.request
        self.server.small.serve_datagram(wire, self.client_address, listening)


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def shutdown_request(self, request: socket.socket) -> None:
        self.close_request(request)  # no shutdown, which would be an orderly end before a reset


def _listen(small: Small) -> tuple[socketserver.BaseServer, socketserver.BaseServer]:
    tcp = _Tcp((HOST, small.port or free_port()), _Stream)
    try:
        udp = socketserver.ThreadingUDPServer(tcp.server_address, _Datagram)
    except OSError:
        tcp.server_close()
        raise
    tcp.small = udp.small = small
    return tcp, udp


def _receive(connection: socket.socket) -> bytes:
    """Return the next message, or nothing at the end of the connection."""
    length = _exactly(connection, 2)
    return _exactly(connection, int.from_bytes(length, "big")) if length else b""


def _exactly(connection: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        more = connection.recv(count - len(octets))
        if not more:
            return b""
        octets += more
    return octets


def _name(text: str) -> dns.name.Name:
    return dns.name.from_text(text, idna_codec=None)
