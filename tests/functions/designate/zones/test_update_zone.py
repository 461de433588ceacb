from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, TOKEN, call, event
from zonewright.model.schedule import Timers
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.service import current
from zonewright.store import zones
from zonewright.store.table import Put

from functions.designate import get_zone, update_zone
from functions.vinyldns import get_zone as vinyldns_zone


@pytest.fixture
def zone(service, zone):
    service.clock.now += timedelta(seconds=5)
    return zone


def patch(zone, body):
    return call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json=body))


def test_the_seeds_example_changes_the_ttl_and_moves_the_serial(zone):
    answer = call(update_zone.handler, event("designate_update_zone", zone=zone["id"]))

    changed = zone | {
        "ttl": 3600,
        "serial": zone["serial"] + 5,
        "version": 2,
        "updated_at": "2026-01-15T12:35:01.275934",
    }
    assert answer.status == 200
    assert answer.json == {**changed, "zone": changed}
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["zone"] == changed


def test_todays_release_answers_202(zone, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")
    current.cache_clear()

    assert patch(zone, {"ttl": 60}).status == 202


def test_a_description_may_be_taken_away_and_is_else_kept(zone):
    assert patch(zone, {"ttl": 60}).json["description"] == "This is an example zone."
    assert patch(zone, {"description": None}).json["description"] is None


def test_nothing_to_change_is_a_change(zone):
    answer = patch(zone, {})

    assert (answer.status, answer.json["version"], answer.json["serial"]) == (200, 2, zone["serial"])


def test_what_cannot_change_may_be_sent_as_it_is(zone):
    same = {name: zone[name] for name in ("name", "type", "project_id")}

    assert patch(zone, same).status == 200


def test_a_client_can_send_what_it_read(zone):
    read = call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json

    same = patch(zone, read)
    changed = patch(zone, same.json | {"ttl": 60, "description": "new"})
    alone = patch(zone, {"zone": changed.json["zone"] | {"ttl": 61}})

    assert (same.status, same.json["ttl"], same.json["serial"]) == (200, read["ttl"], read["serial"])
    assert (changed.status, changed.json["ttl"], changed.json["description"]) == (200, 60, "new")
    assert (alone.status, alone.json["ttl"]) == (200, 61)


@pytest.mark.parametrize("name", ["id", "status", "version", "created_at", "links", "zone", "shared", "serial"])
def test_a_read_only_field_with_another_value_is_refused_by_its_name(zone, name):
    answer = patch(zone, {name: "other", "ttl": 60})

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert f"Keys ['{name}'] are not valid for zone" in answer.json["message"]
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["zone"] == zone


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"name": "other.org."}, ["name"], id="name"),
        pytest.param({"type": "SECONDARY"}, ["type"], id="type"),
        pytest.param({"project_id": "other"}, ["project_id"], id="project"),
        pytest.param({"masters": ["192.0.2.1"]}, ["masters"], id="masters"),
        pytest.param({"serial": 7}, ["serial"], id="serial"),
        pytest.param({"ttl": None}, ["ttl"], id="null ttl"),
        pytest.param({"email": None}, ["email"], id="null email"),
        pytest.param({"email": "joe+dns@x.org"}, ["email"], id="email"),
    ],
)
def test_what_cannot_be_is_refused_and_the_zone_is_as_before(zone, body, path):
    answer = patch(zone, body)

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert [reason["path"] for reason in answer.json["errors"]["errors"]] == [path]
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["zone"] == zone


def test_a_syncing_zone_is_read_only(service, zone):
    stored = zones.get(service.table, zone["id"])
    held = replace(stored, state=State.SYNCING, holder="h", lease=4_000_000_000, held_since=service.clock.now)
    service.table.write(Put(zones.to_item(held)))

    answer = patch(zone, {"ttl": 60})

    assert (answer.status, answer.json["type"]) == (409, "zone_busy")
    assert answer.json["message"] == "zone example.org. is read-only: it is syncing since 12:35:01Z"
    shown = call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json
    assert (shown["status"], shown["action"]) == ("PENDING", "UPDATE")


@pytest.fixture
def secondary(service):
    """A zone that was copied a while ago."""
    made = Zone(
        "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
        "copy.org.",
        GROUP,
        ZoneType.SECONDARY,
        NOW,
        email="hostmaster@example.org",
        primaries=(Primary("192.0.2.1"),),
        version=1,
        serial=7,
        synced=NOW,
        timers=Timers(7200, 900),
    )
    service.table.write(*zones.create(made))
    return {"id": made.id}


def test_a_client_can_send_what_it_read_of_a_copy(secondary):
    read = call(get_zone.handler, event("designate_get_zone", zone=secondary["id"])).json

    answer = patch(secondary, read | {"description": "new"})

    assert (answer.status, answer.json["description"]) == (200, "new")
    assert {name: answer.json[name] for name in ("email", "ttl", "masters")} == {
        name: read[name] for name in ("email", "ttl", "masters")
    }


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("refresh", "2026-01-15T14:34:56.275934"),
        (90, "2026-01-15T12:36:26.275934"),
        ("0 30 2 ? * *", "2026-01-16T02:30:00.000000"),
    ],
)
def test_a_schedule_counts_from_the_last_sync(service, secondary, schedule, due):
    answer = patch(secondary, {"schedule": schedule})

    assert (answer.status, answer.json["schedule"], answer.json["next_sync_at"]) == (200, schedule, due)
    assert zones.get(service.table, secondary["id"]).requestor == "ok"


