"""Name servers that fail, refuse or ignore: nothing is lost, and the reason says what to do."""

import itertools
import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import Bind, Key
from primaries.proxy import RESET_BEFORE, Proxy
from support.delivering import KEY, NAME, addresses, held, serving, settle, wanted, write, write_many
from support.service import CALLER
from zonewright.actions import recordsets
from zonewright.contents import chunks
from zonewright.model.pool import Server
from zonewright.operations.deliveries import listing
from zonewright.store import deliveries, keys, tsigkeys
from zonewright.store.table import Delete, Put
from zonewright.store.vault import Purpose

pytestmark = pytest.mark.primary

VERSIONS = 100 if int(os.environ.get("ZONEWRIGHT_KILLS", "0")) >= 50 else 20


def reason(service, zone):
    """The reason that the zone shows, after a second try."""
    service.deliver(zone.id)
    service.ahead = (service.ahead or timedelta()) + timedelta(minutes=2)
    assert service.deliver(zone.id) == "waiting"
    return service.zone(zone.id).trouble(service.now())


def well(service, zone, server):
    """The zone is delivered once the cause is mended."""
    settle(service, zone)
    assert held(server, NAME) == wanted(service, zone)
    assert service.zone(zone.id).trouble(service.now()) is None


@pytest.fixture
def server():
    """A BIND that obeys `rndc`."""
    with serving(Bind, controlled=True) as server:
        yield server


@pytest.fixture
def zone(service, server):
    """A zone that was delivered."""
    service.pool(service.target(server))
    made = service.make(NAME)
    assert service.deliver(made.id) == "delivered"
    return made


@pytest.mark.parametrize("apart", [600, -600])
@pytest.mark.parametrize("first", [True, False])
def test_clocks_that_differ_are_a_delay_with_both_times(service, server, zone, monkeypatch, apart, first):
    write(service, zone, "www", "192.0.2.1")
    if first:
        _lose(service, zone)
    with monkeypatch.context() as patched:
        plain = time.time
        patched.setattr(time, "time", lambda: plain() + apart)
        patched.setattr("zonewright.model.delivery.SOON", (0.1, 0.1))
        assert service.deliver(zone.id) == "waiting"
        assert service.zone(zone.id).trouble(service.now()) is None  # a delay
        (standing,) = service.standing(zone.id)
        assert "BADTIME" in standing.reason
        assert "clock" in standing.reason

    well(service, zone, server)


def test_a_frozen_zone_is_refused_until_it_is_thawed(service, server, zone):
    server.rndc("freeze", NAME)
    write(service, zone, "www", "192.0.2.1")
    why = reason(service, zone)

    assert f"Bind (rfc2136 127.0.0.1 port {server.port}): the name server answered REFUSED" in why
    assert "is it frozen?" in why
    assert "www.example.org. A" in why
    server.rndc("thaw", NAME)
    well(service, zone, server)


def test_a_name_that_a_policy_refuses_is_named(service):
    policy = f"update-policy {{ deny {KEY.name} name bad.{NAME} ANY; grant {KEY.name} zonesub ANY; }};"
    with serving(Bind, updates=False, zone_options=policy) as server:
        service.pool(service.target(server))
        zone = service.make(NAME)
        service.deliver(zone.id)
        write_many(service, zone, ["a", "b", "c", "d"])
        bad = write(service, zone, "bad", "192.0.2.1")
        why = reason(service, zone)

        assert "answered REFUSED" in why
        assert "It concerns bad.example.org. A (at" in why
        recordsets.delete(service, bad, caller=CALLER)
        well(service, zone, server)


def test_a_ttl_that_a_name_server_lowers_is_an_error_that_says_so(service):
    with serving(Bind, zone_options="max-zone-ttl 400;") as server:
        service.pool(service.target(server))
        zone = service.make(NAME)
        why = reason(service, zone)

        assert "serves other than it was sent: example.org. NS; does it limit TTLs (max-zone-ttl)?" in why


