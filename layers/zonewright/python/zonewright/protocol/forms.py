"""What rdata of a type consists of, for the types whose rdata a name server reads.

BIND, NSD, Knot and PowerDNS carry rdata of types that they do not know, whatever its octets are (RFC 3597). That of a
type that one of them knows must have the form of the type. There are two kinds:

* All four know the type by its name. PowerDNS then reads no generic form. So the rdata must have a text (`rdata.py`).
* Some know the type. All read its generic form, if the octets are what BIND reads. BIND knows the most types.

The tests ask the programs that check zones, with many octets for each type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from zonewright.protocol import rdata
from zonewright.protocol.labels import end_of_name
from zonewright.protocol.types import (
    A6,
    AMTRELAY,
    APL,
    ATMA,
    AVC,
    BRID,
    CAA,
    CDNSKEY,
    CDS,
    CERT,
    CSYNC,
    DHCID,
    DNSKEY,
    DOA,
    DS,
    DSYNC,
    EID,
    EUI48,
    EUI64,
    GPOS,
    HHIT,
    HINFO,
    HIP,
    HTTPS,
    IPSECKEY,
    ISDN,
    KEY,
    L32,
    L64,
    LOC,
    LP,
    NAPTR,
    NID,
    NIMLOC,
    NINFO,
    NSAP,
    NSAP_PTR,
    OPENPGPKEY,
    RESINFO,
    SINK,
    SMIMEA,
    SSHFP,
    SVCB,
    TA,
    TALINK,
    TLSA,
    URI,
    WALLET,
    WKS,
    X25,
    type_text,
)

_DIGESTS = {1: 20, 2: 32, 4: 48}
"""Octets of a digest by its type."""


@dataclass(frozen=True, slots=True)
class Form:
    """What rdata consists of, in words, and whether octets do. `words` complete "its octets are not ..."."""

    words: str
    fits: Callable[[bytes], bool]


def _texted(rdtype: int, octets: bytes) -> bool:
    return rdata.presentation(rdtype, octets) != ""


def _at_least(size: int) -> Callable[[bytes], bool]:
    return lambda octets: len(octets) >= size


def _names(before: int, count: int) -> Callable[[bytes], bool]:
    """Return a check of `before` octets and of `count` names."""
    return lambda octets: _behind_names(octets, before, count) == len(octets) > 0


def _behind_names(octets: bytes, at: int, count: int) -> int:
    """Return the position behind `count` names, or 0 if there are not as many."""
    for _ in range(count):
        at = end_of_name(octets, at)
        if not at:
            return 0
    return at


def _split(octets: bytes, at: int = 0) -> list[bytes]:
    """Return the character-strings from a position on. The list is empty if they are none."""
    strings = []
    while at < len(octets):
        strings.append(octets[at + 1 : at + 1 + octets[at]])
        at += 1 + octets[at]
    return strings if at == len(octets) else []


def _strings(least: int, most: int = 65_535) -> Callable[[bytes], bool]:
    return lambda octets: least <= len(_split(octets)) <= most


def _services(octets: bytes) -> bool:
    """Check WKS: an address, a protocol, a bitmap without zeros at its end (RFC 1035 section 3.4.2)."""
    return len(octets) == 5 or (5 < len(octets) <= 5 + 8192 and octets[-1] > 0)


def _address(octets: bytes) -> bool:
    """Check X25: a string of four digits or more (RFC 1183 section 3.1)."""
    found = _split(octets)
    return len(found) == 1 and len(found[0]) >= 4 and found[0].isdigit()


def _prefixed(octets: bytes) -> bool:
    """Check A6: the length of a prefix, the rest of an address, the prefix's name if there is one (RFC 2874)."""
    if not octets or octets[0] > 128:
        return False
    behind = 1 + 16 - octets[0] // 8
    if len(octets) < behind or (octets[0] % 8 and octets[1] >> (8 - octets[0] % 8)):
        return False
    return end_of_name(octets, behind) == len(octets) if octets[0] else len(octets) == behind


def _atm(octets: bytes) -> bool:
    """Check ATMA: a format and an address, which in format 1 is of digits (ATM Forum AF-DANS-0152)."""
    return len(octets) > 1 and (octets[0] != 1 or octets[1:].isdigit())


def _host_identity(octets: bytes) -> bool:
    """Check HIP: three lengths and an algorithm, identity tag and key, the names of servers (RFC 8005 section 5)."""
    if len(octets) < 4 or not octets[0]:
        return False
    at = 4 + octets[0] + int.from_bytes(octets[2:4])
    if at == 4 + octets[0] or at > len(octets):
        return False
    while 0 < at < len(octets):
        at = end_of_name(octets, at)
    return at == len(octets)