def test_vinyldns_is_told_of_a_schedule_by_the_calendar_and_no_other(secondary):
    shown = []
    for schedule in ("0 30 2 ? * *", 90, None):
        patch(secondary, {"schedule": schedule})
        asked = event("vinyldns_get_zone", zone=secondary["id"], headers={"x-auth-token": TOKEN})
        zone = call(vinyldns_zone.handler, asked).json["zone"]
        shown.append({name: zone[name] for name in ("recurrenceSchedule", "scheduleRequestor") if name in zone})

    assert shown == [{"recurrenceSchedule": "0 30 2 ? * *", "scheduleRequestor": "ok"}, {}, {}]


def test_a_schedule_may_be_taken_away_and_is_else_kept(secondary):
    patch(secondary, {"schedule": 90})

    kept = patch(secondary, {"description": "x"}).json
    gone = patch(secondary, {"schedule": None}).json

    assert (kept["schedule"], kept["next_sync_at"]) == (90, "2026-01-15T12:36:26.275934")
    assert (gone["schedule"], gone["next_sync_at"]) == (None, None)


def test_a_primary_zone_cannot_get_a_schedule_and_may_be_told_it_has_none(zone):
    refused = patch(zone, {"schedule": 90})
    told = patch(zone, {"schedule": None})

    assert refused.status == 400
    assert refused.json["errors"]["errors"][0]["path"] == ["schedule"]
    assert (told.status, "schedule" in told.json) == (200, False)


def test_what_is_no_schedule_is_refused(secondary):
    answer = patch(secondary, {"schedule": 59})

    assert (answer.status, answer.json["errors"]["errors"][0]["validator"]) == (400, "schedule")
    assert call(get_zone.handler, event("designate_get_zone", zone=secondary["id"])).json["schedule"] is None


GUARDS = {"zone_records": 5000, "deleted_percent": 10, "changed_percent": None}


def test_guards_may_be_set_as_a_whole_or_taken_away_and_are_else_kept(service, secondary):
    made = patch(secondary, {"guards": GUARDS})
    kept = patch(secondary, {"description": "x"})
    other = patch(secondary, {"guards": {"changed_percent": 20}})
    gone = patch(secondary, {"guards": None})

    assert [each.status for each in (made, kept, other, gone)] == [200] * 4
    assert [made.json["guards"], kept.json["guards"]] == [GUARDS, GUARDS]
    assert other.json["guards"] == {"zone_records": None, "deleted_percent": None, "changed_percent": 20}
    assert (gone.json["guards"], zones.get(service.table, secondary["id"]).guards) == (None, None)


def test_a_primary_zone_cannot_get_guards_and_may_be_told_it_has_none(zone):
    refused = patch(zone, {"guards": GUARDS})
    told = patch(zone, {"guards": None})

    assert refused.status == 400
    assert refused.json["errors"]["errors"][0]["path"] == ["guards"]
    assert (told.status, "guards" in told.json) == (200, False)


def test_guards_above_the_deployments_are_refused_and_the_zone_is_as_before(secondary, monkeypatch):
    patch(secondary, {"guards": GUARDS})
    monkeypatch.setenv("ZONE_RECORDS", "1000")
    current.cache_clear()

    answer = patch(secondary, {"guards": {"zone_records": 1001}})

    (reason,) = answer.json["errors"]["errors"]
    assert (answer.status, reason["path"], reason["validator_value"]) == (400, ["guards", "zone_records"], 1000)
    assert reason["message"].endswith("from 1 to 1000, the most this service takes")
    assert call(get_zone.handler, event("designate_get_zone", zone=secondary["id"])).json["guards"] == GUARDS


def test_other_masters_begin_a_transfer_that_the_answer_shows(service, secondary):
    answer = patch(secondary, {"masters": ["192.0.2.2"]})

    (execution,) = service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    held = zones.get(service.table, secondary["id"])
    assert [answer.json[name] for name in ("status", "action", "masters")] == ["PENDING", "UPDATE", ["192.0.2.2"]]
    assert answer.headers["etag"].startswith(f'"{held.fingerprint}')
    assert execution["name"] == held.holder
    assert call(get_zone.handler, event("designate_get_zone", zone=secondary["id"])).json == answer.json
    assert patch(secondary, {"masters": ["192.0.2.3"]}).status == 409


@pytest.mark.parametrize("masters", [["192.0.2.1"], ["192.0.2.1:53"]])
def test_the_same_masters_begin_no_transfer(service, secondary, masters):
    answer = patch(secondary, {"masters": masters, "description": "x"})

    assert (answer.json["status"], answer.json["description"]) == ("ACTIVE", "x")
    assert not service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]


def test_masters_stay_where_the_transfer_cannot_be_started(service, secondary, monkeypatch):
    def fail(*_):
        raise OSError("no route to Step Functions")

    monkeypatch.setattr(type(service.workflow), "start", fail)

    answer = patch(secondary, {"masters": ["192.0.2.2"]})

    shown = call(get_zone.handler, event("designate_get_zone", zone=secondary["id"])).json
    assert (answer.status, answer.json["status"]) == (200, "ACTIVE")
    assert (shown["status"], shown["masters"]) == ("ACTIVE", ["192.0.2.2"])
    assert shown["status_message"].startswith("the sync could not be started (at ")
