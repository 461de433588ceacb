"""Access rules of a zone: what a user, a group or everybody may do with some of its record sets.

Contract `vinyldns.md`, sections 3.1 and 8. One rule applies to a record set for a caller: the first of those that fit,
in the order of `_precedence`.
"""

import functools
import ipaddress
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zonewright.errors import AclTooLarge, InvalidAclRule
from zonewright.model import patterns
from zonewright.model.users import Caller
from zonewright.protocol.reverse import Address

MOST_OCTETS = 65_536
"""Octets of all rules of a zone as JSON. They are in the item of the zone, which may have 400 KB."""

MOST_READERS = 30
"""Users and groups that the rules of a zone may name.

Each has an entry in a list of zones, which the one transaction that deletes the zone deletes too.
"""

_CIDR = re.compile(r"[0-9A-Fa-f:.]+/\d{1,3}", re.ASCII)
_NO_PREFIX = -1


class AccessLevel(StrEnum):
    """What a rule allows. Each level includes those before it."""

    NO_ACCESS = "NoAccess"
    READ = "Read"
    WRITE = "Write"
    DELETE = "Delete"


_BY_LEVEL = (AccessLevel.NO_ACCESS, AccessLevel.DELETE, AccessLevel.WRITE, AccessLevel.READ)
"""The order of rules that differ in nothing else."""


