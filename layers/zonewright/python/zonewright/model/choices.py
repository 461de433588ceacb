"""What an operator chose for the VinylDNS dialect, and the rules of it (contract `vinyldns-writes.md`, section 17).

The table keeps the choices (`store/settings.py`), and `zonewright settings` sets them. What needs a new deployment,
such as sizes and times, is a parameter of the template instead (`settings.py`).

Expressions ignore case and match a whole text. If one takes too long for a text, the rule answers with the stricter of
its two answers: a name server is not approved, a name is of high value.
"""

import functools
import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zonewright.model import expressions

TYPES = ("A", "AAAA", "CNAME", "DS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "TXT")
"""The record types that VinylDNS writes."""

_FREE_OF_DOTS_LIMIT = frozenset({"PTR", "SRV", "TXT", "NAPTR"})


@dataclass(frozen=True, slots=True)
class DottedHosts:
    """Who may create record sets whose names have dots, in which zone (contract, section 6).

    In `zone`, `*` stands for letters, digits and dots. `users` and `groups` are names. `dots` is the most that a name
    relative to the zone may have.
    """

    zone: str
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    dots: int = 0

    def allows(self, record_type: str, user: str, groups: Collection[str]) -> bool:
        """Return whether a user of this name, in groups of these names, may create such a record set."""
        return record_type in self.types and (user in self.users or not set(self.groups).isdisjoint(groups))

    def too_many(self, record_type: str, name: str) -> bool:
        """Return whether a name relative to the zone has more dots than the limit. It binds most types, not all."""
        return record_type not in _FREE_OF_DOTS_LIMIT and name.count(".") > self.dots

    @property
    def exact(self) -> bool:
        """Whether `zone` names one zone."""
        return "*" not in self.zone


@dataclass(frozen=True, slots=True)
class GlobalAccess:
    """Groups that may change record sets of any zone by batch changes (contract, section 8).

    `groups` are ids, `names` expressions of FQDNs.
    """

    groups: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)  # no slots: the defaults are read from the class
class Choices:
    """All of an operator's choices. An address of a list is in its usual form, and compared by value.

    `email_domains` may begin with `*`; without a domain, all are allowed. An IPv6 reverse zone of `least_nibbles` to
    `most_nibbles` is looked for by batch changes. `default_backend` names a backend.
    """

    approved_name_servers: tuple[str, ...] = (".*",)
    email_domains: tuple[str, ...] = ()
    email_dots: int = 2
    high_value_names: tuple[str, ...] = ()
    high_value_addresses: tuple[str, ...] = ()
    manual_review: bool = True
    review_names: tuple[str, ...] = ()
    review_addresses: tuple[str, ...] = ()
    review_zones: tuple[str, ...] = ()
    scheduled_changes: bool = True
    dotted_hosts: tuple[DottedHosts, ...] = ()
    shared_types: tuple[str, ...] = ("A", "AAAA", "CNAME", "PTR", "TXT")
    global_acl: tuple[GlobalAccess, ...] = ()
    batch_changes: int = 1000
    default_ttl: int = 7200
    least_nibbles: int = 5
    most_nibbles: int = 20
    default_backend: str = "default"

    def approved(self, name_server: str) -> bool:
        """Return whether zones may be delegated to a name server, an absolute name."""
        return _matches(self.approved_name_servers, name_server, slow=False)

    def unapproved(self, name_servers: Iterable[str]) -> list[str]:
        """Return the name servers that are not approved, in their order."""
        return [each for each in name_servers if not self.approved(each)]

    def high_value(self, record_type: str, name: str) -> bool:
        """Return whether nobody may change a record set: by its FQDN, or for a PTR by the address that it is about."""
        if record_type == "PTR":
            return _is_among(self.high_value_addresses, name)
        return _matches(self.high_value_names, name, slow=True)

    def reviewed(self, record_type: str, name: str) -> bool:
        """Return whether a person must review a batch change of an FQDN, or for a PTR of an address."""
        if record_type == "PTR":
            return _is_among(self.review_addresses, name)
        return _matches(self.review_names, name, slow=True)

    def reviewed_zone(self, zone: str) -> bool:
        """Return whether a person must review the batch changes of a zone, an absolute name."""
        return zone.lower() in {each.lower() for each in self.review_zones}

    def dotted(self, zone: str) -> DottedHosts | None:
        """Return who may create dotted hosts in a zone, an absolute name, or None if nobody may.

        An entry that names the zone wins over those with `*`, of which the first counts.
        """
        entries = [each for each in self.dotted_hosts if _of_zones(each.zone).fullmatch(zone)]
        found = next((each for each in entries if each.exact), entries[0] if entries else None)
        return found if found and found.dots else None

    def global_access(self, group_ids: Collection[str], names: Sequence[str]) -> bool:
        """Return whether members of these groups may change record sets of any zone by batch changes.

        `names` is the FQDN of the record set, or the targets of a PTR: each must match. Without one there is no access.
        """
        mine = [each for each in self.global_acl if not set(each.groups).isdisjoint(group_ids)]
        return bool(names) and all(any(_matches(each.names, name, slow=False) for each in mine) for name in names)


DEFAULTS = Choices()


def document(choices: Choices) -> dict[str, Any]:
    """Return choices as a document has them: fields by name, with lists and mappings."""
    return {name: _plain(value) for name, value in asdict(choices).items()}


def from_document(stored: Mapping[str, Any]) -> Choices:
    """Return the choices that `document` rendered. A field that is not there has its default; others are left out."""
    known: dict[str, Any] = {name: _frozen(stored[name]) for name in asdict(DEFAULTS) if name in stored}
    for name, kind in (("dotted_hosts", DottedHosts), ("global_acl", GlobalAccess)):
        if name in known:
            known[name] = tuple(kind(**{key: _frozen(value) for key, value in each.items()}) for each in known[name])
    return Choices(**known)


def _plain(value: Any) -> Any:
    """Return a value with lists in place of tuples, at any depth."""
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _matches(patterns: Iterable[str], text: str, *, slow: bool) -> bool:
    """Return whether one of the expressions matches a whole text, or `slow` if one takes too long."""
    try:
        return expressions.matches(patterns, text)
    except expressions.TooSlow:
        return slow


def _is_among(addresses: Collection[str], text: str) -> bool:
    """Return whether a text is one of some addresses in their usual form. No other text is."""
    try:
        return str(ipaddress.ip_address(text)) in addresses
    except ValueError:
        return False


@functools.cache
def _of_zones(zone: str) -> re.Pattern[str]:
    """Return the expression of the zone names that an entry of `dotted_hosts` means."""
    return re.compile("[a-z0-9.]*".join(map(re.escape, zone.split("*"))), re.IGNORECASE)
