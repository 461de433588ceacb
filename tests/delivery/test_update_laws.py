"""Laws of record changes: whatever befalls a turn, each is made once or not at all, in order, and the zone shows it."""

import itertools
import random
from datetime import timedelta

import pytest
from primaries import Bind
from primaries.proxy import HONEST, LOST_ANSWER, LOST_QUESTION, MISHAPS, RESET_AFTER, Proxy, delayed
from support.delivering import NAME, addresses, held, serving, wanted
from support.enduring import ENDURING, KILLS, SEED, WRITERS
from support.points import killed, meanwhile
from support.queueing import changed, created, deleted
from support.racing import at_once
from zonewright.delivery import ends, reaching
from zonewright.model.states import State
from zonewright.store import changes

pytestmark = pytest.mark.primary

MOST = 60
"""Points of a turn, and some to spare."""
STRIDE = 1 if ENDURING else 5
"""Of how many points one is struck; which one, the seed says."""


@pytest.fixture(autouse=True)
def _seed():
    """Show the seed of a run that fails."""
    print(f"ZONEWRIGHT_SEED={SEED}")  # noqa: T201 - the report of a failure


def pass_lease(service):
    """Let the lease of a turn that died run out."""
    service.ahead = (service.ahead or timedelta()) + ends.LEASE + timedelta(seconds=2)


def settle(service, zone):
    """Bring the primary what waits, as the dispatcher of later minutes does."""
    for _ in range(20):
        if service.deliver(zone.id) == "delivered":
            return
        service.ahead = (service.ahead or timedelta()) + timedelta(minutes=1)
    raise AssertionError(f"{service.waiting(zone)} wait")


def law(service, zone, server):
    """The primary serves what is shown, nothing waits, and every version has its changes."""
    assert held(server, NAME) == wanted(service, zone)
    found = service.zone(zone.id)
    assert (found.state, found.pending, service.waiting(zone)) == (State.ACTIVE, 0, [])
    listed = list(changes.newest(service.table, zone.id))
    assert {each.version for each in listed} >= set(range(1, found.version + 1))
    assert len({each.id for each in listed}) == len(listed)


@pytest.mark.parametrize("fate", [LOST_QUESTION, LOST_ANSWER, RESET_AFTER])
def test_a_lost_message_is_made_once(service, fate):
    with serving(Bind, "www 60 A 192.0.2.1\n") as server, Proxy(server, [fate]) as way:
        zone = service.copy(server, way)
        some = [
            service.ask(zone, changed("www", "192.0.2.1", "192.0.2.2")),
            service.ask(zone, changed("www", "192.0.2.2", "192.0.2.1")),
            service.ask(zone, created("new", "192.0.2.1")),
        ]
        settle(service, zone)

        assert service.ends(*some) == ["Complete"] * 3
        assert way.applied == 2
        law(service, zone, server)


def test_a_turn_killed_anywhere_is_continued(service):
    with serving(Bind) as server, Proxy(server) as way:
        zone = service.copy(server, way)
        asked, messages = [], 0
        for at in range(SEED % STRIDE, MOST, STRIDE):
            some = [service.ask(zone, created(f"h{n}-{at}", "192.0.2.1")) for n in range(2)]
            some.append(service.ask(zone, changed(f"h0-{at}", "192.0.2.1", "192.0.2.2")))
            messages += 2
            with killed(at) as struck:
                service.deliver(zone.id)
            if not struck:
                break
            later = service.ask(zone, created(f"later-{at}", "192.0.2.1"))
            messages += 1
            pass_lease(service)
            settle(service, zone)
            assert service.ends(*some, later) == ["Complete"] * 4
            asked += [*some, later]
            law(service, zone, server)
        assert 8 < at < MOST - STRIDE
        assert way.applied <= messages
        listed = [each.id for each in changes.newest(service.table, zone.id) if each.id in {one.id for one in asked}]
        assert listed == [each.id for each in reversed(asked)]


def test_another_writer_at_any_point_is_never_overwritten(service):
    with serving(Bind) as server:
        zone = service.copy(server)
        for at in range(SEED % STRIDE, MOST, STRIDE):
            change = service.ask(zone, created(f"h{at}", "192.0.2.1"))

            def theirs(at=at):
                if not addresses(server, f"h{at}"):
                    service.write_at(server, f"h{at}", "192.0.2.66")

            with meanwhile(at, theirs) as called:
                service.deliver(zone.id)
            (end,) = service.ends(change)
            assert addresses(server, f"h{at}") == [{"Complete": "192.0.2.1", "Failed": "192.0.2.66"}[end]]
            if not called:
                break
        assert 5 < at < MOST - STRIDE


def test_a_turn_that_outlives_its_lease_undoes_nothing(service):
    with serving(Bind) as server:
        zone = service.copy(server)
        for at in range(SEED % STRIDE, MOST, STRIDE):
            change = service.ask(zone, created(f"h{at}", "192.0.2.1"))

            def newer():
                pass_lease(service)
                settle(service, zone)

            with meanwhile(at, newer) as called:
                service.deliver(zone.id)
            settle(service, zone)
            law(service, zone, server)
            assert service.ends(change) == ["Complete"]
            assert addresses(server, f"h{at}") == ["192.0.2.1"]
            if not called:
                break
        assert 5 < at < MOST - STRIDE


def test_whatever_befalls_a_primary_each_change_ends_and_both_sides_agree(service, monkeypatch):
    monkeypatch.setattr(reaching, "ANSWER", 0.2)
    monkeypatch.setattr("zonewright.model.delivery.SOON", (0.1, 0.1))
    chance = random.Random(SEED)
    with serving(Bind) as server, Proxy(server) as way:
        zone = service.copy(server, way)
        numbers, there, asked, kills = itertools.count(), {}, [], 0
        while kills < KILLS:
            for _ in range(chance.randint(1, 4)):
                owner = chance.choice([*there, f"h{next(numbers)}"])
                now, after = there.get(owner), f"192.0.2.{chance.randint(1, 250)}"
                if now and chance.random() < 0.3:
                    move, after = deleted(owner, now), None
                else:
                    move = changed(owner, now, after) if now else created(owner, after)
                change = service.ask(zone, move)
                asked += [change] if change else []
                there[owner] = after
                there = {name: text for name, text in there.items() if text}
            way.replan(chance.choices([HONEST, delayed(0.05), *MISHAPS], [6, 1, *[1] * len(MISHAPS)], k=4))
            with killed(chance.randint(0, 30)) as struck:
                service.deliver(zone.id)
            kills += bool(struck)
            pass_lease(service)
            way.replan([])
            settle(service, zone)
            assert set(service.ends(*asked)) == {"Complete"}
            law(service, zone, server)
            assert {owner: addresses(server, owner) for owner in there} == {
                name: [text] for name, text in there.items()
            }


def test_fifty_callers_at_once_all_come_in_and_none_is_lost(service, one_call_at_a_time):
    with serving(Bind) as server:
        zone = service.copy(server)

        def work(number):
            if number < WRITERS:
                return service.ask(zone, created(f"w{number}", "192.0.2.1"))
            return service.deliver(zone.id)

        done = at_once(WRITERS + 2, work)
        settle(service, zone)

        assert [each for each in done if isinstance(each, Exception)] == []
        some = done[:WRITERS]
        assert service.ends(*some) == ["Complete"] * WRITERS
        assert len({each.id for each in some}) == WRITERS
        law(service, zone, server)
        assert all(addresses(server, f"w{number}") == ["192.0.2.1"] for number in range(WRITERS))
