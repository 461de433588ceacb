"""Changes of the settings of a zone: what a caller may ask for, and the zone that comes of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from zonewright.actions import syncs
from zonewright.errors import MastersConnected
from zonewright.model import policy, schedule
from zonewright.model.acl import AclRule
from zonewright.model.connection import Connection
from zonewright.model.guards import OwnGuards
from zonewright.model.schedule import Schedule
from zonewright.model.users import Caller
from zonewright.model.zone import Primary, Zone
from zonewright.service import Service


class _Unset:
    """Type of UNSET."""


UNSET = _Unset()
"""Default of a field that may be None: leave the field as it is."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a copied zone is reached from now on: its connections and its backend, and the `primaries` that follow.

    `primaries` is None if nothing follows, because there is no backend.
    """

    connection: Connection | None = None
    transfer_connection: Connection | None = None
    backend_id: str | None = None
    primaries: tuple[Primary, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes of a zone. The default of each field leaves it as it is.

    Other `primaries` begin a sync. Those of a `way` do not: the next sync transfers from there.
    """

    email: str | None = None
    ttl: int | None = None
    description: str | _Unset | None = UNSET
    primaries: tuple[Primary, ...] | None = None
    attributes: dict[str, str] | None = None
    schedule: Schedule | _Unset | None = UNSET
    guards: OwnGuards | _Unset | None = UNSET
    group_id: str | None = None
    shared: bool | None = None
    acl: tuple[AclRule, ...] | None = None
    way: Way | None = None


def check(service: Service, zone: Zone, wanted: Edit, *, caller: Caller) -> None:
    """Raise if the operator does not allow a change, or count the sync that it begins. What is as before is allowed."""
    if wanted.ttl is not None:
        policy.check_ttl(wanted.ttl, service.settings, caller)
    if wanted.attributes not in (None, zone.attributes):
        policy.check_attributes(wanted.attributes or {}, service.settings)
    if wanted.primaries not in (None, zone.primaries):
        if zone.updatable:
            raise MastersConnected(f"zone {zone.name} is copied by its connection, or its backend: change that instead")
        policy.check_masters(wanted.primaries or (), service.settings)
        syncs.count_begin(service, zone.group_id)


def edited(service: Service, zone: Zone, wanted: Edit, *, caller: Caller, now: datetime) -> Zone:
    """Return a zone after a change at `now`."""
    changed = replace(
        zone,
        email=zone.email if wanted.email is None else wanted.email,
        ttl=zone.ttl if wanted.ttl is None else wanted.ttl,
        description=zone.description if isinstance(wanted.description, _Unset) else wanted.description,
        attributes=zone.attributes if wanted.attributes is None else wanted.attributes,
        guards=zone.guards if isinstance(wanted.guards, _Unset) else wanted.guards,
        group_id=wanted.group_id or zone.group_id,
        shared=zone.shared if wanted.shared is None else wanted.shared,
        acl=zone.acl if wanted.acl is None else wanted.acl,
    )
    if wanted.primaries is not None:
        changed = _copied_from(changed, wanted.primaries)
    if wanted.way is not None:
        changed = reached_by(changed, wanted.way)
    return _rescheduled(service, changed, wanted, caller=caller, now=now)


def reached_by(zone: Zone, way: Way) -> Zone:
    """Return a zone that is reached in this way."""
    connected = replace(
        zone, connection=way.connection, transfer_connection=way.transfer_connection, backend_id=way.backend_id
    )
    return connected if way.primaries is None else _copied_from(connected, way.primaries)


def _copied_from(zone: Zone, primaries: tuple[Primary, ...]) -> Zone:
    return replace(zone, primaries=primaries, source=zone.source and zone.source.among(primaries))


def _rescheduled(service: Service, zone: Zone, wanted: Edit, *, caller: Caller, now: datetime) -> Zone:
    """Return the zone with its new schedule, which counts from the last sync. A zone never synced is due now."""
    if isinstance(wanted.schedule, _Unset):
        return zone
    requestor = None if wanted.schedule is None else caller.user_name
    due = None if wanted.schedule is None else now
    if zone.synced is not None:
        shortest = service.settings.shortest_schedule
        due = schedule.first_due(wanted.schedule, zone.timers, shortest, zone.synced, now)
    return replace(zone, schedule=wanted.schedule, requestor=requestor, due=due)
