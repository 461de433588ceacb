"""Zones with a schedule: when they are due, and what comes of it."""

import re
import threading
import time
from dataclasses import replace
from datetime import timedelta

import dns.name
import dns.rcode
import pytest
from primaries import Hostile, Key, hostile
from support.dispatching import edit, ends, fire, loaded
from support.service import CALLER, give_key, primary
from support.texts import FIRST, SECOND, ZONE
from support.zones import store
from zonewright.actions import syncs
from zonewright.errors import RecentlySynced
from zonewright.model.change import ChangeStatus, ChangeType
from zonewright.model.states import State
from zonewright.model.zone import Primary
from zonewright.store import changes
from zonewright.sync import dispatch
from zonewright.sync.dispatch import End, Outcome


def test_a_loaded_zone_is_due_as_its_soa_says(service, server):
    zone = loaded(service, server)

    assert zone.due == zone.synced + timedelta(seconds=3600)
    assert (zone.timers.refresh, zone.timers.retry) == (3600, 600)
    assert fire(service) == []


def test_a_zone_with_an_interval_is_due_after_it(service, server):
    zone = loaded(service, server, 90)

    assert zone.due == zone.synced + timedelta(seconds=90)


def test_a_zone_without_a_schedule_is_never_due(service, server):
    zone = loaded(service, server, None)

    assert zone.due is None
    assert fire(service, days=30) == []


def test_an_unchanged_zone_is_due_later_and_else_as_it_was(service, server):
    zone = loaded(service, server)
    service.bucket = None  # nothing of it is read

    outcomes = fire(service, seconds=3601)

    after = service.zone(zone.id)
    assert outcomes == [Outcome(zone.id, End.UNCHANGED)]
    assert service.orders == []
    assert after == replace(zone, due=after.due, confirmed=after.confirmed)
    assert zone.synced < after.confirmed <= service.now()
    assert timedelta(0) <= service.now() + timedelta(seconds=3600) - after.due < timedelta(seconds=5)
    assert len(changes.listing(service.table, zone.id, 10)) == 1
    assert fire(service) == []


def test_a_zone_whose_serial_moved_is_copied(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND.replace("3600 600", "7200 900"))

    outcomes = fire(service, seconds=3601)
    again = fire(service)
    asked = len(server.queries)
    status, change = service.work()

    after = service.zone(zone.id)
    assert (outcomes, again) == ([Outcome(zone.id, End.STARTED)], [])
    assert (status, change.type, change.status, change.version) == (
        "SUCCEEDED",
        ChangeType.AUTOMATED_SYNC,
        ChangeStatus.SYNCED,
        2,
    )
    assert change.user_id == CALLER.user_name
    assert [query.type for query in server.queries[asked:]] == ["IXFR"]  # the dispatcher has seen the SOA
    assert after.due == after.synced + timedelta(seconds=7200)
    assert after.timers.retry == 900


def test_a_zone_that_never_loaded_is_copied_as_soon_as_its_primary_answers(service, server):
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    zone = service.create(ZONE, primary(server), schedule="refresh")
    service.work()
    failed = service.zone(zone.id)
    assert (failed.state, failed.due) == (State.ERROR, failed.updated + timedelta(seconds=600))
    server.behave(hostile.honest())

    outcomes = fire(service, seconds=601)
    _, change = service.work()

    assert ends(outcomes) == [End.STARTED]
    assert (change.type, change.status, service.zone(zone.id).state) == (
        ChangeType.AUTOMATED_SYNC,
        ChangeStatus.SYNCED,
        State.ACTIVE,
    )


