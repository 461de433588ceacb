"""The rules for a record set that need the contents of its zone: its company, zones below, DNAMEs, quotas.

Who writes one record set, and who writes many at once, have these rules. Those for a record set alone are in
`protocol/placement.py`.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from zonewright.actions import pools
from zonewright.actions.recordset_search import Contents
from zonewright.contents.bucket import Bucket
from zonewright.errors import InChildZone, Invalid, NotAuthorized, Reason, RecordSetMisplaced
from zonewright.model import policy
from zonewright.model.pool import Route53
from zonewright.model.quotas import Quotas
from zonewright.model.recordset import Content, RecordSet, origin
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import names, placement, records, route53, rrset
from zonewright.protocol.types import AAAA, DNAME, NS, A, type_text
from zonewright.service import Service
from zonewright.store import claims

_SHOWN = 10
"""Record sets that one error names."""

Place = tuple[str, str, int]
"""The owner name of an RRset, its sort key, and the type."""


class Surroundings(Protocol):
    """The contents of a zone as the rules see them. Owners are sort keys (`names.py`)."""

    @property
    def zone(self) -> Zone:
        """Return the zone."""

    def types(self, key: str) -> list[int]:
        """Return the types of an owner."""

    def at(self, place: str) -> str | None:
        """Return the line at a place, or None."""

    def below(self, key: str) -> str | None:
        """Return an owner below another, or None."""


@dataclass(frozen=True)
class Stored:
    """The surroundings of an RRset in stored contents."""

    bucket: Bucket
    contents: Contents

    @property
    def zone(self) -> Zone:
        """Return the zone of the contents."""
        return self.contents.zone

    def types(self, key: str) -> list[int]:
        """Return the types of an owner."""
        return [rrset.type_of(line) for line in self.contents.of_owner(self.bucket, key)]

    def at(self, place: str) -> str | None:
        """Return the line at a place, or None."""
        return self.contents.at(self.bucket, place)

    def below(self, key: str) -> str | None:
        """Return the first owner below another, or None."""
        lines = itertools.chain.from_iterable(self.contents.lines(self.bucket, key))
        other = next((other for other in map(rrset.key, lines) if other > key), None)
        return other if other is not None and placement.is_below(other, key) else None


def refuse_secondary(zone: Zone) -> None:
    """Raise NotAuthorized for a zone whose contents are copied. Its primary may take changes (`queue.py`)."""
    if zone.type is not ZoneType.PRIMARY:
        raise NotAuthorized(
            f"zone {zone.name} is SECONDARY: its record sets are copied, and written at its primary only"
        )


def check_content(name: str, rdtype: int, content: Content, settings: Settings, caller: Caller) -> None:
    """Raise TooManyRecords, InvalidTtl, or Invalid for a type that no caller writes, or for too many octets."""
    placement.check_type(rdtype)
    placement.check_count(rdtype, len(content.rdatas))
    if content.ttl is not None:
        policy.check_ttl(content.ttl, settings, caller)
    placement.check_size(name, content.rdatas)


def untaken(service: Service, zone: Zone) -> Callable[[int], str | None]:
    """Return the function that says of a type why the targets of a zone cannot have it, None if they can.

    A zone that is pushed costs a read of its pool.
    """
    hosted = zone.delivered is not None and any(
        isinstance(each.options, Route53) for each in pools.of(service, zone).targets
    )

    def why(rdtype: int) -> str | None:
        if not hosted or route53.takes(rdtype):
            return None
        return f"the zone is pushed to Route 53, which has no record sets of type {type_text(rdtype)}"

    return why


def check_targets(why: str | None) -> None:
    """Raise Invalid if the targets of a zone cannot have a type."""
    if why:
        raise Invalid(why, reasons=[Reason(why, ("type",), "enum", "type")])


def children(service: Service, zone: Zone, owners: Sequence[str]) -> list[list[str]]:
    """Return, for each owner name, the names of the zones below `zone` that it is in, the nearest to it first."""
    return [_before(zone.id, holding) for holding in claims.covering(service.table, owners)]


def _before(zone_id: str, holding: Mapping[str, str]) -> list[str]:
    """Return the names before that of a zone, if it is there. `holding` has ids by name."""
    if zone_id not in holding.values():
        return []
    return list(itertools.takewhile(lambda name: holding[name] != zone_id, holding))


def check(around: Surroundings, place: Place, children: Sequence[str]) -> None:
    """Raise RecordSetMisplaced for a new RRset that may not stand where it does. `children` are the zones it is in."""
    _check_child(around, place, children)
    name, key, rdtype = place
    placement.check_company(name, key, rdtype, around.types(key))
    _check_dnames(around, place)


def _check_child(around: Surroundings, place: Place, children: Sequence[str]) -> None:
    """Raise InChildZone for an RRset in a child zone that is not of the child's delegation."""
    if not children:
        return
    name, key, rdtype = place
    zone = origin(around.zone.name)
    cut = names.key_of(names.absolute(children[-1]), zone)
    ns = around.at(f"{cut}{rrset.TAB}{NS}{rrset.TAB}") if rdtype in (A, AAAA) else None
    if not placement.in_delegation(key, rdtype, cut, placement.hosts_of(ns, zone)):
        raise InChildZone(placement.OF_DELEGATION, name=name, child=children[0])


