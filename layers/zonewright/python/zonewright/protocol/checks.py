"""Checks of rdata: whether dnspython would read it, without dnspython.

dnspython makes an object of every rdata, in 13 to 80 microseconds. More than half the records of a signed zone are
RRSIG and NSEC. A check of theirs takes less than one microsecond.

A check returns what dnspython decides, also where that is stricter than the RFC: later code reads the same rdata by
dnspython (`rdata.py`). The tests compare both. Names are uncompressed, and a check refuses a compression pointer.

dnspython itself decides on the types that `CHECKS` lacks.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise

from zonewright.protocol.labels import end_of_name
from zonewright.protocol.types import (
    AAAA,
    CAA,
    CDNSKEY,
    CDS,
    CERT,
    CNAME,
    CSYNC,
    DHCID,
    DLV,
    DNAME,
    DNSKEY,
    DS,
    EUI48,
    EUI64,
    HINFO,
    HTTPS,
    KEY,
    L32,
    L64,
    LP,
    MX,
    NAPTR,
    NID,
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
    SVCB,
    TLSA,
    TXT,
    URI,
    A,
)

Check = Callable[[bytes], bool]

_NEVER = -1
"""A length that no digest has."""
_DIGESTS = {0: _NEVER, 1: 20, 2: 32, 3: 32, 4: 48}
"""Octets of a DS's digest by its type (RFC 4034 appendix A.2, RFC 4509, RFC 5933, RFC 6605). Type 0 is reserved."""
_DELETE = {0: 1}
"""The digest of the CDS that asks for the deletion of the DS (RFC 8078 section 4)."""
_ASSOCIATIONS = {1: 32, 2: 64}
"""Octets of a certificate association by its matching type (RFC 6698 section 2.1.3)."""
_FINGERPRINTS = {1: 20, 2: 32}
"""Octets of a fingerprint by its type (RFC 4255 section 3.1.2, RFC 6594 section 3.2)."""

_MANDATORY, _ALPN, _NO_DEFAULT_ALPN = 0, 1, 2
"""SvcParamKeys that depend on others (RFC 9460 section 14.3.2)."""


def _at_least(size: int) -> Check:
    """Return a check of numbers in `size` octets, with any octets behind them."""
    return lambda octets: len(octets) >= size


def _exactly(size: int) -> Check:
    return lambda octets: len(octets) == size


def _digest(head: int, sizes: Mapping[int, int]) -> Check:
    """Return a check of numbers in `head` octets and a digest. The last number settles its length if `sizes` has it."""

    def check(octets: bytes) -> bool:
        size = len(octets) - head
        return size >= 0 and sizes.get(octets[head - 1], size) == size

    return check


def _signature(octets: bytes) -> bool:
    """Check RRSIG and SIG: 18 octets, the signer's name, the signature (RFC 4034 section 3.1)."""
    return end_of_name(octets, 18) > 0


def _next(octets: bytes) -> bool:
    """Check NSEC: the next name and the types (RFC 4034 section 4.1)."""
    at = end_of_name(octets, 0)
    return at > 0 and _types(octets[at:])


def _next_hash(octets: bytes) -> bool:
    """Check NSEC3: 4 octets, salt and next hash behind their lengths, the types (RFC 5155 section 3.2)."""
    try:
        at = 5 + octets[4]
        size = octets[at]
    except IndexError:
        return False
    at += 1 + size
    return size > 0 and at <= len(octets) and _types(octets[at:])


def _hash_parameters(octets: bytes) -> bool:
    """Check NSEC3PARAM: 4 octets, and the salt behind its length (RFC 5155 section 4.2)."""
    return len(octets) > 4 and len(octets) == 5 + octets[4]


def _changed_types(octets: bytes) -> bool:
    """Check CSYNC: serial, flags, the types (RFC 7477 section 2.1.1)."""
    return len(octets) >= 6 and _types(octets[6:])


@lru_cache(maxsize=256)
def _types(bitmap: bytes) -> bool:
    """Return whether octets are a type bitmap, which may be empty (RFC 4034 section 4.1.2).

    The windows are in order, and have 1 to 32 octets, the last not zero. Many owners of a zone share a bitmap.
    """
    at, total, last = 0, len(bitmap), -1
    while at + 1 < total:
        window, size = bitmap[at], bitmap[at + 1]
        at += 2 + size
        if window <= last or not 0 < size < 33 or at > total or not bitmap[at - 1]:
            return False
        last = window
    return at == total


def _property(octets: bytes) -> bool:
    """Check CAA: flags, a tag of letters and digits behind its length, a value (RFC 8659 section 4.1)."""
    return len(octets) > 2 and len(octets) >= 2 + octets[1] and octets[2 : 2 + octets[1]].isalnum()


def _name_behind(size: int) -> Check:
    """Return a check of numbers in `size` octets and a name."""
    return lambda octets: end_of_name(octets, size) == len(octets) > 0


def _authority(octets: bytes) -> bool:
    """Check SOA: two names, five numbers of four octets (RFC 1035 section 3.3.13)."""
    at = end_of_name(octets, 0)
    behind = at and end_of_name(octets, at)
    return behind > 0 and len(octets) == behind + 20


