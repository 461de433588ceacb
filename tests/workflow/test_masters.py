"""A change of the masters begins a sync, as the creation of the zone does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import Bind, Hostile, require
from support.service import CALLER, loaded, primary
from support.texts import FIRST, SECOND, ZONE
from zonewright.actions import zones, zonesettings
from zonewright.errors import ZoneSyncing
from zonewright.model.change import ChangeStatus, ChangeType
from zonewright.model.states import State
from zonewright.model.zone import Primary
from zonewright.store import changes

OTHERS = FIRST.replace("192.0.2.25", "192.0.2.26")


def edit(service, zone, **fields):
    return zones.update(service, zone, zonesettings.Edit(**fields), caller=CALLER)


def history(service, zone):
    return [(each.type, each.status) for each in changes.listing(service.table, zone.id, 10)]


def test_other_masters_begin_a_sync_in_the_change_itself(path, service, server):
    with Hostile({ZONE: OTHERS}) as other:
        zone = loaded(service, server)

        held = edit(service, zone, primaries=(primary(other),), description="moved")
        pending = history(service, zone)
        (order,) = service.orders
        status, change = service.work()

    after = service.zone(zone.id)
    assert (held.state, held.holder, held.revision) == (State.SYNCING, order.sync_id, zone.revision + 1)
    assert (order.trigger, order.mode, order.force) == ("update", "axfr", False)
    assert pending[0] == (ChangeType.UPDATE, ChangeStatus.PENDING)
    assert history(service, zone) == [
        (ChangeType.UPDATE, ChangeStatus.SYNCED),
        (ChangeType.CREATE, ChangeStatus.SYNCED),
    ]
    assert (status, change.user_id, change.counts.updated) == ("SUCCEEDED", CALLER.user_id, 1)
    assert (after.state, after.description, after.primaries) == (State.ACTIVE, "moved", (primary(other),))
    assert after.source.primary == str(primary(other))
    assert "mail 300 A 192.0.2.26" in service.texts(zone.id)


@pytest.mark.parametrize("fields", [{}, {"description": "x"}, {"schedule": 90}])
def test_the_same_masters_begin_no_sync(service, server, fields):
    zone = loaded(service, server)

    after = edit(service, zone, primaries=(primary(server),), **fields)

    assert (after.state, service.orders) == (State.ACTIVE, [])
    assert history(service, zone)[0] == (ChangeType.UPDATE, ChangeStatus.SYNCED)


def test_masters_of_a_zone_that_never_loaded_begin_its_first_sync(service, server):
    zone = service.create(ZONE, Primary("127.0.0.1", 1024))
    service.work()

    edit(service, service.zone(zone.id), primaries=(primary(server),))
    service.work()

    after = service.zone(zone.id)
    assert (after.state, after.version, after.failure) == (State.ACTIVE, 1, None)


def test_a_sync_of_other_masters_that_fails_leaves_the_contents_and_the_masters(service, server):
    zone = loaded(service, server)

    edit(service, zone, primaries=(Primary("127.0.0.1", 1024),))
    status, change = service.work()

    after = service.zone(zone.id)
    assert (status, change.status, after.state, after.version) == ("FAILED", ChangeStatus.FAILED, State.ACTIVE, 1)
    assert after.primaries == (Primary("127.0.0.1", 1024),)
    assert after.failure.reason == change.reason


def test_masters_of_a_zone_that_syncs_are_refused(service, server):
    zone = loaded(service, server)
    service.request(zone.id)

    with pytest.raises(ZoneSyncing, match="is read-only: it is syncing"):
        edit(service, service.zone(zone.id), primaries=(Primary("192.0.2.1"),))

    assert service.zone(zone.id).primaries == (primary(server),)


def test_of_a_sync_that_cannot_be_started_the_masters_stay_and_the_schedule_tries_again(service, server, monkeypatch):
    zone = loaded(service, server, schedule="refresh")
    monkeypatch.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route to Step Functions")))

    edited = edit(service, zone, primaries=(Primary("192.0.2.1"),))

    after = service.zone(zone.id)
    assert edited == after
    assert (after.state, after.primaries, after.holder) == (State.ACTIVE, (Primary("192.0.2.1"),), None)
    assert after.failure.reason == "the sync could not be started"
    assert after.due == after.updated + timedelta(seconds=600)
    assert history(service, zone)[0] == (ChangeType.UPDATE, ChangeStatus.FAILED)


def test_a_writer_that_loses_a_race_begins_one_sync(service, server):
    zone = loaded(service, server)
    edit(service, zone, description="first")

    held = edit(service, zone, primaries=(Primary("192.0.2.1"),))

    assert [order.sync_id for order in service.orders] == [held.holder]
    assert (held.description, held.revision) == ("first", zone.revision + 2)


def test_the_lease_of_a_sync_that_died_lets_other_masters_in(service, server):
    zone = loaded(service, server)
    service.request(zone.id)
    dead = service.orders.pop()
    service.ahead = timedelta(seconds=service.settings.sync_lease + 2)

    edit(service, service.zone(zone.id), primaries=(Primary("192.0.2.1"),))

    orphan = next(each for each in changes.listing(service.table, zone.id, 10) if each.id == dead.sync_id)
    assert orphan.status is ChangeStatus.FAILED
    assert len(service.orders) == 1


@pytest.mark.primary
def test_a_zone_moves_from_one_bind_to_another(service):
    require(Bind)
    service.settings = replace(service.settings, idle_timeout=5)
    with Bind({ZONE: SECOND}) as first, Bind({ZONE: OTHERS.replace("joe\\.doe 1 ", "joe\\.doe 5 ")}) as second:
        zone = service.create(ZONE, Primary(first.host, first.port))
        service.work()
        edit(service, service.zone(zone.id), primaries=(Primary(second.host, second.port),))
        _, change = service.work()

    assert (change.type, change.status, change.serial) == (ChangeType.UPDATE, ChangeStatus.SYNCED, 5)
    assert "mail 300 A 192.0.2.26" in service.texts(zone.id)
