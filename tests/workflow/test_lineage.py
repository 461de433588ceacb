"""Increments are taken only from the server that the contents came from, and as long as it did not go back.

The increments of these tests fit the contents of another primary by chance. They would make a zone that nobody has.
"""

import socket
from dataclasses import replace

import dns.name
import pytest
from primaries import Bind, Hostile, Key, require, small
from support.dispatching import OneAtATime, edit, ends, fire, masters
from support.service import CALLER, give_key, primary
from support.texts import FIRST, ZONE
from zonewright.actions import zones
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.zone import Primary
from zonewright.store import keys, tsigkeys
from zonewright.store import zones as store
from zonewright.store.table import Table, Update
from zonewright.store.vault import Purpose
from zonewright.sync import dispatch

OURS = FIRST
OTHERS = FIRST.replace("192.0.2.25", "192.0.2.26")
"""Contents of another primary under the same serial."""


def at(serial, text):
    """A text with a serial, and a record that tells it."""
    return text.replace("joe\\.doe 1 ", f"joe\\.doe {serial} ") + (f'serial TXT "{serial}"\n' if serial > 1 else "")


def numbered(serial, text):
    """A text with a serial, and no record that tells it."""
    return text.replace("joe\\.doe 1 ", f"joe\\.doe {serial} ")


def asked(server):
    return [query.type for query in server.queries]


def copied(service, zone, mode="auto", trigger="request", **options):
    """Run a sync. Return the change."""
    service.request(zone.id, options=SyncOptions(mode, **options))
    return service.work(trigger=trigger)[1]


@pytest.fixture
def service(service):
    service.table = Table(OneAtATime(service.table.client), service.table.name)
    return service


@pytest.fixture
def zone(service, server):
    """A zone whose contents came from `server`."""
    zone = service.create(ZONE, primary(server), schedule="refresh")
    service.work()
    return service.zone(zone.id)


@pytest.fixture
def stranger():
    """Another primary of the zone. From serial 1 on, its increments fit the contents of `server` too."""
    with Hostile({ZONE: OTHERS}) as stranger:
        stranger.reload(ZONE, at(2, OTHERS))
        yield stranger


def holds(service, zone, text):
    """Whether the zone has the address of `mail` in a text."""
    return f"mail 300 A {'192.0.2.26' if '192.0.2.26' in text else '192.0.2.25'}" in service.texts(zone.id)


def test_the_zone_knows_where_its_contents_came_from(path, service, server, zone):
    loaded = service.zone(zone.id).source
    server.reload(ZONE, at(2, OURS))
    change = copied(service, zone)

    assert (loaded.primary, loaded.serial, loaded.broken) == (str(primary(server)), 1, None)
    assert (change.transfer, change.reason) == ("IXFR", None)
    assert service.zone(zone.id).source.serial == 2


@pytest.mark.parametrize("trigger", ["request", "refresh", "schedule"])
def test_another_master_is_compared_as_a_whole(service, server, zone, stranger, trigger):
    masters(service, zone, primary(stranger))

    change = copied(service, zone, trigger=trigger)

    assert (change.status, change.transfer) == (ChangeStatus.SYNCED, "AXFR")
    assert change.reason == f"the whole zone was compared, for the last contents came from {primary(server)}"
    assert "IXFR" not in asked(stranger)
    assert holds(service, zone, OTHERS)
    assert service.zone(zone.id).source.primary == str(primary(stranger))


def test_a_newer_second_master_is_compared_as_a_whole_and_then_asked_for_increments(service, server, stranger):
    stranger.reload(ZONE, OTHERS)
    zone = service.create(ZONE, primary(server), primary(stranger))
    service.work()
    stranger.reload(ZONE, at(2, OTHERS))
    first = copied(service, zone)
    stranger.reload(ZONE, at(3, OTHERS))
    server.reload(ZONE, at(3, OURS))
    second = copied(service, zone)

    assert first.reason == (
        f"the whole zone was compared, for the last contents came from {primary(server)}; "
        f"taken from {primary(stranger)}; {primary(server)}: its serial is 1"
    )
    assert (first.transfer, second.transfer) == ("AXFR", "IXFR")
    assert second.reason == f"taken from {primary(stranger)}; {primary(server)}: its serial is 3"
    assert holds(service, zone, OTHERS)


