"""Connections of zones, and the operator's backends: seal their keys, and give a copied zone another one.

A key is sealed for its zone, or for its backend. Callers see a stand-in, and may send it back for the same zone.
"""

from collections.abc import Iterable
from dataclasses import replace

from zonewright.actions import edit
from zonewright.errors import BackendNotFound, InvalidConnection, NotCopied, ZoneChanged, ZoneNotFound
from zonewright.model import states
from zonewright.model.change import ChangeType
from zonewright.model.connection import STAND_IN, Asked, Backend, Connection, Connections
from zonewright.model.states import Event
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import backends as store
from zonewright.store import changes, slots, zones
from zonewright.store.table import ConditionFailed, Put
from zonewright.store.vault import Purpose

_TRIES = 3


def sealed(service: Service, asked: Asked, owner: str, former: Iterable[Connection | None] = ()) -> Connection:
    """Return a connection whose key is sealed for `owner`. A key of the `former` connections stays as it is sealed.

    Raise InvalidConnection, also for a stand-in that is none of theirs.
    """
    asked.check()
    held = [each for each in former if each]
    if asked.key.startswith(STAND_IN):
        same = [each for each in held if each.stand_in == asked.key]
        if not same:
            raise InvalidConnection(f"Invalid connection {asked.name}: its key is none that this zone has")
        return asked.with_secret(same[0].secret, owner)
    same = [each for each in held if service.vault.open(each.secret, each.owner, Purpose.TSIG) == asked.key]
    secret = same[0].secret if same else service.vault.seal(asked.key, owner, Purpose.TSIG)
    return asked.with_secret(secret, owner)


def backend(service: Service, backend_id: str) -> Backend:
    """Return a backend. Raise BackendNotFound."""
    found = store.get(service.table, backend_id)
    if found is None:
        raise BackendNotFound(backend=backend_id)
    return found


def reached(zone: Zone, connections: Connections | None) -> Zone:
    """Return a zone that is copied by these connections. None leaves its primaries as they are."""
    if connections is None:
        return zone
    primaries = (connections.transfers.primary,)
    return replace(zone, primaries=primaries, source=zone.source and zone.source.among(primaries))


def assign(service: Service, zone: Zone, backend_id: str | None, *, caller: Caller) -> Zone:
    """Give a copied zone another backend, or none, and return the zone. Its next sync transfers from there.

    Without a backend it keeps the primary that it has, and takes no record changes. Raise NotCopied,
    InvalidConnection for a zone with a connection of its own, BackendNotFound, ZoneSyncing, UpdatePending,
    ZoneNotFound, or ZoneChanged if others keep changing the zone.
    """
    for _ in range(_TRIES):
        if zone.type is not ZoneType.SECONDARY:
            raise NotCopied("it is PRIMARY, so its contents are written here", zone=zone.name)
        if zone.connection is not None:
            raise InvalidConnection(f"zone {zone.name} has a connection of its own, which wins over a backend")
        now = zone.moment(service.now())
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        there = None if backend_id is None else backend(service, backend_id).connections
        changed = reached(replace(zone.freed(state, now), backend_id=backend_id), there)
        writes = [
            Put(zones.to_item(changed), edit.as_read(zone, Event.CHANGE, now)),
            changes.put(edit.done(zone, ChangeType.UPDATE, caller, now)),
            *store.moved(zone.backend_id, backend_id, zone.id),
            *changes.end_abandoned(zone, now),
        ]
        try:
            slots.write(service.table, writes, slots.of(zone))
        except ConditionFailed as error:
            found = zones.found(service.table, zone.id, error)
            if found is None or found.deleted:
                raise ZoneNotFound(zone=zone.id) from error
            zone = found
            continue
        return changed
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")
