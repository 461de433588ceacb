"""Data that dnspython reads and that BIND serves in no form: rules of NAPTR, and paths of DNS over HTTPS.

Callers may not write such data, in requests or in master files. What primaries have of it is kept, since other servers
serve it.
"""

import re
from collections.abc import Callable, Iterator

from zonewright.protocol.checks import CHECKS
from zonewright.protocol.labels import end_of_name
from zonewright.protocol.types import HTTPS, NAPTR, SVCB

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
    """Raise ValueError with the reason if BIND does not serve rdata in wire form that dnspython reads."""
    rule = _CHECKS.get(rdtype)
    if rule and CHECKS[rdtype](octets):
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


_CHECKS: dict[int, Callable[[bytes], None]] = {NAPTR: _check_rule, SVCB: _check_path, HTTPS: _check_path}
