"""The budgets of a project: what more callers at once begin than it may, and what every end frees."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.dispatching import OneAtATime
from support.racing import at_once
from zonewright.actions import dryruns, handovers, imports, syncs, zones, zonesettings, zonetasks
from zonewright.actions.zones import NewZone
from zonewright.errors import OverQuota, RequestError, TooManyRequests
from zonewright.model.change import ChangeStatus
from zonewright.model.order import COMPARE, Order
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.service import Service
from zonewright.store import dryruns as reports
from zonewright.store import keys
from zonewright.store import zones as store
from zonewright.store import zonetasks as tasks
from zonewright.store.table import Put, Table
from zonewright.sync import lifecycle
from zonewright.sync.dryruns import DryRun
from zonewright.sync.lifecycle import Sync

GROUP, OTHER = "group-id", "other-id"
CALLER = Caller("user-id", "user", frozenset({GROUP}), GROUP)
STRANGER = Caller("eve-id", "eve", frozenset({OTHER}), OTHER)
PRIMARY = Primary("192.0.2.1")
NOW = datetime(2026, 1, 15, 12, 34, 5, tzinfo=UTC)
MOST = 6
BEYOND = 5


class Moved(Service):
    """A service whose clock the test moves, and whose executions nobody runs."""

    moment = NOW
    orders: tuple[Order, ...] = ()
    broken = False

    def now(self):
        return self.moment

    def start(self, order):
        if self.broken:
            raise OSError("no state machine")
        self.orders += (order,)


@pytest.fixture
def service(table, bucket):
    settings = Settings(
        table.name, bucket.name, sync_delay=0, running_syncs=MOST, begins_per_minute=1000, open_uploads=MOST
    )
    made = Moved(settings)
    made.table, made.bucket, made.workflow = Table(OneAtATime(table.client), table.name), bucket, made
    return made


@pytest.fixture
def allow(service):
    """Return a function that changes settings of the service."""

    def change(**fields):
        service.settings = replace(service.settings, **fields)

    return change


def copies(service, count, group_id=GROUP):
    """Store SECONDARY zones that were synced before."""
    made = [
        Zone(
            f"{group_id}-{n}",
            f"z{n}.{group_id}.org.",
            group_id,
            ZoneType.SECONDARY,
            NOW - timedelta(days=1),
            primaries=(PRIMARY,),
        )
        for n in range(count)
    ]
    for zone in made:
        service.table.write(*store.create(zone))
    return made


def live(service, group_id=GROUP, kind="RUNS"):
    """Return the holders of a project's slots."""
    return sorted(item["holder"] for item in service.table.query(keys.slots(kind, group_id)))


def refusals(found):
    return [each for each in found if isinstance(each, TooManyRequests)]


def sync(service, zone):
    return syncs.request(service, zone.id, COMPARE, caller=CALLER)


def dry_run(service, zone):
    return dryruns.request(service, zone.id, COMPARE, caller=CALLER)


def refresh(service, zone):
    return syncs.refresh(service, zone, caller=CALLER)


def announce(service, zone):
    return syncs.announced(service, zone, sender="123456789012")


def patch(service, zone):
    return zones.update(service, zone, zonesettings.Edit(primaries=(Primary("192.0.2.2"),)), caller=CALLER)


def create(service, zone):
    new = NewZone(f"new-{zone.name}", ZoneType.SECONDARY, primaries=(PRIMARY,))
    return zones.create(service, new, caller=CALLER)


RUNS = {"sync": sync, "dry run": dry_run, "refresh": refresh, "event": announce, "patch": patch, "create": create}
COUNTED = {name: run for name, run in RUNS.items() if name != "event"}


@pytest.mark.parametrize("begin", RUNS.values(), ids=RUNS)
def test_of_more_runs_at_once_than_a_project_may_have_as_many_begin(service, begin):
    made = copies(service, MOST + BEYOND)

    found = at_once(len(made), lambda number: begin(service, made[number]))

    assert len(refusals(found)) == BEYOND
    assert [each for each in found if isinstance(each, RequestError) and each not in refusals(found)] == []
    assert len(set(live(service))) == len(service.orders) == MOST
    assert sorted(order.sync_id for order in service.orders) == live(service)


@pytest.mark.parametrize("begin", RUNS.values(), ids=RUNS)
def test_a_run_beyond_the_budget_changes_nothing(service, allow, begin):
    first, second = copies(service, 2)
    allow(running_syncs=1)
    sync(service, first)
    before = dict_of(service)

    with pytest.raises(TooManyRequests, match="project group-id has 1 syncs and dry runs running"):
        begin(service, second)

    assert dict_of(service) == before


def dict_of(service):
    """Return every item of the table but those that count begins."""
    found = service.table.client.scan(TableName=service.table.name)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in found if not item["pk"]["S"].startswith("BEGINS#")}