def test_increments_alone_of_another_master_are_refused(service, server, zone, stranger):
    masters(service, zone, primary(server), primary(stranger))

    change = copied(service, zone, "ixfr")
    status, report = service.dry_run(zone.id, mode="ixfr")

    said = f"{primary(stranger)}: its increments may not fit, for the last contents came from {primary(server)}"
    said += "; a sync with ?mode=axfr compares the whole zone"
    assert (change.status, change.reason) == (ChangeStatus.FAILED, said)
    assert (status, report.change.reason) == ("FAILED", said)
    assert service.zone(zone.id).version == 1


def test_a_master_that_comes_back_into_the_masters_is_compared_once(service, server, zone, stranger):
    masters(service, zone, primary(stranger))
    masters(service, service.zone(zone.id), primary(server))
    server.reload(ZONE, at(2, OURS))
    change = copied(service, zone)
    server.reload(ZONE, at(3, OURS))

    said = f"the whole zone was compared, for {primary(server)} was taken out of the masters"
    assert (change.transfer, change.reason) == ("AXFR", said)
    assert copied(service, zone).transfer == "IXFR"


def test_an_equal_serial_of_another_master_is_no_confirmation(service, server, zone, stranger):
    stranger.reload(ZONE, OTHERS)
    masters(service, zone, primary(stranger))

    change = copied(service, zone, trigger="refresh")

    assert (change.serial, change.transfer) == (1, "AXFR")
    assert holds(service, zone, OTHERS)


def seen_by_a_look(service, zone):
    assert ends(fire(service, seconds=3601)) == [dispatch.End.OLDER]


def seen_by_a_requested_sync(service, zone):
    assert copied(service, zone, "axfr").status is ChangeStatus.FAILED


def seen_by_increments(service, zone):
    assert copied(service, zone, "ixfr").status is ChangeStatus.FAILED


def seen_by_a_refresh(service, zone):
    assert copied(service, zone, trigger="refresh").status is ChangeStatus.FAILED


def seen_by_a_forced_sync_that_fails(service, zone):
    before = service.settings
    service.settings = replace(before, zone_records=1)
    assert copied(service, zone, force=True).status is ChangeStatus.FAILED
    service.settings = before


def seen_by_a_dry_run(service, zone):
    status, report = service.dry_run(zone.id, mode="auto")
    assert (status, "is older than 9, which we hold" in report.refusal) == ("SUCCEEDED", True)


SEEN = [
    seen_by_a_look,
    seen_by_a_requested_sync,
    seen_by_increments,
    seen_by_a_refresh,
    seen_by_a_forced_sync_that_fails,
    seen_by_a_dry_run,
]


@pytest.mark.parametrize("seen", SEEN, ids=lambda each: each.__name__)
def test_a_restored_primary_is_compared_as_a_whole_when_it_is_newer_again(service, zone, server, seen):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    server.forget(ZONE)
    seen(service, zone)
    after = service.zone(zone.id)
    server.reload(ZONE, at(9, OTHERS))
    server.reload(ZONE, at(10, OTHERS))

    change = copied(service, zone)

    assert after.source.broken == "was seen with an older serial, 5"
    said = f"the whole zone was compared, for {primary(server)} was seen with an older serial, 5"
    assert (change.transfer, change.reason) == ("AXFR", said)
    assert holds(service, zone, OTHERS)
    server.reload(ZONE, at(11, OTHERS))
    assert copied(service, zone).transfer == "IXFR"


def test_increments_alone_of_a_restored_primary_are_refused(service, zone, server):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    seen_by_a_look(service, zone)
    server.reload(ZONE, at(10, OTHERS))

    change = copied(service, zone, "ixfr")

    master = primary(server)
    said = f"{master}: its increments may not fit, for {master} was seen with an older serial, 5"
    said += "; a sync with ?mode=axfr compares the whole zone"
    assert (change.status, change.reason) == (ChangeStatus.FAILED, said)


def test_a_dry_run_that_saw_an_older_serial_changes_nothing_that_a_caller_sees(service, zone, server):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    before = service.zone(zone.id)

    seen_by_a_dry_run(service, zone)

    after = service.zone(zone.id)
    assert after == replace(before, source=before.source.seen_older(5))