@dataclass(frozen=True, slots=True)
class AclRule:
    """One rule. Without `user_id` and `group_id` it is for everybody. Two rules are equal if all fields are.

    `record_types` keeps the order of the caller, who may compare texts. That order makes no difference between rules.
    """

    access_level: AccessLevel
    user_id: str | None = None
    group_id: str | None = None
    description: str | None = None
    record_mask: str | None = None
    record_types: tuple[str, ...] = field(default=(), compare=False)
    _types: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep each type once."""
        object.__setattr__(self, "record_types", tuple(dict.fromkeys(self.record_types)))
        object.__setattr__(self, "_types", frozenset(self.record_types))

    @property
    def for_everybody(self) -> bool:
        """Return whether the rule is for every caller."""
        return self.user_id is None and self.group_id is None

    def names(self, caller: Caller) -> bool:
        """Return whether the rule is for a caller."""
        if self.user_id is not None:
            return self.user_id == caller.user_id
        return self.group_id is None or self.group_id in caller.group_ids

    def fits(self, record: "Record") -> bool:
        """Return whether the rule is for a record set.

        A mask is a regular expression for the whole name, in any case of letters. For a PTR it is a network that the
        address must lie in.
        """
        if self._types and record.type not in self._types:
            return False
        if self.record_mask is None:
            return True
        if record.type == "PTR":
            network = _network(self.record_mask)
            return network is not None and record.address is not None and record.address in network
        return patterns.matches(self.record_mask, record.name)


@dataclass(frozen=True, slots=True)
class Record:
    """A record set to judge: its name as VinylDNS shows it, its type, and the address that a PTR is for."""

    name: str
    type: str
    address: Address | None = None


def applying(rules: Iterable[AclRule], caller: Caller, record: Record) -> AclRule | None:
    """Return the rule that decides what a caller may do with a record set, or None."""
    fitting = (rule for rule in rules if rule.names(caller) and rule.fits(record))
    return min(fitting, key=lambda rule: _precedence(rule, record), default=None)


def level(rules: Iterable[AclRule], caller: Caller, record: Record) -> AccessLevel:
    """Return what the rules of a zone allow a caller to do with a record set: nothing, if none applies."""
    rule = applying(rules, caller, record)
    return rule.access_level if rule else AccessLevel.NO_ACCESS


def let_see(rules: Iterable[AclRule], caller: Caller) -> bool:
    """Return whether a rule of a zone is for a caller, who may then see the zone, whatever the rule allows."""
    return any(rule.names(caller) for rule in rules)


def check(rule: AclRule) -> None:
    """Raise InvalidAclRule for a rule that no zone may have."""
    if (rule.user_id is None) == (rule.group_id is None):
        raise InvalidAclRule("Invalid ACL rule: ACL rules must have a group or user id")
    mask, types = rule.record_mask, rule.record_types
    if mask is None:
        return
    if types == ("PTR",):
        if _network(mask) is None:
            raise InvalidAclRule("PTR types must have no mask or a valid CIDR mask: Invalid CIDR block")
    elif "PTR" in types:
        raise InvalidAclRule("Multiple record types including PTR must have no mask")
    elif patterns.invalid(mask) is not None:
        raise InvalidAclRule(f"record mask {mask} is an invalid regex")


def check_size(rules: Sequence[AclRule]) -> None:
    """Raise AclTooLarge for more rules than a zone may have."""
    octets = len(json.dumps([to_item(rule) for rule in rules]).encode())
    if octets > MOST_OCTETS:
        raise AclTooLarge(f"the rules have {octets} octets as JSON, and may have {MOST_OCTETS}")
    readers = len(named(rules))
    if readers > MOST_READERS:
        raise AclTooLarge(f"the rules name {readers} users and groups, and may name {MOST_READERS}")


def named(rules: Iterable[AclRule]) -> frozenset[tuple[str | None, str | None]]:
    """Return the user id or the group id of each rule: one of them is None, both for everybody."""
    return frozenset((rule.user_id, rule.group_id) for rule in rules)


def added(rules: Iterable[AclRule], rule: AclRule) -> tuple[AclRule, ...]:
    """Return the rules with another one, which is last unless an equal one is there."""
    return distinct([*rules, rule])


def removed(rules: Iterable[AclRule], rule: AclRule) -> tuple[AclRule, ...]:
    """Return the rules without one."""
    return tuple(each for each in rules if each != rule)


def distinct(rules: Iterable[AclRule]) -> tuple[AclRule, ...]:
    """Return the rules without repetitions, in order."""
    return tuple(dict.fromkeys(rules))


def to_item(rule: AclRule) -> dict[str, Any]:
    """Return the stored form of a rule."""
    item = {
        "level": str(rule.access_level),
        "user_id": rule.user_id,
        "group_id": rule.group_id,
        "description": rule.description,
        "mask": rule.record_mask,
        "types": list(rule.record_types),
    }
    return {name: value for name, value in item.items() if value not in (None, [])}


def from_item(item: dict[str, Any]) -> AclRule:
    """Return the rule of its stored form."""
    return AclRule(
        AccessLevel(item["level"]),
        user_id=item.get("user_id"),
        group_id=item.get("group_id"),
        description=item.get("description"),
        record_mask=item.get("mask"),
        record_types=tuple(item.get("types", ())),
    )


def _precedence(rule: AclRule, record: Record) -> tuple[int, int, int, int]:
    """Return the place of a rule among those that fit a record set: the first one decides.

    User before group before everybody; narrow mask before wide or none; few types before many, and these before all.
    """
    whom = 0 if rule.user_id is not None else 1 if rule.group_id is not None else 2
    types = len(rule.record_types) or 1_000
    return whom, _width(rule.record_mask, record), types, _BY_LEVEL.index(rule.access_level)


def _width(mask: str | None, record: Record) -> int:
    """Return how much a mask takes in, by order: for a PTR its prefix, else only whether it is `.*` or none."""
    if record.type != "PTR":
        return int(mask in (None, ".*"))
    network = _network(mask) if mask is not None else None
    return -(network.prefixlen if network else _NO_PREFIX)


@functools.lru_cache(maxsize=256)
def _network(mask: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return the network of a CIDR mask, which may have host bits, or None for another text."""
    if not _CIDR.fullmatch(mask):
        return None
    try:
        return ipaddress.ip_network(mask, strict=False)
    except ValueError:
        return None
