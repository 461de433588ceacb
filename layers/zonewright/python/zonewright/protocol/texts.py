"""Rdata in presentation form, without dnspython: the types of most records, and of signed zones.

dnspython takes 20 to 50 microseconds for a text, and as long again to read it back. A text here is the one that
dnspython writes, for rdata that the check of its type lets through (`checks.py`). `READ_BACK` has the few whose text is
not read back as the same octets. The tests compare both with dnspython.
"""

import re
import socket
import time
from binascii import b2a_base64
from collections.abc import Callable
from functools import lru_cache
from struct import Struct

from zonewright.protocol.labels import end_of_name, texter
from zonewright.protocol.types import (
    AAAA,
    CAA,
    CDNSKEY,
    CDS,
    CNAME,
    DLV,
    DNAME,
    DNSKEY,
    DS,
    MX,
    NS,
    NSEC,
    NSEC3,
    NSEC3PARAM,
    OPENPGPKEY,
    PTR,
    RRSIG,
    SIG,
    SMIMEA,
    SOA,
    SPF,
    SRV,
    SSHFP,
    TLSA,
    TXT,
    A,
    type_text,
)

Text = Callable[[bytes], str]
Mnemonic = Callable[[int], str]

_BASE64_WORD, _HEX_WORD = 32, 128
"""Digits of a word, as dnspython breaks long numbers."""
_KEPT = 256
"""Texts that are kept of a kind that repeats. To keep many costs more than to write them again."""
_STRING_ODD = re.compile(r'["\\]|[^ -~]')
_LABEL_ODD = re.compile(r'["().;\\@$]|[^!-~]')
_STRING_PLAIN = bytes(octet for octet in range(256) if not _STRING_ODD.match(chr(octet)))
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [one + other for one in _DIGITS for other in _DIGITS]
_HASHING = Struct("!BBHB")
_SIGNATURE = Struct("!HBBIIIH")
_AUTHORITY = Struct("!5I")


def signature(octets: bytes, name_text: Text, mnemonic: Mnemonic = type_text) -> str:
    """Return an RRSIG or SIG (RFC 4034 section 3.2).

    `name_text` returns the text of a wire name, `mnemonic` that of a type.
    """
    covered, algorithm, labels, ttl, expiration, inception, tag = _SIGNATURE.unpack_from(octets)
    at = end_of_name(octets, _SIGNATURE.size)
    times = f"{_time_text(expiration)} {_time_text(inception)}"
    signer = name_text(octets[_SIGNATURE.size : at])
    return f"{mnemonic(covered)} {algorithm} {labels} {ttl} {times} {tag} {signer} {_base64_words(octets[at:])}"


def following(octets: bytes, name_text: Text, mnemonic: Mnemonic = type_text) -> str:
    """Return an NSEC (RFC 4034 section 4.2). The functions are those of `signature`."""
    at = end_of_name(octets, 0)
    return name_text(octets[:at]) + _types(octets[at:], mnemonic)


def next_hash(octets: bytes, mnemonic: Mnemonic = type_text) -> str:
    """Return an NSEC3 (RFC 5155 section 3.3)."""
    at = 6 + octets[4]
    behind = at + octets[at - 1]
    return f"{_hashing(octets)} {_base32(octets[at:behind])}{_types(octets[behind:], mnemonic)}"


def numbers(form: str, rest: Text) -> Text:
    """Return a text of the numbers of `form`, as Struct has them, and of the octets behind them."""
    head = Struct(form)
    size, unpack = head.size, head.unpack_from
    shown = "%d " * len(unpack(bytes(size)))
    return lambda octets: shown % unpack(octets) + rest(octets[size:])


def strings(octets: bytes) -> str:
    """Return character-strings in quotes (RFC 1035 section 3.3.14)."""
    parts, at = [], 0
    while at < len(octets):
        start, at = at + 1, at + 1 + octets[at]
        parts.append(octets[start:at])
    if not b"".join(parts).translate(None, _STRING_PLAIN):
        joined = b'" "'.join(parts).decode()
    else:
        joined = '" "'.join([_STRING_ODD.sub(_escaped, part.decode("latin-1")) for part in parts])
    return f'"{joined}"'


@lru_cache
def _time_text(seconds: int) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))


def _base64_words(octets: bytes) -> str:
    return _words(b2a_base64(octets, newline=False).decode(), _BASE64_WORD)


@lru_cache(maxsize=256)
def _types(bitmap: bytes, mnemonic: Mnemonic) -> str:
    """Return the types of a bitmap, each behind a space."""
    found, at = [], 0
    while at < len(bitmap):
        window, size = bitmap[at], bitmap[at + 1]
        for place, octet in enumerate(bitmap[at + 2 : at + 2 + size]):
            found += [window << 8 | place << 3 | bit for bit in range(8) if octet & 0x80 >> bit]
        at += 2 + size
    return "".join([f" {mnemonic(rdtype)}" for rdtype in found])


