"""Access rules of a zone: add one, delete one, and tell whom they name (contract `vinyldns.md`, section 8)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from zonewright.actions import edit, zones
from zonewright.errors import NotZoneAdmin, ZoneChanged
from zonewright.model import acl, states
from zonewright.model.acl import AclRule
from zonewright.model.change import Change, ChangeType
from zonewright.model.states import Event
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import changes, places, slots, users
from zonewright.store import zones as store
from zonewright.store.table import ConditionFailed, Put

_TRIES = 10
"""Tries of a change. Each change of the zone by others costs one."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of users and groups that the rules of a zone name, by id. One that is gone has none."""

    users: dict[str, str]
    groups: dict[str, str]

    def of(self, rule: AclRule) -> str | None:
        """Return the name to show for a rule, or None if its user or group is gone."""
        if rule.user_id is not None:
            return self.users.get(rule.user_id)
        return "All Users" if rule.group_id is None else self.groups.get(rule.group_id)


def names(service: Service, zone: Zone) -> Names:
    """Return the names of those whom the rules of a zone name."""
    found_users = users.get_all(service.table, sorted({rule.user_id for rule in zone.acl if rule.user_id}))
    found = users.groups_by_id(service.table, sorted({rule.group_id for rule in zone.acl if rule.group_id}))
    return Names(
        {user_id: user.name for user_id, user in found_users.items()},
        {group_id: group.name for group_id, group in found.items()},
    )


def administered(service: Service, zone_id: str, *, caller: Caller) -> Zone:
    """Return a zone that the caller may change. Raise ZoneNotFound, NotZoneAdmin."""
    zone = zones.get(service, zone_id)
    if not caller.administers(zone.group_id):
        raise NotZoneAdmin(user=caller.user_name, zone=zone.name, group=zone.group_id)
    return zone


def add(service: Service, zone_id: str, rule: AclRule, *, caller: Caller) -> tuple[Zone, Change]:
    """Add a rule to a zone, unless it has an equal one. Return the zone and the change.

    Raise ZoneNotFound, NotZoneAdmin, InvalidAclRule, AclTooLarge, ZoneSyncing, UpdatePending or ZoneChanged.
    """
    zone = administered(service, zone_id, caller=caller)
    acl.check(rule)
    return _change(service, zone, lambda rules: acl.added(rules, rule), caller=caller)


def remove(service: Service, zone_id: str, rule: AclRule, *, caller: Caller) -> tuple[Zone, Change]:
    """Delete a rule of a zone, if it has it. Return the zone and the change. Raise as `add`, but for the rule."""
    zone = administered(service, zone_id, caller=caller)
    return _change(service, zone, lambda rules: acl.removed(rules, rule), caller=caller)


def _change(
    service: Service, zone: Zone, act: Callable[[tuple[AclRule, ...]], tuple[AclRule, ...]], *, caller: Caller
) -> tuple[Zone, Change]:
    places.ensure(service.table, zone)
    for _ in range(_TRIES):
        now = zone.moment(service.now())
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        changed = replace(zone.freed(state, now), acl=act(zone.acl))
        acl.check_size(changed.acl)
        change = edit.done(zone, ChangeType.UPDATE, caller, now)
        own = Put(store.to_item(changed), edit.as_read(zone, Event.CHANGE, now))
        seen = places.take(changed, zone) if changed.acl != zone.acl else []
        writes = [own, changes.put(change), *seen, *changes.end_abandoned(zone, now)]
        try:
            slots.write(service.table, writes, slots.of(zone))
        except ConditionFailed:
            zone = administered(service, zone.id, caller=caller)
            continue
        return changed, change
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")