def test_an_older_serial_of_another_master_leaves_the_source_as_it_is(service, server):
    server.reload(ZONE, at(9, OURS))
    with Hostile({ZONE: at(5, OTHERS)}) as lagging:
        zone = service.create(ZONE, primary(server), primary(lagging), schedule="refresh")
        service.work()
        fire(service, seconds=3601)
        server.reload(ZONE, at(10, OURS))
        change = copied(service, zone)

    assert (change.transfer, change.serial) == ("IXFR", 10)


def test_a_restored_primary_with_the_serial_of_the_zone_is_copied_once(service, zone, server):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    seen_by_a_look(service, zone)
    server.reload(ZONE, at(9, OTHERS))

    began = fire(service, seconds=10_000)
    _, change = service.work()
    again = fire(service, seconds=3601)

    assert (ends(began), ends(again)) == ([dispatch.End.STARTED], [dispatch.End.UNCHANGED])
    assert (change.status, change.serial) == (ChangeStatus.SYNCED, 9)
    assert holds(service, zone, OTHERS)


def test_a_forced_older_load_is_a_new_beginning(service, zone, server):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    forced = copied(service, zone, force=True)
    server.reload(ZONE, at(6, OTHERS))
    following = copied(service, zone)

    assert (forced.transfer, forced.serial, following.transfer, following.serial) == ("AXFR", 5, "IXFR", 6)
    assert holds(service, zone, OTHERS)


BEFORE, SINCE = 2_026_112_805, 2_026_112_801


@pytest.mark.parametrize("steps", [[SINCE], [SINCE, SINCE + 1], [SINCE, BEFORE], [SINCE, BEFORE + 5]])
def test_a_name_has_no_serial_again_after_its_zone_was_forced_back(service, zone, server, steps):
    server.reload(ZONE, numbered(BEFORE, OURS))
    copied(service, zone)
    for serial in steps:
        server.reload(ZONE, numbered(serial, OTHERS))
        assert copied(service, zone, "axfr", force=True).serial == serial
    zones.delete(service, service.zone(zone.id), caller=CALLER)

    again = zones.create(service, zones.NewZone(ZONE, email="joe@example.org"), caller=CALLER)

    assert again.serial == max(BEFORE, *steps) + 1


def test_a_name_follows_its_copy_beyond_what_can_be_compared_with_a_former_zone(service, zone, server):
    zones.delete(service, service.zone(zone.id), caller=CALLER)
    far = service.create(ZONE, primary(server))
    service.work()
    for serial in (2_000_000_000, 3_147_483_648):
        server.reload(ZONE, numbered(serial, OURS))
        copied(service, far)
    zones.delete(service, service.zone(far.id), caller=CALLER)

    again = zones.create(service, zones.NewZone(ZONE, email="joe@example.org"), caller=CALLER)

    assert again.serial == 3_147_483_649


def test_a_copy_of_an_older_deployment_hands_its_present_serial_to_its_name(service, zone, server):
    server.reload(ZONE, numbered(BEFORE, OURS))
    copied(service, zone)
    server.reload(ZONE, numbered(SINCE, OTHERS))
    copied(service, zone, "axfr", force=True)
    service.table.write(Update(keys.zone(zone.id), remove=("newest",)))
    zones.delete(service, service.zone(zone.id), caller=CALLER)

    again = zones.create(service, zones.NewZone(ZONE, email="joe@example.org"), caller=CALLER)

    assert again.serial == SINCE + 1


def test_a_zone_of_an_older_deployment_is_compared_once(service, zone, server):
    service.table.write(Update(keys.zone(zone.id), remove=("source",)))
    server.reload(ZONE, at(2, OURS))
    first = copied(service, zone)
    server.reload(ZONE, at(3, OURS))

    said = "the whole zone was compared, for it is not known from which primary the last contents came"
    assert (first.transfer, first.reason) == ("AXFR", said)
    assert copied(service, zone).transfer == "IXFR"


def test_a_change_of_the_zone_that_was_read_before_does_not_mend_the_source(service, zone, server):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    read = service.zone(zone.id)
    seen_by_a_look(service, zone)

    edit(service, read, description="read before the look")

    after = service.zone(zone.id)
    assert (after.description, after.source.broken) == ("read before the look", "was seen with an older serial, 5")


