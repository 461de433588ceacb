"""The sweeper against its own death, and against writers and readers at the same moment."""

import threading
from dataclasses import replace

import pytest
from support.chunklines import lines_of
from support.sweeping import DAY, HOUR, MINUTE, before_calls, hosts
from zonewright import sweep
from zonewright.contents import chunks
from zonewright.store import leftovers, versions


def aged(world):
    """A zone with versions due in every stage, a deleted zone and orphans; what must be left of it."""
    world.sync(hosts(*range(12)))
    world.sync(hosts(*range(2, 12)))
    world.moment += 31 * DAY
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
    world.moment += 31 * DAY
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
        world.moment += 10 * MINUTE
    world.moment += 2 * HOUR
    world.sweep()
    world.moment += 8 * DAY
    world.sweep()

    assert deaths > 10
    assert world.stored() == needed


def test_a_sweep_before_every_call_of_a_sync_takes_nothing_from_it(world):
    world.settings = replace(world.settings, version_retention=0)
    world.sync(hosts(*range(12)))
    for first in (1, 3, 5, 7):
        world.moment += 3 * HOUR

        def sweep_now(number):
            world.moment += MINUTE
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
        world.moment += 61 * MINUTE
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
        world.moment += 30 * DAY
    version = versions.get(world.table, world.zone_id, 2)
    if shown:
        world.sync(hosts(*range(30, 45)))
        world.settings = replace(world.settings, version_retention=0)

    def hurry(_):
        world.moment += 5 * MINUTE
        world.sweep()

    chunks._kept.clear()  # noqa: SLF001 - as in a process that never read it
    with before_calls(world, hurry):
        read = lines_of(world.bucket, world.zone_id, version.chunks)

    assert read == lines
    assert len(version.chunks) > 3
    assert versions.get(world.table, world.zone_id, 2) is None or shown


def test_two_sweeps_at_once_leave_no_chunk_behind(world):
    needed = aged(world)
    with before_calls(world, lambda _: world.sweep()):
        world.sweep()
    world.moment += 2 * HOUR
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
    world.moment += 2 * HOUR
    raced = []

    def race(number):
        due = [each for each in leftovers.every(world.table, world.zone_id) if each.number == 3]
        if number == at:
            raced.append(number)
            sweep._remove_version(world.table, due[0], world.moment)  # noqa: SLF001 - the other process's part

    with before_calls(world, race):
        world.sweep()
    for _ in range(3):
        world.moment += 2 * HOUR
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
        world.moment += MINUTE
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
