"""Writes master files (RFC 1035 section 5) from RRset lines (`rrset.py`).

The writer holds only the apex in memory, whose SOA and NS come first. The other RRsets keep the order of the lines.
Names are absolute. A type that servers may not know by name is written in the form of RFC 3597. So is rdata whose text
dnspython would not read back to the same bytes, or that not every server reads.
"""

import re
import socket
from binascii import unhexlify
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain, islice

import dns.name
import dns.rdatatype

from zonewright.protocol import names
from zonewright.protocol.labels import end_of_name, read_name, texter
from zonewright.protocol.rdata import generic, has_text, presentation
from zonewright.protocol.rrset import TAB, columns, lowest, shown_owner
from zonewright.protocol.served import LONGEST_TAG, parameters
from zonewright.protocol.texts import following, next_hash, numbers, signature, strings
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

_AT_ONCE = 1_000
"""RRsets of one piece of text."""
_CACHE = 256
"""Texts that are kept of a kind that repeats. To keep many costs more than to write them again."""

_LABEL_ODD = re.compile(r"[^A-Za-z0-9_*/-]")
r"""Characters to escape in a label.

They are more than RFC 1035 section 5.1 asks for, because Knot takes no other punctuation unescaped. They are escaped by
number where a server might read more into them. To BIND and NSD `\[` begins a bit-string label (RFC 2673).
"""
_KEY_PLAIN = b" " + bytes(octet for octet in range(256) if not _LABEL_ODD.match(chr(octet)))
"""The other characters, and the space between labels of a sort key."""
_STRING_ODD = re.compile(r'["\\]|[^ -~]')
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
    """Yield the master file of RRset lines in canonical order, in pieces of up to `_AT_ONCE` RRsets.

    `zone_ttl` is in seconds. A record shows its TTL only if it differs.
    """
    zone_ttl = ttl_of(zone_ttl)  # a copy by an earlier release may have a higher one
    writer = _Writer(names.absolute(zone_name), zone_ttl)
    yield f"$ORIGIN {writer.name}\n$TTL {zone_ttl}\n\n"
    apex: list[str] = []
    rest = iter(lines)
    for line in rest:
        if line[0] != TAB:
            rest = chain([line], rest)
            break
        apex.append(line)
    yield from writer.apex(apex)
    while some := list(islice(rest, _AT_ONCE)):
        yield writer.text(some)


class _Writer:
    """Makes text of the lines of one zone."""

    def __init__(self, zone: dns.name.Name, ttl: int) -> None:
        self.name = name_text(zone.to_wire() or b"")
        self._below = "." + self.name if len(zone.labels) > 1 else "."
        self._ttl = str(ttl)
        self._form = lru_cache(maxsize=_CACHE)(self._form_of)

    def apex(self, lines: list[str]) -> Iterator[str]:
        """Yield the text of the apex: SOA, NS, then the others."""
        first = {line.split(TAB, 2)[1]: line for line in lines}
        for rdtype in (str(SOA), str(NS)):
            if rdtype in first:
                yield self.text([first.pop(rdtype)]) + "\n"
        if first:
            yield self.text(list(first.values()))

    def text(self, lines: list[str]) -> str:
        """Return the text of all RRs of lines: one line each, several for the SOA. An RRset shows one TTL and owner."""
        keys, *_ = fields = columns(lines)
        plain = not "".join(keys).encode().translate(None, _KEY_PLAIN)
        found: list[str] = []
        last, owner = "", self.name
        for key, field, ttl, rdatas, spelling, _ in zip(*fields, strict=True):
            if key != last:
                last, own = key, key
                if " " in key or not plain:
                    own = _own_text(key.split(" ")[::-1], plain=plain)
                owner = own + self._below
            shown = owner
            if spelling and (spelling := shown_owner(spelling)):
                shown = _own_text(spelling.split(" "), plain=False) + self._below
            form = self._form(ttl, field)
            if form is None:  # copied by an earlier release
                continue
            begin, write = form
            if " " in rdatas:
                head = shown + begin
                found += [f"{head}{write(unhexlify(rdata))}\n" for rdata in rdatas.split(" ")]
            else:
                found.append(f"{shown}{begin}{write(unhexlify(rdatas))}\n")
        return "".join(found)

    def _form_of(self, ttl: str, field: str) -> tuple[str, Callable[[bytes], str]] | None:
        """Return what follows the owner, and the function that writes the rest, by two fields of a line.

        None is for a type without data.
        """
        rdtype, shown = int(field.partition(".")[0]), lowest(ttl)
        ttl_text = "" if shown in ("", self._ttl) else f" {shown}"
        if rdtype in NO_DATA:
            return None
        if rdtype in _TEXTS:
            return f"{ttl_text} IN {type_text(rdtype)} ", _TEXTS[rdtype]
        return f"{ttl_text} IN ", _SIGNED.get(rdtype) or partial(_other_text, rdtype)


