from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, REQUEST_ID, call, event
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import changes, zones
from zonewright.store.table import Put

from functions.designate import transfer_zone

ZONE = Zone(
    "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",  # the one in events/
    "sync-test.",
    GROUP,
    ZoneType.SECONDARY,
    NOW - timedelta(days=1),
    primaries=(Primary("192.0.2.1"),),
    version=1,
    serial=7,
    synced=NOW,
)
HELD = {"holder": "h", "lease": 4_000_000_000, "held_since": NOW}


@pytest.fixture
def zone(service):
    service.table.write(*zones.create(ZONE))
    return ZONE


def transfer():
    return call(transfer_zone.handler, event("designate_transfer_zone"))


def test_a_secondary_zone_is_transferred_at_any_time(service, zone):
    answer = transfer()

    held = zones.get(service.table, zone.id)
    ((order, name),) = [
        (service.workflow.client.describe_execution(executionArn=each["executionArn"])["input"], each["name"])
        for each in service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    ]
    assert (answer.status, answer.body) == (202, "")
    assert answer.headers == {"x-openstack-request-id": f"req-{REQUEST_ID}"}
    assert (held.state, held.holder) == (State.SYNCING, name)
    assert '"trigger": "refresh"' in order
    assert [change.id for change in changes.listing(service.table, zone.id, 10, None)] == [name]


@pytest.mark.parametrize(
    ("fields", "status", "kind", "message"),
    [
        pytest.param(
            {"type": ZoneType.PRIMARY, "primaries": ()},
            400,
            "bad_request",
            "Can't XFR a non Secondary zone.",
            id="primary",
        ),
        pytest.param(
            {"state": State.SYNCING} | HELD,
            400,
            "bad_request",
            "zone sync-test. is already syncing since 12:34:56Z",
            id="syncing",
        ),
        pytest.param(
            {"state": State.PENDING_UPDATE} | HELD,
            409,
            "zone_busy",
            "zone sync-test. has a pending update since 12:34:56Z",
            id="pending update",
        ),
        pytest.param({"state": State.DELETED}, 404, "zone_not_found", f"Could not find Zone: {ZONE.id}", id="deleted"),
    ],
)
def test_a_zone_that_cannot_be_transferred_now_says_why(service, zone, fields, status, kind, message):
    before = replace(zone, **fields)
    service.table.write(Put(zones.to_item(before)))

    answer = transfer()

    assert (answer.status, answer.json["type"], answer.json["message"]) == (status, kind, message)
    assert zones.get(service.table, zone.id) == before
