"""Backends in the table: an item each, one item that names the default, and items that count their zones.

A zone that names no backend has the default one, and counts under the empty id. Its transactions hold only if there is
a default.
"""

from collections.abc import Iterator
from datetime import datetime

from zonewright import clock
from zonewright.errors import BackendChanged, BackendInUse
from zonewright.model.connection import DEFAULT, Backend, Connections, Usage
from zonewright.model.zone import Zone
from zonewright.store import connections, keys
from zonewright.store.conditions import ABSENT, PRESENT, Condition, either, equal
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table, Update, Write


def listing(table: Table) -> list[Backend]:
    """Return all backends, by id. It costs one query."""
    items = list(table.query(keys.BACKENDS))
    default = next((item["id"] for item in items if item["sk"] == keys.default_backend()["sk"]), None)
    return [_backend(item, default) for item in items if item["sk"].startswith(keys.BACKEND)]


def get(table: Table, backend_id: str) -> Backend | None:
    """Return a backend, or the default one for the empty id; None if there is none. It costs one query."""
    every = listing(table)
    return next((each for each in every if each.id == backend_id or (backend_id == DEFAULT and each.default)), None)


def of_zone(table: Table, zone: Zone) -> Connections | None:
    """Return the connections of a zone: its own, or those of its backend. None if it has none."""
    if zone.connection:
        return Connections(zone.connection, zone.transfer_connection)
    if zone.backend_id is None:
        return None
    found = get(table, zone.backend_id)
    return found.connections if found else None


def put(table: Table, new: Backend, old: Backend | None, now: datetime) -> Backend:
    """Store a backend, in place of the unchanged `old` or as a new one. Return it as stored.

    With `default` it becomes the default, in place of any other. Raise BackendChanged if another wrote it meanwhile.
    """
    found = new.connections
    item: Item = keys.backend(new.id) | connections.attributes(found.connection, found.transfer_connection)
    item |= {"id": new.id, "usage": str(found.usage), "revision": old.revision + 1 if old else 1}
    item |= {"created": clock.to_text((old and old.created) or now)}
    item |= {"updated": clock.to_text(clock.after(old.updated or old.created or now, now))} if old else {}
    writes: list[Write] = [Put(item, equal(revision=old.revision) if old else ABSENT)]
    if old is None:
        writes += [Put(key | {"zones": 0}, ABSENT) for key in keys.backend_counts(new.id)]
    if new.default:
        writes.append(Put(keys.default_backend() | {"id": new.id}))
    try:
        table.write(*writes)
    except ConditionFailed as error:
        raise _changed(new) from error
    return _backend(item, new.id if new.default else None)


def delete(table: Table, backend: Backend) -> None:
    """Delete an unchanged backend that no zone has. Raise BackendInUse, or BackendChanged if another changed it."""
    writes: list[Write] = [Delete(keys.backend(backend.id), equal(revision=backend.revision))]
    default = keys.default_backend()
    writes.append(Delete(default, equal(id=backend.id)) if backend.default else Check(default, _other(backend)))
    writes += [Delete(key, equal(zones=0)) for key in keys.backend_counts(backend.id)]
    unnamed = either(ABSENT, equal(zones=0))
    writes += [Delete(key, unnamed) for key in keys.backend_counts(DEFAULT)] if backend.default else []
    try:
        table.write(*writes)
    except ConditionFailed as error:
        zones = count(table, backend)
        if zones and not error.failed[0] and not error.failed[1]:
            raise BackendInUse(backend=backend.id, zones=zones) from error
        raise _changed(backend) from error


def count(table: Table, backend: Backend) -> int:
    """Return the number of zones that name a backend, with those that name none if it is the default."""
    counted = keys.backend_counts(backend.id) + (keys.backend_counts(DEFAULT) if backend.default else [])
    return sum(each["zones"] for each in table.get_all(counted) if each)


def joined(backend_id: str | None, zone_id: str) -> Iterator[Write]:
    """Yield the writes that count a zone for a backend. They fail if the backend, or the default, was deleted."""
    if backend_id == DEFAULT:
        yield Check(keys.default_backend(), PRESENT)
        yield Update(keys.backend_zones(DEFAULT, zone_id), add={"zones": 1})
    elif backend_id:
        yield Update(keys.backend_zones(backend_id, zone_id), add={"zones": 1}, condition=PRESENT)


def left(backend_id: str | None, zone_id: str) -> Iterator[Write]:
    """Yield the write that no longer counts a zone for a backend."""
    if backend_id is not None:
        yield Update(keys.backend_zones(backend_id, zone_id), add={"zones": -1})


def moved(before: str | None, after: str | None, zone_id: str) -> list[Write]:
    """Return the writes that count a zone for another backend."""
    return [] if before == after else [*left(before, zone_id), *joined(after, zone_id)]


def _other(backend: Backend) -> Condition:
    return either(ABSENT, Condition("#id <> :this", {"#id": "id"}, {":this": backend.id}))


def _changed(backend: Backend) -> BackendChanged:
    return BackendChanged("another changed it meanwhile; try again", backend=backend.id)


def _backend(item: Item, default: str | None) -> Backend:
    both = connections.both(item)
    connection = both["connection"]
    assert connection is not None
    return Backend(
        id=item["id"],
        connections=Connections(connection, both["transfer_connection"], Usage(item["usage"])),
        default=item["id"] == default,
        created=clock.from_text(item["created"]),
        updated=clock.from_text(item["updated"]) if "updated" in item else None,
        revision=item["revision"],
    )
