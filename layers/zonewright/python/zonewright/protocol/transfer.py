"""A zone transfer as a machine that is fed messages and never opens a socket (RFC 5936, RFC 1995).

    AXFR ──▶ SOA new, RR, RR, ... , SOA new                                    the whole zone
    IXFR ──▶ SOA new                                                           no newer serial than we hold
         ──▶ SOA new, SOA held, -RR, ..., SOA n, +RR, ..., SOA n, ... SOA new  the increments, serial by serial
         ──▶ SOA new, RR, RR, ... , SOA new                                    the whole zone after all

Every message must answer the question asked: our id, the transfer of our zone, no error code. With a TSIG key every
signature must verify in its chain (RFC 8945 section 5.3.1). The first and the last message are signed, and at most 99
messages between two signatures are not.

Any other message raises a TransferError, and the transfer is discarded. This module only counts records; `wire.Parser`
reads them.
"""

import secrets
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
from dns.rdtypes.ANY.SOA import SOA

from zonewright.errors import (
    SignatureFailed,
    TransferCut,
    TransferMalformed,
    TransferMixed,
    TransferRefused,
    WrongZone,
)
from zonewright.protocol import labels, types, wire
from zonewright.protocol import serial as serials
from zonewright.protocol.tsig import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

_EMPTY_MESSAGES = 100
"""Messages of a transfer that may be without a record. They are no progress, and an endless row would fill memory."""

_UNSIGNED_RUN = 99
"""Messages that may follow each other without a signature (RFC 8945 section 5.3.1)."""


@dataclass(frozen=True, slots=True)
class Soa:
    """The SOA of a transferred zone (RFC 1035 section 3.3.13). Times are in seconds."""

    serial: int
    ttl: int
    rname: str
    refresh: int = 3600
    retry: int = 600
    expire: int = 1209600


class Exchange:
    """One question and the signed chain of its answers. `since` is the serial that an IXFR starts from.

    The question is in lower case. Some primaries write it back into their answers, so its case would become the zone's.
    """

    def __init__(self, zone: dns.name.Name, rdtype: int, key: Key | None, since: int | None = None) -> None:
        self.zone = zone
        self._type = dns.rdatatype.RdataType.make(rdtype)
        self._query = dns.message.make_query(zone.canonicalize(), self._type, flags=0, id=secrets.randbelow(65536))
        if since is not None:  # RFC 1995 section 3: the primary reads only the serial of this SOA
            self._query.authority.append(dns.rrset.from_text(zone, 0, "IN", "SOA", f". . {since} 0 0 0 0"))
        self._key = key.tsig() if key else None
        if self._key:
            self._query.use_tsig(self._key)
        self._context: Any = None
        self._unsigned = 0
        self._seen = 0

    def question(self) -> bytes:
        """Return the message to send, without the length that precedes it on TCP."""
        return self._query.to_wire()

    def accept(self, message: bytes) -> wire.Scan:
        """Return the scan of `message` if it answers the question and is signed as it must be.

        Raise TransferMalformed, TransferRefused, WrongZone, SignatureFailed.
        """
        if len(message) < 12:
            raise TransferMalformed(f"a message of {len(message)} octets is no DNS message")
        ident, flags, questions, _, _, additionals = wire.HEADER.unpack_from(message)
        if ident != self._query.id or not flags & dns.flags.QR or dns.opcode.from_flags(flags):
            raise TransferMalformed(f"message {self._seen + 1} does not answer our question (id {ident:#06x})")
        found = wire.scan(message)
        self._verify(message, found, additionals)
        rcode = flags & 15
        if rcode:
            raise TransferRefused(f"the primary answered {dns.rcode.to_text(dns.rcode.Rcode.make(rcode))}")
        if questions:
            self._same_question(message)
        self._seen += 1
        return found

    def finish(self) -> None:
        """End the stream. Raise SignatureFailed if its last message was not signed."""
        if self._key and self._unsigned:
            raise SignatureFailed(f"the last {self._unsigned} messages are not signed")

    def _same_question(self, message: bytes) -> None:
        try:
            name, at = labels.read_name(message, 12)
        except (IndexError, labels.Malformed) as error:
            raise TransferMalformed("the question of an answer cannot be read") from error
        asked = dns.name.Name([*labels.labels_of(name), b""])
        rdtype = int.from_bytes(message[at : at + 2], "big")
        if asked != self.zone or rdtype != self._type:
            raise WrongZone(
                f"the primary answers for {asked} {types.type_text(rdtype)}, asked was {self.zone} {self._type.name}"
            )

    def _verify(self, message: bytes, found: wire.Scan, additionals: int) -> None:
        """Check the TSIG of one message in the chain (RFC 8945 section 5.3)."""
        signed = additionals > 0 and found.last_type == types.TSIG
        number = self._seen + 1
        if self._key is None:
            if signed:
                raise SignatureFailed(f"message {number} is signed, but no key is configured")
            return
        if not signed:
            self._unsigned += 1
            if self._context is None:
                rcode = message[3] & 15
                if rcode:
                    text = dns.rcode.to_text(dns.rcode.Rcode.make(rcode))
                    raise TransferRefused(f"the primary answered {text}, unsigned")
                raise SignatureFailed("the first message is not signed")
            if self._unsigned > _UNSIGNED_RUN:
                raise SignatureFailed(f"{self._unsigned} messages in a row are not signed")
            self._context.update(message)
            return
        try:
            owner, rdata = tsig_of(message, found.last)
            self._context = dns.tsig.validate(  # type: ignore[no-untyped-call]
                message,
                self._key,
                owner,
                rdata,
                int(time.time()),
                self._query.mac,
                found.last,
                self._context,
                multi=True,
            )
        except (dns.exception.DNSException, IndexError, labels.Malformed) as error:
            raise SignatureFailed(
                f"the TSIG of message {number} does not hold: {_TSIG.get(type(error), error)}"
            ) from error
        self._unsigned = 0


