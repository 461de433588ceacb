"""Rdata by its fields, as VinylDNS has it: numbers, addresses, names and texts (contract `vinyldns-writes.md`, 2).

`values` and `encode` are inverse: `encode(rdtype, values(rdtype, octets)) == octets` for rdata that is readable.

A text is that of presentation form without quotes (RFC 1035 section 5.1): a backslash and three digits stand for an
octet, a backslash and another character for that character. `encode` also takes what is not escaped, in UTF-8.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonewright.protocol import names, rdata, served, texts
from zonewright.protocol.labels import end_of_name
from zonewright.protocol.notes import Written, mark
from zonewright.protocol.types import AAAA, CNAME, DS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, TXT, A

if TYPE_CHECKING:
    from zonewright.protocol.rrset import RRset

Value = str | int

_ESCAPE = re.compile(rb"\\(?:(\d{3})|(\D))", re.DOTALL)
_LONGEST_STRING = 255
"""Octets of a character-string (RFC 1035 section 3.3)."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one field. `read` returns the value at a position of rdata and the position behind it."""

    write: Callable[[Value], bytes]
    read: Callable[[bytes, int], tuple[Value, int]]


def _number(size: int) -> Form:
    """Return the form of an unsigned number of `size` octets."""
    return Form(
        lambda value: int(value).to_bytes(size, "big"),
        lambda octets, at: (int.from_bytes(octets[at : at + size]), at + size),
    )


def _write_name(value: Value) -> bytes:
    text = str(value)
    if not text.isascii():
        raise ValueError(f"{text!r} is not ASCII: write names in punycode")
    return names.absolute(text).to_wire() or b""


def _read_name(octets: bytes, at: int) -> tuple[Value, int]:
    behind = end_of_name(octets, at)
    return texts.TEXTS[NS](octets[at:behind]), behind


def _write_string(value: Value) -> bytes:
    octets = unescaped(str(value))
    if len(octets) > _LONGEST_STRING:
        raise ValueError(f"a string has {len(octets)} octets, more than {_LONGEST_STRING}")
    return bytes([len(octets)]) + octets


def _read_string(octets: bytes, at: int) -> tuple[Value, int]:
    behind = at + 1 + octets[at]
    return texts.strings(octets[at:behind])[1:-1], behind


def _write_strings(value: Value) -> bytes:
    octets = unescaped(str(value))
    parts = [octets[at : at + _LONGEST_STRING] for at in range(0, len(octets), _LONGEST_STRING)] or [b""]
    return b"".join(bytes([len(part)]) + part for part in parts)


def _read_strings(octets: bytes, at: int) -> tuple[Value, int]:
    parts = []
    while at < len(octets):
        text, at = _read_string(octets, at)
        parts.append(str(text))
    return "".join(parts), at


def _read_address6(octets: bytes, at: int) -> tuple[Value, int]:
    """Return an IPv6 address in the long form, without leading zeros (contract `vinyldns.md`, section 3.2)."""
    groups = (octets[place : place + 2] for place in range(at, at + 16, 2))
    return ":".join(f"{int.from_bytes(group):x}" for group in groups), at + 16


ADDRESS4 = Form(
    lambda value: ipaddress.IPv4Address(value).packed,
    lambda octets, at: (str(ipaddress.IPv4Address(octets[at : at + 4])), at + 4),
)
ADDRESS6 = Form(lambda value: ipaddress.IPv6Address(value).packed, _read_address6)
NAME = Form(_write_name, _read_name)
U8, U16, U32 = _number(1), _number(2), _number(4)
STRING = Form(_write_string, _read_string)
STRINGS = Form(_write_strings, _read_strings)
"""All character-strings of an rdata, as one text."""
HEX = Form(
    lambda value: bytes.fromhex(str(value)),
    lambda octets, at: (octets[at:].hex().upper(), len(octets)),
)
"""The rest of an rdata, in upper case."""