def test_syncs_and_dry_runs_have_one_budget_and_projects_have_their_own(service, allow):
    first, second = copies(service, 2)
    (others,) = copies(service, 1, OTHER)
    allow(running_syncs=1)
    dry_run(service, first)

    with pytest.raises(TooManyRequests):
        sync(service, second)
    syncs.request(service, others.id, COMPARE, caller=STRANGER)
    assert len(live(service, OTHER)) == 1


@pytest.mark.parametrize("begin", COUNTED.values(), ids=COUNTED)
def test_of_more_begins_at_once_than_a_minute_has_as_many_pass(service, allow, begin):
    allow(running_syncs=100, begins_per_minute=MOST)
    made = copies(service, MOST + BEYOND)

    found = at_once(len(made), lambda number: begin(service, made[number]))

    refused = refusals(found)
    assert (len(refused), len(service.orders)) == (BEYOND, MOST)
    assert {error.after for error in refused} == {55}
    service.moment += timedelta(seconds=55)
    begin(service, made[found.index(refused[0])])


def test_what_no_caller_begins_does_not_count_in_the_minute(service, allow):
    allow(begins_per_minute=1)
    made = copies(service, 3)

    for zone in made:
        announce(service, zone)

    assert len(service.orders) == 3


def test_settings_and_own_zones_begin_nothing_and_count_nothing(service, allow):
    allow(begins_per_minute=1)
    (zone,) = copies(service, 1)

    zones.update(service, zone, zonesettings.Edit(description="x", primaries=zone.primaries), caller=CALLER)
    zones.create(service, NewZone("own.org.", email="a@example.org"), caller=CALLER)

    assert (live(service), list(service.table.query(f"BEGINS#{GROUP}"))) == ([], [])


# Ends


def begun(service):
    """Return a zone whose sync has begun, and the sync."""
    (zone,) = copies(service, 1)
    held, _ = sync(service, zone)
    assert live(service) == [held.holder]
    assert store.get(service.table, zone.id).slot == held.slot
    return held, Sync(service, held.order)


def keep(service, held, running):
    running.keep(lifecycle.ended(held.order, 0, service.now(), ChangeStatus.SYNCED, None))


def delete_lapsed(service, held, _):
    service.moment += timedelta(hours=1)
    zones.delete(service, store.get(service.table, held.id), caller=CALLER)


def describe_lapsed(service, held, _):
    service.moment += timedelta(hours=1)
    zones.update(service, store.get(service.table, held.id), zonesettings.Edit(description="x"), caller=CALLER)


def give_lapsed(service, held, _):
    service.moment += timedelta(hours=1)
    offer = handovers.offer(service, store.get(service.table, held.id), None, None)
    handovers.accept(service, offer.id, offer.key, caller=STRANGER)


def release_lapsed(service, held, _):
    service.moment += timedelta(hours=1)
    lifecycle.release_lapsed(service, store.get(service.table, held.id))


