"""The socket under a transfer: connect if it is allowed, ask, yield messages, and never wait forever (`pace.py`).

DNS over TCP (RFC 7766) or over TLS (RFC 9103), each message behind its length in two bytes. A primary has an address or
a host name. Every address of it is checked against the networks that this service may reach. A zone's primary is the
one place where a caller makes us open a connection.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import dns.name

from zonewright.errors import (
    IncrementUnfit,
    PrimaryForbidden,
    PrimaryUnreachable,
    PrimaryUntrusted,
    TransferCut,
    TransferTimedOut,
    ZoneTooLarge,
)
from zonewright.model import addresses
from zonewright.model.addresses import Address
from zonewright.model.zone import Primary
from zonewright.protocol import types
from zonewright.protocol.transfer import Exchange, Soa, Transfer, soa_of
from zonewright.protocol.tsig import Key
from zonewright.protocol.wire import Scan, framed
from zonewright.servers.pace import Pace

_READ = 1 << 18
_LONE = 0.3
"""Seconds to wait for more than one newer SOA. Records of a longer response follow each other without a pause."""

MOST_ADDRESSES = 16
"""Most addresses of a host name that are connected to. A name may have thousands."""

_LOOKUPS = threading.BoundedSemaphore(512)
"""Host names that are resolved at the same time. A thread waits for each, and Lambda gives a function 1,024 threads."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The limits of connections: CIDR `networks`, and `ports` as `53` or `53,5300-5399`.

    `first` is the seconds until the first message is complete, `idle` those of each wait for the primary, `total` those
    of the whole transfer. `rate` is the least octets a second behind the first message (`pace.py`). `octets` is the
    most bytes that it may bring. `certificates` (PEM) are trusted besides the public authorities. `connect` is the most
    seconds until a connection, None for as many as are left.
    """

    networks: tuple[str, ...]
    ports: str
    first: float
    idle: float
    total: float
    rate: int
    octets: int
    certificates: str = ""
    connect: float | None = None

    def allows(self, address: Address, port: int) -> bool:
        """Return whether we may connect to an address and port (`addresses.allowed`)."""
        networks = [ipaddress.ip_network(text, strict=False) for text in self.networks]
        return addresses.allowed(address, networks) and addresses.port_allowed(port, self.ports)


def transfer(
    machine: Transfer, primary: Primary, reach: Reach, only: str | None = None
) -> Generator[bytes, None, None]:
    """Run `machine` against `primary`, and yield every message that it accepted until it is done.

    The address is set in the machine. With `only`, no other address is connected to. Raise IncrementUnfit if the
    primary does not have it, or has others and no connection to it. Raise the TransferError that ended the transfer.
    The connection ends with the iteration, which a caller that leaves early has to close.
    """
    pace = Pace(reach)
    machine.address, connected = _connect(primary, reach, pace, only)
    with connected as connection:
        _send(connection, machine.question(), pace)
        for message in _messages(connection, reach, pace, machine):
            machine.feed(message)
            yield message
            if machine.done:
                return
    raise machine.cut()


def soa(zone: dns.name.Name, primary: Primary, key: Key | None, reach: Reach) -> Soa:
    """Return the SOA that `primary` serves for `zone`, over TCP. Raise a TransferError."""
    return soa_of(zone, *answer(Exchange(zone, types.SOA, key), primary, reach))


def answer(asked: Exchange, primary: Primary, reach: Reach) -> tuple[bytes, Scan]:
    """Return the one message with which `primary` answers a question over TCP, and its scan. Raise a TransferError.

    The answer is the first message, so it has the time of one.
    """
    pace = Pace(reach)
    with _connect(primary, reach, pace)[1] as connection:
        _send(connection, asked.question(), pace)
        for message in _messages(connection, reach, pace, None):
            found = asked.accept(message)
            asked.finish()
            return message, found
    raise TransferCut(f"the connection ended before an answer for {asked.zone} came")


def exchange(server: Primary, question: bytes, reach: Reach) -> bytes:
    """Return the first message with which a name server answers `question`. Raise a TransferError."""
    pace = Pace(reach)
    with _connect(server, reach, pace)[1] as connection:
        _send(connection, question, pace)
        for message in _messages(connection, reach, pace, None):
            return message
    raise TransferCut("the connection ended before an answer came")


def _send(connection: socket.socket, question: bytes, pace: Pace) -> None:
    """Send a question. Raise TransferCut."""
    connection.settimeout(pace.left())
    try:
        connection.sendall(framed(question))
    except OSError as error:
        raise TransferCut(f"the connection broke before the question was sent: {explain(error)}") from error


def _connect(primary: Primary, reach: Reach, pace: Pace, only: str | None = None) -> tuple[str, socket.socket]:
    """Return the first connection that succeeds among the primary's allowed addresses, and its address.

    Each address has an equal part of the time that is left, and the last one all of it. With `only`, that one alone
    counts. Raise as `transfer` does.
    """
    allowed = addresses_of(primary, reach, pace)
    if only is not None and only not in allowed:
        raise IncrementUnfit(f"{primary.host} has no longer the address {only}, from which the last contents came")
    last: OSError | None = None
    tried = [only] if only else allowed[:MOST_ADDRESSES]
    for number, address in enumerate(tried):
        try:
            part = min(pace.left(), reach.connect or reach.total) / (len(tried) - number)
            connection = socket.create_connection((address, primary.port), timeout=part)
        except OSError as error:
            last = error
        else:
            return address, _secured(connection, primary, reach, pace) if primary.tls else connection
    if only and len(allowed) > 1:
        raise IncrementUnfit(f"no connection to {only}, from which the last contents came: {explain(last)}")
    raise PrimaryUnreachable(f"no connection to {primary}: {explain(last)}") from last


def addresses_of(server: Primary, reach: Reach, pace: Pace) -> list[str]:
    """Return the addresses of a server that may be reached, each once. Raise PrimaryForbidden, PrimaryUnreachable."""
    texts = dict.fromkeys(_resolved(server.host, pace))
    allowed = [text for text in texts if reach.allows(ipaddress.ip_address(text.partition("%")[0]), server.port)]
    if not allowed:
        raise PrimaryForbidden("this service may not connect to this address and port")
    return allowed


def _resolved(host: str, pace: Pace) -> list[str]:
    """Return the addresses of a host. Raise PrimaryUnreachable, when the time is over at the latest.

    The resolver of the system has no time limit of ours, so it works in a thread. A late answer is dropped.
    """
    answers: SimpleQueue[list[str] | OSError | ValueError] = SimpleQueue()
    seconds = pace.left()

    def resolve() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            answers.put(error)
        else:
            answers.put([str(entry[4][0]) for entry in found])

    def look_up() -> None:
        try:
            resolve()
        finally:
            _LOOKUPS.release()

    if addresses.literal(host) is not None:
        resolve()
    elif _LOOKUPS.acquire(timeout=seconds):
        threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=pace.left())
    except Empty as error:
        raise PrimaryUnreachable(f"no address for {host}: the resolver said nothing for {seconds:.2g} s") from error
    if isinstance(answer, Exception):
        raise PrimaryUnreachable(f"no address for {host}: {explain(answer)}") from answer
    return answer


def _secured(connection: socket.socket, primary: Primary, reach: Reach, pace: Pace) -> socket.socket:
    """Return the connection under TLS 1.3, with a certificate for the primary (RFC 9103 section 9.3.1).

    The timeout of a socket bounds the whole of a handshake, not each of its reads.
    """
    import ssl

    try:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols(["dot"])
        if reach.certificates:
            context.load_verify_locations(cadata=reach.certificates)
        connection.settimeout(pace.left())
        return context.wrap_socket(connection, server_hostname=primary.host.removesuffix("."))
    except (OSError, ValueError) as error:
        connection.close()
        why = getattr(error, "verify_message", None) or getattr(error, "reason", None) or explain(error)
        raise PrimaryUntrusted(f"no TLS session with {primary}: {why}") from error


def _messages(connection: socket.socket, reach: Reach, pace: Pace, machine: Transfer | None) -> Iterator[bytes]:
    """Yield the messages as they arrive, until the primary closes the connection between two of them."""
    buffer = bytearray()
    came = 0
    while True:
        at = 0
        while len(buffer) - at >= 2:
            end = at + 2 + (buffer[at] << 8 | buffer[at + 1])
            if end > len(buffer):
                break
            pace.answered()
            yield bytes(buffer[at + 2 : end])
            at = end
        del buffer[:at]
        so_far = f" after {machine.records:,} records" if machine else ""
        lone = machine is not None and machine.lone and not buffer
        connection.settimeout(min(pace.left(), _LONE if lone else reach.idle))
        began = time.monotonic()
        try:
            received = connection.recv(_READ)
        except TimeoutError as error:
            if lone and machine:
                raise IncrementUnfit(f"the primary answered with its SOA of serial {machine.serial} alone") from error
            pace.check(so_far)
            raise TransferTimedOut(f"the primary said nothing for {reach.idle:g} s{so_far}") from error
        except OSError as error:
            raise TransferCut(f"the connection broke{so_far}: {explain(error)}") from error
        pace.came(len(received), time.monotonic() - began, so_far)
        if not received:
            if buffer:
                raise TransferCut(f"the connection ended inside a message{so_far}")
            return
        came += len(received)
        if came > reach.octets:
            raise ZoneTooLarge(f"the transfer has more than {reach.octets:,} octets, the most it may have{so_far}")
        buffer += received


def explain(error: Exception | None) -> str:
    """Return the words for an error of a socket."""
    if isinstance(error, TimeoutError):
        return "timed out"
    return str(getattr(error, "strerror", None) or error)
