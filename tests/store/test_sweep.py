"""What is removed, and above all what is not: the sweeper against histories, racers and its own death."""

import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from store.sweeping import DAY, HOUR, MINUTE, World, before_calls, dated, hosts
from zonewright import sweep
from zonewright.contents import chunks
from zonewright.errors import SyncInProgress, SyncLost, VersionNotFound, ZoneSyncing
from zonewright.store import changes, keys, leftovers, versions
from zonewright.store.leftovers import Stage
from zonewright.sweep import Swept

SHARDS = 2


@pytest.fixture(autouse=True)
def few_lists(monkeypatch):
    """Fewer lists than in earnest: the tests sweep a thousand times."""
    monkeypatch.setattr(keys, "LEFTOVER_SHARDS", SHARDS)


@pytest.fixture
def world(table, bucket):
    made = World(table, bucket)
    with dated(made):
        made.create()
        yield made


def test_a_version_goes_a_retention_after_it_was_superseded_and_its_chunks_an_hour_later(world):
    world.sync(hosts(*range(12)))
    world.sync(hosts(*range(3, 15)))
    gone = {chunk.name for chunk in versions.get(world.table, world.zone_id, 2).chunks}
    kept = {chunk.name for chunk in versions.get(world.table, world.zone_id, 3).chunks}
    before, _ = world.stored()

    world.now += 30 * DAY
    assert world.sweep() == Swept()
    world.now += MINUTE
    first = world.sweep()
    assert (first.versions, first.objects) == (2, 0)
    assert world.leftovers() == {(1, Stage.REMOVED), (2, Stage.REMOVED)}
    assert world.stored()[0] == before
    world.now += HOUR
    assert world.sweep() == Swept()
    world.now += MINUTE
    world.sweep()

    after, items = world.stored()
    removed = {key.partition("/chunks/")[2] for key in before - after}
    assert gone - kept <= removed
    assert not removed & kept
    assert (after, items) == world.needed([world.zone_id])
    world.check()


def test_the_version_that_is_shown_stays_however_old(world):
    world.sync(hosts(1, 2))
    world.sweep_all()

    assert [each.number for each in versions.every(world.table, world.zone_id)] == [2]
    world.check()


def test_a_retention_of_nothing_still_leaves_an_hour(world):
    world.settings = replace(world.settings, version_retention=0)
    world.sync(hosts(1, 2))

    world.now += HOUR
    assert world.sweep() == Swept()
    world.now += MINUTE
    assert world.sweep().versions == 1


def test_a_deleted_zone_goes_with_its_history_and_its_neighbours_stay(world):
    world.sync(hosts(1, 2))
    world.sync(hosts(2, 3))
    first = world.zone_id
    second = world.create()
    world.zone_id = first
    world.delete()

    world.now += 30 * DAY
    assert world.sweep().zones == 0
    world.now += MINUTE
    assert world.sweep().zones == 1

    assert world.zone(first) is None
    assert world.stored() == world.needed([second])


def test_objects_of_a_failed_sync_and_of_a_lost_race_go_in_the_pass_after_a_day(world):
    world.begin()
    world.merge(hosts(1, 2, 3))
    world.fail()
    world.lose(hosts(7, 8, 9))
    before, _ = world.stored()
    needed, _ = world.needed([world.zone_id])
    assert len(before) > len(needed)

    world.now += DAY
    world.sweep()
    assert world.stored()[0] == before
    world.now += 7 * DAY
    world.sweep()

    assert world.stored()[0] == needed
    world.check()


def test_objects_of_a_creation_that_failed_go_too(world):
    world.write("never-made", "change-id", (), hosts(1, 2))
    world.now += 8 * DAY

    world.sweep()

    assert list(world.bucket.keys("zones/never-made/")) == []


def test_the_objects_of_whoever_holds_the_zone_stay_however_old(world):
    world.begin()
    world.merge(hosts(1, 2, 3))
    before, _ = world.stored()
    world.now += 20 * DAY

    world.sweep()
    assert world.stored()[0] == before
    world.publish()

    world.check()
    assert world.zone().version == 2