ENDS = {
    "keep": keep,
    "fail": lambda _, __, running: running.fail("broken"),
    "release when lapsed": release_lapsed,
    "delete when lapsed": delete_lapsed,
    "describe when lapsed": describe_lapsed,
    "hand over when lapsed": give_lapsed,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_every_end_of_a_sync_frees_its_slot(service, end):
    held, running = begun(service)

    end(service, held, running)

    after = store.get(service.table, held.id)
    assert (live(service), live(service, OTHER)) == ([], [])
    assert (after.holder, after.slot) == (None, None)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_no_end_of_a_sync_frees_the_slot_of_another(service, end):
    held, running = begun(service)
    lost = keys.slot("RUNS", GROUP, held.slot) | {"holder": "another", "expires": 4_000_000_000}
    service.table.write(Put(lost))

    end(service, held, running)

    after = store.get(service.table, held.id)
    assert (live(service), after.holder, after.slot) == (["another"], None, None)


@pytest.mark.parametrize("begin", [sync, patch], ids=["sync", "patch"])
def test_who_takes_over_a_dead_sync_takes_its_slot_even_of_a_used_up_budget(service, allow, begin):
    allow(running_syncs=1)
    held, _ = begun(service)
    service.moment += timedelta(hours=1)

    begin(service, store.get(service.table, held.id))

    after = store.get(service.table, held.id)
    assert after.holder != held.holder
    assert (live(service), after.slot) == ([after.holder], held.slot)


def test_a_sync_that_cannot_be_started_has_no_slot(service):
    (zone,) = copies(service, 1)
    service.broken = True

    with pytest.raises(OSError, match="no state machine"):
        sync(service, zone)
    with pytest.raises(OSError, match="no state machine"):
        dry_run(service, zone)
    patch(service, store.get(service.table, zone.id))
    create(service, zone)

    assert live(service) == []


def test_a_slot_outlasts_every_lease_of_its_sync(service):
    held, running = begun(service)
    service.moment += timedelta(seconds=lifecycle.HOLD + 3600)  # the last retry of the first state

    lease = running.take_up().lease

    (slot,) = service.table.query(keys.slots("RUNS", GROUP))
    assert slot["expires"] > lease > held.lease


def test_a_sync_of_an_older_deployment_ends_without_a_slot(service):
    held, running = begun(service)
    service.table.write(Put(store.to_item(replace(held, slot=None))))

    running.fail("broken")

    assert store.get(service.table, held.id).holder is None


def test_the_end_of_a_dry_run_frees_its_slot(service):
    first, second = copies(service, 2)
    done, failed = dry_run(service, first), dry_run(service, second)
    orders = {order.sync_id: order for order in service.orders}

    DryRun(service, orders[failed.id]).fail("broken")
    assert live(service) == [done.id]
    DryRun(service, orders[done.id]).keep(lifecycle.ended(orders[done.id], 0, service.now(), ChangeStatus.SYNCED, None))
    assert live(service) == []


def test_the_slot_of_a_dry_run_is_its_first_projects_though_its_zone_was_given_away(service):
    (zone,) = copies(service, 1)
    run = dry_run(service, zone)
    offer = handovers.offer(service, store.get(service.table, zone.id), None, None)
    handovers.accept(service, offer.id, offer.key, caller=STRANGER)

    DryRun(service, service.orders[0]).fail("broken")

    assert (live(service), live(service, OTHER)) == ([], [])
    assert reports.get(service.table, zone.id, run.id).change.reason == "broken"


def test_a_dry_run_that_lost_its_slot_ends_and_leaves_it(service):
    (zone,) = copies(service, 1)
    run = dry_run(service, zone)
    (slot,) = service.table.query(keys.slots("RUNS", GROUP))
    service.table.write(Put(slot | {"holder": "another"}))

    DryRun(service, service.orders[0]).fail("broken")

    assert live(service) == ["another"]
    assert reports.get(service.table, zone.id, run.id).change.reason == "broken"


def test_a_dead_dry_run_has_its_slot_as_long_as_its_lease(service, allow):
    allow(running_syncs=1)
    (zone,) = copies(service, 1)
    run = dry_run(service, zone)

    service.moment = run.lease - timedelta(seconds=1)
    with pytest.raises(RequestError):
        dry_run(service, zone)
    service.moment = run.lease
    assert live(service) == [run.id]
    assert live(service) != [dry_run(service, zone).id]


# Uploads


def awaited(service):
    return imports.await_upload(service, {}, caller=CALLER).task


def test_of_more_uploads_at_once_than_a_project_may_await_as_many_are(service):
    found = at_once(MOST + BEYOND, lambda _: awaited(service))

    assert len(refusals(found)) == BEYOND
    text = f"project group-id has {MOST} imports waiting for their uploads, the most at once; try again later"
    assert {error.why for error in refusals(found)} == {text}
    assert live(service, kind="UPLOADS") == sorted(task.id for task in found if task not in refusals(found))
    assert len(list(tasks.listed(service.table, "IMPORT", GROUP))) == MOST


def test_an_import_that_is_deleted_or_forgotten_frees_its_slot(service, allow):
    allow(open_uploads=1)
    task = zonetasks.get(service, "IMPORT", awaited(service).id, caller=CALLER)

    zonetasks.remove(service, task)
    assert live(service, kind="UPLOADS") == []
    awaited(service)
    service.moment += timedelta(days=1)
    awaited(service)


# Sizes


def test_a_zone_has_as_many_masters_as_it_may(service, allow):
    allow(zone_masters=2)
    many = tuple(Primary(f"192.0.2.{n}") for n in range(1, 4))
    (zone,) = copies(service, 1)

    for work in (
        lambda: zones.create(service, NewZone("a.org.", ZoneType.SECONDARY, primaries=many), caller=CALLER),
        lambda: zones.update(service, zone, zonesettings.Edit(primaries=many), caller=CALLER),
    ):
        with pytest.raises(OverQuota, match="quota masters: 3, and a zone may have 2"):
            work()
    assert zones.update(service, zone, zonesettings.Edit(primaries=many[:2]), caller=CALLER).primaries == many[:2]


def test_a_zone_that_was_stored_with_more_stays_as_it_is(service, allow):
    (zone,) = copies(service, 1)
    allow(zone_masters=0, attribute_bytes=0)

    same = zonesettings.Edit(description="x", primaries=zone.primaries, attributes=zone.attributes)
    assert zones.update(service, zone, same, caller=CALLER).description == "x"
    sync(service, zone)
