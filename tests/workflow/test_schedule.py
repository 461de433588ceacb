"""What is due is begun, once; by the dispatcher, from primaries that have something new, nothing new, or no answer."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import dns.rcode
import pytest
from primaries import Hostile, Key, hostile
from workflow.conftest import CALLER, primary
from workflow.test_sync import FIRST, SECOND, ZONE, give_key
from zonewright.actions import zones
from zonewright.errors import RecentlySynced
from zonewright.model.change import ChangeStatus, ChangeType
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import changes, keys
from zonewright.store import zones as store
from zonewright.store.table import Put, Table, encode_item
from zonewright.sync import dispatch, lifecycle, steps
from zonewright.sync.dispatch import BUDGET, CLAIM, End, Outcome


class OneAtATime:
    """A client of moto's for several threads: its transactions are no such thing among themselves."""

    def __init__(self, client):
        self._client = client
        self._lock = threading.RLock()
        self.calls = []

    def __getattr__(self, name):
        made = getattr(self._client, name)
        if not callable(made):
            return made

        def call(**arguments):
            with self._lock:
                self.calls.append((name, arguments.get("IndexName", "")))
                return made(**arguments)

        return call


@pytest.fixture
def service(service):
    """The service, for threads."""
    service.run.table = Table(OneAtATime(service.run.table.client), service.run.table.name)
    return service


@pytest.fixture
def server():
    with Hostile({ZONE: FIRST}) as server:
        yield server


def fire(service, **after):
    """Let the dispatcher run `after` so long (as of now): what came of each zone."""
    if after:
        service.run.ahead = (service.run.ahead or timedelta()) + timedelta(**after)
    run = service.run
    return dispatch.due_zones(run.table, run.vault, service, run.settings, run.now)


def loaded(service, server, schedule="refresh"):
    """A zone with a schedule and its first contents."""
    zone = service.create(ZONE, primary(server), schedule=schedule)
    service.work()
    return service.zone(zone.id)


def edit(service, zone, **fields):
    run = service.run
    return zones.update(run.table, run.bucket, run.settings, zone, zones.Edit(**fields), CALLER, run.now())


def ends(outcomes):
    return [each.end for each in outcomes]


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
    service.run.bucket = None  # nothing of it is read

    outcomes = fire(service, seconds=3601)

    after = service.zone(zone.id)
    assert outcomes == [Outcome(zone.id, End.UNCHANGED)]
    assert service.orders == []
    assert after == replace(zone, due=after.due)
    assert timedelta(0) <= service.run.now() + timedelta(seconds=3600) - after.due < timedelta(seconds=5)
    assert len(changes.listing(service.run.table, zone.id, 10)) == 1
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
    before = service.zone(zone.id)
    gone = edit(service, before, primaries=(Primary("127.0.0.1", 1024),))

    outcomes = fire(service, seconds=3601)
    silent = service.zone(zone.id)

    why = "127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused"
    assert outcomes == [Outcome(zone.id, End.UNANSWERED, why)]
    assert (silent.unanswered, silent.state, silent.revision) == (why, State.ACTIVE, gone.revision)
    assert timedelta(0) <= service.run.now() + timedelta(seconds=600) - silent.due < timedelta(seconds=5)
    assert len(changes.listing(service.run.table, zone.id, 10)) == 2
    edit(service, silent, primaries=(primary(server),))
    assert ends(fire(service, seconds=601)) == [End.UNCHANGED]
    assert service.zone(zone.id).unanswered is None


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
    service.run.settings = replace(service.run.settings, idle_timeout=20)
    monkeypatch.setattr(dispatch, "PATIENCE", 1)
    over, honest = threading.Event(), server.answer
    server.answer = lambda query: over.wait(20) and honest(query)
    edit(service, service.zone(zone.id), primaries=(primary(server),) * 3)

    (outcome,) = fire(service, seconds=61)

    over.set()
    assert outcome.end is End.UNANSWERED
    first, *others = re.findall(r"not over within ([\d.]+) s", outcome.reason)
    assert first == "1"
    assert set(others) <= {"0"}


def test_a_syncing_zone_is_not_due_until_its_lease_is_over(service, server):
    zone = loaded(service, server)
    service.request(zone.id)

    assert fire(service, seconds=3601) == []
    assert service.zone(zone.id).due > service.run.now()