def _own_text(labels: list[str], *, plain: bool) -> str:
    """Return the relative owner name of labels that are escaped as in a sort key. `plain` says that none is."""
    if plain:
        return ".".join(labels)
    octets = map(names.unescape_label, labels)
    return ".".join([_LABEL_ODD.sub(_escaped, label.decode("latin-1")) for label in octets])


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return f"\\{char}" if char in '"().;\\@$' else f"\\{ord(char):03}"


name_text = texter(_LABEL_ODD, _escaped)
"""Returns the presentation form of a wire name (RFC 1035 section 5.1)."""

_same_name_text = lru_cache(maxsize=_CACHE)(name_text)
"""As `name_text`, for names that many records of a zone have."""


def soa_fields(octets: bytes) -> list[str]:
    """Return MNAME, RNAME and the five numbers of SOA rdata (RFC 1035 section 3.3.13)."""
    mname, at = read_name(octets, 0)
    rname, at = read_name(octets, at)
    numbers = [str(int.from_bytes(octets[place : place + 4])) for place in range(at, at + 20, 4)]
    return [name_text(mname), name_text(rname), *numbers]


def _soa_text(octets: bytes) -> str:
    mname, rname, *numbers = soa_fields(octets)
    rows = [f"    {number} ; {field}\n" for number, field in zip(numbers, _SOA_FIELDS, strict=True)]
    return f"{mname} {rname} (\n{''.join(rows)})"


def _signature_text(octets: bytes) -> str:
    if not has_text(RRSIG, octets):
        return _unknown_text(RRSIG, octets)
    return f"RRSIG {signature(octets, _same_name_text, _mnemonic)}"


def _following_text(octets: bytes) -> str:
    """Return an NSEC. Servers do not read one without types."""
    written = following(octets, name_text, _mnemonic) if has_text(NSEC, octets) else ""
    return f"NSEC {written}" if " " in written else _unknown_text(NSEC, octets)


def _next_hash_text(octets: bytes) -> str:
    return f"NSEC3 {next_hash(octets, _mnemonic)}" if has_text(NSEC3, octets) else _unknown_text(NSEC3, octets)


def _other_text(rdtype: int, octets: bytes) -> str:
    """Return type and rdata in presentation form, if servers know the type and read the text back equal."""
    if rdtype in _BY_NAME and (written := presentation(rdtype, octets)) and _READ_BY_ALL.get(rdtype, bool)(octets):
        plain = _PLAIN.get(rdtype)
        return f"{type_text(rdtype)} {plain(octets, written) if plain else written.rstrip()}"
    return _unknown_text(rdtype, octets)


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
    return name_text(octets[at : end_of_name(octets, at)])


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
    return type_text(rdtype) if rdtype in _BY_NAME or rdtype in _TEXTS or rdtype in _SIGNED else f"TYPE{rdtype}"


def _unknown_text(rdtype: int, octets: bytes) -> str:
    """Return type and rdata in the form of RFC 3597 section 5."""
    return f"TYPE{rdtype} {generic(octets)}"


_TEXTS: dict[int, Callable[[bytes], str]] = {
    A: socket.inet_ntoa,
    NS: _same_name_text,
    CNAME: name_text,
    SOA: _soa_text,
    PTR: name_text,
    MX: lru_cache(maxsize=_CACHE)(numbers("!H", name_text)),
    TXT: strings,
    AAAA: partial(socket.inet_ntop, socket.AF_INET6),
    SRV: numbers("!HHH", name_text),
}
"""How rdata is written, by type."""

_SIGNED: dict[int, Callable[[bytes], str]] = {
    RRSIG: _signature_text,
    NSEC: _following_text,
    NSEC3: _next_hash_text,
}
"""How type and rdata are written, by type. dnspython writes the types that are missing here and above."""

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
