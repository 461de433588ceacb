"""DNS messages to RRset lines, fast: the parser of the transfer stream.

A transfer of 100,000 records is 3 MB in some 180 messages. dnspython makes an object of every name and rdata, and takes
seconds for it. This parser makes one line of text (`rrset.py`) of each RR, straight from the bytes.

* Types with names that may be compressed (RFC 1035 section 3.3, RFC 3597 section 4) are written without compression.
* A, AAAA and TXT are checked and copied.
* Every other type is copied as it came. If dnspython dislikes the rdata, the parser counts it and keeps its bytes.
  `checks.py` knows for the usual types what dnspython would say.
* Types that no zone holds are counted and left out.

Only a record that cannot be framed is refused. dnspython is the oracle of the tests: equal results, or an equal
refusal.

Compression pointers never leave their message (RFC 1035 section 4.1.4). So each message parses alone, in any order, in
any process.

`scan` only walks a message. It serves a reader that needs counts and SOA positions but no contents.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError  # noqa: N812 - it is an exception
from typing import NoReturn

import dns.exception
import dns.name
import dns.rdataclass

from zonewright.errors import TransferMalformed
from zonewright.protocol import names, rdata
from zonewright.protocol.checks import CHECKS
from zonewright.protocol.labels import Malformed, labels_of, read_name, skip_name
from zonewright.protocol.tally import Tally
from zonewright.protocol.types import (
    AAAA,
    COMPRESSED,
    HTTPS,
    LP,
    NAPTR,
    NO_DATA,
    NSAP_PTR,
    NSEC,
    NXT,
    RRSIG,
    SIG,
    SIGNATURES,
    SOA,
    SPF,
    SVCB,
    TSIG,
    TXT,
    A,
    ttl_of,
    type_text,
)

HEADER = Struct("!HHHHHH")
FIXED = Struct("!HHIH")
"""Type, class, TTL and length of rdata: what follows the owner of an RR."""

_NAME_BEHIND = {NSAP_PTR: 0, SIG: 18, NXT: 0, NAPTR: 4, RRSIG: 18, NSEC: 0, SVCB: 2, HTTPS: 2, LP: 2}
"""Types whose rdata is bytes, one name, and the rest: the number of bytes. NAPTR has three strings before its name."""


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


def scan(wire: bytes) -> Scan:
    """Walk all RRs of a message without reading them. Raise TransferMalformed if counts or lengths are wrong."""
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


def without_last(wire: bytes) -> bytes:
    """Return a message whose answer section ends before its last RR. No byte moves: pointers into that RR hold."""
    answers = int.from_bytes(wire[6:8], "big") - 1
    return wire[:6] + answers.to_bytes(2, "big") + wire[8:]


def unsigned(wire: bytes) -> bytes:
    """Return a message without its TSIG, if it has one. Raise TransferMalformed as `scan` does."""
    found = scan(wire)
    if found.last_type != TSIG:
        return wire
    additionals = int.from_bytes(wire[10:12], "big") - 1
    return wire[:10] + additionals.to_bytes(2, "big") + wire[12 : found.last]


class Parser:
    """A parser of the messages of one zone's transfer. It returns RR lines.

    `outside` counts the RRs that it leaves out because they are of another zone: their owner is not in this one, or
    they are an SOA below the apex. `no_data` counts those that it leaves out because no zone holds their type. `odd`
    counts the RRs whose rdata dnspython dislikes. They are kept as bytes.

    With `increments` the messages are those of an IXFR, from its first on. RRs that they remove do not count, nor do
    RRs that they add and remove again.
    """

    def __init__(self, zone: dns.name.Name, *, increments: bool = False) -> None:
        self.zone = zone
        self.outside, self.no_data, self.odd = Tally(), Tally(), Tally()
        self._increments = increments
        self._soas = 0
        self._suffix = [label.lower() for label in zone.labels[:-1]]
        self._heads: dict[bytes, tuple[int, str]] = {}
        self._apex = b"".join([bytes([len(label)]) + label for label in zone.labels])
        self._room = 254 - sum(len(label) + 1 for label in zone.labels)

    def first_key(self, wire: bytes) -> str | None:
        """Return the sort key of the first owner name of the answer.

        Return None for an empty answer, and for an owner outside the zone. Raise TransferMalformed.
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

        Raise TransferMalformed, naming owner and type if they are known.
        """
        lines: list[str] = []
        at, start, fixed = 12, 0, b""
        try:
            _, _, questions, answers, _, _ = HEADER.unpack_from(wire)
            for _ in range(questions):
                at = skip_name(wire, at) + 4
            keys: dict[int, str] = {}
            spelled: dict[int, tuple[str, str]] = {}
            names_seen: dict[int, bytes] = {}
            heads, room, apex, total = self._heads, self._room, self._apex, len(wire)
            for _ in range(answers):
                start, fixed = at, b""
                spelling = None
                octet = wire[at]
                if octet >= 192:
                    pointed = (octet & 63) << 8 | wire[at + 1]
                    found = keys.get(pointed)
                    at += 2
                    if found is None and pointed in spelled:
                        found, spelling = spelled[pointed]
                elif 0 < octet < 64 and wire[(behind := at + octet + 1)] >= 192:
                    pointed = (wire[behind] & 63) << 8 | wire[behind + 1]
                    found = keys.get(pointed)
                    if found is None and pointed < at and wire.startswith(apex, pointed):  # as a signer's name is
                        found = keys[pointed] = ""
                    if found is not None:
                        label = wire[at + 1 : behind]
                        if (label.isalnum() and label == label.lower()) or not label.translate(None, names.PLAIN):
                            text = label.decode()
                            found = keys[start] = f"{found} {text}" if found else text
                            at = behind + 2
                        elif label.isalnum():  # in upper case, as many servers send the hashes of NSEC3
                            found, spelling = spelled[start] = _below(found, label.decode())
                            at = behind + 2
                        else:
                            found = None
                else:
                    found = None
                if found is None or len(found) > room:
                    full, at = read_name(wire, start)
                    found, spelling = self._owner(full)
                    if found is not None:
                        self._remember(keys, wire, start, found)
                        if spelling is not None:
                            spelled[start] = found, spelling
                fixed = wire[at : at + 8]
                size = wire[at + 8] << 8 | wire[at + 9]
                at += 10
                end = at + size
                if end > total:
                    _refuse("rdata runs over the end of the message")
                head = heads.get(fixed) or self._head(fixed)
                if found is None:
                    self._note(self.outside, [*labels_of(full), b""], head[0], self._identity(wire, at, end, head[0]))
                    at = end
                    continue
                key = found
                rdtype = head[0]
                if rdtype == A:
                    if size != 4:
                        _refuse(f"an address of {size} octets")
                    text = wire[at:end].hex()
                elif rdtype == SOA and key:  # the contents of another zone
                    owner = names.owner_of(key, self.zone).labels
                    self._note(self.outside, owner, rdtype, self._identity(wire, at, end, rdtype))
                    at = end
                    continue
                elif rdtype == SOA:
                    self._soas += 1
                    text = self._with_names(wire, at, end, COMPRESSED[SOA], names_seen)
                elif rdtype in COMPRESSED:
                    text = self._with_names(wire, at, end, COMPRESSED[rdtype], names_seen)
                elif reads := _OTHER.get(rdtype):
                    text = reads(wire, at, end)
                elif (check := CHECKS.get(rdtype)) and check(octets := wire[at:end]):
                    text = octets.hex()
                elif rdtype in NO_DATA:
                    self._note(self.no_data, names.owner_of(key, self.zone).labels, rdtype, wire[at:end].hex())
                    at = end
                    continue
                else:
                    text, odd = _any(wire, at, end, rdtype)
                    if odd:
                        self._note(self.odd, names.owner_of(key, self.zone).labels, rdtype, text)
                fields = head[1] if rdtype not in SIGNATURES else head[1].replace("\t", f".{int(text[:4], 16)}\t")
                lines.append(f"{key}\t{fields}\t{text}" if spelling is None else f"{key}\t{fields}\t{text}\t{spelling}")
                at = end
        except (IndexError, StructError, Malformed, dns.exception.DNSException) as error:
            raise TransferMalformed(_complaint(wire, start, fixed, error)) from error
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
        """Note the sort keys of the names within the name at `at` that are lower-case. Later owners point there."""
        noted: dict[int, str] = {}
        while True:
            while wire[at] >= 192:
                at = (wire[at] & 63) << 8 | wire[at + 1]
            if not key:
                break
            behind = at + 1 + wire[at]
            label = wire[at + 1 : behind]
            if label == label.lower():
                noted[at] = key
            else:
                noted.clear()
            at, key = behind, key.rpartition(" ")[0]
        keys.update(noted)
        keys[at] = ""

    def _head(self, fixed: bytes) -> tuple[int, str]:
        """Return the type, and `type TAB ttl` as text, of an RR's fixed part. Each distinct part is checked once."""
        rdtype, rdclass, ttl, _ = FIXED.unpack(fixed + b"\x00\x00")
        if rdclass != dns.rdataclass.IN:
            raise Malformed(f"class {dns.rdataclass.to_text(dns.rdataclass.RdataClass.make(rdclass))}")
        head = (rdtype, f"{rdtype}\t{ttl_of(ttl)}")
        if len(self._heads) < 10_000:
            self._heads[fixed] = head
        return head

    def _note(self, tally: Tally, owner: Sequence[bytes], rdtype: int, rdata_text: str) -> None:
        """Count an RR. Increments remove RRs behind every second SOA (RFC 1995 section 4)."""
        if tally.full:
            tally.add()
            return
        name = dns.name.Name(owner).to_text()
        shown = name if tally is self.outside else f"{name} {type_text(rdtype)}"
        if not self._increments:
            tally.add(shown)
        elif self._soas % 2:
            tally.put((name.lower(), rdtype, rdata_text), shown)
        else:
            tally.remove((name.lower(), rdtype, rdata_text))

    def _identity(self, wire: bytes, at: int, end: int, rdtype: int) -> str:
        """Return what identifies rdata of another zone within increments: its octets, without compression."""
        if self._increments and rdtype in COMPRESSED:
            with suppress(IndexError, Malformed):  # such rdata is left out all the same
                return self._with_names(wire, at, end, COMPRESSED[rdtype], {})
        return wire[at:end].hex()

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


