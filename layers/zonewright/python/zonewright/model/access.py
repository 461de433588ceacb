"""What a caller may do with a record set in the VinylDNS API (contract `vinyldns-writes.md`, section 8)."""

from collections.abc import Collection

from zonewright.model import acl
from zonewright.model.acl import AccessLevel, Record
from zonewright.model.users import Caller
from zonewright.model.zone import Zone

WRITES = frozenset({AccessLevel.WRITE, AccessLevel.DELETE})
"""The levels that allow to create and update."""


def level(caller: Caller, zone: Zone, record: Record, owner: str | None, shared_types: Collection[str]) -> AccessLevel:
    """Return what a caller may do with a record set, whose owner group is `owner`.

    `shared_types` are those of which everybody may write record sets without owner in a shared zone. The first
    condition that holds decides.
    """
    if caller.is_test and not zone.is_test:
        return AccessLevel.NO_ACCESS
    if caller.administers(zone.group_id):
        return AccessLevel.DELETE
    if zone.shared and (owner in caller.group_ids if owner else record.type in shared_types):
        return AccessLevel.DELETE
    return _by_rules(caller, zone, record)


def listed_level(caller: Caller, zone: Zone, record: Record, owner: str | None) -> AccessLevel:
    """Return the level that an entry of a list shows. VinylDNS makes it in a simpler way."""
    if caller.administers(zone.group_id):
        return AccessLevel.DELETE
    ruled = acl.level(zone.acl, caller, record)
    if caller.is_support and ruled is AccessLevel.NO_ACCESS:
        return AccessLevel.READ
    if zone.shared and (owner is None or owner in caller.group_ids):
        return AccessLevel.DELETE
    return ruled


def _by_rules(caller: Caller, zone: Zone, record: Record) -> AccessLevel:
    """Return what the access rules of the zone allow. A support user may at least read."""
    ruled = acl.level(zone.acl, caller, record)
    return AccessLevel.READ if caller.is_support and ruled is AccessLevel.NO_ACCESS else ruled
