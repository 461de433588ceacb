"""Connections of zones, and the operator's backends: seal their keys, and give a copied zone another one.

A key is sealed for its zone, or for its backend. Callers see a stand-in, and may send it back for the same zone.
"""

from collections.abc import Iterable

from zonewright.actions import zones
from zonewright.actions.zonesettings import Edit, Way
from zonewright.errors import BackendNotFound, InvalidConnection, NotCopied
from zonewright.model.connection import STAND_IN, Asked, Backend, Connection
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import backends as store
from zonewright.store.vault import Purpose


def sealed(service: Service, asked: Asked, owner: str, former: Iterable[Connection | None] = ()) -> Connection:
    """Return a connection whose key is sealed for `owner`, or stays as it is sealed, for a stand-in of a former one.

    Raise InvalidConnection, also for a stand-in that is none of theirs.
    """
    asked.check()
    if not asked.key.startswith(STAND_IN):
        return asked.with_secret(service.vault.seal(asked.key, owner, Purpose.TSIG), owner)
    same = [each for each in former if each and each.stand_in == asked.key]
    if not same:
        raise InvalidConnection(f"Invalid connection {asked.name}: its key is none that this zone has")
    return asked.with_secret(same[0].secret, owner, same[0].algorithm)


def backend(service: Service, backend_id: str) -> Backend:
    """Return a backend. Raise BackendNotFound."""
    found = store.get(service.table, backend_id)
    if found is None:
        raise BackendNotFound(backend=backend_id)
    return found


def assign(service: Service, zone: Zone, backend_id: str | None, *, caller: Caller) -> Zone:
    """Give a copied zone another backend, or none, and return the zone. Its next sync transfers from there.

    Without a backend it keeps the primary that it has, and takes no record changes. Raise NotCopied, InvalidConnection
    for a zone with a connection of its own, BackendNotFound, and what `zones.update` raises.
    """
    if zone.type is not ZoneType.SECONDARY:
        raise NotCopied("it is PRIMARY, so its contents are written here", zone=zone.name)
    if zone.connection is not None:
        raise InvalidConnection(f"zone {zone.name} has a connection of its own, which wins over a backend")
    there = None if backend_id is None else (backend(service, backend_id).connections.transfers.primary,)
    way = Way(transfer_connection=zone.transfer_connection, backend_id=backend_id, primaries=there)
    return zones.update(service, zone, Edit(way=way), caller=caller)