def test_a_sync_that_lost_its_zone_publishes_nothing_whatever_was_swept(world):
    world.sync(hosts(1, 2, 3))
    world.begin()
    world.merge(hosts(1, 2, 3, 4, 5, 6))
    world.now += 3 * HOUR
    world.edit()
    world.sweep_all()

    with pytest.raises(SyncLost):
        world.publish()

    assert world.zone().version == 3
    world.check()


def test_differences_stay_as_long_as_their_change(world):
    world.sync(hosts(1, 2))
    world.sync(hosts(2, 3))
    world.sweep_all()
    kept = [key for change in changes.every(world.table, world.zone_id) for key in change.differences]
    assert len(kept) == 2
    assert set(kept) <= world.stored()[0]

    world.settings = replace(world.settings, history_retention=90)
    world.now += 20 * DAY
    world.sweep()
    assert set(kept) <= world.stored()[0]
    world.now += 60 * DAY
    world.sweep()

    assert list(changes.every(world.table, world.zone_id)) == []
    assert world.stored() == world.needed([world.zone_id])


def test_a_change_that_has_not_ended_is_no_history_yet(world):
    world.begin()
    world.settings = replace(world.settings, history_retention=1)
    world.now += 30 * DAY

    world.sweep()

    (pending,) = changes.every(world.table, world.zone_id)
    assert pending.finished is None


def test_a_run_stops_in_time_and_the_next_one_goes_on(world):
    zones = sorted([world.zone_id, *(world.create() for _ in range(3))])
    for zone_id in zones:
        world.write(zone_id, "orphan", (), hosts(1))
    world.now += 8 * DAY

    def orphans():
        return {key.split("/")[1] for key in world.stored()[0] if "/orphan/" in key}

    left = []
    for _ in range(5):
        sweep.run(world.table, world.bucket, world.settings, world.tick, world.now)
        left.append(orphans())

    assert left == [set(zones[1:]), set(zones[2:]), set(zones[3:]), set(), set()]
    assert leftovers.latest_pass(world.table).over


def test_the_next_pass_begins_a_week_after_the_last(world):
    world.sweep()
    world.write(world.zone_id, "orphan", (), hosts(1))

    world.now += 7 * DAY - MINUTE
    assert world.sweep().objects == 0
    world.now += MINUTE
    assert world.sweep().objects > 0


def test_an_idle_service_is_asked_little(world):
    world.sweep()
    calls = []
    with before_calls(world, calls.append):
        world.now += HOUR
        world.sweep()

    assert len(calls) == 2 * SHARDS + 1


def test_a_preview_removes_nothing_and_tells_what_would_be(world):
    first = world.zone_id
    for numbers in (range(12), range(2, 14), range(4, 16)):
        world.sync(hosts(*numbers))
    world.lose(hosts(40, 41))
    world.create()
    world.delete()
    world.now += 31 * DAY
    world.zone_id = first
    before, items = world.stored()
    sizes = {entry.key: entry.octets for entry in world.bucket.entries("")}

    told = sweep.preview(world.table, world.bucket, world.settings, world.now)

    assert world.stored() == (before, items)
    world.sweep_all()
    removed = before - world.stored()[0]
    assert told == Swept(3, 1, 0, len(removed), sum(sizes[key] for key in removed))


def test_everything_is_swept_by_hand_without_waiting_for_the_pass(world):
    world.sweep()
    world.sync(hosts(1, 2))
    needed, _ = world.stored()
    world.lose(hosts(3))
    world.now += 2 * DAY

    swept = sweep.everything(world.table, world.bucket, world.settings, world.now)

    assert swept == Swept(objects=2)
    assert world.stored()[0] == needed
    world.check()


steps = st.one_of(
    st.tuples(st.just("sync"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("sync"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("crash"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("fail"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("lose"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("put"), st.integers(0, 15)),
    st.tuples(st.just("put"), st.integers(0, 15)),
    st.tuples(st.just("restore"), st.integers(1, 6)),
    st.tuples(st.just("restore"), st.integers(1, 6)),
    st.tuples(st.sampled_from(["edit", "late", "delete", "sweep", "sweep", "sweep"]), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, HOUR, HOUR, 3 * HOUR, DAY, 8 * DAY, 31 * DAY])),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, HOUR, HOUR, 3 * HOUR, DAY, 8 * DAY, 31 * DAY])),
)