def test_a_look_that_breaks_the_source_is_no_change_to_a_caller(service, zone, server):
    server.reload(ZONE, at(9, OURS))
    copied(service, zone)
    server.reload(ZONE, at(5, OTHERS))
    before = service.zone(zone.id)

    seen_by_a_look(service, zone)

    assert service.zone(zone.id).fingerprint == before.fingerprint


NAME = "ns.test."


@pytest.fixture
def resolved(monkeypatch):
    """The addresses of NAME, in a list that a test may change."""
    addresses, honest = ["127.0.0.1"], socket.getaddrinfo

    def resolve(host, *arguments, **more):
        if host != NAME:
            return honest(host, *arguments, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return addresses


@pytest.fixture
def named(service, server, resolved):
    """A zone whose master is NAME, and whose contents came from `server` at 127.0.0.1."""
    zone = service.create(ZONE, Primary(NAME, server.port), schedule="refresh")
    service.work()
    return service.zone(zone.id)


@pytest.fixture
def elsewhere(server, monkeypatch):
    """Another server on the port of `server`, at 127.0.0.2. Its increments fit the contents of `server` too."""
    monkeypatch.setattr(small, "HOST", "127.0.0.2")
    with Hostile({ZONE: OTHERS}, port=server.port) as other:
        other.reload(ZONE, at(2, OTHERS))
        yield other


def test_a_host_name_that_leads_to_another_server_is_compared_as_a_whole(service, named, elsewhere, resolved):
    resolved[:] = ["127.0.0.2"]
    change = copied(service, named)
    elsewhere.reload(ZONE, at(3, OTHERS))
    following = copied(service, named)

    said = f"{NAME} has no longer the address 127.0.0.1, from which the last contents came"
    assert (change.transfer, change.reason) == ("AXFR", f"the whole zone was compared, for {said}")
    assert (following.transfer, following.reason) == ("IXFR", None)
    assert holds(service, named, OTHERS)


def test_increments_alone_of_a_host_name_that_leads_to_another_server_are_refused(service, named, elsewhere, resolved):
    resolved[:] = ["127.0.0.2"]

    change = copied(service, named, "ixfr")

    said = f"{named.primaries[0]}: {NAME} has no longer the address 127.0.0.1, from which the last contents came"
    assert (change.status, change.reason) == (ChangeStatus.FAILED, said)
    assert "IXFR" not in asked(elsewhere)


def test_of_several_addresses_the_one_that_the_contents_came_from_is_asked(service, server, named, elsewhere, resolved):
    server.reload(ZONE, at(2, OURS))
    resolved[:] = ["127.0.0.2", "127.0.0.1"]

    change = copied(service, named)

    assert (change.transfer, change.reason) == ("IXFR", None)
    assert (asked(server)[-1], asked(elsewhere)) == ("IXFR", [])
    assert holds(service, named, OURS)


def test_another_address_is_compared_as_a_whole_if_the_one_of_the_contents_is_silent(service, resolved, monkeypatch):
    with Hostile({ZONE: OURS}) as server:
        zone = service.create(ZONE, Primary(NAME, server.port))
        service.work()
    resolved[:] = ["127.0.0.1", "127.0.0.2"]
    monkeypatch.setattr(small, "HOST", "127.0.0.2")
    with Hostile({ZONE: OTHERS}, port=server.port) as other:
        other.reload(ZONE, at(2, OTHERS))
        change = copied(service, zone)

    said = "no connection to 127.0.0.1, from which the last contents came: Connection refused"
    assert (change.transfer, change.reason) == ("AXFR", f"the whole zone was compared, for {said}")
    assert holds(service, zone, OTHERS)


ONE, TWO = Key.of("one."), Key.of("two.")


class Views(Hostile):
    """A server with two views of a zone. The key TWO chooses that of `other`."""

    other = None

    def answer(self, query):
        chosen = query.had_tsig and query.keyname == dns.name.from_text(TWO.name)
        return self.other.answer(query) if chosen else super().answer(query)


@pytest.fixture
def views():
    """Return a server with two views. The increments of each fit the contents of the other."""
    with Hostile({ZONE: OTHERS}, keys=[ONE, TWO]) as other, Views({ZONE: OURS}, keys=[ONE, TWO]) as server:
        server.other = other
        yield server


def replaced(service, zone):
    """Delete the key of a zone, and give it another one."""
    tsigkeys.delete(service.table, tsigkeys.get(service.table, f"{zone.id}-key"))
    give_key(service, zone, TWO)


def changed(service, zone):
    """Change the name and the secret of the key of a zone."""
    old = tsigkeys.get(service.table, f"{zone.id}-key")
    secret = service.vault.seal(TWO.secret, old.id, Purpose.TSIG)
    tsigkeys.replace(service.table, old, old.changed(service.now(), name=TWO.name, secret=secret))


@pytest.fixture
def signed(service, views):
    """A zone whose contents came by the key ONE."""
    zone = service.create(ZONE, primary(views), schedule="refresh")
    give_key(service, zone, ONE)
    service.work()
    return service.zone(zone.id)


@pytest.mark.parametrize("act", [replaced, changed])
@pytest.mark.parametrize("trigger", ["request", "refresh", "schedule"])
def test_a_view_that_another_key_chooses_is_compared_as_a_whole(service, views, signed, act, trigger):
    act(service, signed)
    views.other.reload(ZONE, at(2, OTHERS))
    change = copied(service, signed, trigger=trigger)
    views.other.reload(ZONE, at(3, OTHERS))
    following = copied(service, signed)

    said = f"the whole zone was compared, for {primary(views)} is asked with another TSIG key than before"
    assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, "AXFR", said)
    assert (following.transfer, following.reason) == ("IXFR", None)
    assert holds(service, signed, OTHERS)