_TSIG: dict[type[Exception], str] = {
    dns.tsig.PeerBadKey: "the primary does not know the key (BADKEY)",
    dns.tsig.PeerBadSignature: "the primary refused our signature (BADSIG)",
    dns.tsig.PeerBadTime: "the primary's clock differs too much from ours (BADTIME)",
    dns.tsig.BadSignature: "the signature is wrong (BADSIG)",
    dns.tsig.BadKey: "it names another key",
    dns.tsig.BadAlgorithm: "it uses another algorithm",
    dns.tsig.BadTime: "it was signed at another time (BADTIME)",
}


class Style(Enum):
    """How a primary answers an IXFR (RFC 1995 section 4)."""

    WHOLE = "the whole zone"
    INCREMENTS = "what moved"
    NOTHING = "nothing newer"


class Transfer:
    """One AXFR, or the IXFR `since` a serial. Feed it every message until it is `done`.

    `records` counts the RRs so far, without the closing SOA. `octets` counts the bytes of all messages, `empty` those
    without a record. `style` is how the primary answers, and is known from the second record on. `address` is that of
    the primary, once it is connected.
    """

    def __init__(self, zone: dns.name.Name, key: Key | None = None, since: int | None = None) -> None:
        self.zone = zone
        self.since = since
        self.style: Style | None = Style.WHOLE if since is None else None
        self.done = False
        self.records = 0
        self.messages = 0
        self.empty = 0
        self.octets = 0
        self.soa: Soa | None = None
        self.address: str | None = None
        self._opening = b""
        self._next = since  # the serial that the next increment begins with; None among the RRs it deletes
        self._exchange = Exchange(zone, types.AXFR if since is None else types.IXFR, key, since)

    def question(self) -> bytes:
        """Return the message that asks for the transfer."""
        return self._exchange.question()

    def feed(self, message: bytes) -> None:
        """Take the next message. Raise a TransferError if it is not part of a good transfer."""
        found = self._exchange.accept(message)
        self.messages += 1
        self.octets += len(message)
        if self.messages == 1 and not found.answers:
            raise TransferRefused("the primary answered without a record")
        self.empty += not found.answers
        if self.empty > _EMPTY_MESSAGES:
            raise TransferMalformed(f"{self.empty} messages are without a record")
        soas: Sequence[int] = found.soas
        begins = self.soa is None
        if begins:
            self._open(message, soas)
            soas = soas[1:]
        self.records += found.answers
        if self.style is None:
            self._decide(message, found, begins=begins)
        apex = [at for at in soas if owner_of(message, at) == self.zone]
        if self.style is Style.INCREMENTS:
            self._follow(message, apex, found.last_answer)
        elif self.style is Style.WHOLE and apex:
            self._close(message, apex, found.last_answer)

    def _decide(self, message: bytes, found: wire.Scan, *, begins: bool) -> None:
        """Set how the primary answers. If the second record is an SOA, it sends increments."""
        assert self.since is not None
        if found.answers < 1 + begins:
            if begins and not serials.newer(self.serial, self.since):
                self._exchange.finish()
                self.style, self.done = Style.NOTHING, True
            return
        second = found.soas[begins : 1 + begins]
        at = found.soas[0] if begins else _first(message)
        if begins:
            at = labels.skip_name(message, at)
            at += 10 + int.from_bytes(message[at + 8 : at + 10], "big")
        self.style = Style.INCREMENTS if second and second[0] == at else Style.WHOLE

    def _follow(self, message: bytes, apex: "Sequence[int]", last: int) -> None:
        """Follow the serials of the increments. Each begins where the one before ended, up to the new serial."""
        for number, at in enumerate(apex):
            found = read_soa(message, at).serial
            if self._next is None:
                self._next = found
            elif found == self.serial and self._next == self.serial:
                if number < len(apex) - 1 or at != last:
                    raise TransferMalformed("records follow the closing SOA")
                self._exchange.finish()
                self.records -= 1
                self.done = True
            elif found != self._next:
                raise TransferMixed(f"an increment begins with serial {found}, not with {self._next}")
            else:
                self._next = None

    def _close(self, message: bytes, apex: "Sequence[int]", last: int) -> None:
        """Take the SOA that ends a whole zone. It must equal the opening one."""
        if _soa(message, apex[0])[1].to_digestable() != self._opening:
            closing = read_soa(message, apex[0])
            raise TransferMixed(
                f"the closing SOA has serial {closing.serial}, the opening one {self.serial}: "
                "the zone changed under way"
                if closing.serial != self.serial
                else f"the closing SOA differs from the opening one, both with serial {self.serial}"
            )
        if len(apex) > 1 or apex[0] != last:
            raise TransferMalformed("records follow the closing SOA")
        self._exchange.finish()
        self.records -= 1
        self.done = True

    def cut(self) -> TransferCut:
        """Return the error for a stream that ended here."""
        return TransferCut(f"the connection ended after {self.records:,} records, before the closing SOA")

    @property
    def serial(self) -> int:
        """Return the serial of the opening SOA, which must have been seen."""
        assert self.soa is not None
        return self.soa.serial

    @property
    def lone(self) -> bool:
        """Return whether an IXFR has brought a newer SOA and nothing else so far.

        It may be the whole response (RFC 1995 section 2), or the first of many messages with a record each.
        """
        return self.style is None and self.records == 1

    def _open(self, message: bytes, soas: "Sequence[int]") -> None:
        at = _first(message)
        if not soas or soas[0] != at:
            raise TransferMalformed("the transfer does not begin with an SOA")
        owner = owner_of(message, at)
        if owner != self.zone:
            raise WrongZone(f"the transfer begins with the SOA of {owner}, asked was {self.zone}")
        self._opening = _soa(message, at)[1].to_digestable()
        self.soa = read_soa(message, at)


