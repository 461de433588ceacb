"""Syncs that end badly: faults in a step, workers that died, and workers that come too late."""

from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import Hostile, hostile
from support.service import primary
from support.texts import FIRST, ZONE
from zonewright.errors import TaskFault
from zonewright.model.change import ChangeStatus
from zonewright.model.states import State
from zonewright.store import changes
from zonewright.sync.lifecycle import Sync


@pytest.mark.parametrize("task", ["parse_batch", "merge_range"])
def test_a_fault_in_one_of_many_executions_ends_the_sync_with_its_reason(service, task):
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100, inline_map_items=0)
    with Hostile({ZONE: FIRST}, hostile.messages_of(2)) as server:
        zone = service.create(ZONE, primary(server))

        def crash(name, event):
            if name == task and event.get("batch", event.get("range")) == 1:
                raise TaskFault("an internal error, logged under request request-1")

        service.machine.before = crash
        status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert change.reason == "an internal error, logged under request request-1"
    assert "Publish" not in service.machine.visited
    assert (service.zone(zone.id).state, service.zone(zone.id).version) == (State.ERROR, 0)


def test_many_executions_that_could_not_even_fail_the_sync_leave_that_to_it(service):
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100, inline_map_items=0)
    with Hostile({ZONE: FIRST}) as server:
        zone = service.create(ZONE, primary(server))

        def crash(name, event):
            if name == "parse_batch" or (name == "fail" and "batch" in event):
                raise TaskFault("an internal error")

        service.machine.before = crash
        status, change = service.work()

    assert (status, change.status, change.reason) == ("FAILED", ChangeStatus.FAILED, "a part of it failed")
    assert service.zone(zone.id).state is State.ERROR


def test_a_zone_whose_worker_died_is_usable_again_after_its_lease(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.request(zone.id)
    dead = service.orders.pop()
    Sync(service, dead).take_up()
    service.ahead = timedelta(seconds=service.settings.sync_lease + 1)

    status, change = service.sync(zone.id)

    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    orphan = changes.listing(service.table, zone.id, 10)[1]
    assert (orphan.id, orphan.status) == (dead.sync_id, ChangeStatus.FAILED)
    assert "its lease ran out" in orphan.reason


def test_a_worker_that_comes_too_late_writes_nothing(service, server):
    zone = service.create(ZONE, primary(server))
    late = service.orders.pop()
    service.ahead = timedelta(seconds=service.settings.sync_lease + 1)
    service.sync(zone.id)
    before = service.zone(zone.id)

    service.orders.append(late)
    status, change = service.work()

    assert status == "FAILED"
    assert change.reason == "it was abandoned: its execution did not begin in time"
    assert service.zone(zone.id) == before


def test_a_worker_that_loses_its_zone_under_way_publishes_nothing(service):
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100, chunk_bytes=100)
    with Hostile({ZONE: FIRST}) as server:
        zone = service.create(ZONE, primary(server))

        def lose(task, _event):
            if task == "publish":
                service.ahead = timedelta(seconds=service.settings.sync_lease + 1)
                service.request(zone.id)

        service.machine.before = lose
        status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert (service.zone(zone.id).version, service.zone(zone.id).state) == (0, State.SYNCING)


def test_a_fault_of_ours_releases_the_zone_and_shows_no_trace(service, server):
    zone = service.create(ZONE, primary(server))

    def crash(task, _event):
        if task == "transfer":
            service.bucket = None

    service.machine.before = crash
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100)
    status, change = service.work()

    assert status == "FAILED"
    assert change.reason == "an internal error, logged under request request-1"
    assert service.zone(zone.id).state is State.ERROR


def test_a_sync_that_cannot_be_started_leaves_the_zone_free(service, server, monkeypatch):
    zone = service.create(ZONE, primary(server))
    service.work()
    monkeypatch.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route to Step Functions")))

    with pytest.raises(OSError, match="no route"):
        service.request(zone.id)

    assert service.zone(zone.id).state is State.ACTIVE
    assert changes.listing(service.table, zone.id, 1)[0].reason == "the sync could not be started"
