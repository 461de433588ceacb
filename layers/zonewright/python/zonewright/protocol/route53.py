r"""What Amazon Route 53 has: types, and the texts of names and rdata. Escapes are octal, as `\052` for `*`.

Master files have decimal escapes.

* A name is lower-case. Octets other than letters, digits, `-` and `_` are `\ooo`, as Route 53 lists them.
* A value is rdata in presentation form. Names in it are lower-case where DNS compares them so. In strings, `"` and `\`
  have a backslash, and octets outside 32-126 are `\ooo`. Outside of strings every escape is `\ooo`.

What is read may come from other writers: names without the dot at the end, which are absolute to Route 53 all the same.

Amazon Route 53 Developer Guide, "DNS domain name format" and "Supported DNS record types".
"""

import re
from typing import TYPE_CHECKING

from zonewright.protocol import names, rdata, rrset
from zonewright.protocol.types import (
    AAAA,
    CAA,
    CNAME,
    DS,
    HTTPS,
    MX,
    NAMELESS,
    NAPTR,
    NS,
    PTR,
    SOA,
    SPF,
    SRV,
    SSHFP,
    SVCB,
    TLSA,
    TXT,
    A,
)

if TYPE_CHECKING:
    import dns.name

_TYPES = frozenset({A, AAAA, CAA, CNAME, DS, HTTPS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, SVCB, TLSA, TXT})

_ODD = re.compile(r"[^a-z0-9_-]")
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")')
_DECIMAL = re.compile(r"\\(?:(\d{3})|(.))")
_OCTAL = re.compile(r"\\(?:([0-3][0-7]{2})|(.))")


def takes(rdtype: int) -> bool:
    """Return whether Route 53 has record sets of a type."""
    return rdtype in _TYPES


def name_text(name: "dns.name.Name") -> str:
    """Return an absolute name as Route 53 lists it."""
    return ".".join([*map(_label_text, name.labels[:-1]), ""]) or "."


def owner_text(key: str, below: str) -> str:
    """Return the owner name of a sort key (`names.py`) as Route 53 lists it. `below` is the zone's name, so written."""
    if not key:
        return below
    labels = [_label_text(names.unescape_label(text)) for text in reversed(key.split(" "))]
    return ".".join([*labels, below]) if below != "." else ".".join(labels) + "."


def name_of(text: str) -> "dns.name.Name":
    """Return the absolute name that Route 53 has as `text`. Raise ValueError."""
    import dns.name

    try:
        return dns.name.from_text(_OCTAL.sub(_as_decimal, text), dns.name.root, idna_codec=None).canonicalize()
    except rdata.dislikes() as error:
        raise ValueError(f"{text!r} is not a name: {error or type(error).__name__}") from error


def value_text(rdtype: int, octets: bytes) -> str:
    """Return rdata as a value of Route 53, or nothing if it has no text but the generic one of RFC 3597."""
    if rdtype not in NAMELESS:
        octets = bytes.fromhex(rrset.folded(str(rdtype), octets.hex()))
    text = rdata.presentation(rdtype, octets)
    if "\\" not in text:
        return text
    parts = _STRING.split(text)
    return "".join([_DECIMAL.sub(_in_string if part.startswith('"') else _in_name, part) for part in parts])


def rdata_of(rdtype: int, value: str) -> bytes:
    """Return the rdata that a value of Route 53 is. Raise ValueError."""
    import dns.name
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    text = _OCTAL.sub(_as_decimal, value)
    try:
        kind = dns.rdatatype.RdataType.make(rdtype)
        read = dns.rdata.from_text(dns.rdataclass.IN, kind, text, dns.name.root, relativize=False)
        return read.to_wire() or b""
    except rdata.dislikes() as error:
        raise ValueError(f"{value!r} is not read: {error or type(error).__name__}") from error


def _label_text(label: bytes) -> str:
    return _ODD.sub(_octal, label.lower().decode("latin-1"))


def _octal(match: re.Match[str]) -> str:
    return f"\\{ord(match[0]):03o}"


def _in_string(match: re.Match[str]) -> str:
    return f"\\{int(match[1]):03o}" if match[1] else match[0]


def _in_name(match: re.Match[str]) -> str:
    return f"\\{int(match[1]) if match[1] else ord(match[2]):03o}"


def _as_decimal(match: re.Match[str]) -> str:
    return f"\\{int(match[1], 8):03}" if match[1] else match[0]