def _below(key: str, label: str) -> tuple[str, str]:
    """Return the sort key and spelling of an owner name: a label below a name whose spelling is that of its key."""
    if not key:
        return label.lower(), label
    return f"{key} {label.lower()}", " ".join([label, *reversed(key.split(" "))])


def _address6(wire: bytes, at: int, end: int) -> str:
    if end - at != 16:
        raise Malformed(f"an address of {end - at} octets")
    return wire[at:end].hex()


def _strings(wire: bytes, at: int, end: int) -> str:
    """Return TXT rdata as hex: one or more character-strings (RFC 1035 section 3.3.14)."""
    text = wire[at:end].hex()
    if at == end:
        raise Malformed("no character-string")
    while at < end:
        at += wire[at] + 1
    if at != end:
        raise Malformed("a character-string runs over the end")
    return text


def _any(wire: bytes, at: int, end: int, rdtype: int) -> tuple[str, bool]:
    """Return rdata of any other type as hex, and whether dnspython dislikes it.

    Some servers compress names in NAPTR, SIG and NXT. Such a name is written out whole.
    """
    octets = _spelled_out(wire, at, end, rdtype) if rdtype in _NAME_BEHIND else wire[at:end]
    return octets.hex(), not rdata.readable(rdtype, octets)


def carried(rdtype: int, words: list[str]) -> bytes:
    """Return the octets that rdata in the generic form says (RFC 3597 section 5). The type is not `FRAMED`.

    dnspython may dislike them, as those of a transfer. Raise ValueError, with the reason, for rdata without the name
    that it must have.
    """
    octets = rdata.from_generic(words)
    try:
        if rdtype in _NAME_BEHIND and _spelled_out(octets, 0, len(octets), rdtype) != octets:
            _refuse("a name in it is compressed")
    except IndexError as error:
        raise ValueError("it ends before its name") from error
    except Malformed as error:
        raise ValueError(str(error)) from error
    return octets


