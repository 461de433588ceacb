from datetime import timedelta

import pytest
from support.calls import CONTEXT, GROUP, NOW, sample
from zonewright.errors import TaskFault
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol.transfer import Soa
from zonewright.servers import primaries
from zonewright.servers.primaries import Look
from zonewright.store import duezones, zones
from zonewright.sync.dispatch import CLAIMED, End

from functions.sync import dispatch

NOTHING = dict.fromkeys(map(str, End), 0)
FORBIDDEN = "169.254.169.254: this service may not connect to this address and port"


@pytest.fixture
def zone(service):
    """A zone that is due, from a primary nobody may ask."""
    made = Zone(
        "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
        "sync-test.",
        GROUP,
        ZoneType.SECONDARY,
        NOW,
        primaries=(Primary("169.254.169.254"),),
        version=1,
        serial=7,
        schedule="refresh",
        requestor="joe",
        due=NOW - timedelta(seconds=1),
    )
    service.table.write(*zones.create(made))
    return made


def fire():
    return dispatch.handler(sample("sync_dispatch"), CONTEXT)


def test_nothing_is_due(service):
    assert fire() == NOTHING


def test_a_primary_without_an_answer_is_logged_with_its_zone(service, zone, caplog):
    answer = fire()

    told, done = caplog.records
    assert answer == NOTHING | {"unanswered": 1}
    assert (told.levelname, told.message) == ("WARNING", "scheduled sync unanswered")
    assert (told.zone_id, told.reason) == (zone.id, FORBIDDEN)
    assert (done.message, done.unanswered) == ("event done", 1)
    assert zones.get(service.table, zone.id).due == NOW + timedelta(seconds=600)
    assert fire() == NOTHING


def test_a_primary_that_went_back_is_logged_and_begins_no_execution(service, zone, monkeypatch, caplog):
    monkeypatch.setattr(primaries, "ask", lambda *_: (zone, [Look(zone.primaries[0], Soa(5, 3600, "."))]))

    answer = fire()

    told = caplog.records[0]
    assert answer == NOTHING | {"older": 1}
    assert (told.levelname, told.message) == ("WARNING", "scheduled sync older")
    assert told.reason.startswith("169.254.169.254: its serial 5 is older than 7, which we hold")
    assert not service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]


def test_a_sync_that_begins_is_an_execution(service, zone, monkeypatch):
    monkeypatch.setattr(primaries, "ask", lambda *_: (zone, [Look(zone.primaries[0], Soa(8, 3600, "."))]))

    answer = fire()

    (execution,) = service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    assert answer == NOTHING | {"started": 1}
    assert execution["name"] == zones.get(service.table, zone.id).holder


def test_a_fault_is_logged_with_its_trace(service, zone, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(primaries, "ask", fail)

    answer = fire()

    told = caplog.records[0]
    assert answer == NOTHING | {"fault": 1}
    assert (told.levelname, told.message, told.exc_info[0]) == ("ERROR", "scheduled sync not begun", RuntimeError)
    assert zones.get(service.table, zone.id).due == NOW + timedelta(seconds=CLAIMED)


def test_a_fault_of_the_table_is_a_fault_of_the_function(service, monkeypatch):
    monkeypatch.setattr(duezones, "due", lambda *_: 1 / 0)

    with pytest.raises(TaskFault, match="an internal error, logged under request request-7"):
        fire()
