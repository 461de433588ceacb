from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import CONTEXT, GROUP, NOW, sample
from zonewright.errors import TaskFault
from zonewright.model.change import ChangeType
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import changes, keys, zones
from zonewright.store.table import Put

from functions.sync import announced

ZONE = Zone(
    "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "sync-test.",  # the one in events/
    GROUP,
    ZoneType.SECONDARY,
    NOW - timedelta(days=1),
    primaries=(Primary("192.0.2.1"),),
    version=1,
    serial=7,
    synced=NOW - timedelta(seconds=600),
)


@pytest.fixture
def zone(service):
    service.table.write(*zones.create(ZONE))
    return ZONE


def announce(**detail):
    sent = sample("sync_announced")
    return announced.handler(sent | {"detail": detail} if detail else sent, CONTEXT)


@pytest.mark.parametrize(
    "detail", [{}, {"zone_name": "Sync-Test"}, {"zone_id": ZONE.id}], ids=["sample", "name without a dot", "id"]
)
def test_the_zone_an_event_names_is_synced(service, zone, detail):
    answer = announce(**detail)

    held = zones.get(service.table, zone.id)
    (change,) = changes.listing(service.table, zone.id, 10)
    executions = service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    assert answer == {"zone_id": zone.id, "sync_id": held.holder}
    assert held.state is State.SYNCING
    assert (change.id, change.type, change.user_id) == (held.holder, ChangeType.AUTOMATED_SYNC, "123456789012")
    assert [each["name"] for each in executions] == [held.holder]


@pytest.mark.parametrize(
    ("fields", "error", "reason"),
    [
        pytest.param(
            {"synced": NOW - timedelta(seconds=599)},
            "RecentlySynced",
            "recently synced: zone sync-test., ended 2026-01-15 12:24:57.275934+00:00, delay 600",
            id="too soon",
        ),
        pytest.param(
            {"state": State.SYNCING, "holder": "h", "lease": 4_000_000_000, "held_since": NOW},
            "SyncInProgress",
            "zone sync-test. is already syncing since 12:34:56Z",
            id="held",
        ),
        pytest.param(
            {"type": ZoneType.PRIMARY, "primaries": ()},
            "NoPrimary",
            "zone sync-test. has no server to transfer from",
            id="primary",
        ),
        pytest.param(
            {"state": State.DELETED}, "ZoneNameNotFound", "zone name not found: zone sync-test.", id="deleted"
        ),
    ],
)
def test_a_zone_that_cannot_be_synced_now_is_logged_and_not_tried_again(service, zone, caplog, fields, error, reason):
    before = replace(zone, **fields)
    service.table.write(Put(zones.to_item(before)))

    answer = announce()

    (line,) = caplog.records
    assert answer == {"refused": reason}
    assert (line.levelname, line.message, line.error, line.reason) == ("WARNING", "event refused", error, reason)
    assert line.event_id == sample("sync_announced")["id"]
    assert zones.get(service.table, zone.id) == before


def test_an_event_beyond_the_budget_of_the_project_is_tried_again(service, zone, caplog, monkeypatch):
    monkeypatch.setenv("RUNNING_SYNCS", "1")
    service.table.write(Put(keys.slot("RUNS", GROUP, 0) | {"holder": "other", "expires": 4_000_000_000}))

    with pytest.raises(TaskFault, match="has 1 syncs and dry runs running, the most at once"):
        announce()

    assert caplog.records[-1].error == "TooManyRequests"
    assert zones.get(service.table, zone.id) == zone
    service.table.delete([keys.slot("RUNS", GROUP, 0)])
    assert announce()["zone_id"] == zone.id


def test_a_zone_that_is_not_there_is_logged(service, caplog):
    announce(zone_id="5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11")

    (line,) = caplog.records
    assert line.reason == "zone not found: zone 5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11"


@pytest.mark.parametrize(
    "detail",
    [
        {"zone": "sync-test."},
        {"zone_id": ZONE.id, "zone_name": "sync-test."},
        {"zone_id": 7},
        {"zone_id": ""},
        {"zone_name": None},
    ],
)
def test_an_event_that_names_no_zone_is_logged(zone, detail, caplog):
    announce(**detail)

    (line,) = caplog.records
    assert line.error == "Invalid"
    assert line.reason.startswith("the detail of an event has to have a zone_id or a zone_name, not {")


@pytest.mark.parametrize("detail", ["sync-test.", None])
def test_a_detail_that_is_no_object_is_logged(service, detail, caplog):
    announced.handler(sample("sync_announced") | {"detail": detail}, CONTEXT)

    (line,) = caplog.records
    assert line.error == "Invalid"
