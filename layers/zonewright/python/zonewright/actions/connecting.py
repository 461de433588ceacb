"""Connect, change and disconnect copies of zones, as VinylDNS's clients do (contract `vinyldns.md`, sections 4.1-4.4).

The checks come in the order of the contract. Before anything is stored, the name servers are asked
(`delivery/looking.py`): is the zone served there, may it be copied, are its own name servers approved?
"""

import uuid
from dataclasses import replace

from zonewright.actions import connections, groups, zones
from zonewright.actions.zones import NewZone
from zonewright.actions.zonesettings import Edit, Way, reached_by
from zonewright.errors import (
    AdminGroupUnknown,
    BackendNotFound,
    InvalidBackend,
    InvalidRecurrence,
    InvalidZoneName,
    NotCopied,
    NotZoneAdmin,
    Reason,
    SchedulingForbidden,
    SharingForbidden,
    ZoneExists,
    ZoneNameTaken,
    ZoneRenamed,
    ZoneUnconnected,
    ZoneUnfit,
    ZoneUnfound,
)
from zonewright.model import acl, emails, schedule
from zonewright.model.change import Change
from zonewright.model.connecting import Wanted
from zonewright.model.connection import DEFAULT, Connection, Connections, document
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import names
from zonewright.service import Service
from zonewright.store import backends, changes, users
from zonewright.store import zones as store

UNKNOWN = "unknown"
"""The id of the backend that a zone with a connection of its own has, in messages."""


def connect(service: Service, wanted: Wanted, *, caller: Caller) -> tuple[Zone, Change]:
    """Create a copy of a zone, and begin its first sync. Return the zone and the change, Pending.

    Raise, in this order, InvalidAclRule, EmailRefused, InvalidBackend, SharingForbidden, ZoneNameTaken,
    AdminGroupUnknown, SchedulingForbidden, InvalidRecurrence, NotZoneAdmin, InvalidConnection, ZoneUnfound,
    ZoneUnconnected, ZoneUnfit, and what `zones.begin` raises.
    """
    _check_fields(service, wanted)
    if wanted.shared and not (caller.is_super or caller.is_support):
        raise SharingForbidden("Not authorized to create shared zones.")
    _check_name(service, wanted.name)
    _check_group(service, wanted.group_id)
    _check_schedule(wanted, caller)
    _check_admin(wanted.name, wanted.group_id, caller)
    new_id = str(uuid.uuid4())
    way = _way(service, wanted, new_id, None)
    assert way is not None
    new = NewZone(
        wanted.name,
        ZoneType.SECONDARY,
        email=wanted.email,
        id=new_id,
        schedule=wanted.recurrence or schedule.parse(service.settings.default_schedule),
        shared=wanted.shared,
        acl=acl.distinct(wanted.rules),
        way=way,
    )
    provisional = Zone(new_id, wanted.name, wanted.group_id, ZoneType.SECONDARY, service.now(), email=wanted.email)
    provisional = replace(provisional, shared=new.shared, acl=new.acl)
    _check_live(service, reached_by(provisional, way), wanted)
    try:
        return zones.begin(service, new, caller=replace(caller, group_id=wanted.group_id))
    except ZoneExists:
        _check_name(service, wanted.name)
        raise
    except BackendNotFound as error:
        raise InvalidBackend(backend=wanted.backend_id or "default") from error


def change(service: Service, zone_id: str, wanted: Wanted, *, caller: Caller) -> tuple[Zone, Change]:
    """Replace the settings of a zone by the wanted ones. Return the zone and the change.

    Raise, in this order, InvalidAclRule, EmailRefused, InvalidBackend, ZoneNotFound, SharingForbidden, NotZoneAdmin,
    SchedulingForbidden, InvalidRecurrence, AdminGroupUnknown, NotZoneAdmin, ZoneRenamed, NotCopied, InvalidConnection,
    ZoneUnfound, ZoneUnconnected, ZoneUnfit, and what `zones.change` raises.
    """
    _check_fields(service, wanted)
    zone = zones.get(service, zone_id)
    if wanted.shared != zone.shared and not (caller.is_super or caller.is_support):
        states = f"from {str(zone.shared).lower()} to {str(wanted.shared).lower()}"
        raise SharingForbidden(f"Not authorized to update zone shared status {states}.")
    _check_admin(zone.name, zone.group_id, caller)
    _check_schedule(wanted, caller)
    _check_group(service, wanted.group_id)
    _check_admin(zone.name, wanted.group_id, caller)
    if names.fold(wanted.name) != names.fold(zone.name):
        raise ZoneRenamed(zone=zone.name)
    edit = Edit(
        email=wanted.email,
        group_id=wanted.group_id,
        shared=wanted.shared,
        acl=acl.distinct(wanted.rules),
    )
    if wanted.recurrence != schedule.recurrence(zone.schedule):  # one that this API does not show stays
        edit = replace(edit, schedule=wanted.recurrence)
    way = _way(service, wanted, zone.id, zone)
    if way is not None:
        edit = replace(edit, way=way)
        if (way.connection, way.transfer_connection) != (zone.connection, zone.transfer_connection):
            _check_live(service, reached_by(zone, way), wanted)
    return zones.change(service, zone, edit, caller=caller)