FIELDS: Mapping[int, Mapping[str, Form]] = {
    A: {"address": ADDRESS4},
    AAAA: {"address": ADDRESS6},
    CNAME: {"cname": NAME},
    DS: {"keytag": U16, "algorithm": U8, "digesttype": U8, "digest": HEX},
    MX: {"preference": U16, "exchange": NAME},
    NAPTR: {
        "order": U16,
        "preference": U16,
        "flags": STRING,
        "service": STRING,
        "regexp": STRING,
        "replacement": NAME,
    },
    NS: {"nsdname": NAME},
    PTR: {"ptrdname": NAME},
    SOA: {
        "mname": NAME,
        "rname": NAME,
        "serial": U32,
        "refresh": U32,
        "retry": U32,
        "expire": U32,
        "minimum": U32,
    },
    SPF: {"text": STRINGS},
    SRV: {"priority": U16, "weight": U16, "port": U16, "target": NAME},
    SSHFP: {"algorithm": U8, "type": U8, "fingerprint": HEX},
    TXT: {"text": STRINGS},
}
"""The fields of each type, in the order of the rdata. They are names of the API, and clients compare their order."""

_DIGESTED = {DS: 4, SSHFP: 2}
"""Octets before a digest."""

NUMBERS = (U8, U16, U32)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a writer gave it by its fields, with the values to show. The reader has checked their forms."""

    type: int
    values: Mapping[str, Value]

    def octets(self) -> bytes:
        """Return the rdata. Raise ValueError with the reason if the fields make none that a name server takes."""
        octets = encode(self.type, self.values)
        if self.type != DS:  # VinylDNS takes a type of digest that Knot does not load
            served.check(self.type, octets)
        elif not rdata.readable(self.type, octets):
            raise ValueError("the digest has not the length of its type")
        return octets


def written(records: Sequence[Record]) -> tuple[tuple[bytes, ...], Written]:
    """Return the rdatas of a record set, each once, and what to keep of how they were written.

    Records are the same if they differ only in the case of names (RFC 4343). Raise ValueError as `Record.octets` does.
    """
    found: dict[bytes, tuple[bytes, Record]] = {}
    for record in records:
        octets = record.octets()
        found.setdefault(rdata.folded(record.type, octets), (octets, record))
    given = dict(found.values())
    if not given:
        return (), Written()
    kept = Written.of(records[0].type, {octets: _presentation(record, octets) for octets, record in given.items()})
    differing = {mark(octets): _differing(record, octets) for octets, record in given.items()}
    return tuple(given), Written(kept.texts, kept.order, {known: own for known, own in differing.items() if own})


def shown(held: "RRset") -> list[dict[str, Value]]:
    """Return the records of an RRset by their fields, as they were written and in that order."""
    kept = held.notes.written
    found = []
    for octets in kept.ordered(held.rdatas):
        known = mark(octets)
        own = kept.fields.get(known, {})
        if held.type == AAAA and not own and known in kept.texts:  # its text is the address
            own = {"address": kept.texts[known]}
        found.append({name: own.get(name, value) for name, value in values(held.type, octets).items()})
    return found


def _presentation(record: Record, octets: bytes) -> str:
    """Return a record in presentation form, with the address of an AAAA as it was written."""
    return str(record.values["address"]) if record.type == AAAA else rdata.text(record.type, octets)


def _differing(record: Record, octets: bytes) -> dict[str, str]:
    """Return the fields that differ from what is read back from the rdata."""
    read = values(record.type, octets)
    return {name: str(value) for name, value in record.values.items() if value != read[name]}


def encode(rdtype: int, values: Mapping[str, Value]) -> bytes:
    """Return the rdata of a type in `FIELDS` with these values. Raise ValueError with the reason."""
    return b"".join(form.write(values[name]) for name, form in FIELDS[rdtype].items())


def values(rdtype: int, octets: bytes) -> dict[str, Value]:
    """Return the values of an rdata, by field in order.

    Rdata of a type without fields has a `text` in presentation form, and rdata that cannot be read one in the generic
    form (RFC 3597 section 5).
    """
    forms = FIELDS.get(rdtype)
    if forms is None or not _fits(rdtype, octets):
        return {"text": rdata.text(rdtype, octets)}
    found: dict[str, Value] = {}
    at = 0
    for name, form in forms.items():
        found[name], at = form.read(octets, at)
    return found


def _fits(rdtype: int, octets: bytes) -> bool:
    """Return whether rdata has its fields. A digest may have any length."""
    head = _DIGESTED.get(rdtype)
    return rdata.readable(rdtype, octets) if head is None else len(octets) >= head


def unescaped(text: str) -> bytes:
    """Return the octets that a text means. A backslash that escapes nothing stands for itself."""
    return _ESCAPE.sub(_octet, text.encode("utf-8", "surrogatepass"))


def _octet(match: re.Match[bytes]) -> bytes:
    if match[1] is None:
        return match[2]
    number = int(match[1])
    return bytes([number]) if number < 256 else match[0]