def test_a_sync_that_fails_is_tried_again_after_retry(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    server.behave(hostile.rcode(dns.rcode.REFUSED))

    fire(service, seconds=3601)
    _, change = service.work()

    after = service.zone(zone.id)
    assert change.status is ChangeStatus.FAILED
    assert after.due == change.finished + timedelta(seconds=600)


def test_a_primary_that_does_not_answer_is_asked_again_after_retry_and_the_zone_says_why(service, server):
    zone = loaded(service, server)
    store(service, zone, primaries=(Primary("127.0.0.1", 1024),))

    outcomes = fire(service, seconds=3601)
    silent = service.zone(zone.id)

    why = "127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused"
    assert outcomes == [Outcome(zone.id, End.UNANSWERED, why)]
    assert (silent.failure.reason, silent.state, silent.revision) == (why, State.ACTIVE, zone.revision)
    assert timedelta(0) <= service.now() + timedelta(seconds=600) - silent.due < timedelta(seconds=5)
    assert len(changes.listing(service.table, zone.id, 10)) == 1
    store(service, silent, primaries=(primary(server),))
    assert ends(fire(service, seconds=601)) == [End.UNCHANGED]
    assert service.zone(zone.id).failure is None


def test_the_question_is_signed(service):
    key = Key.of("transfer.")
    with Hostile({ZONE: FIRST}, keys=[key], require_key={ZONE: key.name}) as server:
        zone = service.create(ZONE, primary(server), schedule="refresh")
        give_key(service, zone, key)
        service.work()

        outcomes = fire(service, seconds=3601)

    assert ends(outcomes) == [End.UNCHANGED]
    assert server.queries[-1].type == "SOA"
    assert server.queries[-1].key == key.name


def test_the_second_primary_is_asked_where_the_first_does_not_answer(service, server):
    zone = service.create(ZONE, Primary("127.0.0.1", 1024), primary(server), schedule=60)
    service.work()
    server.reload(ZONE, SECOND)

    assert fire(service, seconds=61) == [Outcome(zone.id, End.STARTED)]


def test_primaries_of_one_zone_have_a_bounded_time_together(service, server, monkeypatch):
    zone = service.create(ZONE, primary(server), schedule=60)
    service.work()
    service.settings = replace(service.settings, idle_timeout=20)
    monkeypatch.setattr(dispatch, "PATIENCE", 1)
    over, honest = threading.Event(), server.answer
    server.answer = lambda query: over.wait(20) and honest(query)
    store(service, service.zone(zone.id), primaries=(primary(server),) * 3)

    began = time.monotonic()
    (outcome,) = fire(service, seconds=61)

    over.set()
    assert outcome.end is End.UNANSWERED
    assert re.findall(r"not over within ([\d.]+) s", outcome.reason) == ["1", "1", "1"]
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(("serial", "end"), [(1, End.UNCHANGED), (2, End.STARTED)])
def test_a_silent_first_primary_does_not_silence_the_second(service, server, monkeypatch, serial, end):
    zone = service.create(ZONE, primary(server), schedule=60)
    service.work()
    service.settings = replace(service.settings, idle_timeout=20)
    monkeypatch.setattr(dispatch, "PATIENCE", 1)
    server.reload(ZONE, FIRST.replace("joe\\.doe 1 ", f"joe\\.doe {serial} "))
    with Hostile({ZONE: FIRST}, soa=[hostile.stall()]) as silent:
        store(service, service.zone(zone.id), primaries=(primary(silent), primary(server)))

        outcomes = fire(service, seconds=61)

    assert outcomes == [Outcome(zone.id, end)]
    assert service.zone(zone.id).failure is None


def test_the_newest_primary_decides_whether_a_zone_has_moved(service, server):
    with Hostile({ZONE: SECOND}) as newer:
        zone = service.create(ZONE, primary(server), schedule=60)
        service.work()
        store(service, service.zone(zone.id), primaries=(primary(server), primary(newer)))

        started = fire(service, seconds=61)
        _, change = service.work()
        again = fire(service, seconds=61)

    assert (started, again) == ([Outcome(zone.id, End.STARTED)], [Outcome(zone.id, End.UNCHANGED)])
    assert (change.status, change.serial) == (ChangeStatus.SYNCED, 2)


def test_a_schedule_set_later_counts_from_the_last_sync(service, server):
    zone = loaded(service, server, None)
    service.ahead = timedelta(seconds=100)

    past = edit(service, zone, schedule=60)
    future = edit(service, past, schedule=7200)
    same = edit(service, future, description="x")

    assert past.due == zone.synced + timedelta(seconds=60)
    assert future.due == same.due == zone.synced + timedelta(seconds=7200)
    assert future.requestor == CALLER.user_name


def test_a_zone_that_never_loaded_is_due_at_once_when_it_gets_a_schedule(service, server):
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    zone = service.create(ZONE, primary(server))
    service.work()

    edited = edit(service, service.zone(zone.id), schedule=60)

    assert edited.due == edited.updated


def test_an_event_syncs_a_zone_and_keeps_the_delay(service, server):
    zone = loaded(service, server, None)
    change = syncs.announced(service, zone, sender="123456789012")
    status, ended = service.work()

    assert (status, ended.id, ended.type, ended.user_id) == (
        "SUCCEEDED",
        change.id,
        ChangeType.AUTOMATED_SYNC,
        "123456789012",
    )
    service.settings = replace(service.settings, sync_delay=600)
    with pytest.raises(RecentlySynced, match=r"zone example\.org\."):
        syncs.announced(service, service.zone(zone.id), sender="123456789012")


def test_the_soa_of_another_zone_is_no_answer(service, server):
    zone = loaded(service, server)
    server.behave(soa=[soa_of("other.example.")])

    (outcome,) = fire(service, seconds=3601)

    assert outcome.end is End.UNANSWERED
    said = f"{primary(server)}: the primary answers with the SOA of other.example., asked was {ZONE}"
    assert service.zone(zone.id).failure.reason == outcome.reason == said


def soa_of(name):
    """The right question, and the SOA of another zone."""
    owner = dns.name.from_text(name)
    return lambda answer: replace(answer, records=tuple(each._replace(owner=owner) for each in answer.records))
