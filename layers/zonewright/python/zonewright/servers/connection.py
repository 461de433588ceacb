"""The socket under a transfer: connect if it is allowed, ask, yield messages, and never wait forever.

DNS over TCP (RFC 7766) or over TLS (RFC 9103), each message behind its length in two bytes. A primary has an address or
a host name. Every address of it is checked against the networks that this service may reach. A zone's primary is the
one place where a caller makes us open a connection.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import dns.name

from zonewright.errors import (
    IncrementUnfit,
    PrimaryForbidden,
    PrimaryUnreachable,
    PrimaryUntrusted,
    TransferCut,
    TransferMalformed,
    TransferTimedOut,
    WrongZone,
    ZoneTooLarge,
)
from zonewright.model import addresses
from zonewright.model.addresses import Address
from zonewright.model.zone import Primary
from zonewright.protocol import types
from zonewright.protocol.transfer import Exchange, Soa, Transfer, owner_of, read_soa
from zonewright.protocol.tsig import Key
from zonewright.protocol.wire import framed

_READ = 1 << 18
_LONE = 0.3
"""Seconds to wait for more than one newer SOA. Records of a longer response follow each other without a pause."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The limits of connections: CIDR `networks`, and `ports` as `53` or `53,5300-5399`.

    `idle` is the seconds of each wait for the primary, `total` those of the whole transfer. `octets` is the most bytes
    that it may bring. `certificates` (PEM) are trusted besides the public authorities.
    """

    networks: tuple[str, ...]
    ports: str
    idle: float
    total: float
    octets: int
    certificates: str = ""

    def allows(self, address: Address, port: int) -> bool:
        """Return whether we may connect to an address and port (`addresses.allowed`)."""
        networks = [ipaddress.ip_network(text, strict=False) for text in self.networks]
        return addresses.allowed(address, networks) and self._port(port)

    def _port(self, port: int) -> bool:
        for span in self.ports.replace(" ", "").split(","):
            low, _, high = span.partition("-")
            if int(low) <= port <= int(high or low):
                return True
        return False


def transfer(machine: Transfer, primary: Primary, reach: Reach, only: str | None = None) -> Iterator[bytes]:
    """Run `machine` against `primary`, and yield every message that it accepted until it is done.

    The address is set in the machine. With `only`, no other address is connected to. Raise IncrementUnfit if the
    primary does not have it, or has others and no connection to it. Raise the TransferError that ended the transfer.
    """
    deadline = time.monotonic() + reach.total
    machine.address, connected = _connect(primary, reach, deadline, only)
    with connected as connection:
        connection.sendall(framed(machine.question()))
        for message in _messages(connection, reach, deadline, machine):
            machine.feed(message)
            yield message
            if machine.done:
                return
    raise machine.cut()


def soa(zone: dns.name.Name, primary: Primary, key: Key | None, reach: Reach) -> Soa:
    """Return the SOA that `primary` serves for `zone`, over TCP. Raise a TransferError."""
    exchange = Exchange(zone, types.SOA, key)
    deadline = time.monotonic() + min(reach.total, 2 * reach.idle)
    with _connect(primary, reach, deadline)[1] as connection:
        connection.sendall(framed(exchange.question()))
        for message in _messages(connection, reach, deadline, None):
            found = exchange.accept(message)
            exchange.finish()
            if not found.soas:
                raise TransferMalformed(f"the primary has no SOA for {zone}")
            owner = owner_of(message, found.soas[0])
            if owner != zone:
                raise WrongZone(f"the primary answers with the SOA of {owner}, asked was {zone}")
            return read_soa(message, found.soas[0])
    raise TransferCut(f"the connection ended before the SOA of {zone} came")


def _connect(primary: Primary, reach: Reach, deadline: float, only: str | None = None) -> tuple[str, socket.socket]:
    """Return the first connection that succeeds among the primary's allowed addresses, and its address.

    With `only`, that one alone counts. Raise as `transfer` does.
    """
    texts = dict.fromkeys(_resolved(primary.host, _timeout(reach, deadline)))
    allowed = [text for text in texts if reach.allows(ipaddress.ip_address(text.partition("%")[0]), primary.port)]
    if not allowed:
        raise PrimaryForbidden("this service may not transfer from this address and port")
    if only is not None and only not in allowed:
        raise IncrementUnfit(f"{primary.host} has no longer the address {only}, from which the last contents came")
    last: OSError | None = None
    for address in [only] if only else allowed:
        try:
            connection = socket.create_connection((address, primary.port), timeout=_timeout(reach, deadline))
        except OSError as error:
            last = error
        else:
            return address, _secured(connection, primary, reach, deadline) if primary.tls else connection
    if only and len(allowed) > 1:
        raise IncrementUnfit(f"no connection to {only}, from which the last contents came: {_explain(last)}")
    raise PrimaryUnreachable(f"no connection to {primary}: {_explain(last)}") from last


def _resolved(host: str, seconds: float) -> list[str]:
    """Return the addresses of a host. Raise PrimaryUnreachable, after `seconds` at the latest.

    The resolver of the system has no time limit of ours, so it works in a thread. A late answer is dropped.
    """
    answers: SimpleQueue[list[str] | OSError | ValueError] = SimpleQueue()

    def resolve() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            answers.put(error)
        else:
            answers.put([str(entry[4][0]) for entry in found])

    threading.Thread(target=resolve, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as error:
        raise PrimaryUnreachable(f"no address for {host}: the resolver said nothing for {seconds:.2g} s") from error
    if isinstance(answer, Exception):
        raise PrimaryUnreachable(f"no address for {host}: {_explain(answer)}") from answer
    return answer


def _secured(connection: socket.socket, primary: Primary, reach: Reach, deadline: float) -> socket.socket:
    """Return the connection under TLS 1.3, with a certificate for the primary (RFC 9103 section 9.3.1)."""
    import ssl

    try:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols(["dot"])
        if reach.certificates:
            context.load_verify_locations(cadata=reach.certificates)
        connection.settimeout(_timeout(reach, deadline))
        return context.wrap_socket(connection, server_hostname=primary.host.removesuffix("."))
    except (OSError, ValueError) as error:
        connection.close()
        why = getattr(error, "verify_message", None) or getattr(error, "reason", None) or _explain(error)
        raise PrimaryUntrusted(f"no TLS session with {primary}: {why}") from error


def _timeout(reach: Reach, deadline: float) -> float:
    return max(min(reach.idle, deadline - time.monotonic()), 0.001)


def _messages(connection: socket.socket, reach: Reach, deadline: float, machine: Transfer | None) -> Iterator[bytes]:
    """Yield the messages as they arrive, until the primary closes the connection between two of them."""
    buffer = bytearray()
    came = 0
    while True:
        at = 0
        while len(buffer) - at >= 2:
            end = at + 2 + (buffer[at] << 8 | buffer[at + 1])
            if end > len(buffer):
                break
            yield bytes(buffer[at + 2 : end])
            at = end
        del buffer[:at]
        so_far = f" after {machine.records:,} records" if machine else ""
        lone = machine is not None and machine.lone and not buffer
        connection.settimeout(min(_timeout(reach, deadline), _LONE if lone else reach.idle))
        try:
            received = connection.recv(_READ)
        except TimeoutError as error:
            if lone and machine:
                raise IncrementUnfit(f"the primary answered with its SOA of serial {machine.serial} alone") from error
            if time.monotonic() < deadline:
                raise TransferTimedOut(f"the primary said nothing for {reach.idle:g} s{so_far}") from error
        except OSError as error:
            raise TransferCut(f"the connection broke{so_far}: {_explain(error)}") from error
        if time.monotonic() >= deadline:
            raise TransferTimedOut(f"the transfer was not over within {reach.total:g} s{so_far}")
        if not received:
            if buffer:
                raise TransferCut(f"the connection ended inside a message{so_far}")
            return
        came += len(received)
        if came > reach.octets:
            raise ZoneTooLarge(f"the transfer has more than {reach.octets:,} octets, the most it may have{so_far}")
        buffer += received


def _explain(error: Exception | None) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    return str(getattr(error, "strerror", None) or error)