def disconnect(service: Service, zone_id: str, *, caller: Caller) -> tuple[Zone, Change]:
    """Delete a zone, with its shares. Return it, DELETED, and the change.

    Raise ZoneNotFound, NotZoneAdmin, and what `zones.delete` raises.
    """
    zone = zones.get(service, zone_id)
    _check_admin(zone.name, zone.group_id, caller)
    gone = zones.delete(service, zone, caller=caller, with_shares=True)
    return gone, next(changes.newest(service.table, gone.id))


def _check_fields(service: Service, wanted: Wanted) -> None:
    for rule in wanted.rules:
        acl.check(rule)
    acl.check_size(wanted.rules)
    emails.check(wanted.email, groups.email_rules(service))
    if wanted.backend_id is not None and backends.get(service.table, wanted.backend_id) is None:
        raise InvalidBackend(backend=wanted.backend_id)


def _check_name(service: Service, name: str) -> None:
    try:
        names.absolute(name)
    except ValueError as error:
        raise InvalidZoneName(str(error), name=name) from error
    found = store.named(service.table, name)
    if found is not None:
        raise ZoneNameTaken(zone=name, email=found.email)


def _check_group(service: Service, group_id: str) -> None:
    if users.group(service.table, group_id) is None:
        raise AdminGroupUnknown(group=group_id)


def _check_admin(name: str, group_id: str, caller: Caller) -> None:
    if not caller.administers(group_id):
        raise NotZoneAdmin(user=caller.user_name, zone=name, group=group_id)


def _check_schedule(wanted: Wanted, caller: Caller) -> None:
    if wanted.recurrence is None:
        return
    if not (caller.is_super or caller.is_support):
        raise SchedulingForbidden(user=caller.user_name)
    if schedule.recurrence(wanted.recurrence) is None or not schedule.is_schedule(wanted.recurrence, 0):
        raise InvalidRecurrence


def _way(service: Service, wanted: Wanted, zone_id: str, zone: Zone | None) -> Way | None:
    """Return how a zone is reached from now on, None for one that keeps its masters. Raise NotCopied.

    Without a connection and a backend it is the default backend, except for a zone that was made with masters: it is
    shown without them, and what is shown may be sent back.
    """
    asked = (wanted.connection, wanted.transfer_connection, wanted.backend_id)
    if zone and not zone.updatable and not any(each is not None for each in asked):
        return None
    if zone and zone.type is not ZoneType.SECONDARY:
        raise NotCopied("its contents are written here", zone=zone.name)
    former = (zone.connection, zone.transfer_connection) if zone else ()
    connection, transfers = (
        connections.sealed(service, each, zone_id, former) if each else None
        for each in (wanted.connection, wanted.transfer_connection)
    )
    backend_id = DEFAULT if connection is None and wanted.backend_id is None else wanted.backend_id
    reached = _connections(service, connection, transfers, backend_id)
    if reached is None:
        raise ZoneUnfound(zone=wanted.name, backend="default")
    return Way(connection, transfers, backend_id, (reached.transfers.primary,))


def _connections(
    service: Service, connection: Connection | None, transfers: Connection | None, backend_id: str | None
) -> Connections | None:
    if connection:
        return Connections(connection, transfers)
    found = backends.get(service.table, backend_id or DEFAULT)
    return found.connections if found else None


def _check_live(service: Service, zone: Zone, wanted: Wanted) -> None:
    """Ask the name servers of a zone before it is stored. Raise ZoneUnfound, ZoneUnconnected or ZoneUnfit."""
    reached = backends.of_zone(service.table, zone)
    backend = UNKNOWN if zone.connection else wanted.backend_id or "default"
    if reached is None:
        raise ZoneUnfound(zone=zone.name, backend=backend)
    said = service.deliverer.look(zone.id, zone.name, document(reached))
    if said["end"] == "unfound":
        raise ZoneUnfound(zone=zone.name, backend=backend)
    if said["end"] == "unconnected":
        raise ZoneUnconnected(said["reason"])
    found = said["name_servers"]
    wrong = [f"Name Server {each} is not an approved name server." for each in service.choices().unapproved(found)]
    if not found:
        wrong = ["Missing apex NS record"]
    if wrong:
        raise ZoneUnfit(found=zone, reasons=[Reason(each) for each in wrong])
