"""Syncs of zones that have a connection or a backend: the server and the key are those that these say."""

from dataclasses import replace

import pytest
from primaries import Bind, Hostile, Key
from support.service import CALLER, primary
from support.texts import FIRST, ZONE
from zonewright.actions import connections
from zonewright.errors import BackendInUse
from zonewright.model.change import ChangeStatus
from zonewright.model.connection import Asked, Backend, Connections, Usage, owner_of
from zonewright.store import backends

KEY, OTHER = Key.of("transfer."), Key.of("other.")
GROWN = FIRST.replace("joe\\\\.doe 1 ", "joe\\\\.doe 2 ") + "more A 192.0.2.99\n"


def asked(server, key, name="lab"):
    return Asked(name, key.name, key.algorithm, key.secret, f"{server.host}:{server.port}")


@pytest.fixture
def backend(service):
    """Set a backend: its server, its key, and more."""

    def put(server, key, **more):
        old = backends.get(service.table, "lab")
        found = Connections(connections.sealed(service, asked(server, key), owner_of("lab")), **more)
        new = replace(old, connections=found) if old else Backend("lab", found, default=True)
        return backends.put(service.table, new, old, service.now())

    return put


@pytest.mark.primary
def test_a_zone_of_a_backend_is_copied_with_its_key_and_follows_its_changes(service, backend):
    with Bind({ZONE: FIRST}, keys=[KEY], require_key={ZONE: KEY.name}) as first:
        backend(first, KEY)
        zone = service.create(ZONE, primary(first))
        _, unsigned = service.work()
        connections.assign(service, service.zone(zone.id), "", caller=CALLER)
        _, loaded = service.sync(zone.id)
    with Bind({ZONE: GROWN}, keys=[OTHER], require_key={ZONE: OTHER.name}) as second:
        backend(second, OTHER)
        _, followed = service.sync(zone.id)

    assert unsigned.status is ChangeStatus.FAILED
    assert (loaded.status, loaded.records) == (ChangeStatus.SYNCED, 9)
    assert (followed.status, followed.records) == (ChangeStatus.SYNCED, 10)
    assert service.zone(zone.id).primaries == (primary(second),)
    with pytest.raises(BackendInUse):
        backends.delete(service.table, backends.get(service.table, "lab"))


@pytest.mark.parametrize(("usage", "status"), [(Usage.ALWAYS, "SUCCEEDED"), (Usage.UPDATE, "FAILED")])
def test_the_usage_tells_whether_transfers_are_signed(service, backend, usage, status):
    with Hostile({ZONE: FIRST}, keys=[KEY], require_key={ZONE: KEY.name}) as server:
        backend(server, KEY, usage=usage)
        zone = service.create(ZONE, primary(server))
        service.work()
        connections.assign(service, service.zone(zone.id), "lab", caller=CALLER)
        reached, _ = service.sync(zone.id)

    assert reached == status


def test_transfers_come_from_the_transfer_connection(service, backend):
    with Hostile({ZONE: FIRST}, keys=[KEY]) as updates, Hostile({ZONE: GROWN}, keys=[OTHER]) as transfers:
        there = connections.sealed(service, asked(transfers, OTHER), owner_of("lab"))
        backend(updates, KEY, transfer_connection=there)
        zone = service.create(ZONE, primary(updates))
        service.work()
        connections.assign(service, service.zone(zone.id), "lab", caller=CALLER)
        _, change = service.sync(zone.id)

    assert change.records == 10
    assert service.zone(zone.id).primaries == (primary(transfers),)


def test_a_dry_run_asks_the_changed_backend_and_stores_nothing(service, backend):
    with Hostile({ZONE: FIRST}, keys=[KEY]) as first, Hostile({ZONE: GROWN}, keys=[OTHER]) as second:
        backend(first, KEY)
        zone = service.create(ZONE, primary(first))
        service.work()
        connections.assign(service, service.zone(zone.id), "lab", caller=CALLER)
        backend(second, OTHER)
        _, report = service.dry_run(zone.id)

    assert report.change.records == 10
    assert service.zone(zone.id).primaries == (primary(first),)
