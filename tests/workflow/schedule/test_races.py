"""Dispatchers that die, or that meet others: what is due is begun once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.dispatching import edit, ends, fire, loaded
from support.service import primary
from support.texts import FIRST, SECOND, ZONE
from zonewright.model.change import ChangeStatus
from zonewright.model.order import INCREMENTAL
from zonewright.model.states import State
from zonewright.servers import primaries
from zonewright.store import changes
from zonewright.store import zones as store
from zonewright.store.table import Put
from zonewright.sync import lifecycle
from zonewright.sync.dispatch import CLAIMED, End, Outcome
from zonewright.sync.lifecycle import Sync


def test_a_running_sync_is_looked_at_once_before_its_lease_is_over(service, server):
    zone = loaded(service, server)
    service.request(zone.id)
    running = Sync(service, service.orders.pop()).take_up()

    assert fire(service, seconds=61) == [Outcome(zone.id, End.SKIPPED, "it is syncing")]
    assert fire(service, seconds=3601) == []
    assert service.zone(zone.id).due == datetime.fromtimestamp(running.lease + 1, UTC)


def test_a_sync_that_died_is_followed_by_another_when_its_lease_is_over(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    fire(service, seconds=3601)
    dead = service.orders.pop()

    outcomes = fire(service, seconds=service.settings.sync_lease + 2)
    _, change = service.work()

    assert ends(outcomes) == [End.STARTED]
    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 2)
    orphan = changes.listing(service.table, zone.id, 10)[1]
    assert (orphan.id, orphan.status) == (dead.sync_id, ChangeStatus.FAILED)


def test_a_dispatcher_that_dies_behind_its_claim_leaves_the_zone_to_a_later_one(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)

    def die(*_):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(primaries, "ask", die)
        (died,) = fire(service, seconds=3601)
    soon = fire(service, seconds=CLAIMED - 5)
    later = fire(service, seconds=10)

    assert (died.end, str(died.error), soon) == (End.FAULT, "killed", [])
    assert later == [Outcome(zone.id, End.STARTED)]


def test_a_sync_that_cannot_be_started_is_a_fault_and_due_after_retry(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    monkeypatch.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route to Step Functions")))

    (outcome,) = fire(service, seconds=3601)

    after = service.zone(zone.id)
    assert (outcome.end, outcome.reason) == (End.FAULT, "no route to Step Functions")
    assert (after.state, after.due) == (State.ACTIVE, after.updated + timedelta(seconds=600))


def test_one_zones_fault_does_not_stop_the_others(service, server, monkeypatch):
    other = "other.example."
    server.reload(other, FIRST.replace("example.org", "other.example"))
    broken = loaded(service, server)
    service.create(other, primary(server), schedule="refresh")
    service.work()
    ask = primaries.ask

    def fail_one(table, vault, settings, zone):
        if zone.id == broken.id:
            raise RuntimeError("broken")
        return ask(table, vault, settings, zone)

    monkeypatch.setattr(primaries, "ask", fail_one)

    assert sorted(ends(fire(service, seconds=3610))) == [End.FAULT, End.UNCHANGED]


def test_of_two_dispatchers_at_once_one_begins_the_sync(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    service.ahead = timedelta(seconds=3601)
    together = threading.Barrier(4)

    def race():
        together.wait()
        return fire(service)

    with ThreadPoolExecutor(4) as pool:
        outcomes = [each for racer in [pool.submit(race) for _ in range(4)] for each in racer.result()]

    assert ends(outcomes).count(End.STARTED) == 1
    assert set(ends(outcomes)) <= {End.STARTED, End.SKIPPED}
    assert [order.zone_id for order in service.orders] == [zone.id]
    assert [query.type for query in server.queries].count("SOA") == 1


def test_a_request_that_comes_between_has_the_zone(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    ask = primaries.ask

    def request_meanwhile(*arguments):
        found = ask(*arguments)
        service.request(zone.id)
        return found

    monkeypatch.setattr(primaries, "ask", request_meanwhile)
    (outcome,) = fire(service, seconds=3601)

    assert outcome.end is End.SKIPPED
    assert outcome.reason.startswith(f"zone {ZONE} is already syncing since ")
    assert [order.trigger for order in service.orders] == ["request"]
    _, change = service.work()
    assert service.zone(zone.id).due == change.finished + timedelta(seconds=3600)


def test_a_schedule_that_is_taken_away_meanwhile_stays_away(service, server, monkeypatch):
    zone = loaded(service, server)
    ask = primaries.ask

    def edit_meanwhile(*arguments):
        edit(service, service.zone(zone.id), schedule=None)
        return ask(*arguments)

    monkeypatch.setattr(primaries, "ask", edit_meanwhile)
    fire(service, seconds=3601)

    after = service.zone(zone.id)
    assert (after.schedule, after.due, after.requestor) == (None, None, None)
    assert fire(service, days=2) == []


def test_a_zone_taken_for_a_sync_while_its_schedule_went_away_is_due_no_more(service, server):
    zone = loaded(service, server)
    stale = service.zone(zone.id)
    edit(service, stale, schedule=None)

    lifecycle.begin(service, stale, "schedule", user_id=stale.requestor or "", options=INCREMENTAL)
    assert service.zone(zone.id).due is not None
    service.work()

    assert service.zone(zone.id).due is None


@pytest.mark.parametrize("fields", [{"schedule": None}, {"primaries": ()}], ids=["schedule", "primaries"])
def test_a_zone_in_the_index_that_cannot_be_synced_leaves_it(service, server, fields):
    zone = loaded(service, server)
    service.table.write(Put(store.to_item(replace(zone, **fields))))

    outcomes = fire(service, seconds=3601)

    assert outcomes == [Outcome(zone.id, End.SKIPPED, "it has no schedule")]
    assert service.zone(zone.id).due is None


def test_a_held_zone_that_is_due_is_skipped_and_looked_at_again(service, server):
    zone = loaded(service, server)
    lease = int(service.now().timestamp()) + 10_000
    held = replace(zone, state=State.PENDING_UPDATE, holder="update", lease=lease, held_since=zone.synced)
    service.table.write(Put(store.to_item(held)))

    (outcome,) = fire(service, seconds=3601)

    assert outcome.end is End.SKIPPED
    assert outcome.reason.startswith(f"zone {ZONE} has a pending update since ")
    assert service.zone(zone.id).state is State.PENDING_UPDATE
    assert service.zone(zone.id).due > service.now()
