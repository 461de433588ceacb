"""What handlers count: refusals and faults of the API by route, steps of syncs, and runs of the dispatcher."""

from contextlib import suppress
from datetime import timedelta

import pytest
from support.calls import CONTEXT, GROUP, NOBODYS, NOW, call, event, sample
from support.metrics import counts, recorded
from zonewright.errors import TaskFault, TransferRefused
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol.transfer import Soa
from zonewright.servers import primaries
from zonewright.servers.primaries import Look
from zonewright.store import zones
from zonewright.sync import steps

from functions.designate import get_zone, list_zones
from functions.edge import unknown_route
from functions.sync import dispatch, transfer


def test_an_answer_without_an_error_counts_nothing(service, capsys):
    assert call(list_zones.handler, event("designate_list_zones")).status == 200

    assert recorded(capsys) == []


def test_a_refusal_counts_by_its_route_and_names_no_zone(service, capsys):
    assert call(get_zone.handler, event("designate_get_zone", zone=NOBODYS)).status == 404

    assert counts(capsys) == {"Refusals": 1, ("Refusals", "GET /v2/zones/{zone_id}"): 1}


def test_a_path_without_a_route_is_one_route(service, capsys):
    call(unknown_route.handler, event("edge_unknown_route"), documented=False)

    assert counts(capsys) == {"Refusals": 1, ("Refusals", "$default"): 1}


def test_a_fault_counts_by_its_route(service, monkeypatch, capsys):
    monkeypatch.setattr(zones, "get", lambda *_: 1 / 0)

    assert call(get_zone.handler, event("designate_get_zone")).status == 500

    assert counts(capsys) == {"Faults": 1, ("Faults", "GET /v2/zones/{zone_id}"): 1}


@pytest.mark.parametrize(
    "error", [None, TransferRefused("192.0.2.53: the primary answered REFUSED"), RuntimeError("broken")]
)
def test_a_step_has_its_duration_however_it_ends(service, monkeypatch, capsys, error):
    def end(*_):
        if error:
            raise error

    monkeypatch.setattr(steps, "transfer", end)
    with suppress(TransferRefused, TaskFault):
        transfer.handler(sample("sync_transfer"), CONTEXT)

    ((values, sets),) = recorded(capsys)
    assert (list(values), sets[1]) == (["StepSeconds"], {"service": "zonewright", "Step": "transfer"})
    assert values["StepSeconds"][0][0] >= 0


@pytest.fixture
def due(service):
    """A function that makes a zone that has been due for some seconds."""

    def make(number, seconds, serial=7):
        zone = Zone(
            f"a86dba58-0043-4cc6-a1bb-69d5e86f3c{number:02}",
            f"z{number}.",
            GROUP,
            ZoneType.SECONDARY,
            NOW,
            primaries=(Primary("192.0.2.53"),),
            version=1,
            serial=serial,
            schedule="refresh",
            requestor="joe",
            due=NOW - timedelta(seconds=seconds),
        )
        service.table.write(*zones.create(zone))
        return zone

    return make


def test_a_run_that_finds_nothing_due_counts_nothing(service, capsys):
    dispatch.handler(sample("sync_dispatch"), CONTEXT)

    assert recorded(capsys) == []


def test_a_run_tells_how_far_the_copies_are_behind_and_how_late_it_is(service, due, monkeypatch, capsys):
    for number, seconds, serial in ((10, 5, 7), (11, 90, 12), (12, 30, 12)):
        due(number, seconds, serial)
    monkeypatch.setattr(
        primaries, "ask", lambda _, __, ___, zone: (zone, [Look(zone.primaries[0], Soa(12, 3600, "."))])
    )

    dispatch.handler(sample("sync_dispatch"), CONTEXT)

    assert counts(capsys) == {
        "Looks": 3,
        "ZonesLeft": 0,
        "OldestDueSeconds": 90,
        "ZonesBehind": 1,
        "SerialLag": 5,
    }


def test_a_lag_is_counted_over_the_end_of_the_serials(service, due, monkeypatch, capsys):
    due(10, 5, serial=2**32 - 3)
    monkeypatch.setattr(primaries, "ask", lambda _, __, ___, zone: (zone, [Look(zone.primaries[0], Soa(4, 3600, "."))]))

    dispatch.handler(sample("sync_dispatch"), CONTEXT)

    assert counts(capsys)["SerialLag"] == 7


def test_zones_that_a_run_leaves_are_counted(service, due, monkeypatch, capsys):
    due(10, 5)
    monkeypatch.setattr("zonewright.sync.dispatch.BUDGET", 0)

    dispatch.handler(sample("sync_dispatch"), CONTEXT)

    found = counts(capsys)
    assert (found["ZonesLeft"], found["Looks"], found["OldestDueSeconds"]) == (1, 0, 5)
