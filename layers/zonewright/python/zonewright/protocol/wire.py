"""DNS messages to RRset lines, fast: the parser of the transfer stream.

A transfer of 100,000 records is 3 MB in some 180 messages. dnspython makes an object of every
name and rdata and takes seconds for it; here each RR becomes one line of text (`rrset.py`)
straight from the octets. Types with names in their rdata that may be compressed (RFC 1035
section 3.3, RFC 3597 section 4) are written out without compression; A, AAAA and TXT are
checked and copied; every other type is checked by dnspython and copied as it came. dnspython
is the oracle of the tests: equal results, or an equal refusal.

Compression pointers never leave their message (RFC 1035 section 4.1.4), so each message parses
alone, in any order, in any process.

`scan` only walks a message, for the reader that needs counts and SOA positions but no contents.
"""

from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError  # noqa: N812 - an exception, whatever its spelling
from typing import NoReturn

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from zonewright.errors import TransferMalformed
from zonewright.protocol import names
from zonewright.protocol.types import (
    AAAA,
    AFSDB,
    CNAME,
    DNAME,
    HIGHEST_TTL,
    KX,
    MB,
    MD,
    MF,
    MG,
    MINFO,
    MR,
    MX,
    NS,
    NXNAME,
    OPT,
    PTR,
    PX,
    RP,
    RT,
    SOA,
    SPF,
    SRV,
    TXT,
    A,
    type_text,
)

HEADER = Struct("!HHHHHH")
_FIXED = Struct("!HHIH")

_COMPRESSED: dict[int, tuple[int, int, int]] = {
    NS: (0, 1, 0),
    MD: (0, 1, 0),
    MF: (0, 1, 0),
    CNAME: (0, 1, 0),
    SOA: (0, 2, 20),
    MB: (0, 1, 0),
    MG: (0, 1, 0),
    MR: (0, 1, 0),
    PTR: (0, 1, 0),
    MINFO: (0, 2, 0),
    MX: (2, 1, 0),
    RP: (0, 2, 0),
    AFSDB: (2, 1, 0),
    RT: (2, 1, 0),
    PX: (2, 2, 0),
    SRV: (6, 1, 0),
    KX: (2, 1, 0),
    DNAME: (0, 1, 0),
}
"""Types whose rdata is octets, names, octets: how many of each."""

_META = frozenset({0, OPT, NXNAME, *range(249, 256)})
"""OPT, NXNAME and the query types: never data of a zone (RFC 6895 section 3.1)."""


class Malformed(Exception):
    """What is wrong, without the place; the caller adds it."""


