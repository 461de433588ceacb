"""Guards of their own of zones that are created."""

import pytest
from support.calls import call, event
from support.zones import SECONDARY, refused
from zonewright.model.guards import OwnGuards
from zonewright.store import zones

from functions.designate import create_zone

NO_GUARDS = {"zone_records": None, "deleted_percent": None, "changed_percent": None}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param(
            {"zone_records": 1, "deleted_percent": 0, "changed_percent": 100},
            {"zone_records": 1, "deleted_percent": 0, "changed_percent": 100},
            id="all",
        ),
        pytest.param({"deleted_percent": 10, "changed_percent": None}, NO_GUARDS | {"deleted_percent": 10}, id="one"),
        pytest.param(NO_GUARDS, None, id="none of three"),
        pytest.param({}, None, id="none"),
        pytest.param(None, None, id="null"),
    ],
)
def test_a_secondary_zone_may_have_guards_of_its_own(service, sent, shown):
    answer = call(create_zone.handler, event("designate_create_zone", json=SECONDARY | {"guards": sent}))

    assert (answer.status, answer.json["guards"]) == (201, shown)
    assert zones.get(service.table, answer.json["id"]).guards == (OwnGuards(**shown) if shown else None)


@pytest.mark.parametrize(
    ("guards", "path", "message"),
    [
        (5, ["guards"], "guards: 5 is not of type 'object'"),
        ({"records": 1}, ["guards"], "Keys ['records'] are not valid for 'guards'"),
        (
            {"zone_records": 0},
            ["guards", "zone_records"],
            "zone_records: 0 is not null or a number from 1 to 2147483647",
        ),
        (
            {"deleted_percent": 101},
            ["guards", "deleted_percent"],
            "deleted_percent: 101 is not null or a number from 0 to 100",
        ),
        (
            {"changed_percent": -1},
            ["guards", "changed_percent"],
            "changed_percent: -1 is not null or a number from 0 to 100",
        ),
        (
            {"changed_percent": True},
            ["guards", "changed_percent"],
            "changed_percent: true is not null or a number from 0 to 100",
        ),
        (
            {"changed_percent": "10"},
            ["guards", "changed_percent"],
            "changed_percent: '10' is not null or a number from 0 to 100",
        ),
    ],
)
def test_what_are_no_guards_is_refused_with_every_other_reason(service, guards, path, message):
    new = SECONDARY | {"guards": guards, "schedule": 1}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    other, reason = answer.json["errors"]["errors"]
    assert (answer.status, other["path"], reason["path"], reason["message"]) == (400, ["schedule"], path, message)


@pytest.mark.parametrize(("records", "status"), [(1000, 201), (1001, 400)])
def test_a_zones_own_records_are_at_most_the_deployments(service, monkeypatch, records, status):
    monkeypatch.setenv("ZONE_RECORDS", "1000")

    answer = call(
        create_zone.handler, event("designate_create_zone", json=SECONDARY | {"guards": {"zone_records": records}})
    )

    assert answer.status == status
    if status == 400:
        said = "zone_records: 1001 is not null or a number from 1 to 1000, the most this service takes"
        refused(answer, 400, "invalid_object", f"Provided object does not match schema: {said}")


def test_a_primary_zone_cannot_have_guards(service):
    new = {"name": "a.org.", "email": "j@a.org", "guards": {"zone_records": 5}}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    refused(
        answer,
        400,
        "invalid_object",
        "Provided object does not match schema: 'guards' are not allowed in a PRIMARY zone: nothing is copied into it",
    )
