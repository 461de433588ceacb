"""Rdata that a caller may write: what BIND, NSD, Knot and PowerDNS all load from a file that we write.

It has the form of its type (`forms.py`), and keeps the rules that a server has for some types. What a rule refuses is
read by dnspython, and by other servers. What primaries have of it is kept.
"""

import re
from collections.abc import Callable, Iterator

from zonewright.protocol.forms import FORMS
from zonewright.protocol.labels import end_of_name
from zonewright.protocol.types import APL, CAA, CERT, DS, HTTPS, IPSECKEY, KEY, NAPTR, SVCB

LONGEST_TAG = 15
"""Characters of a CAA tag that NSD reads (RFC 6844 section 5.1)."""

_NO_KEY = 0xC0
"""Bits of the first octet of a KEY without a key (RFC 2535 section 3.1.2)."""
_DIGEST_TYPES = frozenset({1, 2, 4})
"""Types of digests that Knot loads in a DS."""
_DOHPATH = 7
_VARIABLE = re.compile(r"\{[?&/;+#.]?(?:[^{}]*,)?dns(?:[*:,][^{}]*)?\}")
_PATH = re.compile(rf"/(?=.*{_VARIABLE.pattern})(?:[^{{}}]|\{{[^{{}}]*\}})*", re.DOTALL)
"""A relative template with the variable `dns` (RFC 9461 section 5, RFC 6570)."""

_RULE = re.compile(rb"([^\x000-9i\\])((?:(?!\1)[^\x00\\]|\\[^\x00])+)\1((?:(?!\1)[^\x00\\]|\\[^\x00])*)\1i*", re.DOTALL)
"""A substitution: pattern and replacement between three delimiters, and flags (RFC 3402 section 3.2)."""
_PIECE = re.compile(
    rb"(?P<bracket>\[\^?\]?(?:\[:[a-z]+:\]|[^\]])*\])|(?P<times>[*+?]|\{\d+(?:,\d*)?\})|(?P<bar>\|)|(?P<open>\()"
    rb"|(?P<close>\))|(?P<broken>\[)|(?P<atom>\\.|.)",
    re.DOTALL,
)
_CLASS = re.compile(rb"\[:[a-z]+:\]")
_RANGE = re.compile(rb"(.)-(.)", re.DOTALL)


def parameters(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield key and value of each parameter of an SVCB or HTTPS (RFC 9460 section 2.2)."""
    at = end_of_name(octets, 2)
    while at < len(octets):
        end = at + 4 + int.from_bytes(octets[at + 2 : at + 4])
        yield int.from_bytes(octets[at : at + 2]), octets[at + 4 : end]
        at = end


def check(rdtype: int, octets: bytes) -> None:
    """Raise ValueError with the reason if a server does not load rdata, which is in wire form."""
    form = FORMS.get(rdtype)
    if form and not form.fits(octets):
        raise ValueError(f"its octets are not {form.words}")
    rule = _RULES.get(rdtype)
    if rule:
        rule(octets)


def _check_path(octets: bytes) -> None:
    path = dict(parameters(octets)).get(_DOHPATH)
    if path is None:
        return
    try:
        served = _PATH.fullmatch(path.decode())
    except UnicodeDecodeError:
        served = None
    if not served:
        raise ValueError("its dohpath is no relative template with the variable dns, such as /dns-query{?dns}")


def _check_rule(octets: bytes) -> None:
    at = 4
    for _ in range(2):  # flags and services
        at += 1 + octets[at]
    text = octets[at + 1 : at + 1 + octets[at]]
    if not text:
        return
    found = _RULE.fullmatch(text)
    if not found:
        raise ValueError("its regular expression is not like !pattern!replacement!")
    groups = _groups(found[2])
    if groups is None:
        raise ValueError("its pattern is no extended regular expression")
    if any(not 0 < int(number) <= groups for number in re.findall(rb"\\(\d)", found[3])):
        raise ValueError(f"its replacement names a group that is not there: the pattern has {groups}")


def _groups(pattern: bytes) -> int | None:
    """Return the number of groups of an extended regular expression (POSIX.2), or None if it is none."""
    depth = groups = 0
    before = "start"
    for piece in _PIECE.finditer(pattern):
        kind = piece.lastgroup or ""
        if kind == "close" and not depth:
            kind = "atom"
        empty = kind == "close" and before == "open"
        if kind == "broken" or (kind in ("times", "bar", "close") and before not in ("atom", "times") and not empty):
            return None
        if (kind == "times" and before == "times") or _is_backwards(kind, piece[0]):
            return None
        depth += (kind == "open") - (kind == "close")
        groups += kind == "open"
        before = "atom" if kind in ("bracket", "close") else kind
    return None if depth or before == "bar" else groups


def _is_backwards(kind: str, piece: bytes) -> bool:
    """Return whether a range ends before it begins: `{2,1}` or `[z-a]`."""
    if kind == "bracket":
        return any(first > last for first, last in _RANGE.findall(_CLASS.sub(b"", piece[1:-1])))
    least, _, most = piece.strip(b"{}").partition(b",")
    return kind == "times" and most != b"" and int(least) > int(most)


def _check_key(octets: bytes) -> None:
    if octets[0] & _NO_KEY == _NO_KEY:
        raise ValueError("its flags say that it has no key, and NSD, Knot and PowerDNS read none without one")


def _check_certificate(octets: bytes) -> None:
    if not (octets[0] or octets[1]):
        raise ValueError("its certificate type is 0, which is reserved: PowerDNS does not read it")


def _check_prefixes(octets: bytes) -> None:
    at = 0
    while at < len(octets):
        family = int.from_bytes(octets[at : at + 2])
        if family not in (1, 2):
            raise ValueError(f"the address family {family} is neither 1 (IPv4) nor 2 (IPv6)")
        at += 4 + (octets[at + 3] & 0x7F)


def _check_delegation(octets: bytes) -> None:
    if octets[3] not in _DIGEST_TYPES:
        raise ValueError(f"its digest type is {octets[3]}: Knot loads 1, 2 and 4 only")


def _check_gateway(octets: bytes) -> None:
    gateway, algorithm = octets[1], octets[2]
    if gateway not in (1, 2, 3):
        raise ValueError(f"its gateway type is {gateway}: PowerDNS reads 1, 2 and 3 only")
    if algorithm not in (1, 2):
        raise ValueError(f"its algorithm is {algorithm}: PowerDNS reads 1 and 2 only")


def _check_tag(octets: bytes) -> None:
    tag = octets[2 : 2 + octets[1]].decode()
    if len(tag) > LONGEST_TAG:
        raise ValueError(f"its tag has {len(tag)} characters: NSD reads {LONGEST_TAG} at most")
    if tag != tag.lower():
        raise ValueError(f"its tag {tag!r} is not in lower case: NSD reads no other")


_RULES: dict[int, Callable[[bytes], None]] = {
    KEY: _check_key,
    NAPTR: _check_rule,
    CERT: _check_certificate,
    APL: _check_prefixes,
    DS: _check_delegation,
    IPSECKEY: _check_gateway,
    SVCB: _check_path,
    HTTPS: _check_path,
    CAA: _check_tag,
}