def _relay(octets: bytes) -> bool:
    """Check AMTRELAY: precedence, type of the relay, and the relay (RFC 8777 section 4.2)."""
    if len(octets) < 2:
        return False
    kind, size = octets[1] & 0x7F, len(octets) - 2
    if kind == 3:
        return end_of_name(octets, 2) == len(octets)
    return size == {0: 0, 1: 4, 2: 16}.get(kind, size)


def _object(octets: bytes) -> bool:
    """Check DOA: enterprise, type and location, a media type as a string, data."""
    return len(octets) > 9 and len(octets) >= 10 + octets[9]


def _anchor(octets: bytes) -> bool:
    """Check TA: as a DS (RFC 4034 section 5.1)."""
    size = len(octets) - 4
    return size > 0 and _DIGESTS.get(octets[3], size) == size


_DELEGATION = "a key tag, an algorithm, a digest type, and a digest of the length of its type"
_ASSOCIATION = "a usage, a selector, a matching type, and data of the length of its type"
_KEY = "flags, a protocol, an algorithm, and a key"
_BINDING = "a priority, a name, and parameters in their form and order; priority 0 has none"

_WITH_TEXT: dict[int, str] = {
    HINFO: "two character-strings",
    KEY: _KEY,
    LOC: "a size, two precisions, a latitude, a longitude and an altitude of version 0, each in its range",
    NAPTR: "an order, a preference, three character-strings, and a name",
    CERT: "a type, a key tag, an algorithm, and a certificate",
    APL: "address prefixes, each with a family, a length and an address",
    DS: _DELEGATION,
    SSHFP: "an algorithm, a type, and a fingerprint of the length of its type",
    IPSECKEY: "a precedence, a gateway type, an algorithm, a gateway and a key",
    DNSKEY: _KEY,
    DHCID: "an identifier of one octet or more",
    TLSA: _ASSOCIATION,
    SMIMEA: _ASSOCIATION,
    CDS: _DELEGATION,
    CDNSKEY: _KEY,
    OPENPGPKEY: "a key of one octet or more",
    CSYNC: "a serial, flags, and types",
    SVCB: _BINDING,
    HTTPS: _BINDING,
    NID: "a preference and eight octets",
    L32: "a preference and four octets",
    L64: "a preference and eight octets",
    LP: "a preference and a name",
    EUI48: "six octets",
    EUI64: "eight octets",
    URI: "a priority, a weight, and a target",
    CAA: "flags, a tag of letters and digits, and a value",
}

FORMS: dict[int, Form] = {
    **{rdtype: Form(words, partial(_texted, rdtype)) for rdtype, words in _WITH_TEXT.items()},
    WKS: Form("an address, a protocol, and a bitmap whose last octet is not 0", _services),
    X25: Form("a character-string of four digits or more", _address),
    ISDN: Form("one or two character-strings", _strings(1, 2)),
    NSAP: Form("an address of one octet or more", _at_least(1)),
    NSAP_PTR: Form("a name", _names(0, 1)),
    GPOS: Form("three character-strings", _strings(3, 3)),
    EID: Form("an identifier of one octet or more", _at_least(1)),
    NIMLOC: Form("a locator of one octet or more", _at_least(1)),
    ATMA: Form("a format and an address, which in format 1 is of digits", _atm),
    A6: Form("the length of a prefix, the rest of an address, and the name of the prefix", _prefixed),
    SINK: Form("a coding, a subcoding and data", _at_least(3)),
    HIP: Form("an algorithm, an identity tag, a key, and names of servers", _host_identity),
    NINFO: Form("character-strings", _strings(1)),
    TALINK: Form("two names", _names(0, 2)),
    DSYNC: Form("a type, a scheme, a port and a name", _names(5, 1)),
    HHIT: Form("a tag of one octet or more", _at_least(1)),
    BRID: Form("an identifier of one octet or more", _at_least(1)),
    AVC: Form("character-strings", _strings(1)),
    DOA: Form("an enterprise, a type, a location, a media type, and data", _object),
    AMTRELAY: Form("a precedence, a type, and a relay of this type", _relay),
    RESINFO: Form("character-strings", _strings(1)),
    WALLET: Form("character-strings", _strings(1)),
    TA: Form(_DELEGATION, _anchor),
}
"""The form of rdata by type. Types that are missing here have none, or rdata of theirs is always in its form."""


class Unfit(ValueError):
    """A text is no rdata for this reason, which is in words for callers."""


def complaint(rdtype: int, error: Exception) -> str:
    """Return why a text is no rdata of a type. `error` is what dnspython raised.

    Its own words are kept, unless they come from an error of Python, whose words are not for callers.
    """
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, Unfit):
        foreign = not type(cause).__module__.startswith("dns.")
        if foreign:
            form = FORMS.get(rdtype)
            return f"its fields are not {form.words if form else 'those of the type'}"
        cause = cause.__cause__ or cause.__context__
    return str(cause or error) or f"it is not {type_text(rdtype)} data"