def soa_of(zone: dns.name.Name, message: bytes, found: wire.Scan) -> Soa:
    """Return the SOA of a zone in the scanned answer to a question for it. Raise TransferMalformed, WrongZone."""
    if not found.soas:
        raise TransferMalformed(f"the primary has no SOA for {zone}")
    owner = owner_of(message, found.soas[0])
    if owner != zone:
        raise WrongZone(f"the primary answers with the SOA of {owner}, asked was {zone}")
    return read_soa(message, found.soas[0])


def read_soa(message: bytes, at: int) -> Soa:
    """Return the SOA record that begins at byte `at`."""
    ttl, rdata = _soa(message, at)
    assert isinstance(rdata, SOA)
    return Soa(rdata.serial, types.ttl_of(ttl), rdata.rname.to_text(), rdata.refresh, rdata.retry, rdata.expire)


def _first(message: bytes) -> int:
    """Return the byte at which the first record of a message begins."""
    at = 12
    for _ in range(int.from_bytes(message[4:6], "big")):
        at = labels.skip_name(message, at) + 4
    return at


def tsig_of(message: bytes, at: int) -> tuple[dns.name.Name, dns.rdata.Rdata]:
    """Return owner and rdata of the TSIG that begins at byte `at`.

    Raise a DNSException, IndexError or Malformed if it cannot be read.
    """
    name, at = labels.read_name(message, at)
    size = int.from_bytes(message[at + 8 : at + 10], "big")
    rdata = dns.rdata.from_wire(dns.rdataclass.ANY, dns.rdatatype.TSIG, message, at + 10, size)
    return dns.name.Name([*labels.labels_of(name), b""]), rdata


def owner_of(message: bytes, at: int) -> dns.name.Name:
    """Return the owner name of the record that begins at byte `at`."""
    try:
        return dns.name.Name([*labels.labels_of(labels.read_name(message, at)[0]), b""])
    except (IndexError, labels.Malformed) as error:
        raise TransferMalformed("the owner of an SOA cannot be read") from error


def _soa(message: bytes, at: int) -> tuple[int, dns.rdata.Rdata]:
    at = labels.skip_name(message, at)
    ttl, size = int.from_bytes(message[at + 4 : at + 8], "big"), int.from_bytes(message[at + 8 : at + 10], "big")
    try:
        rdata = dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.SOA, message, at + 10, size)
    except dns.exception.DNSException as error:
        raise TransferMalformed("an SOA cannot be read") from error
    return ttl, rdata
