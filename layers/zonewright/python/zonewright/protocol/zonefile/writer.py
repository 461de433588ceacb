"""Writes master files (RFC 1035 section 5) from RRset lines (`rrset.py`).

The writer holds only the apex in memory, whose SOA and NS come first. The other RRsets keep the order of the lines.
Names are absolute. A type that servers may not know by name is written in the form of RFC 3597. So is rdata whose text
dnspython would not read back to the same bytes, or that not every server reads.
"""

import re
import socket
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

import dns.name
import dns.rdatatype

from zonewright.protocol import names
from zonewright.protocol.labels import end_of_name, labels_of, read_name
from zonewright.protocol.rdata import has_text, presentation
from zonewright.protocol.rrset import TAB, lowest, shown_owner
from zonewright.protocol.served import LONGEST_TAG, parameters
from zonewright.protocol.texts import following, next_hash, signature
from zonewright.protocol.types import (
    AAAA,
    AFSDB,
    CAA,
    CERT,
    CNAME,
    CSYNC,
    DNAME,
    HTTPS,
    IPSECKEY,
    KX,
    LP,
    MX,
    NAPTR,
    NO_DATA,
    NS,
    NSEC,
    NSEC3,
    PTR,
    RP,
    RRSIG,
    SOA,
    SRV,
    SVCB,
    TXT,
    A,
    ttl_of,
    type_text,
)

_CACHE = 10_000

_LABEL_ODD = re.compile(r"[^A-Za-z0-9_*/-]")
r"""Characters to escape in a label.

They are more than RFC 1035 section 5.1 asks for, because Knot takes no other punctuation unescaped. They are escaped by
number where a server might read more into them. To BIND and NSD `\[` begins a bit-string label (RFC 2673).
"""
_KEY_ODD = re.compile(r"[^A-Za-z0-9_*/ -]")
"""Those and escapes, in labels as a sort key has them."""
_STRING_ODD = re.compile(r'["\\]|[^ -~]')
_DECIMAL = {f"{octet:02x}": str(octet) for octet in range(256)}
_BY_NAME = frozenset(
    {13, 17, 18, 25, 29, *range(35, 38), 39, *range(42, 54), *range(59, 66), 99, *range(104, 110), 256, 257}
)
"""Types that BIND 9.18, NSD 4.6, Knot 3.2 and PowerDNS 4.7 all know by name. They take others as numbers and bytes."""
_PARAMETERS = ("mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint")
"""Names of the first keys of SvcParams (RFC 9460 section 14.3.2). Servers know others by different names, or none."""
_MANDATORY, _PORT = 0, 3
_GATEWAY_NAME = 3
"""The type of a gateway that is a name (RFC 4025 section 2.3)."""
_QUOTED = re.compile(r'(\S+?)=("(?:[^"\\]|\\.)*")')
_SOA_FIELDS = ("serial", "refresh", "retry", "expire", "minimum")


def write(lines: Iterable[str], zone_name: str, zone_ttl: int) -> Iterator[str]:
    """Yield the master file of RRset lines in canonical order, RRset by RRset.

    `zone_ttl` is in seconds. A record shows its TTL only if it differs.
    """
    zone_ttl = ttl_of(zone_ttl)  # a copy by an earlier release may have a higher one
    writer = _Writer(names.absolute(zone_name), zone_ttl)
    yield f"$ORIGIN {writer.name}\n$TTL {zone_ttl}\n\n"
    apex: list[str] | None = []
    for line in lines:
        if apex is not None:
            if line[0] == TAB:
                apex.append(line)
                continue
            yield from writer.apex(apex)
            apex = None
        yield writer.rrset(line)
    if apex:
        yield from writer.apex(apex)


class _Writer:
    """Makes text of the lines of one zone."""

    def __init__(self, zone: dns.name.Name, ttl: int) -> None:
        self.name = name_text((zone.to_wire() or b"").hex())
        self._below = "." + self.name.removesuffix(".") if len(zone.labels) > 1 else ""
        self._ttl = str(ttl)
        self._key, self._owner = "", self.name

    def apex(self, lines: list[str]) -> Iterator[str]:
        """Yield the text of the apex: SOA, NS, then the others."""
        first = {line.split(TAB, 2)[1]: line for line in lines}
        for rdtype in (str(SOA), str(NS)):
            if rdtype in first:
                yield self.rrset(first.pop(rdtype)) + "\n"
        for line in first.values():
            yield self.rrset(line)

    def rrset(self, line: str) -> str:
        """Return the text of all RRs of a line: one line each, several for the SOA. All show one TTL and owner."""
        key, field, ttl, rdatas, *rest = line.split(TAB)
        if "," in ttl:
            ttl = lowest(ttl)
        if rest and rest[0]:
            spelling = shown_owner(rest[0])
            owner = self._text(spelling, spelling.split(" "))
        elif key == self._key:
            owner = self._owner
        else:
            owner = self._text(key, key.split(" ")[::-1])
            self._key, self._owner = key, owner
        head = f"{owner} IN " if ttl in ("", self._ttl) else f"{owner} {ttl} IN "
        text = _text_of(field)
        if text is None:  # copied by an earlier release
            return ""
        if " " not in rdatas:
            return f"{head}{text(rdatas)}\n"
        return "".join([f"{head}{text(rdata)}\n" for rdata in rdatas.split(" ")])

    def _text(self, escaped: str, labels: list[str]) -> str:
        """Return the absolute owner name of the labels of a text that is escaped as a sort key is."""
        own = ".".join(labels)
        if _KEY_ODD.search(escaped):
            own = _labels_text(map(names.unescape_label, labels))
        return f"{own}{self._below}."


