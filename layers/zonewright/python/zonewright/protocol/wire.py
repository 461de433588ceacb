"""DNS messages to RRset lines, fast: the parser of the transfer stream.

A transfer of 100,000 records is 3 MB in some 180 messages. dnspython makes an object of every name and rdata, and takes
seconds for it. This parser makes one line of text (`rrset.py`) of each RR, straight from the bytes.

* Types with names that may be compressed (RFC 1035 section 3.3, RFC 3597 section 4) are written without compression.
* A, AAAA and TXT are checked and copied.
* dnspython checks every other type, and the bytes are copied as they came.

dnspython is the oracle of the tests: equal results, or an equal refusal.

Compression pointers never leave their message (RFC 1035 section 4.1.4). So each message parses alone, in any order, in
any process.

`scan` only walks a message. It serves a reader that needs counts and SOA positions but no contents.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError  # noqa: N812 - it is an exception
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
"""Types whose rdata is bytes, names, bytes: the number of each."""

_META = frozenset({0, OPT, NXNAME, *range(249, 256)})
"""Types that are never data of a zone: 0, OPT, NXNAME and the query types (RFC 6895 section 3.1)."""


class Malformed(Exception):
    """The data is wrong in this way. The caller adds the place."""


def _refuse(what: str) -> NoReturn:
    raise Malformed(what)


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a walk over a message. All positions are bytes from its start.

    The answer section has `answers` RRs, the last at `last_answer`. `soas` are the positions of its SOAs. `last` is the
    position of the last RR of the whole message, which is the TSIG if there is one, and `last_type` its type.
    """

    answers: int
    soas: tuple[int, ...]
    last_answer: int
    last: int
    last_type: int


def framed(*messages: bytes) -> bytes:
    """Return messages as TCP carries them, each behind its length in two bytes (RFC 1035 section 4.2.2)."""
    return b"".join([len(message).to_bytes(2, "big") + message for message in messages])


def skip_name(wire: bytes, at: int) -> int:
    """Return the position behind the name at `at`. Pointers are not followed. Raises Malformed or IndexError."""
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
    """Walk all RRs of a message without reading them. Raises TransferMalformed if counts or lengths are wrong."""
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
        raise TransferMalformed(f"a message of {len(wire)} octets cannot be read: {_explain(error)}") from error
    return Scan(answers, tuple(soas), last_answer, last, rdtype)