def _refuse(what: str) -> NoReturn:
    raise Malformed(what)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a walk over a message found.

    `answers` RRs are in its answer section, the last of them at `last_answer`; `soas` are the offsets of the SOAs
    there. The last RR of the whole message, which holds a TSIG if there is one, is at `last`.
    """

    answers: int
    soas: tuple[int, ...]
    last_answer: int
    last: int
    last_type: int


def framed(*messages: bytes) -> bytes:
    """Return messages as a TCP stream carries them, each behind its length in two bytes (RFC 1035 section 4.2.2)."""
    return b"".join([len(message).to_bytes(2, "big") + message for message in messages])


def skip_name(wire: bytes, at: int) -> int:
    """The offset behind the name at `at`, pointers not followed."""
    octet = wire[at]
    while 0 < octet < 64:
        at += octet + 1
        octet = wire[at]
    if octet == 0:
        return at + 1
    if octet < 192:
        raise Malformed(f"label type {octet >> 6} at octet {at}")
    return at + 2


def scan(wire: bytes) -> Scan:
    """Walk all RRs of a message without reading them.

    Raises TransferMalformed where the counts or lengths lie.
    """
    try:
        _, _, questions, answers, authorities, additionals = HEADER.unpack_from(wire)
        at = 12
        for _ in range(questions):
            at = skip_name(wire, at) + 4
        soas: list[int] = []
        last = last_answer = at
        rdtype = 0
        total = len(wire)
        for number in range(answers + authorities + additionals):
            last = at
            octet = wire[at]
            while 0 < octet < 64:
                at += octet + 1
                octet = wire[at]
            if 63 < octet < 192:
                _refuse(f"label type {octet >> 6} at octet {at}")
            at += 2 if octet else 1
            rdtype = wire[at] << 8 | wire[at + 1]
            if number < answers:
                last_answer = last
                if rdtype == SOA:
                    soas.append(last)
            at += 10 + (wire[at + 8] << 8 | wire[at + 9])
        if at > total:
            _refuse("the last record is longer than the message")
    except (IndexError, StructError, Malformed) as error:
        raise TransferMalformed(f"a message of {len(wire)} octets cannot be read: {_say(error)}") from error
    return Scan(answers, tuple(soas), last_answer, last, rdtype)


def read_name(wire: bytes, at: int) -> tuple[bytes, int]:
    """The name at `at` without compression, and the offset behind it.

    A pointer must go back (RFC 1035 section 4.1.4), so a loop cannot be; a name has at most 255 octets.
    """
    parts: list[bytes] = []
    size, behind, limit = 1, 0, at
    while True:
        octet = wire[at]
        if octet == 0:
            parts.append(b"\x00")
            return b"".join(parts), behind or at + 1
        if octet < 64:
            label = wire[at : at + octet + 1]
            if len(label) <= octet:
                raise Malformed("a name runs over the end")
            size += octet + 1
            if size > 255:
                raise Malformed("a name is longer than 255 octets")
            parts.append(label)
            at += octet + 1
        elif octet >= 192:
            target = (octet & 63) << 8 | wire[at + 1]
            if target >= limit:
                raise Malformed(f"a compression pointer at octet {at} does not go back")
            behind = behind or at + 2
            at = limit = target
        else:
            raise Malformed(f"label type {octet >> 6} at octet {at}")


def labels_of(wire_name: bytes) -> list[bytes]:
    """The labels of an uncompressed wire name, without the root."""
    labels, at = [], 0
    while wire_name[at]:
        labels.append(wire_name[at + 1 : at + 1 + wire_name[at]])
        at += wire_name[at] + 1
    return labels


class Parser:
    """Parses the messages of one zone's transfer into RR lines, and counts what it leaves out.

    `outside` counts RRs whose owner is not in the zone, `outside_names` keeps the first few of their names.
    """

    def __init__(self, zone: dns.name.Name) -> None:
        self.zone = zone
        self.outside = 0
        self.outside_names: list[str] = []
        self._suffix = [label.lower() for label in zone.labels[:-1]]
        self._heads: dict[bytes, tuple[int, str]] = {}
        self._room = 254 - sum(len(label) + 1 for label in zone.labels)

    def first_key(self, wire: bytes) -> str | None:
        """The key of the first owner name in the answer; None where there is none, or it is outside the zone."""
        try:
            _, _, questions, answers, _, _ = HEADER.unpack_from(wire)
            at = 12
            for _ in range(questions):
                at = skip_name(wire, at) + 4
            return self._owner(read_name(wire, at)[0])[0] if answers else None
        except (IndexError, StructError, Malformed) as error:
            raise TransferMalformed(f"an owner name cannot be read: {_say(error)}") from error

    def message(self, wire: bytes) -> list[str]:  # noqa: PLR0912, PLR0915 - the hot loop, kept in one piece
        """The answer section as RR lines, in the order sent.

        Raises TransferMalformed, naming owner and type where they are known.
        """
        lines: list[str] = []
        at, key, head = 12, "", None
        try:
            _, _, questions, answers, _, _ = HEADER.unpack_from(wire)
            for _ in range(questions):
                at = skip_name(wire, at) + 4
            keys: dict[int, str] = {}
            names_seen: dict[int, bytes] = {}
            heads, room, total = self._heads, self._room, len(wire)
            for _ in range(answers):
                head = None
                start = at
                spelling = None
                octet = wire[at]
                if octet >= 192:
                    found = keys.get((octet & 63) << 8 | wire[at + 1])
                    at += 2
                elif octet and wire[(behind := at + octet + 1)] >= 192:
                    found = keys.get((wire[behind] & 63) << 8 | wire[behind + 1])
                    if found is not None:
                        label = wire[at + 1 : behind]
                        if (label.isalnum() and label == label.lower()) or not label.translate(None, names.PLAIN):
                            text = label.decode()
                            found = keys[start] = f"{found} {text}" if found else text
                            at = behind + 2
                        else:
                            found = None
                else:
                    found = None
                if found is None or len(found) > room:
                    full, at = read_name(wire, start)
                    found, spelling = self._owner(full)
                    if found is not None and spelling is None:
                        self._remember(keys, wire, start, found)
                fixed = wire[at : at + 8]
                size = wire[at + 8] << 8 | wire[at + 9]
                at += 10
                end = at + size
                if end > total:
                    _refuse("rdata runs over the end of the message")
                head = heads.get(fixed) or self._head(fixed)
                if found is None:
                    self._outside(full)
                    at = end
                    continue
                key = found
                rdtype = head[0]
                if rdtype == A:
                    if size != 4:
                        _refuse(f"an address of {size} octets")
                    text = wire[at:end].hex()
                elif rdtype in _COMPRESSED:
                    text = self._with_names(wire, at, end, _COMPRESSED[rdtype], names_seen)
                else:
                    text = _OTHER.get(rdtype, _checked)(wire, at, end, rdtype)
                lines.append(
                    f"{key}\t{head[1]}\t{text}" if spelling is None else f"{key}\t{head[1]}\t{text}\t{spelling}"
                )
                at = end
        except (IndexError, StructError, Malformed, dns.exception.DNSException) as error:
            raise TransferMalformed(self._complaint(key, head, error)) from error
        return lines

    def _owner(self, full: bytes) -> tuple[str | None, str | None]:
        """Key and spelling of an uncompressed owner name; no key where it is outside the zone."""
        labels = labels_of(full)
        own = len(labels) - len(self._suffix)
        if own < 0 or [label.lower() for label in labels[own:]] != self._suffix:
            return None, None
        key = " ".join([names.escape_label(label.lower()) for label in reversed(labels[:own])])
        if all(label == label.lower() for label in labels[:own]):
            return key, None
        return key, " ".join([names.escape_label(label) for label in labels[:own]])

    @staticmethod
    def _remember(keys: dict[int, str], wire: bytes, at: int, key: str) -> None:
        """Note the key of each name within the one at `at`, up to the apex: later owners point there."""
        while key and wire[at] < 64:
            keys[at] = key
            at += wire[at] + 1
            key = key.rpartition(" ")[0]
        if wire[at] >= 192:
            at = (wire[at] & 63) << 8 | wire[at + 1]
        keys.setdefault(at, key)

    def _head(self, fixed: bytes) -> tuple[int, str]:
        """Type, and `type TAB ttl` as text, of an RR's fixed part; checked once for each that occurs."""
        rdtype, rdclass, ttl, _ = _FIXED.unpack(fixed + b"\x00\x00")
        if rdclass != dns.rdataclass.IN:
            raise Malformed(f"class {dns.rdataclass.to_text(dns.rdataclass.RdataClass.make(rdclass))}")
        if rdtype in _META:
            raise Malformed(f"type {rdtype} is no data")
        head = (rdtype, f"{rdtype}\t{ttl if ttl <= HIGHEST_TTL else 0}")  # RFC 2181 section 8
        if len(self._heads) < 10_000:
            self._heads[fixed] = head
        return head

    def _outside(self, full: bytes) -> None:
        self.outside += 1
        if len(self.outside_names) < 3:
            self.outside_names.append(dns.name.Name([*labels_of(full), b""]).to_text())

    @staticmethod
    def _with_names(wire: bytes, at: int, end: int, shape: tuple[int, int, int], seen: dict[int, bytes]) -> str:
        """Rdata of octets, names, octets (`shape`), the names without compression."""
        before, count, after = shape
        parts = [wire[at : at + before]]
        at += before
        for _ in range(count):
            octet = wire[at]
            if octet >= 192:
                target = (octet & 63) << 8 | wire[at + 1]
                name = seen.get(target)
                if name is None:
                    name = seen[target] = read_name(wire, at)[0]
                at += 2
            else:
                name, at = read_name(wire, at)
            parts.append(name)
        parts.append(wire[at : at + after])
        if at + after != end:
            raise Malformed("rdata is not as long as it says")
        return b"".join(parts).hex()

    def _complaint(self, key: str, head: tuple[int, str] | None, error: Exception) -> str:
        where = "a message"
        if head is not None:
            where = f"{names.owner_of(key, self.zone)} {type_text(head[0])}"
        return f"{where} cannot be read: {_say(error)}"


