"""The second stage: the zone and the record name of each change of a batch (contract `vinyldns-writes.md`, section 12).

The names of all zones that may hold some changes are looked up together. Of those that exist, each change gets the
longest that holds it. The rights of the caller make no difference.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zonewright.model.batches.batch import Asked
from zonewright.model.batches.problems import Kind, Problem, problem
from zonewright.model.choices import Choices
from zonewright.model.zone import Zone

_CLASSLESS = range(32, 24, -1)
"""Prefix lengths of zones that hold a part of a /24, the longest first (RFC 2317)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A change with its zone. `record_name` is relative, or the zone's name at the apex, in the case that was sent."""

    asked: Asked
    zone: Zone
    record_name: str

    @property
    def key(self) -> tuple[str, str]:
        """Return the zone's id and the record name without its case."""
        return self.zone.id, self.record_name.lower()


def candidates(changes: Iterable[Asked], choices: Choices) -> list[str]:
    """Return the names, in lower case and each once, of all zones that may hold some changes."""
    return list(dict.fromkeys(name for asked in changes for name, _ in _places(asked, choices)))


def place(asked: Asked, zones: Mapping[str, Zone], choices: Choices) -> Placed | Problem:
    """Return a change with its zone, or why it has none. `zones` are by name in lower case."""
    for name, record_name in _places(asked, choices):
        zone = zones.get(name)
        if zone is None:
            continue
        if record_name:
            return Placed(asked, zone, record_name)
        if asked.record_type == "CNAME":
            return problem(Kind.CNAME_AT_APEX, zone=zone.name)
        return Placed(asked, zone, zone.name)
    return no_zone(asked)


def no_zone(asked: Asked) -> Problem:
    """Return the problem of a change that belongs to no zone."""
    return problem(Kind.NO_ZONE, name=asked.name)


def _places(asked: Asked, choices: Choices) -> Iterator[tuple[str, str]]:
    """Yield the names of zones that may hold a change, best first, with its record name there, empty at the apex."""
    if asked.record_type != "PTR":
        return _suffixes(asked.name)
    address = ipaddress.ip_address(asked.name)
    return _v4(address) if isinstance(address, ipaddress.IPv4Address) else _v6(address, choices)


def _suffixes(name: str) -> Iterator[tuple[str, str]]:
    labels = name.removesuffix(".").split(".")
    for at in range(len(labels)):
        yield ".".join(labels[at:]).lower() + ".", ".".join(labels[:at])


def _v4(address: ipaddress.IPv4Address) -> Iterator[tuple[str, str]]:
    """Yield the zones of parts of the /24, the smallest first, and then its own."""
    first, second, third, last = address.packed
    whole = f"{third}.{second}.{first}.in-addr.arpa."
    for bits in _CLASSLESS:
        yield f"{last & -(1 << (32 - bits))}/{bits}.{whole}", str(last)
    yield whole, str(last)


def _v6(address: ipaddress.IPv6Address, choices: Choices) -> Iterator[tuple[str, str]]:
    nibbles = address.packed.hex()[::-1]
    for length in range(choices.most_nibbles, choices.least_nibbles - 1, -1):
        cut = len(nibbles) - length
        yield ".".join(nibbles[cut:]) + ".ip6.arpa.", ".".join(nibbles[:cut])
