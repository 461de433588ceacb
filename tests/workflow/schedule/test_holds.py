"""Zones whose sync never began or died: the hold is short before an execution begins, and always ends."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from primaries import hostile
from support.dispatching import ends, fire, loaded
from support.service import loaded as copied
from support.service import primary
from support.texts import SECOND, ZONE
from zonewright.errors import SyncInProgress, SyncLost
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.states import State
from zonewright.store import changes, keys
from zonewright.store.table import Put
from zonewright.sync import lifecycle
from zonewright.sync.dispatch import End, Outcome
from zonewright.sync.lifecycle import HOLD, RESTART, Sync


def killed(service, zone, **options):
    """Request a sync whose function is killed after its transaction, before it starts the execution."""
    service.request(zone.id, options=SyncOptions(**options))
    return service.orders.pop()


@pytest.mark.parametrize("schedule", [None, "refresh"])
def test_a_sync_that_nobody_started_is_started_by_the_dispatcher(service, server, schedule):
    zone = copied(service, server, schedule=schedule)
    server.reload(ZONE, SECOND)
    order = killed(service, zone, mode="ixfr", force=True)

    early, soon = fire(service, seconds=RESTART - 5), fire(service, seconds=10)

    assert (early, soon) == ([], [Outcome(zone.id, End.RESTARTED)])
    assert service.orders == [order]


def test_the_sync_that_was_started_again_ends_as_any_other(service, server):
    zone = copied(service, server)
    server.reload(ZONE, SECOND)
    killed(service, zone)
    fire(service, seconds=RESTART + 1)

    status, change = service.work()

    after = service.zone(zone.id)
    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    assert (after.state, after.version, after.order, after.due) == (State.ACTIVE, 2, None, None)


def test_the_first_sync_of_a_new_zone_is_started_again_too(service, server):
    zone = service.create(ZONE, primary(server))
    (order,) = service.orders
    service.orders.clear()

    assert ends(fire(service, seconds=RESTART + 1)) == [End.RESTARTED]
    assert service.orders == [order]
    service.work()
    assert service.zone(zone.id).version == 1


def test_an_execution_that_cannot_be_started_again_leaves_the_zone_free_soon(service, server, monkeypatch):
    zone = copied(service, server)
    killed(service, zone)
    with monkeypatch.context() as patched:
        patched.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route")))
        (fault,) = fire(service, seconds=RESTART + 1)

    outcomes = fire(service, seconds=HOLD + 1)

    assert fault.end is End.FAULT
    assert outcomes == [Outcome(zone.id, End.RELEASED, changes.NEVER_BEGUN)]
    after = service.zone(zone.id)
    assert (after.state, after.holder, after.due) == (State.ACTIVE, None, None)


def test_a_sync_that_nobody_took_up_does_not_keep_others_away_for_long(service, server):
    zone = copied(service, server)
    dead = killed(service, zone)
    with pytest.raises(SyncInProgress):
        service.request(zone.id)

    service.ahead = timedelta(seconds=HOLD + 1)
    status, _ = service.sync(zone.id)

    assert status == "SUCCEEDED"
    with pytest.raises(SyncLost):
        Sync(service, dead).take_up()


def test_a_sync_that_was_taken_up_keeps_its_zone_as_long_as_an_execution_may_last(service, server):
    zone = copied(service, server)
    Sync(service, killed(service, zone)).take_up()

    fire(service, seconds=RESTART + 1)
    service.ahead = timedelta(seconds=service.settings.sync_lease - 5)

    assert service.zone(zone.id).order is None
    assert service.orders == []
    with pytest.raises(SyncInProgress):
        service.request(zone.id)


@pytest.mark.parametrize("state", ["unloaded", "loaded"])
def test_a_sync_that_died_releases_a_zone_without_a_schedule(service, server, state):
    zone = service.create(ZONE, primary(server)) if state == "unloaded" else copied(service, server)
    dead = service.orders.pop() if state == "unloaded" else killed(service, zone)
    Sync(service, dead).take_up()
    fire(service, seconds=RESTART + 1)

    outcomes = fire(service, seconds=service.settings.sync_lease)

    after = service.zone(zone.id)
    (change, *_) = changes.listing(service.table, zone.id, 1)
    assert ends(outcomes) == [End.RELEASED]
    assert (after.state, after.holder) == (State.ERROR if state == "unloaded" else State.ACTIVE, None)
    assert (change.id, change.status, change.reason) == (dead.sync_id, ChangeStatus.FAILED, changes.ABANDONED)


def test_what_never_began_is_followed_by_the_same(service, server):
    zone = loaded(service, server)
    killed(service, zone, mode="axfr", force=True)
    fire(service, seconds=RESTART + 1)
    service.orders.clear()

    assert ends(fire(service, seconds=HOLD + 1)) == [End.STARTED]

    (order,) = service.orders
    assert (order.trigger, order.mode, order.force) == ("schedule", "axfr", True)
    assert changes.listing(service.table, zone.id, 10)[1].reason == changes.NEVER_BEGUN


@pytest.mark.parametrize("primary_is", ["unchanged", "silent"])
def test_a_sync_that_died_is_followed_by_another_whatever_the_primary_says(service, server, primary_is):
    zone = loaded(service, server)
    dead = killed(service, zone)
    Sync(service, dead).take_up()
    fire(service, seconds=RESTART + 1)
    if primary_is == "silent":
        server.behave(hostile.cut(), soa=[hostile.reset()])

    outcomes = fire(service, seconds=service.settings.sync_lease)
    service.work()

    after = service.zone(zone.id)
    assert ends(outcomes) == [End.STARTED]
    assert (after.state, after.holder, after.version) == (State.ACTIVE, None, 1)
    assert after.due > service.now()


def test_a_sync_that_prolongs_its_hold_is_not_released(service, server, monkeypatch):
    zone = copied(service, server)
    order = killed(service, zone)
    release = lifecycle.release_lapsed

    def take_up_first(*arguments):
        Sync(service, order).take_up()
        release(*arguments)

    monkeypatch.setattr(lifecycle, "release_lapsed", take_up_first)
    fire(service, seconds=HOLD + 1)

    assert service.zone(zone.id).holder == order.sync_id
    assert service.execute(order) == "SUCCEEDED"


def test_a_zone_that_was_held_before_orders_were_stored_is_released_too(service, server):
    zone = copied(service, server)
    order = killed(service, zone)
    Sync(service, order).take_up()
    assert "order" not in service.table.get({"pk": f"ZONE#{zone.id}", "sk": "ZONE"})

    fire(service, seconds=RESTART + 1)
    assert ends(fire(service, seconds=service.settings.sync_lease)) == [End.RELEASED]


def test_an_order_is_stored_whole(service, server):
    zone = copied(service, server)
    order = killed(service, zone, mode="ixfr", force=True)

    assert asdict(service.zone(zone.id).order) == asdict(order)


def test_a_zone_whose_project_has_too_many_syncs_is_due_again_in_a_minute(service, server):
    zone = copied(service, server, schedule="refresh")
    server.reload(ZONE, SECOND)
    service.settings = replace(service.settings, running_syncs=1)
    other = {"holder": "other", "expires": 4_000_000_000}
    service.table.write(Put(keys.slot("RUNS", zone.group_id, 0) | other))

    (outcome,) = fire(service, seconds=3601)

    text = f"project {zone.group_id} has 1 syncs and dry runs running, the most at once; try again later"
    assert outcome == Outcome(zone.id, End.SKIPPED, f"too many requests: after 60: {text}")
    after = service.zone(zone.id)
    assert (after.state, after.holder, after.failure, service.orders) == (State.ACTIVE, None, None, [])
    service.table.delete([keys.slot("RUNS", zone.group_id, 0)])
    assert fire(service, seconds=55) == []
    assert ends(fire(service, seconds=6)) == [End.STARTED]
