"""The first stage of checks: each change of a batch by itself (contract `vinyldns-writes.md`, section 12).

The problems of a change are in the order of VinylDNS: TTL, data, name, high value, review.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator

from zonewright.model.batches.batch import Asked
from zonewright.model.batches.problems import Kind, Problem, problem
from zonewright.model.choices import Choices
from zonewright.protocol.fields import Value
from zonewright.protocol.reverse import is_reverse

LEAST_TTL, MOST_TTL = 30, 2**31 - 1
LEAST_HOST, MOST_HOST = 2, 255
MOST_TEXT = 64_764

_FORWARD = frozenset({"A", "AAAA", "MX", "NS", "NAPTR", "SRV"})
"""Types that no reverse zone has."""

_FLAGS = ("U", "S", "A", "P")


def _hosts(inside: str, edge: str) -> re.Pattern[str]:
    """Return the expression of host names whose labels have some characters inside, and others at their ends."""
    label = rf"[{edge}](?:[{inside}]{{0,61}}[{edge}])?"
    return re.compile(rf"(?:\*\.)?{label}(?:\.{label})*\.", re.ASCII)


_WORD = "A-Za-z0-9_"
_HOST = _hosts(_WORD + "/-", _WORD)
_CNAME = _hosts(_WORD + "-", _WORD)
_REVERSE_CNAME = _hosts(_WORD + "/-", _WORD + "/-")


def problems(asked: Asked, choices: Choices, *, reviewed: bool) -> list[Problem]:
    """Return what is wrong with a change by itself. One that was `reviewed` needs no review."""
    return [
        *_of_ttl(asked),
        *_of_data(asked),
        *_of_name(asked),
        *_of_value(asked, choices),
        *(() if reviewed else _of_review(asked, choices)),
    ]


def _of_ttl(asked: Asked) -> Iterator[Problem]:
    if asked.adds and asked.ttl is not None and not LEAST_TTL <= asked.ttl <= MOST_TTL:
        yield problem(Kind.TTL, ttl=asked.ttl)


def _of_data(asked: Asked) -> Iterator[Problem]:
    for field, value in (asked.record.values if asked.record else {}).items():
        check = _DATA.get((asked.record_type, field))
        if check:
            yield from check(asked, field, value)


def _of_name(asked: Asked) -> Iterator[Problem]:
    if asked.record_type == "PTR":
        if _address(asked.name) is None:
            yield problem(Kind.IP_ADDRESS, value=asked.name)
        return
    yield from _of_host(asked, "", asked.name)
    if asked.record_type in _FORWARD and is_reverse(asked.name):
        yield problem(Kind.REVERSE_ZONE, name=asked.name, type=asked.record_type)


def _of_value(asked: Asked, choices: Choices) -> Iterator[Problem]:
    if choices.high_value(asked.record_type, asked.name):
        yield problem(Kind.HIGH_VALUE, name=asked.name)


def _of_review(asked: Asked, choices: Choices) -> Iterator[Problem]:
    if choices.reviewed(asked.record_type, asked.name):
        yield problem(Kind.REVIEW, name=asked.name)


def _of_ipv4(_: Asked, __: str, value: Value) -> Iterator[Problem]:
    if not isinstance(_address(value), ipaddress.IPv4Address):
        yield problem(Kind.IPV4_ADDRESS, value=value)


def _of_ipv6(_: Asked, __: str, value: Value) -> Iterator[Problem]:
    if not isinstance(_address(value), ipaddress.IPv6Address):
        yield problem(Kind.IPV6_ADDRESS, value=value)


def _of_host(_: Asked, __: str, value: Value) -> Iterator[Problem]:
    if not _HOST.fullmatch(str(value)):
        yield problem(Kind.DOMAIN_NAME, value=value)
    yield from _of_length(str(value), LEAST_HOST, MOST_HOST)


def _of_cname(asked: Asked, _: str, value: Value) -> Iterator[Problem]:
    target = str(value)
    if isinstance(_address(target.removesuffix(".")), ipaddress.IPv4Address):
        yield problem(Kind.CNAME_TO_ADDRESS, value=target)
        return
    form, more = (_REVERSE_CNAME, "slashes, underscores") if is_reverse(asked.name) else (_CNAME, "underscores")
    if not form.fullmatch(target):
        yield problem(Kind.CNAME, value=target, more=more)
    yield from _of_length(target, LEAST_HOST, MOST_HOST)


def _of_text(_: Asked, __: str, value: Value) -> Iterator[Problem]:
    yield from _of_length(str(value), 1, MOST_TEXT)


def _of_number(asked: Asked, field: str, value: Value) -> Iterator[Problem]:
    if not 0 <= int(value) <= 65_535:
        yield problem(Kind.NUMBER, type=asked.record_type, field=field, value=value)


def _of_flag(_: Asked, __: str, value: Value) -> Iterator[Problem]:
    if value not in _FLAGS:
        yield problem(Kind.NAPTR_FLAG, value=value)


def _of_regexp(_: Asked, __: str, value: Value) -> Iterator[Problem]:
    text = str(value)
    if text and not (text.startswith("!") and text.endswith("!")):
        yield problem(Kind.NAPTR_REGEXP, value=value)


def _of_length(text: str, least: int, most: int) -> Iterator[Problem]:
    if not least <= len(text) <= most:
        yield problem(Kind.LENGTH, value=text, least=least, most=most)


def _address(value: Value) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(str(value))
    except ValueError:
        return None


_DATA: dict[tuple[str, str], Callable[[Asked, str, Value], Iterator[Problem]]] = {
    ("A", "address"): _of_ipv4,
    ("AAAA", "address"): _of_ipv6,
    ("CNAME", "cname"): _of_cname,
    ("PTR", "ptrdname"): _of_host,
    ("TXT", "text"): _of_text,
    ("MX", "preference"): _of_number,
    ("MX", "exchange"): _of_host,
    ("NS", "nsdname"): _of_host,
    ("NAPTR", "order"): _of_number,
    ("NAPTR", "preference"): _of_number,
    ("NAPTR", "flags"): _of_flag,
    ("NAPTR", "regexp"): _of_regexp,
    ("NAPTR", "replacement"): _of_host,
    ("SRV", "priority"): _of_number,
    ("SRV", "weight"): _of_number,
    ("SRV", "port"): _of_number,
    ("SRV", "target"): _of_host,
}
"""The check of each field of a record that has one."""