def _strings(octets: bytes) -> bool:
    """Check TXT and SPF: one character-string or more (RFC 1035 section 3.3.14)."""
    at, total = 0, len(octets)
    while at < total:
        at += 1 + octets[at]
    return 0 < at == total


def _host(octets: bytes) -> bool:
    """Check HINFO: two character-strings (RFC 1035 section 3.3.2)."""
    return _behind_strings(octets, 0, 2) == len(octets) > 0


def _rule(octets: bytes) -> bool:
    """Check NAPTR: two numbers, three character-strings, a name (RFC 3403 section 4.1)."""
    at = _behind_strings(octets, 4, 3)
    return at > 0 and end_of_name(octets, at) == len(octets)


def _behind_strings(octets: bytes, at: int, count: int) -> int:
    """Return the position behind `count` character-strings, or 0 if they are longer than the octets."""
    for _ in range(count):
        if at >= len(octets):
            return 0
        at += 1 + octets[at]
    return at if at <= len(octets) else 0


def _service(octets: bytes) -> bool:
    """Check SVCB and HTTPS: a priority, the target's name, parameters (RFC 9460 section 2.2).

    The keys of the parameters are in order. AliasMode, priority 0, has none.
    """
    at, total = end_of_name(octets, 2), len(octets)
    if not at:
        return False
    if at == total:
        return True
    if not (octets[0] or octets[1]):
        return False
    found: dict[int, bytes] = {}
    last = -1
    while at + 4 <= total:
        key, behind = octets[at] << 8 | octets[at + 1], at + 4 + (octets[at + 2] << 8 | octets[at + 3])
        value = octets[at + 4 : behind]
        check = _PARAMETERS.get(key)
        if key <= last or behind > total or (check and not check(value)):
            return False
        found[key] = value
        at, last = behind, key
    if at != total or (_NO_DEFAULT_ALPN in found and _ALPN not in found):
        return False
    return _MANDATORY not in found or found.keys() >= _keys(found[_MANDATORY])


def _keys(octets: bytes) -> set[int]:
    return {octets[at] << 8 | octets[at + 1] for at in range(0, len(octets), 2)}


def _mandatory(octets: bytes) -> bool:
    """Check the parameter `mandatory`: other keys, in order (RFC 9460 section 8)."""
    keys = [octets[at : at + 2] for at in range(0, len(octets), 2)]
    if not keys or len(keys[-1]) != 2 or keys[0] == b"\x00\x00":
        return False
    return all(one < other for one, other in pairwise(keys))


def _ids(octets: bytes) -> bool:
    """Check a list of strings, which may be empty: `docpath`. None of the strings is empty."""
    at, total = 0, len(octets)
    while at < total:
        if not octets[at]:
            return False
        at += 1 + octets[at]
    return at == total


def _addresses(size: int) -> Check:
    """Return a check of a list of addresses of `size` octets: the hints (RFC 9460 section 7.3)."""
    return lambda octets: len(octets) > 0 and len(octets) % size == 0


def _configurations(octets: bytes) -> bool:
    """Check the parameter `ech`: an ECHConfigList of at least 4 octets behind its length (RFC 9849 section 4)."""
    return len(octets) >= 6 and len(octets) == 2 + (octets[0] << 8 | octets[1])


_PARAMETERS: dict[int, Check] = {
    _MANDATORY: _mandatory,
    _ALPN: lambda octets: len(octets) > 0 and _ids(octets),
    _NO_DEFAULT_ALPN: _exactly(0),
    3: _exactly(2),
    4: _addresses(4),
    5: _configurations,
    6: _addresses(16),
    8: _exactly(0),
    10: _ids,
}
"""Checks of the values of SvcParams, by key. The values of other keys are any octets."""

CHECKS: dict[int, Check] = {
    A: _exactly(4),
    NS: _name_behind(0),
    CNAME: _name_behind(0),
    SOA: _authority,
    PTR: _name_behind(0),
    MX: _name_behind(2),
    TXT: _strings,
    AAAA: _exactly(16),
    SRV: _name_behind(6),
    DNAME: _name_behind(0),
    SPF: _strings,
    HINFO: _host,
    SIG: _signature,
    KEY: _at_least(4),
    NAPTR: _rule,
    CERT: _at_least(5),
    DS: _digest(4, _DIGESTS),
    SSHFP: _digest(2, _FINGERPRINTS),
    RRSIG: _signature,
    NSEC: _next,
    DNSKEY: _at_least(4),
    DHCID: _at_least(0),
    NSEC3: _next_hash,
    NSEC3PARAM: _hash_parameters,
    TLSA: _digest(3, _ASSOCIATIONS),
    SMIMEA: _digest(3, _ASSOCIATIONS),
    CDS: _digest(4, _DIGESTS | _DELETE),
    CDNSKEY: _at_least(4),
    OPENPGPKEY: _at_least(0),
    CSYNC: _changed_types,
    SVCB: _service,
    HTTPS: _service,
    NID: _exactly(10),
    L32: _exactly(6),
    L64: _exactly(10),
    LP: _name_behind(2),
    EUI48: _exactly(6),
    EUI64: _exactly(8),
    URI: _at_least(5),
    CAA: _property,
    DLV: _digest(4, _DIGESTS),
}
"""Whether rdata is readable, by type."""