def take(world, step, given):
    """One step of a history; a refusal is a step too."""
    match step:
        case "wait":
            world.now += given
        case "crash":
            world.begin()
            world.merge(hosts(*given))
        case "fail":
            world.begin()
            world.merge(hosts(*given))
            world.fail()
        case "late" if world.running:
            world.publish(0)
        case "delete":
            world.delete()
            world.create()
        case "sync" | "lose":
            getattr(world, step)(hosts(*given))
        case "put" | "restore":
            getattr(world, step)(given)
        case "edit" | "sweep":
            getattr(world, step)()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(steps, min_size=5, max_size=15), st.sampled_from([0, 1, 30]))
def test_through_any_history_what_is_kept_reads_back_and_the_rest_is_gone_in_the_end(table, bucket, history, retention):
    world = World(table, bucket, version_retention=retention)
    table.delete(world.places())
    bucket.delete(bucket.keys(""))
    with dated(world):
        made = {world.create()}
        for step, given_ in history:
            world.now += MINUTE
            with suppress(SyncInProgress, ZoneSyncing, SyncLost, VersionNotFound):
                take(world, step, given_)
            made.add(world.zone_id)
            world.check()
        while world.running:
            world.fail()
        world.sweep_all()
        world.check()

        objects, items = world.stored()
        needed = world.needed(zone_id for zone_id in made if world.zone(zone_id))
        assert {key for key in objects if key.split("/")[1] in made} == needed[0]
        assert {item for item in items if item[0].partition("#")[2] in made} == needed[1]


def aged(world):
    """A zone with versions due in every stage, a deleted zone and orphans; what must be left of it."""
    world.sync(hosts(*range(12)))
    world.sync(hosts(*range(2, 12)))
    world.now += 31 * DAY
    world.sweep()
    world.sync(hosts(*range(4, 14)))
    world.edit()
    world.lose(hosts(50))
    world.begin()
    world.merge(hosts(51, 52))
    world.fail()
    first = world.zone_id
    world.create()
    world.sync(hosts(1, 2))
    world.delete()
    world.now += 31 * DAY
    world.zone_id = first
    return world.needed([first])


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("when", ["before-call", "after-call"])
def test_killed_at_any_call_it_leaves_every_version_whole_and_the_next_run_ends_its_work(world, when):
    needed = aged(world)
    clients = (world.table.client, world.bucket.client)
    killed, deaths = True, 0
    while killed:
        killed, left = False, deaths + 1

        def kill(**_):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed

        for client in clients:
            client.meta.events.register(when, kill)
        try:
            world.sweep()
        except Killed:
            killed, deaths = True, deaths + 1
        for client in clients:
            client.meta.events.unregister(when, kill)
        world.check()
        world.now += 10 * MINUTE
    world.now += 2 * HOUR
    world.sweep()
    world.now += 8 * DAY
    world.sweep()

    assert deaths > 10
    assert world.stored() == needed


def test_a_sweep_before_every_call_of_a_sync_takes_nothing_from_it(world):
    world.settings = replace(world.settings, version_retention=0)
    world.sync(hosts(*range(12)))
    for first in (1, 3, 5, 7):
        world.now += 3 * HOUR

        def sweep_now(number):
            world.now += MINUTE
            world.sweep()

        with before_calls(world, sweep_now):
            world.sync(hosts(*range(first, 12 + first)))
        world.check()

    assert world.zone().version == 6
    assert len(list(versions.every(world.table, world.zone_id))) < 4


@pytest.mark.parametrize("writer", ["sync", "edit", "put"])
def test_a_publication_before_every_call_of_a_sweep_loses_nothing(world, writer):
    world.settings = replace(world.settings, version_retention=0)
    numbers = iter(range(10_000))

    def publish(number):
        if number % 7 == 0:
            first = next(numbers) % 9
            given = {"sync": hosts(*range(first, 12 + first)), "put": first}.get(writer)
            getattr(world, writer)(*([] if given is None else [given]))

    for _ in range(3):
        world.now += 61 * MINUTE
        with before_calls(world, publish):
            world.sweep()
        world.check()
    world.sweep_all()

    assert world.stored() == world.needed([world.zone_id])