def test_a_sync_that_died_is_followed_by_another_when_its_lease_is_over(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    fire(service, seconds=3601)
    dead = service.orders.pop()

    outcomes = fire(service, seconds=service.run.settings.sync_lease + 2)
    _, change = service.work()

    assert ends(outcomes) == [End.STARTED]
    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 2)
    orphan = changes.listing(service.run.table, zone.id, 10)[1]
    assert (orphan.id, orphan.status) == (dead.sync_id, ChangeStatus.FAILED)


def test_a_dispatcher_that_dies_behind_its_claim_leaves_the_zone_to_a_later_one(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)

    def die(*_):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "ask", die)
        (died,) = fire(service, seconds=3601)
    soon = fire(service, seconds=CLAIM - 5)
    later = fire(service, seconds=10)

    assert (died.end, str(died.error), soon) == (End.FAULT, "killed", [])
    assert later == [Outcome(zone.id, End.STARTED)]


def test_a_sync_that_cannot_be_started_is_a_fault_and_due_after_retry(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    monkeypatch.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route to Step Functions")))

    (outcome,) = fire(service, seconds=3601)

    after = service.zone(zone.id)
    assert (outcome.end, outcome.reason) == (End.FAULT, "no route to Step Functions")
    assert (after.state, after.due) == (State.ACTIVE, after.updated + timedelta(seconds=600))


def test_one_zones_fault_does_not_stop_the_others(service, server, monkeypatch):
    other = "other.example."
    server.reload(other, FIRST.replace("example.org", "other.example"))
    broken = loaded(service, server)
    service.create(other, primary(server), schedule="refresh")
    service.work()
    ask = steps.ask

    def fail_one(table, vault, settings, zone):
        if zone.id == broken.id:
            raise RuntimeError("broken")
        return ask(table, vault, settings, zone)

    monkeypatch.setattr(steps, "ask", fail_one)

    assert sorted(ends(fire(service, seconds=3610))) == [End.FAULT, End.UNCHANGED]


def test_of_two_dispatchers_at_once_one_begins_the_sync(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    service.run.ahead = timedelta(seconds=3601)
    together = threading.Barrier(4)

    def race():
        together.wait()
        return fire(service)

    with ThreadPoolExecutor(4) as pool:
        outcomes = [each for racer in [pool.submit(race) for _ in range(4)] for each in racer.result()]

    assert ends(outcomes).count(End.STARTED) == 1
    assert set(ends(outcomes)) <= {End.STARTED, End.SKIPPED}
    assert [order.zone_id for order in service.orders] == [zone.id]
    assert [query.type for query in server.queries].count("SOA") == 1


def test_a_request_that_comes_between_has_the_zone(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    ask = steps.ask

    def request_meanwhile(*arguments):
        found = ask(*arguments)
        service.request(zone.id)
        return found

    monkeypatch.setattr(steps, "ask", request_meanwhile)
    (outcome,) = fire(service, seconds=3601)

    assert outcome.end is End.SKIPPED
    assert outcome.reason.startswith(f"zone {ZONE} is already syncing since ")
    assert [order.trigger for order in service.orders] == ["request"]
    _, change = service.work()
    assert service.zone(zone.id).due == change.finished + timedelta(seconds=3600)


def test_a_schedule_that_is_taken_away_meanwhile_stays_away(service, server, monkeypatch):
    zone = loaded(service, server)
    ask = steps.ask

    def edit_meanwhile(*arguments):
        edit(service, service.zone(zone.id), schedule=None)
        return ask(*arguments)

    monkeypatch.setattr(steps, "ask", edit_meanwhile)
    fire(service, seconds=3601)

    after = service.zone(zone.id)
    assert (after.schedule, after.due, after.requestor) == (None, None, None)
    assert fire(service, days=2) == []


def test_a_zone_taken_for_a_sync_while_its_schedule_went_away_is_due_no_more(service, server):
    zone = loaded(service, server)
    stale = service.zone(zone.id)
    edit(service, stale, schedule=None)
    run = service.run

    lifecycle.scheduled(run.table, service, run.settings, stale, run.now())
    assert service.zone(zone.id).due is not None
    service.work()

    assert service.zone(zone.id).due is None


@pytest.mark.parametrize("fields", [{"schedule": None}, {"primaries": ()}], ids=["schedule", "primaries"])
def test_a_zone_in_the_index_that_cannot_be_synced_leaves_it(service, server, fields):
    zone = loaded(service, server)
    service.run.table.write(Put(store.to_item(replace(zone, **fields))))

    outcomes = fire(service, seconds=3601)

    assert outcomes == [Outcome(zone.id, End.SKIPPED, "it has no schedule")]
    assert service.zone(zone.id).due is None


def test_a_held_zone_that_is_due_is_skipped_and_looked_at_again(service, server):
    zone = loaded(service, server)
    lease = int(service.run.now().timestamp()) + 10_000
    held = replace(zone, state=State.PENDING_UPDATE, holder="update", lease=lease, held_since=zone.synced)
    service.run.table.write(Put(store.to_item(held)))

    (outcome,) = fire(service, seconds=3601)

    assert outcome.end is End.SKIPPED
    assert outcome.reason.startswith(f"zone {ZONE} has a pending update since ")
    assert service.zone(zone.id).state is State.PENDING_UPDATE
    assert service.zone(zone.id).due > service.run.now()


def test_a_schedule_set_later_counts_from_the_last_sync(service, server):
    zone = loaded(service, server, None)
    service.run.ahead = timedelta(seconds=100)

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


def many(service, count, due, server):
    """`count` loaded zones with a schedule, of which `due` are, straight into the table."""
    now = service.run.now()
    client, name = service.run.table.client, service.run.table.name
    made = [
        Zone(
            f"zone-{number}",
            ZONE,
            "group",
            ZoneType.SECONDARY,
            now,
            primaries=(primary(server),),
            version=1,
            serial=1,
            synced=now,
            schedule="refresh",
            due=now - timedelta(seconds=1) if number < due else now + timedelta(hours=1),
        )
        for number in range(count)
    ]
    for first in range(0, count, 25):
        requests = [{"PutRequest": {"Item": encode_item(store.to_item(zone))}} for zone in made[first : first + 25]]
        client.batch_write_item(RequestItems={name: requests})
    client.calls.clear()


def test_of_a_thousand_zones_only_those_that_are_due_are_read(service, server, monkeypatch):
    service.run.settings = replace(service.run.settings, idle_timeout=30)
    monkeypatch.setattr(dispatch, "PATIENCE", 30)
    many(service, 1000, 10, server)

    outcomes = fire(service)

    calls = service.run.table.client.calls
    assert sorted(each.zone_id for each in outcomes) == [f"zone-{number}" for number in range(10)]
    assert set(ends(outcomes)) == {End.UNCHANGED}
    assert calls.count(("query", keys.DUE_INDEX)) == len(keys.DUE)
    assert calls.count(("get_item", "")) == 10
    assert calls.count(("transact_write_items", "")) == 20  # claimed, and settled


def test_nothing_due_costs_sixteen_queries(service, server):
    many(service, 25, 0, server)

    assert fire(service) == []
    assert service.run.table.client.calls == [("query", keys.DUE_INDEX)] * len(keys.DUE)


def test_what_time_does_not_suffice_for_stays_due(service, server, monkeypatch):
    many(service, 5, 5, server)
    monkeypatch.setattr(dispatch, "AT_ONCE", 1)
    ask = steps.ask

    def slow(*arguments):
        service.run.ahead = (service.run.ahead or timedelta()) + timedelta(seconds=BUDGET / 2 + 1)
        return ask(*arguments)

    monkeypatch.setattr(steps, "ask", slow)
    first = fire(service)
    second = fire(service)

    assert ends(first) == [End.UNCHANGED] * 2 + [End.LEFT] * 3
    assert [each.zone_id for each in second] == [each.zone_id for each in first[2:]]


def test_many_primaries_are_asked_at_the_same_time(service, server):
    many(service, 8, 8, server)
    service.run.settings = replace(service.run.settings, idle_timeout=30)
    together, honest = threading.Barrier(8), server.answer

    def wait_for_the_others(query):
        together.wait(5)
        return honest(query)

    server.answer = wait_for_the_others

    assert ends(fire(service)) == [End.UNCHANGED] * 8


def test_an_event_syncs_a_zone_and_keeps_the_delay(service, server):
    zone = loaded(service, server, None)
    run = service.run
    change = lifecycle.announced(run.table, service, run.settings, zone, "123456789012", run.now())
    status, ended = service.work()

    assert (status, ended.id, ended.type, ended.user_id) == (
        "SUCCEEDED",
        change.id,
        ChangeType.AUTOMATED_SYNC,
        "123456789012",
    )
    service.run.settings = replace(run.settings, sync_delay=600)
    with pytest.raises(RecentlySynced, match=r"Zone example.org. was recently synced"):
        lifecycle.announced(run.table, service, service.run.settings, service.zone(zone.id), "123456789012", run.now())
