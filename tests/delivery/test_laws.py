"""Laws of deliveries: whatever befalls a turn, nothing is lost or doubled, and a target that is well has the zone."""

import itertools
import random
from datetime import timedelta

import pytest
from primaries import Bind
from primaries.proxy import HONEST, MISHAPS, Proxy, delayed
from support.delivering import NAME, addresses, held, serials_seen, serving, settle, wanted, write, write_many
from support.enduring import ENDURING, KILLS, SEED, WRITERS
from support.points import killed, meanwhile
from support.racing import at_once
from support.service import CALLER
from zonewright.actions import recordsets
from zonewright.delivery import reaching, turn
from zonewright.protocol import serial

pytestmark = pytest.mark.primary

MOST = 60
"""Points of a turn, and some to spare."""
STRIDE = 1 if ENDURING else 7
"""Of how many points one is struck; which one, the seed says."""


def struck_points():
    """The points of a turn at which something happens."""
    return range(SEED % STRIDE, MOST, STRIDE)


@pytest.fixture(autouse=True)
def _seed():
    """Show the seed of a run that fails."""
    print(f"ZONEWRIGHT_SEED={SEED}")  # noqa: T201 - the report of a failure


def pass_lease(service):
    """Let the lease of a turn that died run out."""
    service.ahead = (service.ahead or timedelta()) + turn.LEASE + timedelta(seconds=2)


def law(service, zone, *servers):
    """The served zones are the shown version, and the zone says so."""
    for each in servers:
        assert held(each, NAME) == wanted(service, zone)
    found = service.zone(zone.id)
    assert not found.undelivered
    assert found.trouble(service.now()) is None


@pytest.mark.parametrize("octets", [4096, 60000])
def test_a_turn_killed_anywhere_is_continued(service, octets):
    with serving(Bind) as server, Proxy(server) as way:
        service.pool(service.target(way, octets=octets))
        zone = service.make(NAME)
        service.deliver(zone.id)
        before, messages = way.applied, 0
        for at in struck_points():
            write_many(service, zone, [f"h{n}-{at}" for n in range(90)])
            messages += 1 if octets > 4096 else 2
            with killed(at) as struck:
                service.deliver(zone.id)
            if not struck:
                break
            write(service, zone, f"later-{at}", "192.0.2.2")
            messages += 1
            pass_lease(service)
            assert service.deliver(zone.id) == "delivered"
            law(service, zone, server)
        assert 8 < at < MOST - STRIDE  # a turn of one message has nine points
        law(service, zone, server)
        assert way.applied - before <= messages  # no message twice; two versions in one push are fewer


@pytest.mark.parametrize("prerequisites", ["zone", "recordsets"])
def test_another_writer_between_any_two_messages_is_overwritten(service, prerequisites):
    with serving(Bind) as server:
        target = service.target(server, prerequisites=prerequisites)
        service.pool(target)
        zone = service.make(NAME)
        service.deliver(zone.id)
        for at in struck_points():
            write_many(service, zone, [f"a{at}", f"b{at}"])
            with meanwhile(at, lambda at=at: service.write_there(target, f"b{at}.{NAME}", "192.0.2.66")) as called:
                service.deliver(zone.id)
            settle(service, zone)
            service.ahead += timedelta(days=2)  # the daily comparison finds what no prerequisite asked for
            settle(service, zone)
            law(service, zone, server)
            if not called:
                break
        assert 10 < at < MOST - STRIDE


@pytest.mark.parametrize("diverged", [False, True])
def test_a_turn_that_outlives_its_lease_undoes_nothing(service, diverged):
    with serving(Bind) as server:
        target = service.target(server)
        service.pool(target)
        zone = service.make(NAME)
        service.deliver(zone.id)
        for at in struck_points():
            made = write(service, zone, f"old-{at}", "192.0.2.1")
            if diverged:
                service.write_there(target, f"theirs-{at}.{NAME}", "192.0.2.66")

            def newer(made=made):
                pass_lease(service)
                recordsets.delete(service, made, caller=CALLER)
                assert service.deliver(zone.id) == "delivered"
                law(service, zone, server)

            with meanwhile(at, newer) as called:
                service.deliver(zone.id)
            if not called:
                break
            assert addresses(server, f"old-{at}") == []
            law(service, zone, server)
            assert service.deliver(zone.id) == "delivered"
            law(service, zone, server)
        assert 6 < at < MOST - STRIDE


def test_whatever_befalls_a_target_it_has_the_zone_once_it_is_well(service, monkeypatch):
    monkeypatch.setattr(reaching, "ANSWER", 0.2)
    monkeypatch.setattr("zonewright.model.delivery.SOON", (0.1, 0.1))
    chance = random.Random(SEED)
    with serving(Bind) as server, Proxy(server) as way:
        target = service.target(server)
        service.pool(service.target(way, octets=4096))
        zone = service.make(NAME)
        settle(service, zone)  # later, what others write there is known not to be older than ours
        numbers, kept, kills = itertools.count(), [], 0
        while kills < KILLS:
            owners = [f"h{next(numbers)}" for _ in range(chance.randint(0, 2))]
            kept += [write(service, zone, each, f"192.0.2.{chance.randint(1, 254)}") for each in owners]
            if kept and chance.random() < 0.3:
                recordsets.delete(service, kept.pop(chance.randrange(len(kept))), caller=CALLER)
            if chance.random() < 0.2:
                write_many(service, zone, [f"m{next(numbers)}" for _ in range(chance.choice([5, 150]))])
            if chance.random() < 0.2:
                service.write_there(target, f"theirs.{NAME}", "192.0.2.66")
            way.replan(chance.choices([HONEST, delayed(0.05), *MISHAPS], [4, 1, *[1] * len(MISHAPS)], k=6))
            with killed(chance.randint(0, 40)) as struck:
                service.deliver(zone.id)
            kills += bool(struck)
            pass_lease(service)
            if chance.random() < 0.3:
                way.replan([])
                settle(service, zone)
                service.ahead += timedelta(days=2)
                settle(service, zone)
                law(service, zone, server)
        way.replan([])
        settle(service, zone)
        service.ahead += timedelta(days=2)
        settle(service, zone)
        law(service, zone, server)


def test_fifty_writers_at_once_all_arrive_at_two_targets_in_order(service, one_call_at_a_time):
    with serving(Bind) as one, serving(Bind) as other:
        service.pool(service.target(one), service.target(other))
        zone = service.make(NAME)
        service.deliver(zone.id)

        def work(number):
            if number < WRITERS:
                return write(service, zone, f"w{number}", "192.0.2.1")
            return service.deliver(zone.id)

        with serials_seen(one) as seen_at_one, serials_seen(other) as seen_at_other:
            done = at_once(WRITERS + 3, work)
            settle(service, zone)

        assert [each for each in done if isinstance(each, Exception)] == []
        law(service, zone, one, other)
        for number in range(WRITERS):
            assert addresses(one, f"w{number}") == addresses(other, f"w{number}") == ["192.0.2.1"]
        for seen in (seen_at_one, seen_at_other):
            assert not any(serial.newer(before, after) for before, after in itertools.pairwise(seen))