@pytest.mark.parametrize("shown", [True, False], ids=["the version shown", "a version about to go"])
def test_who_began_to_read_a_version_reads_it_to_its_end(world, shown):
    world.sync(hosts(*range(15)))
    lines = hosts(*range(15))
    if not shown:
        world.sync(hosts(*range(30, 45)))
        world.now += 30 * DAY
    version = versions.get(world.table, world.zone_id, 2)
    if shown:
        world.sync(hosts(*range(30, 45)))
        world.settings = replace(world.settings, version_retention=0)

    def hurry(_):
        world.now += 5 * MINUTE
        world.sweep()

    chunks._kept.clear()  # noqa: SLF001 - as in a process that never read it
    with before_calls(world, hurry):
        read = list(chunks.lines(world.bucket, world.zone_id, version.chunks))

    assert read == lines
    assert len(version.chunks) > 3
    assert versions.get(world.table, world.zone_id, 2) is None or shown


def test_two_sweeps_at_once_leave_no_chunk_behind(world):
    needed = aged(world)
    with before_calls(world, lambda _: world.sweep()):
        world.sweep()
    world.now += 2 * HOUR
    with before_calls(world, lambda _: world.sweep()):
        world.sweep()

    assert world.stored() == needed


@pytest.mark.parametrize("at", range(7, 13))
def test_a_neighbour_that_goes_at_the_same_time_lets_the_removal_wait(world, at):
    world.settings = replace(world.settings, version_retention=0)
    world.sweep()  # the pass, which would find what is left behind, is not due again
    world.sync(hosts(*range(12)))
    world.sync(hosts(*range(1, 12)))
    world.sync(hosts(*range(30, 42)))
    shared = [{chunk.name for chunk in each.chunks} for each in versions.every(world.table, world.zone_id)]
    assert shared[1] & shared[2] - shared[3]
    world.now += 2 * HOUR
    raced = []

    def race(number):
        due = [each for each in leftovers.every(world.table, world.zone_id) if each.number == 3]
        if number == at:
            raced.append(number)
            sweep._remove_version(world.table, due[0], world.now)  # noqa: SLF001 - the other process's part

    with before_calls(world, race):
        world.sweep()
    for _ in range(3):
        world.now += 2 * HOUR
        world.sweep()

    assert raced
    assert world.stored() == world.needed([world.zone_id])


def test_sweeps_syncs_and_readers_at_once_for_a_while(world, monkeypatch):
    monkeypatch.setattr(sweep, "READERS", 10 * MINUTE)
    world.settings = replace(world.settings, version_retention=0)
    world.sync(hosts(*range(12)))
    one_call = threading.Lock()  # moto undoes a failed transaction by restoring the whole table
    clients = (world.table.client, world.bucket.client)
    events = (
        ("before-call", one_call.acquire),
        ("after-call", one_call.release),
        ("after-call-error", one_call.release),
    )
    hooks = [(event, lambda act=act, **_: act() and None) for event, act in events]
    over = threading.Event()
    errors, reads = [], []

    def until_over(act):
        def loop():
            try:
                while not over.is_set():
                    act()
            except BaseException as error:  # noqa: BLE001 - shown by the test
                errors.append(error)

        return threading.Thread(target=loop)

    def read():
        zone = world.zone()
        found = world.lines(zone.id, zone.version)
        reads.append(found == world.held.get((zone.id, zone.version), found))
        assert found is not None

    for client in clients:
        for event, hook in hooks:
            client.meta.events.register(event, hook)
    threads = [until_over(world.sweep), until_over(read), until_over(read)]
    for thread in threads:
        thread.start()
    for number in range(30):
        world.now += MINUTE
        world.sync(hosts(*range(number % 9, 12 + number % 9)))
    over.set()
    for thread in threads:
        thread.join()
    for client in clients:
        for event, hook in hooks:
            client.meta.events.unregister(event, hook)

    assert errors == []
    assert len(reads) > 10
    assert all(reads)
    assert len(list(versions.every(world.table, world.zone_id))) < 20
    world.check()
