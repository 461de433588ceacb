"""Guards: what a sync may not do to a zone, by the deployment and by the zone itself."""

import re
from dataclasses import replace

import pytest
from primaries import Hostile, hostile
from support.service import primary
from support.texts import FIRST, GUARDED, LARGE, SECOND, ZONE
from zonewright.model.change import ChangeStatus
from zonewright.model.guards import OwnGuards
from zonewright.model.order import SyncOptions
from zonewright.model.states import State


def test_a_sync_that_would_delete_too_much_fails_with_the_counts_unless_it_is_forced(service, server):
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server))
    service.work()
    service.settings = replace(service.settings, deleted_percent=50)
    server.reload(ZONE, SECOND)

    _, refused = service.sync(zone.id)
    kept = service.zone(zone.id).version
    service.request(zone.id, options=SyncOptions(force=True))
    _, forced = service.work()

    assert (refused.status, kept) == (ChangeStatus.FAILED, 1)
    assert "it would delete 21 of 27 record sets, more than the 50 % a sync may delete" in refused.reason
    assert (forced.status, forced.counts.deleted, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 21, 2)


@pytest.mark.parametrize("force", [False, True], ids=["asked for", "forced"])
def test_a_zone_with_too_many_records_is_refused(path, force, service, server):
    zone = service.create(ZONE, primary(server))
    service.settings = replace(service.settings, zone_records=8)

    _, change = service.work(force=force)

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.FAILED, 0)
    assert change.reason.endswith("the zone has more than 8 records, the most it may have")


@pytest.mark.parametrize("mode", ["axfr", "auto"])
def test_a_transfer_of_too_many_octets_is_refused_while_it_is_read(path, mode, service):
    with Hostile({ZONE: FIRST}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
        server.reload(ZONE, LARGE.replace("joe\\.doe 1 ", "joe\\.doe 2 "))
        service.settings = replace(service.settings, transfer_bytes=20_000)

        service.request(zone.id, options=SyncOptions(mode))
        status, change = service.work(force=True)

    kept = service.zone(zone.id)
    assert (status, change.status, kept.version, kept.state) == ("FAILED", ChangeStatus.FAILED, 1, State.ACTIVE)
    said = r"the transfer has more than 20,000 octets, the most it may have after [\d,]+ records"
    assert re.search(said, change.reason)
    assert not [state for state in service.machine.visited[-5:] if "Merge" in state]


OWN = {
    "its own where the deployment has none": ({}, OwnGuards(deleted_percent=50), 50),
    "its own where the deployment lets more": ({"deleted_percent": 90}, OwnGuards(deleted_percent=60), 60),
    "the deployment's for what is not its own": ({"deleted_percent": 40}, OwnGuards(changed_percent=100), 40),
}


@pytest.mark.parametrize(("operator", "own", "most"), OWN.values(), ids=OWN)
def test_the_guards_of_a_zone_stand_in_the_place_of_the_deployments(path, service, server, operator, own, most):
    service.settings = replace(service.settings, **operator)
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server), guards=own)
    service.work()
    server.reload(ZONE, SECOND)

    status, refused = service.sync(zone.id)
    kept = service.zone(zone.id)
    service.request(zone.id, options=SyncOptions(force=True))
    _, forced = service.work()

    assert (status, refused.status, kept.version, kept.state) == ("FAILED", ChangeStatus.FAILED, 1, State.ACTIVE)
    assert refused.reason.endswith(
        f"it would delete 21 of 27 record sets, more than the {most} % a sync may delete"
        " (1 created, 2 updated, 21 deleted); force=true goes over it"
    )
    assert (forced.status, forced.counts.deleted, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 21, 2)


def test_a_zone_may_let_more_be_deleted_than_the_deployment(service, server):
    service.settings = replace(service.settings, deleted_percent=10, changed_percent=10)
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server), guards=OwnGuards(deleted_percent=80, changed_percent=90))
    service.work()
    server.reload(ZONE, SECOND)

    _, change = service.sync(zone.id)

    assert (change.status, change.counts.deleted) == (ChangeStatus.SYNCED, 21)


@pytest.mark.parametrize("operator", [0, 5000], ids=["without a limit", "with a greater one"])
def test_a_zone_larger_than_its_own_guard_is_refused_while_it_is_read(path, service, server, operator):
    service.settings = replace(service.settings, zone_records=operator)
    server.reload(ZONE, LARGE)
    zone = service.create(ZONE, primary(server), guards=OwnGuards(zone_records=8))

    _, change = service.work(force=True)

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.FAILED, 0)
    assert change.reason.endswith("the zone has more than 8 records, the most it may have")
    assert "ParseBatches" not in service.machine.visited


def test_a_limit_the_operator_lowered_since_holds_for_zones_with_their_own(service, server):
    zone = service.create(ZONE, primary(server), guards=OwnGuards(zone_records=100))
    service.settings = replace(service.settings, zone_records=8)

    _, change = service.work()

    assert change.reason.endswith("the zone has more than 8 records, the most it may have")
    assert service.zone(zone.id).version == 0


def test_increments_are_guarded_too(service, server):
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server))
    service.work()
    service.settings = replace(service.settings, changed_percent=50)
    server.reload(ZONE, SECOND)
    service.request(zone.id, options=SyncOptions("auto"))

    _, change = service.work()

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.FAILED, 1)
    assert "more than the 50 % a sync may change" in change.reason
