"""Who may see a zone, its history, and change it, in VinylDNS's way (contract `vinyldns.md`, sections 4 and 6)."""

from enum import StrEnum

from zonewright.model import acl
from zonewright.model.users import Caller
from zonewright.model.zone import Zone


class ZoneAccess(StrEnum):
    """What a caller may do with a zone."""

    DELETE = "Delete"
    READ = "Read"
    NO_ACCESS = "NoAccess"


def level(zone: Zone, caller: Caller) -> ZoneAccess:
    """Return what a caller may do with a zone."""
    if caller.administers(zone.group_id):
        return ZoneAccess.DELETE
    return ZoneAccess.READ if sees(zone, caller) else ZoneAccess.NO_ACCESS


def sees(zone: Zone, caller: Caller) -> bool:
    """Return whether a caller may read a zone: also one that is shared, or has a rule for the caller."""
    return sees_history(zone, caller) or acl.let_see(zone.acl, caller)


def sees_history(zone: Zone, caller: Caller) -> bool:
    """Return whether a caller may read the history of a zone. Access rules do not open it."""
    return zone.shared or caller.sees(zone.group_id)


def lists(zone: Zone, caller: Caller) -> bool:
    """Return whether a zone is in a caller's list. That it is shared does not bring it there."""
    return caller.sees(zone.group_id) or acl.let_see(zone.acl, caller)