def _spelled_out(wire: bytes, at: int, end: int, rdtype: int) -> bytes:
    """Return rdata with its name uncompressed."""
    start = at
    at += _NAME_BEHIND[rdtype]
    for _ in range(3 if rdtype == NAPTR else 0):
        at += wire[at] + 1
    if at >= end:
        raise Malformed("rdata ends before its name")
    name, behind = read_name(wire, at)
    if behind > end:
        raise Malformed("a name runs over the end of the rdata")
    return wire[start:at] + name + wire[behind:end]


_OTHER: dict[int, Callable[[bytes, int, int], str]] = {TXT: _strings, SPF: _strings, AAAA: _address6}


def _explain(error: Exception) -> str:
    if isinstance(error, (IndexError, StructError)):
        return "it ends too early"
    return str(error) or type(error).__name__


def _complaint(wire: bytes, at: int, fixed: bytes, error: Exception) -> str:
    """Return the message on the RR at `at`, with its owner and type as far as they can be read."""
    where = "a message"
    if at and len(fixed) == 8:
        owner = dns.name.Name([*labels_of(read_name(wire, at)[0]), b""])
        where = f"{owner} {type_text(int.from_bytes(fixed[:2], 'big'))}"
    return f"{where} cannot be read: {_explain(error)}"
