"""One signed question to a name server that zones are written to, and the judgement of its answer.

The answer must carry the id and the operation of the question, and, if we signed, a TSIG that verifies (RFC 8945
section 5.4). Only then its code counts. A code other than NOERROR is believed unsigned too: servers refuse without a
signature where they do not know the key, or do not know updates. At worst it is wrong, and the next try tells.
"""

import secrets
import time
from typing import TYPE_CHECKING, NamedTuple

import dns.exception
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.tsig
from dns.rdtypes.ANY.TSIG import TSIG

from zonewright import clock
from zonewright.errors import (
    ClocksApart,
    DeliveryError,
    KeyRefused,
    ServerFailed,
    ServerSilent,
    TargetDiverged,
    TransferMalformed,
    UpdateForbidden,
    UpdateMisread,
    UpdatesUnsupported,
    ZoneNotServed,
)
from zonewright.protocol import types, wire
from zonewright.protocol.labels import Malformed
from zonewright.protocol.transfer import tsig_of
from zonewright.protocol.tsig import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

_FUDGE = 300
"""Seconds that the clocks may differ (RFC 8945 section 10)."""

_RESPONSE = 0x8000

_DIVERGED = "what is there is not what this service left there"
_MEANING: "Mapping[int, tuple[type[DeliveryError], str]]" = {
    dns.rcode.FORMERR: (UpdateMisread, "the update is malformed to it"),
    dns.rcode.SERVFAIL: (ServerFailed, "it could not do it now"),
    dns.rcode.NOTIMP: (UpdatesUnsupported, "it takes no updates; NSD never does"),
    dns.rcode.REFUSED: (UpdateForbidden, "does its policy allow this key, and these names and types? is it frozen?"),
    dns.rcode.NOTAUTH: (ZoneNotServed, "is it a primary of the zone, and does its policy allow this key?"),
    dns.rcode.NOTZONE: (ZoneNotServed, "a name is outside the zone that it has"),
    dns.rcode.YXDOMAIN: (TargetDiverged, _DIVERGED),
    dns.rcode.YXRRSET: (TargetDiverged, _DIVERGED),
    dns.rcode.NXDOMAIN: (TargetDiverged, _DIVERGED),
    dns.rcode.NXRRSET: (TargetDiverged, _DIVERGED),
}
"""What a code means, and what may help (contract backends.md, section 7; codes of RFC 2136 section 2.2)."""

_KEY: dict[type[Exception], str] = {
    dns.tsig.PeerBadKey: "the name server does not know the TSIG key {key} (BADKEY)",
    dns.tsig.PeerBadSignature: "the name server has another secret for the TSIG key {key} (BADSIG)",
}


class Answer(NamedTuple):
    """A believed answer: its octets, the flags and the code of its header, and words for the code."""

    octets: bytes
    flags: int
    code: dns.rcode.Rcode
    text: str


class Question:
    """An update, a NOTIFY or a query, as it is sent once. What is sent again is signed anew (RFC 8945).

    `unsigned` is the message without an id.
    """

    def __init__(self, unsigned: bytes, key: Key | None) -> None:
        self._id = secrets.randbelow(65536)
        self._opcode = _opcode(int.from_bytes(unsigned[2:4], "big"))
        self._key = key
        self._mac = b""
        self.octets = self._id.to_bytes(2, "big") + unsigned[2:]
        """The message to send, without the length that precedes it on TCP."""
        if key:
            self._sign(key.tsig())

    def judge(self, answer: bytes) -> None:
        """Return if the name server did what an update says. Raise the DeliveryError that it answered.

        Raise ServerSilent for an answer that cannot be believed.
        """
        read = self.read(answer)
        if read.code == dns.rcode.NOERROR:
            return
        meaning, remedy = _MEANING.get(read.code, (UpdateMisread, "this code is no answer to an update"))
        raise meaning(f"the name server answered {read.text}: {remedy}")

    def read(self, answer: bytes) -> Answer:
        """Return an answer that can be believed. Raise ServerSilent for any other, KeyRefused, or ClocksApart."""
        try:
            found = wire.scan(answer)
        except TransferMalformed as error:
            raise ServerSilent(f"the answer cannot be read: {error.message}") from error
        ident, flags, *_ = wire.HEADER.unpack_from(answer)
        if ident != self._id or not flags & _RESPONSE or _opcode(flags) != self._opcode:
            raise ServerSilent("the answer is none to our question")
        code = dns.rcode.Rcode.make(flags & 15)
        signed = found.last_type == types.TSIG
        if signed:
            self._verify(answer, found.last)
        elif self._key and code == dns.rcode.NOERROR:
            raise ServerSilent("the answer is not signed")
        unsigned = "" if signed or not self._key else ", unsigned"
        return Answer(answer, flags, code, f"{dns.rcode.to_text(code)}{unsigned}")

    def _sign(self, key: dns.tsig.Key) -> None:
        blank = TSIG(  # type: ignore[no-untyped-call]
            dns.rdataclass.ANY, dns.rdatatype.TSIG, key.algorithm, 0, _FUDGE, b"", self._id, 0, b""
        )
        made, _ = dns.tsig.sign(self.octets, key, blank, int(time.time()), b"")  # type: ignore[no-untyped-call]
        self._mac = made.mac
        rdata, name = made.to_wire() or b"", key.name.to_wire() or b""
        head = name + wire.FIXED.pack(types.TSIG, dns.rdataclass.ANY, 0, len(rdata))
        count = int.from_bytes(self.octets[10:12], "big") + 1
        self.octets = b"".join([self.octets[:10], count.to_bytes(2, "big"), self.octets[12:], head, rdata])

    def _verify(self, answer: bytes, at: int) -> None:
        """Check the TSIG that begins at byte `at` of an answer."""
        if self._key is None:
            raise ServerSilent("the answer is signed, but no key is configured")
        try:
            owner, rdata = tsig_of(answer, at)
            assert isinstance(rdata, TSIG)
            if rdata.error == dns.rcode.BADTIME:
                there = clock.to_text(clock.from_epoch(int.from_bytes(rdata.other, "big") or rdata.time_signed))
                ours = clock.to_text(clock.from_epoch(int(time.time())))
                raise ClocksApart(f"the name server's clock says {there}, ours {ours} (BADTIME)")
            dns.tsig.validate(  # type: ignore[no-untyped-call]
                answer, self._key.tsig(), owner, rdata, int(time.time()), self._mac, at
            )
        except tuple(_KEY) as error:
            raise KeyRefused(_KEY[type(error)].format(key=self._key.name)) from error
        except (dns.exception.DNSException, IndexError, Malformed) as error:
            raise ServerSilent(f"the TSIG of the answer does not hold: {error or type(error).__name__}") from error


def _opcode(flags: int) -> int:
    return flags >> 11 & 15