def test_an_equal_serial_of_another_view_is_no_confirmation(service, views, signed):
    replaced(service, signed)

    began = fire(service, seconds=3601)
    _, change = service.work()
    again = fire(service, seconds=3601)

    assert (ends(began), ends(again)) == ([dispatch.End.STARTED], [dispatch.End.UNCHANGED])
    assert (change.status, change.serial) == (ChangeStatus.SYNCED, 1)
    assert holds(service, signed, OTHERS)


@pytest.mark.parametrize("unknown", ["address", "signer"])
def test_a_source_that_an_older_deployment_stored_is_compared_once(service, zone, server, unknown):
    source = store.source_item(replace(zone.source, **{unknown: None}))
    service.table.write(Update(keys.zone(zone.id), set={"source": source}))
    looked = ends(fire(service, seconds=3601))
    server.reload(ZONE, at(2, OURS))
    first = copied(service, zone)
    server.reload(ZONE, at(3, OURS))

    said = f"it is not known which server of {primary(server)} the last contents came from"
    assert looked == [dispatch.End.UNCHANGED]
    assert (first.transfer, first.reason) == ("AXFR", f"the whole zone was compared, for {said}")
    assert copied(service, zone).transfer == "IXFR"


@pytest.fixture
def bind():
    """Return a function that starts a BIND with increments."""
    require(Bind)

    def start(text, **more):
        server = Bind({ZONE: text}, **more)
        server.increments = True
        return server

    return start


@pytest.mark.primary
def test_a_zone_that_changes_its_bind_becomes_that_of_the_other(service, bind):
    with bind(OURS) as ours, bind(OTHERS) as others:
        zone = service.create(ZONE, Primary(ours.host, ours.port))
        service.work()
        others.reload(ZONE, at(2, OTHERS))
        masters(service, service.zone(zone.id), Primary(others.host, others.port))
        change = copied(service, zone)
        others.reload(ZONE, at(3, OTHERS))
        following = copied(service, zone)

    said = f"the whole zone was compared, for the last contents came from {ours.host}:{ours.port}"
    assert (change.transfer, change.reason, following.transfer) == ("AXFR", said, "IXFR")
    assert holds(service, zone, OTHERS)


@pytest.mark.primary
def test_a_bind_that_was_restored_from_a_backup_is_compared_as_a_whole(service, bind):
    with bind(at(9, OURS)) as before:
        zone = service.create(ZONE, Primary(before.host, before.port), schedule="refresh")
        service.work()
    with bind(at(5, OTHERS), port=before.port) as restored:
        seen_by_a_look(service, zone)
        restored.reload(ZONE, at(9, OTHERS))
        restored.reload(ZONE, at(10, OTHERS))
        change = copied(service, zone)

    said = f"the whole zone was compared, for {before.host}:{before.port} was seen with an older serial, 5"
    assert (change.transfer, change.reason) == ("AXFR", said)
    assert holds(service, zone, OTHERS)