def read_name(wire: bytes, at: int) -> tuple[bytes, int]:
    """Return the name at `at` in wire form without compression, and the position behind it.

    A pointer must point back (RFC 1035 section 4.1.4), so there are no loops. A name has at most 255 bytes. Raises
    Malformed or IndexError.
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


def without_last(wire: bytes) -> bytes:
    """Return a message whose answer section ends before its last RR. No byte moves: pointers into that RR hold."""
    answers = int.from_bytes(wire[6:8], "big") - 1
    return wire[:6] + answers.to_bytes(2, "big") + wire[8:]


def labels_of(wire_name: bytes) -> list[bytes]:
    """Return the labels of an uncompressed wire name, without the root."""
    labels, at = [], 0
    while wire_name[at]:
        labels.append(wire_name[at + 1 : at + 1 + wire_name[at]])
        at += wire_name[at] + 1
    return labels


class Parser:
    """Parses the messages of one zone's transfer into RR lines.

    `outside` counts the RRs that it leaves out because they are of another zone: their owner is not in this one, or
    they are an SOA below the apex. `outside_names` holds the first three of those names.
    """

    def __init__(self, zone: dns.name.Name) -> None:
        self.zone = zone
        self.outside = 0
        self.outside_names: list[str] = []
        self._suffix = [label.lower() for label in zone.labels[:-1]]
        self._heads: dict[bytes, tuple[int, str]] = {}
        self._room = 254 - sum(len(label) + 1 for label in zone.labels)

    def first_key(self, wire: bytes) -> str | None:
        """Return the sort key of the first owner name of the answer.

        Return None for an empty answer, and for an owner outside the zone. Raises TransferMalformed.
        """
        try:
            _, _, questions, answers, _, _ = HEADER.unpack_from(wire)
            at = 12
            for _ in range(questions):
                at = skip_name(wire, at) + 4
            return self._owner(read_name(wire, at)[0])[0] if answers else None
        except (IndexError, StructError, Malformed) as error:
            raise TransferMalformed(f"an owner name cannot be read: {_explain(error)}") from error

    def message(self, wire: bytes) -> list[str]:  # noqa: C901, PLR0912, PLR0915 - the hot loop, kept in one piece
        """Return the answer section as RR lines, in the order sent.

        Raises TransferMalformed, naming owner and type if they are known.
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
                    self._outside([*labels_of(full), b""])
                    at = end
                    continue
                key = found
                rdtype = head[0]
                if rdtype == A:
                    if size != 4:
                        _refuse(f"an address of {size} octets")
                    text = wire[at:end].hex()
                elif rdtype == SOA and key:  # the contents of another zone
                    self._outside(names.owner_of(key, self.zone).labels)
                    at = end
                    continue
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
        """Return the sort key and spelling of an uncompressed owner name. The key is None outside the zone."""
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
        """Note the sort key of each name within the name at `at`, up to the apex. Later owners point there."""
        while key and wire[at] < 64:
            keys[at] = key
            at += wire[at] + 1
            key = key.rpartition(" ")[0]
        if wire[at] >= 192:
            at = (wire[at] & 63) << 8 | wire[at + 1]
        keys.setdefault(at, key)

    def _head(self, fixed: bytes) -> tuple[int, str]:
        """Return the type, and `type TAB ttl` as text, of an RR's fixed part. Each distinct part is checked once."""
        rdtype, rdclass, ttl, _ = _FIXED.unpack(fixed + b"\x00\x00")
        if rdclass != dns.rdataclass.IN:
            raise Malformed(f"class {dns.rdataclass.to_text(dns.rdataclass.RdataClass.make(rdclass))}")
        if rdtype in _META:
            raise Malformed(f"type {rdtype} is no data")
        head = (rdtype, f"{rdtype}\t{ttl if ttl <= HIGHEST_TTL else 0}")  # RFC 2181 section 8
        if len(self._heads) < 10_000:
            self._heads[fixed] = head
        return head

    def _outside(self, labels: Sequence[bytes]) -> None:
        self.outside += 1
        if len(self.outside_names) < 3:
            self.outside_names.append(dns.name.Name(labels).to_text())

    @staticmethod
    def _with_names(wire: bytes, at: int, end: int, shape: tuple[int, int, int], seen: dict[int, bytes]) -> str:
        """Return rdata of bytes, names, bytes (`shape` counts each) as hex, with the names uncompressed."""
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
        return f"{where} cannot be read: {_explain(error)}"


def _address6(wire: bytes, at: int, end: int, _: int) -> str:
    if end - at != 16:
        raise Malformed(f"an address of {end - at} octets")
    return wire[at:end].hex()


def _strings(wire: bytes, at: int, end: int, _: int) -> str:
    """Return TXT rdata as hex: one or more character-strings (RFC 1035 section 3.3.14)."""
    text = wire[at:end].hex()
    if at == end:
        raise Malformed("no character-string")
    while at < end:
        at += wire[at] + 1
    if at != end:
        raise Malformed("a character-string runs over the end")
    return text


def _checked(wire: bytes, at: int, end: int, rdtype: int) -> str:
    """Return rdata of any other type as hex, as it came, after dnspython read it.

    Old servers compress names in NAPTR, SIG and NXT. The length shows it, and then dnspython's form is returned.
    """
    known = dns.rdatatype.RdataType.make(rdtype)
    written = dns.rdata.from_wire(dns.rdataclass.IN, known, wire, at, end - at).to_wire()
    if written is None or len(written) == end - at:
        return wire[at:end].hex()
    return written.hex()


_OTHER: dict[int, Callable[[bytes, int, int, int], str]] = {TXT: _strings, SPF: _strings, AAAA: _address6}


def _explain(error: Exception) -> str:
    if isinstance(error, (IndexError, StructError)):
        return "it ends too early"
    return str(error) or type(error).__name__
