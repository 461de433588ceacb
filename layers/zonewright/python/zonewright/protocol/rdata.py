r"""Rdata as dnspython reads it, and as octets if it does not.

Name servers carry rdata that a library dislikes: SVCB in AliasMode with parameters, a LOC of another version. Such a
record is kept as the octets that came.

Rdata is written as text only if that text is read back as the same octets. Rdata that is not read, and rdata with a
text that is not, such as a TLSA without its certificate, has the generic form of RFC 3597 section 5: `\# 3 010203`.
"""

import functools
import re
from collections.abc import Callable
from struct import error as StructError  # noqa: N812 - it is an exception
from typing import TYPE_CHECKING

from zonewright.protocol.checks import CHECKS
from zonewright.protocol.texts import READ_BACK, TEXTS
from zonewright.protocol.types import AAAA, COMPRESSED, SPF, TXT, A

if TYPE_CHECKING:
    import dns.rdata

GENERIC = "\\#"
"""First word of rdata in the generic form."""

FRAMED = frozenset({A, AAAA, TXT, SPF, *COMPRESSED})
"""Types whose rdata must have its form. Others are carried whatever their bytes are (RFC 3597).

Their texts are made of numbers, names and strings, and are always read back.
"""

_HEX = re.compile("(?:[0-9A-Fa-f]{2})*")


def readable(rdtype: int, octets: bytes) -> bool:
    """Return whether dnspython reads this uncompressed rdata."""
    check = CHECKS.get(rdtype)
    if check is not None:
        return check(octets)
    try:
        _read(rdtype, octets)
    except dislikes():
        return False
    return True


def text(rdtype: int, octets: bytes) -> str:
    """Return uncompressed rdata in presentation form with absolute names, or else in the generic form."""
    return presentation(rdtype, octets) or generic(octets)


def texter(rdtype: int) -> Callable[[bytes], str]:
    """Return the function that writes stored rdata of a type as `text` does. It is faster for rdata in its form."""
    return TEXTS[rdtype] if rdtype in FRAMED and rdtype in TEXTS else functools.partial(text, rdtype)


def presentation(rdtype: int, octets: bytes) -> str:
    """Return uncompressed rdata in presentation form. Return nothing if that is not read back as the same octets."""
    written = TEXTS.get(rdtype)
    if written is not None:
        return written(octets) if has_text(rdtype, octets) else ""
    try:
        read = _read(rdtype, octets)
        shown = read.to_text()
        return shown if rdtype in FRAMED or _octets_of(read, shown) == octets else ""
    except dislikes():
        return ""


def has_text(rdtype: int, octets: bytes) -> bool:
    """Return whether rdata of a type in `TEXTS` has a text that is read back as the same octets."""
    return CHECKS[rdtype](octets) and READ_BACK[rdtype](octets)


def folded(rdtype: int, octets: bytes) -> bytes:
    """Return wire rdata with its names lower-cased where DNS compares them so (RFC 4034 section 6.2)."""
    try:
        return _read(rdtype, octets).to_digestable()
    except dislikes():
        return octets


def generic(octets: bytes) -> str:
    """Return rdata in the generic form."""
    return f"{GENERIC} {len(octets)} {octets.hex()}".rstrip()


def from_generic(words: list[str]) -> bytes:
    """Return the octets that the words of a generic form say. Raises ValueError with the reason."""
    mark, size, *parts = [*words, ""] if len(words) < 2 else words
    digits = "".join(parts)
    if mark != GENERIC or not (size.isascii() and size.isdigit()):
        raise ValueError(f"{GENERIC} is followed by the number of octets")
    if not _HEX.fullmatch(digits):
        raise ValueError("the octets are not hexadecimal")
    if len(digits) != 2 * int(size):
        raise ValueError(f"{len(digits) // 2} octets, where {size} were announced")
    return bytes.fromhex(digits)


def _read(rdtype: int, octets: bytes) -> "dns.rdata.Rdata":
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    return dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), octets, 0, len(octets))


def _octets_of(read: "dns.rdata.Rdata", shown: str) -> bytes | None:
    """Return what dnspython makes of the text of an rdata."""
    import dns.rdata

    return dns.rdata.from_text(read.rdclass, read.rdtype, shown).to_wire()


def dislikes() -> tuple[type[Exception], ...]:
    """Return the errors by which dnspython refuses rdata. Not all of them are its own."""
    import dns.exception

    return dns.exception.DNSException, ValueError, ArithmeticError, LookupError, StructError