def delegates(service: Service, found: RecordSet) -> bool:
    """Return whether an RRset is the NS that stands here for a zone of the service below this one."""
    if found.rrset.type != NS:
        return False
    (below,) = children(service, found.zone, [found.name])
    return is_cut(found.name, below)


def is_cut(name: str, children: Sequence[str]) -> bool:
    """Return whether an owner name is that of the uppermost of the child zones that it is in."""
    return bool(children) and names.fold(children[-1]) == names.fold(name)


def check_glue(around: Surroundings, name: str, before: str, after: str | None) -> None:
    """Raise RecordSetMisplaced if the zone has addresses of servers that the NS of a child zone no longer names.

    They would be in the child zone. `name` is the owner of the NS, `before` its line, and `after` what it will be.
    """
    zone, cut = origin(around.zone.name), rrset.key(before)
    left = placement.hosts_of(before, zone) - placement.hosts_of(after, zone)
    kept = [
        f"{names.owner_of(key, zone)} {type_text(rdtype)}"
        for key in sorted(left)
        for rdtype in (A, AAAA)
        if (key == cut or placement.is_below(key, cut)) and around.at(f"{key}{rrset.TAB}{rdtype}{rrset.TAB}")
    ]
    if kept:
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        why = f"delete {', '.join(kept[:_SHOWN])}{more} first: these addresses stand in this zone for its NS"
        raise RecordSetMisplaced(f"{name} delegates a zone of the service: {why}", name=name)


def _check_dnames(around: Surroundings, place: Place) -> None:
    """Raise RecordSetMisplaced for an RRset below a DNAME, or a DNAME above others."""
    name, key, rdtype = place
    zone = origin(around.zone.name)
    for above in owners_above(key):
        if DNAME in around.types(above):
            raise RecordSetMisplaced(placement.below_dname(names.owner_of(above, zone).to_text()), name=name)
    if rdtype == DNAME:
        below = around.below(key)
        if below is not None:
            why = placement.below_dname(names.owner_of(key, zone).to_text())
            raise RecordSetMisplaced(f"{why}: the zone has {names.owner_of(below, zone)}", name=name)


def owners_above(key: str) -> list[str]:
    """Return the owners above another in a zone, as sort keys, the apex first."""
    labels = key.split(" ") if key else []
    return [" ".join(labels[:count]) for count in range(len(labels))]


def check_quotas(limits: Quotas, contents: Contents, own: Sequence[str], *, rrsets: int, added: int) -> None:
    """Raise OverQuota if a zone cannot have more `rrsets` and `added` records. Managed record sets do not count.

    `own` are the lines of the apex.
    """
    held_rrsets, held_records = contents.sizes
    held = map(rrset.from_line, own)
    managed = [each for each in held if records.is_managed(each.key, each.type)]
    if rrsets > 0:
        limits.check("zone_recordsets", held_rrsets - len(managed) + rrsets)
    if added > 0:
        limits.check("zone_records", held_records - sum(len(each.rdatas) for each in managed) + added)