def _words(digits: str, size: int) -> str:
    if len(digits) <= size:
        return digits
    return " ".join([digits[at : at + size] for at in range(0, len(digits), size)])


def _hex_words(octets: bytes) -> str:
    return _words(octets.hex(), _HEX_WORD)


def _base32(octets: bytes) -> str:
    """Return octets in base32 with the extended hex alphabet, in lower case, not padded (RFC 5155 section 3.3)."""
    bits = 8 * len(octets)
    number = int.from_bytes(octets) << -bits % 10
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(bits + -bits % 10 - 10, -1, -10)]
    return "".join(pairs)[: (bits + 4) // 5]


def _hashing(octets: bytes) -> str:
    """Return the first fields of NSEC3, or all of NSEC3PARAM (RFC 5155 sections 3.3 and 4.3)."""
    algorithm, flags, iterations, size = _HASHING.unpack_from(octets)
    return f"{algorithm} {flags} {iterations} {octets[5 : 5 + size].hex() or '-'}"


def _authority(octets: bytes) -> str:
    """Return an SOA (RFC 1035 section 3.3.13)."""
    middle = end_of_name(octets, 0)
    behind = end_of_name(octets, middle)
    numbers = " ".join(map(str, _AUTHORITY.unpack_from(octets, behind)))
    return f"{_name_text(octets[:middle])} {_name_text(octets[middle:behind])} {numbers}"


def _property(octets: bytes) -> str:
    """Return a CAA (RFC 8659 section 4.1.1)."""
    behind = 2 + octets[1]
    value = _STRING_ODD.sub(_escaped, octets[behind:].decode("latin-1"))
    return f'{octets[0]} {octets[2:behind].decode()} "{value}"'


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}" if "!" <= match[0] <= "~" else f"\\{ord(match[0]):03}"


def _longer_than(size: int) -> Callable[[bytes], bool]:
    """Return a check that numbers in `size` octets have a digest, key or hash behind them."""
    return lambda octets: len(octets) > size


def _signed(octets: bytes) -> bool:
    return end_of_name(octets, _SIGNATURE.size) < len(octets)


def _without_type_0(bitmap: bytes) -> bool:
    """Return whether a type bitmap (RFC 4034 section 4.1.2) lacks type 0, the first bit of window 0."""
    return not bitmap or bitmap[0] > 0 or bitmap[2] < 0x80


_name_text = texter(_LABEL_ODD, _escaped)
_same_name_text = lru_cache(maxsize=_KEPT)(_name_text)
"""As `_name_text`, for names that many records of a zone have."""

_PREFERENCE = lru_cache(maxsize=_KEPT)(numbers("!H", _name_text))
_DELEGATION = numbers("!HBB", _hex_words)
_ASSOCIATION = numbers("!BBB", _hex_words)
_KEY = numbers("!HBB", _base64_words)

TEXTS: dict[int, Text] = {
    A: socket.inet_ntoa,
    NS: _same_name_text,
    CNAME: _name_text,
    SOA: _authority,
    PTR: _name_text,
    MX: _PREFERENCE,
    TXT: strings,
    SIG: lambda octets: signature(octets, _same_name_text),
    AAAA: lambda octets: socket.inet_ntop(socket.AF_INET6, octets),
    SRV: numbers("!HHH", _name_text),
    DNAME: _name_text,
    DS: _DELEGATION,
    SSHFP: numbers("!BB", _hex_words),
    RRSIG: lambda octets: signature(octets, _same_name_text),
    NSEC: lambda octets: following(octets, _name_text),
    DNSKEY: _KEY,
    NSEC3: next_hash,
    NSEC3PARAM: _hashing,
    TLSA: _ASSOCIATION,
    SMIMEA: _ASSOCIATION,
    CDS: _DELEGATION,
    CDNSKEY: _KEY,
    OPENPGPKEY: lambda octets: b2a_base64(octets, newline=False).decode(),
    SPF: strings,
    CAA: _property,
    DLV: _DELEGATION,
}
"""Texts of readable rdata, by type."""

_DELEGATED = _longer_than(4)
_ASSOCIATED = _longer_than(3)

READ_BACK: dict[int, Callable[[bytes], bool]] = {
    **dict.fromkeys((A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, DNAME, NSEC3PARAM, SPF, CAA), lambda _: True),
    SIG: _signed,
    DS: _DELEGATED,
    SSHFP: _longer_than(2),
    RRSIG: _signed,
    NSEC: lambda octets: _without_type_0(octets[end_of_name(octets, 0) :]),
    DNSKEY: _DELEGATED,
    NSEC3: lambda octets: _without_type_0(octets[6 + octets[4] + octets[5 + octets[4]] :]),
    TLSA: _ASSOCIATED,
    SMIMEA: _ASSOCIATED,
    CDS: _DELEGATED,
    CDNSKEY: _DELEGATED,
    OPENPGPKEY: _longer_than(0),
    DLV: _DELEGATED,
}
"""Whether the text of readable rdata is read back as the same octets: its last word is not empty, and no type is 0."""
