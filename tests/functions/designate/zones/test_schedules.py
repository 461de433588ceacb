"""Schedules of zones that are created."""

from datetime import UTC, datetime

import pytest
from support.calls import call, event
from support.zones import SECONDARY, refused
from zonewright.store import zones

from functions.designate import create_zone


@pytest.mark.parametrize("schedule", ["refresh", 60, 2**31 - 1, "0 30 2 ? * MON-FRI"])
def test_a_secondary_zone_may_have_a_schedule(service, schedule):
    answer = call(create_zone.handler, event("designate_create_zone", json=SECONDARY | {"schedule": schedule}))

    made = zones.get(service.table, answer.json["id"])
    assert (answer.status, answer.json["schedule"], answer.json["next_sync_at"]) == (201, schedule, None)
    assert (made.schedule, made.requestor) == (schedule, "ok")
    assert made.due < datetime.fromtimestamp(made.lease, UTC)  # a first sync that nobody starts is started again


@pytest.mark.parametrize(
    ("sent", "setting", "schedule"),
    [
        pytest.param({}, "", None, id="none"),
        pytest.param({}, "refresh", "refresh", id="refresh"),
        pytest.param({}, "3600", 3600, id="interval"),
        pytest.param({"schedule": 90}, "refresh", 90, id="another one asked for"),
        pytest.param({"schedule": None}, "refresh", None, id="none asked for"),
    ],
)
def test_a_schedule_nobody_speaks_of_is_the_deployments(service, monkeypatch, sent, setting, schedule):
    monkeypatch.setenv("DEFAULT_SCHEDULE", setting)

    answer = call(create_zone.handler, event("designate_create_zone", json=SECONDARY | sent))

    assert (answer.status, answer.json["schedule"]) == (201, schedule)


def test_a_primary_zone_has_no_schedule_whatever_the_deployments(service, monkeypatch):
    monkeypatch.setenv("DEFAULT_SCHEDULE", "refresh")

    answer = call(create_zone.handler, event("designate_create_zone"))

    assert (answer.status, "schedule" in answer.json) == (201, False)
    assert zones.get(service.table, answer.json["id"]).due is None


@pytest.mark.parametrize(
    ("schedule", "shown"),
    [
        (59, "59"),
        (2**31, "2147483648"),
        ("hourly", "'hourly'"),
        ("0 30 2 * * *", "'0 30 2 * * *'"),
        ("", "''"),
        (60.5, "60.5"),
        (True, "true"),
        ([60], "[60]"),
    ],
)
def test_what_is_no_schedule_is_refused_with_every_other_reason(service, schedule, shown):
    new = SECONDARY | {"schedule": schedule, "ttl": 60}

    body = call(create_zone.handler, event("designate_create_zone", json=new)).json

    ttl, reason = body["errors"]["errors"]
    assert (ttl["path"], reason["path"], reason["validator"]) == (["ttl"], ["schedule"], "schedule")
    assert reason["message"] == (
        f"schedule: {shown} is not null, 'refresh', a number of seconds from 60 to 2147483647, "
        "or a cron expression such as '0 30 2 ? * *'"
    )


def test_a_primary_zone_cannot_have_a_schedule(service):
    new = {"name": "a.org.", "email": "j@a.org", "schedule": "refresh"}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    refused(
        answer,
        400,
        "invalid_object",
        "Provided object does not match schema: 'schedule' is not allowed in a PRIMARY zone: nothing is copied into it",
    )
