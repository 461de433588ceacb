"""A wrong address of a target empties no zone of somebody else, whatever the steps that led there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import Bind
from support.delivering import NAME, held, serving, settle, wanted, write, write_many
from support.points import killed
from zonewright.delivery import turn
from zonewright.operations import deliveries
from zonewright.store import keys
from zonewright.store.table import Delete

pytestmark = pytest.mark.primary

THEIRS = "".join(f"theirs{n} A 192.0.2.66\n" for n in range(12))


@pytest.fixture
def server():
    """A BIND that has the zone, with SOA and NS only."""
    with serving(Bind) as server:
        yield server


@pytest.fixture
def target(service, server):
    """The only target of the pool."""
    target = service.target(server)
    service.pool(target)
    return target


@pytest.fixture
def zone(service, target):
    """A zone that was delivered."""
    made = service.make(NAME)
    write(service, made, "www", "192.0.2.1")
    settle(service, made)
    return made


def untouched(service, zone, other):
    """The zone does not come to `other`, which keeps what it has. Return the reason that is shown."""
    before = held(other, NAME)
    for _ in range(3):
        assert service.deliver(zone.id) == "waiting"
        service.ahead = (service.ahead or timedelta()) + timedelta(minutes=20)
    assert held(other, NAME) == before
    return service.zone(zone.id).trouble(service.now())


def allowed(service, zone, other):
    """The operator's command overwrites what `other` has."""
    deliveries.deliver(service, NAME, repair=True)
    settle(service, zone)
    assert held(other, NAME) == wanted(service, zone)


def test_a_target_that_moves_and_keeps_its_id_is_new_there(service, target, zone):
    with serving(Bind, THEIRS) as other:
        moved = replace(target, options=replace(target.options, port=other.port))
        service.pool(moved)
        write(service, zone, "mail", "192.0.2.2")

        assert "13 record sets" not in untouched(service, zone, other)
        assert "12 record sets of what is there would be deleted" in untouched(service, zone, other)
        assert service.standing(zone.id)[0].base == 0
        allowed(service, zone, other)


def test_a_target_that_moves_during_a_turn_is_new_there(service, target, zone, monkeypatch):
    with serving(Bind, THEIRS) as other:
        moved = replace(target, options=replace(target.options, port=other.port))
        plain = turn.deliveries.stand

        def meanwhile(*arguments):
            monkeypatch.setattr(turn.deliveries, "stand", plain)
            service.pool(moved)
            write(service, zone, "ftp", "192.0.2.3")
            return plain(*arguments)

        write(service, zone, "mail", "192.0.2.2")
        monkeypatch.setattr(turn.deliveries, "stand", meanwhile)
        assert "12 record sets" in untouched(service, zone, other)


def test_a_target_that_leaves_the_pool_and_comes_back_is_new(service, target, zone):
    with serving(Bind) as other:
        second = service.target(other)
        service.pool(target, second)
        write(service, zone, "mail", "192.0.2.2")
        settle(service, zone)
        service.pool(target)
        write(service, zone, "ftp", "192.0.2.3")
        settle(service, zone)
        service.write_there(second, f"theirs.{NAME}", "192.0.2.66")
        service.pool(target, second)
        write(service, zone, "ntp", "192.0.2.4")

        assert "1 record set of what is there would be deleted or changed" in untouched(service, zone, other)
        allowed(service, zone, other)


def test_a_server_of_somebody_else_at_the_same_address_is_not_overwritten(service, zone, server):
    other = serving(Bind, THEIRS)
    other.port = server.port
    server.__exit__()
    with other:
        write(service, zone, "mail", "192.0.2.2")

        assert "of what is there would be deleted" in untouched(service, zone, other)
        allowed(service, zone, other)
    server.__enter__()


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize("settings", [{"deleted_percent": 30}, {"changed_percent": 30}], indirect=True)
def test_a_repair_that_would_overwrite_too_much_is_stopped(service, target, zone, server, swept):
    for number in range(8):
        service.write_there(target, f"theirs{number}.{NAME}", "192.0.2.66")
    write(service, zone, "mail", "192.0.2.2")
    if swept:
        service.table.write(Delete(keys.version(zone.id, service.standing(zone.id)[0].base)))

    why = untouched(service, zone, server)
    assert "a repair is stopped: it would" in why
    assert "8 of 11 record sets, more than the 30 % a repair may" in why
    assert "zonewright zone deliver --repair does it" in why
    allowed(service, zone, server)


@pytest.mark.parametrize("changed", [{"octets": 8192}, {"octets": 60000}, {"prerequisites": "recordsets"}])
def test_options_that_change_during_a_push_lose_nothing(service, target, zone, server, changed):
    for at in (9, 11):
        service.pool(replace(target, options=replace(target.options, octets=4096)))
        write_many(service, zone, [f"{at}-{n}" for n in range(400)])
        with killed(at) as struck:
            service.deliver(zone.id)
        assert struck
        assert service.standing(zone.id)[0].message > 0
        service.pool(replace(target, options=replace(target.options, **{"octets": 4096, **changed})))
        service.ahead = (service.ahead or timedelta()) + turn.LEASE * 2
        settle(service, zone)
        assert held(server, NAME) == wanted(service, zone)
