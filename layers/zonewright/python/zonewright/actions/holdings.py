"""What keeps a group from being deleted, in the order of the contract (`vinyldns-writes.md`, section 10)."""

from zonewright.errors import GroupOwnsZone
from zonewright.model.users import Group
from zonewright.service import Service
from zonewright.store import zones


def check(service: Service, group: Group) -> None:
    """Raise GroupInUse, the first that applies: zones that the group administers come first."""
    if zones.count(service.table, group.id, shared=False) > 0:
        raise GroupOwnsZone(name=group.name)