def _address6(wire: bytes, at: int, end: int, _: int) -> str:
    if end - at != 16:
        raise Malformed(f"an address of {end - at} octets")
    return wire[at:end].hex()


def _strings(wire: bytes, at: int, end: int, _: int) -> str:
    """TXT: one or more character-strings (RFC 1035 section 3.3.14)."""
    text = wire[at:end].hex()
    if at == end:
        raise Malformed("no character-string")
    while at < end:
        at += wire[at] + 1
    if at != end:
        raise Malformed("a character-string runs over the end")
    return text


def _checked(wire: bytes, at: int, end: int, rdtype: int) -> str:
    """Any other type: dnspython must be able to read it, and the octets are kept as they came.

    A name in it that was compressed after all (NAPTR, SIG, NXT of old servers) shows in the length: then dnspython's.
    """
    known = dns.rdatatype.RdataType.make(rdtype)
    written = dns.rdata.from_wire(dns.rdataclass.IN, known, wire, at, end - at).to_wire()
    if written is None or len(written) == end - at:
        return wire[at:end].hex()
    return written.hex()


_OTHER: dict[int, Callable[[bytes, int, int, int], str]] = {TXT: _strings, SPF: _strings, AAAA: _address6}


def _say(error: Exception) -> str:
    if isinstance(error, (IndexError, StructError)):
        return "it ends too early"
    return str(error) or type(error).__name__
