"""Executions that end in none of their own states: stopped by hand, out of time, or without their Fail."""

import json
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
from primaries import Hostile, hostile
from support.calls import sample
from support.service import primary
from zonewright.model.change import ChangeStatus
from zonewright.model.states import State
from zonewright.store import changes

from functions.sync import stopped

ZONE = "example.org."
TEXT = """
$TTL 300
@    SOA ns1 joe {serial} 3600 600 86400 300
@    NS  ns1
ns1  A   192.0.2.53
www  A   192.0.2.{serial}
"""


@pytest.fixture
def server():
    with Hostile({ZONE: TEXT.format(serial=1)}) as server:
        yield server


@pytest.fixture
def zone(service, server):
    """A loaded zone whose primary has a newer serial."""
    made = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, TEXT.format(serial=2))
    return made


def stop(order, status="ABORTED", **detail):
    """What the service does when it hears how the execution of an order ended."""
    sent = sample("sync_stopped")
    about = {"name": order.sync_id, "status": status, "input": json.dumps({"order": asdict(order)})}
    return stopped.handler(sent | {"detail": sent["detail"] | about | detail}, SimpleNamespace(aws_request_id="r"))


def newest(service, zone):
    return changes.listing(service.table, zone.id, 1)[0]


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        pytest.param({"error": None, "cause": None}, "its execution was stopped", id="stopped"),
        pytest.param({}, "its execution was stopped: the primary is being moved", id="stopped, and said why"),
        pytest.param(
            {"status": "TIMED_OUT", "error": "States.Timeout", "cause": None},
            "it took longer than a sync may",
            id="out of time",
        ),
        pytest.param(
            {"status": "TIMED_OUT", "error": None, "cause": None}, "it took longer than a sync may", id="and no word"
        ),
        pytest.param(
            {"status": "FAILED", "error": "TaskFault", "cause": '{"errorMessage": "an internal error"}'},
            "an internal error",
            id="without its Fail",
        ),
    ],
)
def test_it_releases_the_zone_with_its_old_contents(service, zone, ended, reason):
    service.request(zone.id)

    answer = stop(service.orders.pop(), **ended)

    change, after = newest(service, zone), service.zone(zone.id)
    assert answer == {"zone_id": zone.id, "sync_id": change.id, "reason": reason, "succeeded": False}
    assert (change.status, change.reason) == (ChangeStatus.FAILED, reason)
    assert (after.state, after.holder, after.version, after.serial) == (State.ACTIVE, None, 1, 1)
    assert service.sync(zone.id)[1].serial == 2


def test_a_first_sync_that_is_stopped_leaves_an_error(service, server):
    zone = service.create(ZONE, primary(server))

    stop(service.orders.pop())

    assert service.zone(zone.id).state is State.ERROR
    assert service.sync(zone.id)[1].status is ChangeStatus.SYNCED


@pytest.mark.parametrize("task", ["transfer", "merge_range", "publish"])
def test_a_worker_that_goes_on_behind_it_changes_nothing(service, zone, task):
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100)
    service.request(zone.id)
    order = service.orders[-1]
    service.machine.before = lambda name, _event: stop(order) if name == task else None

    status, change = service.work()

    after = service.zone(zone.id)
    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert change.reason == "its execution was stopped: the primary is being moved"
    assert (after.state, after.holder, after.version, after.serial) == (State.ACTIVE, None, 1, 1)


def test_a_sync_that_has_ended_stays_as_it_ended(service, zone):
    service.request(zone.id)
    order = service.orders[-1]
    service.work()
    before = service.zone(zone.id), newest(service, zone)

    answer = stop(order, "FAILED")

    assert answer["succeeded"]
    assert (service.zone(zone.id), newest(service, zone)) == before


def test_a_zone_that_another_sync_holds_by_now_stays_held(service, zone, server):
    service.request(zone.id)
    dead = service.orders.pop()
    stop(dead)
    service.request(zone.id)
    held = service.zone(zone.id)

    stop(dead)

    assert service.zone(zone.id) == held
    assert service.work()[1].status is ChangeStatus.SYNCED


def test_a_dry_run_that_is_stopped_says_so_and_another_may_begin(service, zone):
    asked = service.ask(zone.id)

    answer = stop(service.orders.pop())

    report = service.report(asked)
    assert (report.change.status, report.change.reason) == (ChangeStatus.FAILED, answer["reason"])
    assert service.dry_run(zone.id)[1].change.counts.moved == 2


def test_an_execution_that_is_stopped_while_its_primary_says_nothing(service, zone, server):
    server.behave(hostile.stall(0))
    service.request(zone.id)
    stop(service.orders[-1])

    status, change = service.work()

    assert (status, change.reason) == ("FAILED", "its execution was stopped: the primary is being moved")