@lru_cache(maxsize=_CACHE)
def _text_of(field: str) -> Callable[[str], str] | None:
    """Return the function that writes type and rdata, by the type field of a line. None is for a type without data."""
    rdtype = field.partition(".")[0]
    return None if int(rdtype) in NO_DATA else _TEXTS.get(rdtype) or partial(_other_text, int(rdtype))


def _labels_text(labels: Iterable[bytes]) -> str:
    return ".".join([_LABEL_ODD.sub(_escaped, label.decode("latin-1")) for label in labels])


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return f"\\{char}" if char in '"().;\\@$' else f"\\{ord(char):03}"


@lru_cache(maxsize=_CACHE)
def name_text(text: str) -> str:
    """Return a wire name, given as hex, in presentation form (RFC 1035 section 5.1)."""
    return _labels_text(labels_of(bytes.fromhex(text))) + "."


def _address_text(text: str) -> str:
    return f"A {_DECIMAL[text[:2]]}.{_DECIMAL[text[2:4]]}.{_DECIMAL[text[4:6]]}.{_DECIMAL[text[6:]]}"


def _address6_text(text: str) -> str:
    return f"AAAA {socket.inet_ntop(socket.AF_INET6, bytes.fromhex(text))}"


def _service_text(text: str) -> str:
    return f"SRV {int(text[:4], 16)} {int(text[4:8], 16)} {int(text[8:12], 16)} {name_text(text[12:])}"


def _strings_text(text: str) -> str:
    wire = bytes.fromhex(text)
    parts: list[str] = []
    at = 0
    while at < len(wire):
        end = at + 1 + wire[at]
        parts.append(wire[at + 1 : end].decode("latin-1"))
        at = end
    joined = '" "'.join(parts)
    if _STRING_ODD.search("".join(parts)):
        joined = '" "'.join([_STRING_ODD.sub(_escaped, part) for part in parts])
    return f'"{joined}"'


def soa_fields(text: str) -> list[str]:
    """Return MNAME, RNAME and the five numbers of SOA rdata given as hex (RFC 1035 section 3.3.13)."""
    wire = bytes.fromhex(text)
    mname, at = read_name(wire, 0)
    rname, at = read_name(wire, at)
    numbers = [str(int.from_bytes(wire[place : place + 4])) for place in range(at, at + 20, 4)]
    return [name_text(mname.hex()), name_text(rname.hex()), *numbers]


def _soa_text(text: str) -> str:
    mname, rname, *numbers = soa_fields(text)
    rows = [f"    {number} ; {field}\n" for number, field in zip(numbers, _SOA_FIELDS, strict=True)]
    return f"SOA {mname} {rname} (\n{''.join(rows)})"


def _signature_text(text: str) -> str:
    wire = bytes.fromhex(text)
    return (
        f"RRSIG {signature(wire, _wire_name_text, _mnemonic)}" if has_text(RRSIG, wire) else _unknown_text(RRSIG, text)
    )


def _following_text(text: str) -> str:
    """Return an NSEC. Servers do not read one without types."""
    wire = bytes.fromhex(text)
    written = following(wire, _wire_name_text, _mnemonic) if has_text(NSEC, wire) else ""
    return f"NSEC {written}" if " " in written else _unknown_text(NSEC, text)


def _next_hash_text(text: str) -> str:
    wire = bytes.fromhex(text)
    return f"NSEC3 {next_hash(wire, _mnemonic)}" if has_text(NSEC3, wire) else _unknown_text(NSEC3, text)


def _wire_name_text(octets: bytes) -> str:
    return name_text(octets.hex())


def _other_text(rdtype: int, text: str) -> str:
    """Return type and rdata in presentation form, if servers know the type and read the text back equal."""
    wire = bytes.fromhex(text)
    if rdtype in _BY_NAME and (written := presentation(rdtype, wire)) and _READ_BY_ALL.get(rdtype, bool)(wire):
        plain = _PLAIN.get(rdtype)
        return f"{type_text(rdtype)} {plain(wire, written) if plain else written.rstrip()}"
    return _unknown_text(rdtype, text)