def test_a_target_that_was_down_for_many_versions_gets_them_at_once(service, server, monkeypatch):
    monkeypatch.setattr("zonewright.model.delivery.SOON", (0.01, 0.01))
    with Proxy(server) as way:
        service.pool(service.target(way))
        zone = service.make(NAME)
        service.deliver(zone.id)
        way.replan(itertools.repeat(RESET_BEFORE))
        before = way.applied
        for number in range(VERSIONS):
            write_many(service, zone, [f"h{number}"])
            if number % 10 == 0:
                service.ahead = timedelta(hours=number)
                assert service.deliver(zone.id) == "waiting"
        way.replan([])

        well(service, zone, server)
        assert way.applied == before + 2  # the version that it had been on the way to, and the last one


def test_a_deleted_key_signs_nothing_and_is_named(service, server, zone):
    write(service, zone, "www", "192.0.2.1")
    key = tsigkeys.get(service.table, KEY.name)
    tsigkeys.delete(service.table, key)
    why = reason(service, zone)

    assert "its TSIG key push.example. was deleted; name another one in the pool, and apply it" in why
    assert addresses(server, "www") == []
    tsigkeys.create(service.table, key)
    well(service, zone, server)


@pytest.mark.parametrize("first", [True, False])
def test_a_key_with_another_secret_is_named(service, server, zone, first):
    write(service, zone, "www", "192.0.2.1")
    if first:
        _lose(service, zone)
    key = tsigkeys.get(service.table, KEY.name)
    other = replace(key, secret=service.vault.seal(Key.of("other.").secret, KEY.name, Purpose.TSIG))
    tsigkeys.replace(service.table, key, other)
    why = reason(service, zone)

    assert "TSIG key" in why
    assert "push.example." in why
    assert "BADSIG" in why
    tsigkeys.replace(service.table, tsigkeys.get(service.table, KEY.name), key)
    well(service, zone, server)


def test_versions_and_chunks_that_were_swept_meanwhile_are_no_loss(service, server, zone):
    write(service, zone, "www", "192.0.2.1")
    service.deliver(zone.id)
    write(service, zone, "mail", "192.0.2.2")
    base = service.standing(zone.id)[0].base
    service.table.write(Delete(keys.version(zone.id, base)))
    well(service, zone, server)

    write(service, zone, "ftp", "192.0.2.3")
    gone = {chunks.key(zone.id, each) for each in service.version(zone.id, service.standing(zone.id)[0].base).chunks}
    kept = {chunks.key(zone.id, each) for each in service.version(zone.id).chunks}
    service.bucket.delete(sorted(gone - kept))
    well(service, zone, server)


def test_a_version_that_cannot_be_read_is_a_delay(service, server, zone, monkeypatch):
    monkeypatch.setattr("zonewright.model.delivery.SOON", (0.01, 0.01))
    write(service, zone, "www", "192.0.2.1")
    version = keys.version(zone.id, service.zone(zone.id).version)
    item = service.table.get(version)
    service.table.write(Delete(version))
    assert service.deliver(zone.id) == "waiting"
    assert "is not stored any more" in service.standing(zone.id)[0].reason
    service.table.write(Put(item))

    well(service, zone, server)


def test_no_secret_is_in_a_log_an_answer_or_an_item_but_sealed(service, server, zone, caplog):
    other = Server(server.host, server.port, KEY.name)
    service.pool(service.target(server), nameservers=(other,), also_notifies=(other,))
    write(service, zone, "www", "192.0.2.1")
    server.rndc("freeze", NAME)
    reason(service, zone)
    server.rndc("thaw", NAME)
    settle(service, zone)

    said = "\n".join(str(vars(each)) for each in caplog.records)
    found = deliveries.get(service.table, zone.id)
    assert "delivery failed" in said
    for text in (said, repr(found), repr(service.zone(zone.id)), repr(listing(service, failed=False))):
        assert KEY.secret not in text


def _lose(service, zone):
    """Forget what the target has, so that the next push begins with a transfer."""
    found = deliveries.get(service.table, zone.id).standings
    lost = {each: replace(standing.lost(), next=None) for each, standing in found.items()}
    assert deliveries.stand(service.table, zone.id, None, lost)
