"""Failures that last: what a zone says until a sync or a look ends them, and when its contents expire."""

import contextlib

import dns.message
import dns.query
import dns.rcode
import pytest
from primaries import Bind, Hostile, hostile, require
from support.dispatching import edit, ends, fire, loaded
from support.service import primary
from support.texts import FIRST, SECOND, ZONE
from support.zones import store
from zonewright.model.change import ChangeStatus
from zonewright.model.failure import Failure
from zonewright.model.order import INCREMENTAL
from zonewright.model.states import State
from zonewright.model.zone import Primary
from zonewright.store import changes, keys
from zonewright.store.table import Update
from zonewright.sync.dispatch import End

REFUSED = hostile.rcode(dns.rcode.REFUSED)


def history(service, zone):
    return changes.listing(service.table, zone.id, 10)


def test_a_refused_transfer_is_told_until_a_sync_succeeds(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    server.behave(REFUSED)

    seen = []
    for seconds in (3601, 601):
        fire(service, seconds=seconds)
        service.work()
        seen.append(service.zone(zone.id).failure)
    server.behave()
    fire(service, seconds=601)
    held = service.zone(zone.id)
    service.work()

    first, second = seen
    assert first.reason == second.reason == f"{primary(server)}: the primary answered REFUSED"
    assert first.since == first.at == second.since < second.at
    assert (held.state, held.failure) == (State.SYNCING, second)
    assert service.zone(zone.id).failure is None


def test_a_failed_sync_keeps_since_when_the_primary_does_not_answer(service, server):
    zone = loaded(service, server)
    server.behave(soa=[soa_stalls])
    fire(service, seconds=3601)
    unanswered = service.zone(zone.id).failure
    server.behave(REFUSED)

    service.sync(zone.id)

    after = service.zone(zone.id).failure
    assert unanswered.reason == f"{primary(server)}: the primary said nothing for 1 s"
    assert (after.reason, after.since) == (f"{primary(server)}: the primary answered REFUSED", unanswered.since)


soa_stalls = hostile.stall()


def test_a_look_that_finds_the_serial_ends_the_failure_of_a_look(service, server):
    zone = loaded(service, server)
    server.behave(soa=[soa_stalls])
    fire(service, seconds=3601)
    failed = service.zone(zone.id).failure
    server.behave()

    assert ends(fire(service, seconds=601)) == [End.UNCHANGED]
    assert (failed.reason, failed.of_sync) == (f"{primary(server)}: the primary said nothing for 1 s", False)
    assert service.zone(zone.id).failure is None


def test_a_look_that_finds_the_serial_keeps_the_failure_of_a_sync_until_a_sync_succeeds(service, server):
    zone = loaded(service, server)
    server.behave(REFUSED)
    service.sync(zone.id)
    failed = service.zone(zone.id)

    outcomes = fire(service, seconds=90_000)
    looked, now = service.zone(zone.id), service.now()
    server.behave()
    service.sync(zone.id)

    assert failed.failure.reason == f"{primary(server)}: the primary answered REFUSED"
    assert ends(outcomes) == [End.UNCHANGED]
    assert looked.failure == failed.failure
    assert looked.confirmed > failed.synced
    assert not looked.expired(now)
    assert service.zone(zone.id).failure is None


def test_a_failed_look_after_a_failed_sync_is_not_the_end_of_its_failure(service, server):
    zone = loaded(service, server)
    server.behave(REFUSED, soa=[soa_stalls])
    service.sync(zone.id)
    first = service.zone(zone.id).failure
    fire(service, seconds=3601)
    second = service.zone(zone.id).failure
    server.behave(REFUSED)

    assert ends(fire(service, seconds=3601)) == [End.UNCHANGED]
    assert second.reason == f"{primary(server)}: the primary said nothing for 1 s"
    assert second.since == first.since
    assert service.zone(zone.id).failure == second


def test_a_first_load_that_fails_is_told(service, server):
    server.behave(REFUSED)
    zone = service.create(ZONE, primary(server))
    service.work()

    failed = service.zone(zone.id)
    assert (failed.state, failed.failure.reason) == (State.ERROR, f"{primary(server)}: the primary answered REFUSED")
    assert not failed.expired(service.now())
    assert failed.trouble(service.now()) == f"{failed.failure.reason} (at {failed.failure.at:%Y-%m-%dT%H:%M:%SZ})"


def test_a_failure_of_an_older_deployment_is_told_until_a_success(service, server):
    zone = loaded(service, server)
    service.table.write(Update(keys.zone(zone.id), set={"unanswered": "192.0.2.1: timed out"}))

    assert service.zone(zone.id).failure == Failure("192.0.2.1: timed out")
    service.sync(zone.id)
    assert service.zone(zone.id).failure is None


def test_an_only_primary_that_went_back_is_told_without_a_sync(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND.replace("joe\\.doe 2 ", "joe\\.doe 4294967290 "))

    first = fire(service, seconds=3601)
    second = fire(service, seconds=601)

    after = service.zone(zone.id)
    said = f"{primary(server)}: its serial 4294967290 is older than 1, which we hold: it lags behind, or "
    assert ends(first) == ends(second) == [End.OLDER]
    assert (service.orders, len(history(service, zone))) == ([], 1)
    assert (after.state, after.version, after.serial) == (State.ACTIVE, 1, 1)
    assert after.failure.reason.startswith(said)
    assert after.failure.since < after.failure.at
    assert 590 < (after.due - service.now()).total_seconds() <= 600
    server.reload(ZONE, SECOND)
    assert ends(fire(service, seconds=601)) == [End.STARTED]
    assert (service.work()[1].transfer, service.zone(zone.id).failure) == ("AXFR", None)


def test_primaries_that_went_back_or_fell_silent_are_told_together(service, server):
    zone = loaded(service, server)
    store(service, zone, primaries=(Primary("127.0.0.1", 1024), primary(server)))
    server.reload(ZONE, SECOND.replace("joe\\.doe 2 ", "joe\\.doe 4294967290 "))

    (outcome,) = fire(service, seconds=3601)

    assert outcome.end is End.OLDER
    assert outcome.reason.startswith("127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused; ")
    assert f"{primary(server)}: its serial 4294967290 is older than 1" in outcome.reason


def test_a_requested_refresh_of_a_primary_that_refuses_the_question_is_a_transfer(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    server.behave(soa=[REFUSED])
    service.request(zone.id, options=INCREMENTAL)
    _, change = service.work(trigger="refresh")

    assert (change.status, change.serial, change.transfer) == (ChangeStatus.SYNCED, 2, "IXFR")


@pytest.mark.parametrize("rcode", [dns.rcode.REFUSED, dns.rcode.SERVFAIL], ids=["REFUSED", "SERVFAIL"])
def test_a_primary_that_refuses_the_question_alone_is_synced_by_the_schedule(service, server, rcode):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    server.behave(soa=[hostile.rcode(rcode)])

    began = fire(service, seconds=3601)
    _, change = service.work()
    after = service.zone(zone.id)
    again = fire(service, seconds=3601)
    _, unmoved = service.work()

    assert ends(began) == ends(again) == [End.STARTED]
    assert (change.status, change.serial, after.failure) == (ChangeStatus.SYNCED, 2, None)
    assert (after.due - after.synced).total_seconds() == 3600
    assert (unmoved.status, unmoved.reason) == (ChangeStatus.SYNCED, "the serial has not moved")


class Reserved(Bind):
    """A BIND that answers questions from another address only, and transfers to anybody."""

    def configuration(self, directory):
        return super().configuration(directory).replace("allow-transfer", "allow-query { 127.0.0.2; }; allow-transfer")

    def ask(self, name, rdtype, rdclass="IN"):
        query = dns.message.make_query(name, rdtype, rdclass)
        with contextlib.suppress(OSError, EOFError):
            return dns.query.tcp(query, self.host, port=self.port, timeout=2, source="127.0.0.2")


@pytest.mark.primary
def test_a_bind_that_refuses_the_question_alone_is_synced_by_the_schedule(service):
    require(Bind)
    with Reserved({ZONE: FIRST}) as server:
        zone = service.create(ZONE, Primary(server.host, server.port), schedule="refresh")
        service.work()
        server.reload(ZONE, SECOND)
        began = fire(service, seconds=3601)
        status, change = service.work()

    assert (ends(began), status) == ([End.STARTED], "SUCCEEDED")
    assert (change.status, change.serial, service.zone(zone.id).failure) == (ChangeStatus.SYNCED, 2, None)


def test_a_primary_that_refuses_everything_is_synced_again_after_retry(service, server):
    zone = loaded(service, server)
    server.behave(REFUSED, soa=[REFUSED])

    fire(service, seconds=3601)
    _, change = service.work()

    after = service.zone(zone.id)
    assert (change.status, after.failure.reason) == (ChangeStatus.FAILED, change.reason)
    assert (after.due - after.failure.at).total_seconds() == 600


def test_one_that_has_the_serial_is_believed_beside_one_that_refuses_the_question(service, server):
    with Hostile({ZONE: FIRST}, soa=[REFUSED]) as refusing:
        zone = service.create(ZONE, primary(server), primary(refusing), schedule="refresh")
        service.work()

        assert ends(fire(service, seconds=3601)) == [End.UNCHANGED]
        assert service.zone(zone.id).failure is None


def test_contents_expire_when_no_primary_has_confirmed_them_for_as_long_as_the_soa_says(service, server):
    zone = loaded(service, server)
    fire(service, seconds=3601)  # the last confirmation
    server.behave(soa=[hostile.stall()])
    fire(service, seconds=86_300)
    silent = service.zone(zone.id)
    before, later = silent.expired(service.now()), silent.expired(silent.confirmed.replace(year=2999))
    fire(service, seconds=700)
    expired = service.zone(zone.id)
    told = expired.trouble(service.now())

    assert (zone.timers.expire, before, later) == (86400, False, True)
    assert (expired.state, expired.expired(service.now()), expired.version) == (State.ACTIVE, True, 1)
    since = f"{silent.confirmed:%Y-%m-%dT%H:%M:%SZ}"
    assert told.startswith(f"expired: no primary has confirmed it since {since} (EXPIRE 86400 s); {primary(server)}: ")
    server.behave()
    fire(service, seconds=1300)
    assert not service.zone(zone.id).expired(service.now())


FIELDS = [{"description": "changed"}, {"schedule": None}, {"schedule": 900}]


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_a_change_of_a_zone_read_before_a_look_keeps_the_failure_of_the_look(service, server, fields):
    zone = loaded(service, server)
    server.behave(soa=[soa_stalls])
    fire(service, seconds=3601)
    found = service.zone(zone.id)

    edit(service, zone, **fields)

    after = service.zone(zone.id)
    assert found.failure
    assert after.failure == found.failure
    assert [getattr(after, name) for name in fields] == list(fields.values())
    assert ("schedule" in fields) or after.due == found.due


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_a_change_of_a_zone_read_before_a_look_brings_no_failure_back(service, server, fields):
    zone = loaded(service, server)
    server.behave(soa=[soa_stalls])
    fire(service, seconds=3601)
    failing = service.zone(zone.id)
    server.behave()
    assert ends(fire(service, seconds=90_000)) == [End.UNCHANGED]
    found = service.zone(zone.id)

    edit(service, failing, **fields)

    after = service.zone(zone.id)
    assert failing.failure
    assert (after.failure, after.confirmed) == (None, found.confirmed)
    assert not after.expired(service.now())


def test_contents_without_a_failure_do_not_expire(service, server):
    zone = loaded(service, server, None)

    assert not zone.expired(zone.synced.replace(year=2999))


def test_a_look_learns_the_expire_that_an_older_deployment_did_not_store(service, server):
    zone = loaded(service, server)
    service.table.write(Update(keys.zone(zone.id), remove=("expire",)))
    before = service.zone(zone.id).timers.expire

    fire(service, seconds=3601)

    assert (before, service.zone(zone.id).timers.expire) == (1209600, 86400)


@pytest.mark.primary
def test_a_bind_that_went_back_is_told_without_a_sync_and_one_that_stopped_too(service):
    require(Bind)
    with Bind({ZONE: SECOND}) as server:
        zone = service.create(ZONE, Primary(server.host, server.port), schedule="refresh")
        service.work()
    with Bind({ZONE: FIRST}, port=server.port):
        older = fire(service, seconds=3601)
        went_back = service.zone(zone.id).failure
    silent = fire(service, seconds=601)
    gone = service.zone(zone.id).failure
    with Bind({ZONE: SECOND}, port=server.port):
        began = fire(service, seconds=601)
        _, change = service.work()

    assert [ends(each) for each in (older, silent, began)] == [[End.OLDER], [End.UNANSWERED], [End.STARTED]]
    assert f"{server.host}:{server.port}: its serial 1 is older than 2, which we hold" in went_back.reason
    assert "Connection refused" in gone.reason
    assert gone.since == went_back.since
    assert (change.status, service.zone(zone.id).failure) == (ChangeStatus.SYNCED, None)
    assert [each.status for each in history(service, zone)] == [ChangeStatus.SYNCED] * 2