def _binding_text(octets: bytes, written: str) -> str:
    """Return an SVCB or HTTPS whose parameters have the names and the forms that every server reads."""
    priority, _, *rest = written.split(" ", 2)
    of_library = dict(_QUOTED.findall("".join(rest)))
    ours = [priority, _name_at(octets, 2)]
    for key, value in parameters(octets):
        name = _parameter_name(key)
        if key == _MANDATORY:
            keys = [int.from_bytes(value[at : at + 2]) for at in range(0, len(value), 2)]
            ours.append(f'{name}="{",".join(map(_parameter_name, keys))}"')
        elif key == _PORT:
            ours.append(f"{name}={int.from_bytes(value)}")
        elif key < len(_PARAMETERS):
            ours.append(f"{name}={of_library[name]}" if value else name)
        else:
            ours.append(f'{name}="{_STRING_ODD.sub(_escaped, value.decode("latin-1"))}"')
    return " ".join(ours)


def _numbered_name_text(octets: bytes, _: str) -> str:
    """Return a number and a name, which is AFSDB, KX or LP."""
    return f"{int.from_bytes(octets[:2])} {_name_at(octets, 2)}"


def _names_text(octets: bytes, _: str) -> str:
    """Return the names that are all of a rdata, which is DNAME or RP."""
    texts, at = [], 0
    while at < len(octets):
        texts.append(_name_at(octets, at))
        at = end_of_name(octets, at)
    return " ".join(texts)


def _rewriting_text(octets: bytes, written: str) -> str:
    """Return a NAPTR with its name, which is the last word, as every server reads it."""
    at = 4
    for _ in range(3):
        at += 1 + octets[at]
    return f"{written.rpartition(' ')[0]} {_name_at(octets, at)}"


def _gateway_text(octets: bytes, written: str) -> str:
    """Return an IPSECKEY whose gateway, if it is a name, every server reads (RFC 4025 section 2.5)."""
    if octets[1] != _GATEWAY_NAME:
        return written.rstrip()
    precedence, kind, algorithm, _, key = written.split(" ", 4)
    return f"{precedence} {kind} {algorithm} {_name_at(octets, 3)} {key.rstrip()}"


def _name_at(octets: bytes, at: int) -> str:
    return _labels_text(labels_of(octets[at:])) + "."


def _parameter_name(key: int) -> str:
    return _PARAMETERS[key] if key < len(_PARAMETERS) else f"key{key}"


def _has_plain_tag(octets: bytes) -> bool:
    """Return whether NSD reads the tag of a CAA."""
    tag = octets[2 : 2 + octets[1]]
    return len(tag) <= LONGEST_TAG and tag == tag.lower()


def _certificate_text(octets: bytes, written: str) -> str:
    """Return a CERT with its type and algorithm as numbers (RFC 4398 section 2.2)."""
    kind, tag, algorithm = int.from_bytes(octets[:2]), int.from_bytes(octets[2:4]), octets[4]
    return f"{kind} {tag} {algorithm} {written.split(' ', 3)[3].rstrip()}"


def _synchronization_text(_: bytes, written: str) -> str:
    """Return a CSYNC with the types that it lists as servers know them (RFC 7477 section 2.1.1)."""
    serial, flags, *listed = written.split()
    return " ".join([serial, flags, *(_mnemonic(dns.rdatatype.from_text(word)) for word in listed)])


def _mnemonic(rdtype: int) -> str:
    """Return a type within rdata: by its name if every server knows that, and by its number otherwise (RFC 3597)."""
    return type_text(rdtype) if rdtype in _BY_NAME or str(rdtype) in _TEXTS else f"TYPE{rdtype}"


def _unknown_text(rdtype: int, text: str) -> str:
    """Return type and rdata in the form of RFC 3597 section 5."""
    return f"TYPE{rdtype} \\# {len(text) // 2} {text}".rstrip()


_TEXTS: dict[str, Callable[[str], str]] = {
    str(A): _address_text,
    str(NS): lambda text: f"NS {name_text(text)}",
    str(CNAME): lambda text: f"CNAME {name_text(text)}",
    str(SOA): _soa_text,
    str(PTR): lambda text: f"PTR {name_text(text)}",
    str(MX): lambda text: f"MX {int(text[:4], 16)} {name_text(text[4:])}",
    str(TXT): lambda text: f"TXT {_strings_text(text)}",
    str(AAAA): _address6_text,
    str(SRV): _service_text,
    str(RRSIG): _signature_text,
    str(NSEC): _following_text,
    str(NSEC3): _next_hash_text,
}
"""How type and rdata are written, by type. dnspython writes the types that are missing here."""

_PLAIN: dict[int, Callable[[bytes, str], str]] = {
    RP: _names_text,
    AFSDB: _numbered_name_text,
    NAPTR: _rewriting_text,
    KX: _numbered_name_text,
    DNAME: _names_text,
    IPSECKEY: _gateway_text,
    LP: _numbered_name_text,
    SVCB: _binding_text,
    HTTPS: _binding_text,
    CERT: _certificate_text,
    CSYNC: _synchronization_text,
}
"""What makes a text that every server reads of rdata and of dnspython's text, by type."""

_READ_BY_ALL: dict[int, Callable[[bytes], bool]] = {CAA: _has_plain_tag}
"""Whether every server reads the text of rdata, by type. Rdata of other types with a text is read by all."""
