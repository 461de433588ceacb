"""Imports as tasks: at once, by upload, and what is kept of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, HOST, NOW, REQUEST_ID, STRANGERS_TOKEN, call, event
from support.imports import UNKNOWN, listed, named, post, post_json, seed, shown, task_fields
from zonewright.model.quotas import Quotas
from zonewright.model.zonetask import TaskKind, TaskStatus
from zonewright.store import quotas, zones, zonetasks
from zonewright.store.table import ConditionFailed

from functions.designate.imports import delete_import


def test_a_file_in_the_request_is_imported_when_the_answer_comes(service):
    answer = post()

    task_id, zone_id = answer.json["id"], answer.json["zone_id"]
    links = {"self": f"{HOST}/v2/zones/tasks/imports/{task_id}", "zone": f"{HOST}/v2/zones/{zone_id}"}
    assert answer.status == 202
    assert answer.json == task_fields(task_id, zone_id=zone_id, links=links)
    assert answer.headers == {
        "content-type": "application/json",
        "location": links["self"],
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }
    assert shown(task_id).json == answer.json
    zone = zones.get(service.table, zone_id)
    assert (zone.name, zone.serial, zone.records, zone.group_id) == ("example.com.", 42, 6, GROUP)


def test_a_file_in_json_brings_attributes_along(service):
    answer = post_json(zonefile=seed(), attributes={"tier": "gold"})

    assert (answer.status, answer.json["status"]) == (202, "COMPLETE")
    assert zones.get(service.table, answer.json["zone_id"]).attributes == {"tier": "gold"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "An SOA record is required."),
        (
            "$ORIGIN example.com.\n$INCLUDE /etc/passwd\n",
            'Malformed zonefile. line 2: "$INCLUDE /etc/passwd": $INCLUDE is not allowed',
        ),
        ("$ORIGIN com.\n@ 1 SOA ns joe 1 2 3 4 5\n", "More than one label is required in com."),
    ],
)
def test_a_file_that_is_no_zone_ends_its_task_as_an_error(service, text, message):
    answer = post(text)

    assert answer.status == 202
    assert answer.json["message"].startswith(message)
    assert answer.json == task_fields(answer.json["id"], status="ERROR", message=answer.json["message"])
    assert shown(answer.json["id"]).json == answer.json
    assert zones.named(service.table, "example.com.") is None


def test_a_name_that_is_taken_ends_a_task_as_an_error(service):
    post()

    answer = post()

    assert answer.json["status"] == "ERROR"
    assert answer.json["message"] == "Duplicate zone. Zone example.com. exists"
    assert answer.json["zone_id"] is None


@pytest.mark.parametrize(
    ("quota", "message"),
    [
        (Quotas(zone_records=2), "Quota exceeded for zone_records."),
        (Quotas(zone_recordsets=2), "Quota exceeded for zone_recordsets."),
        (Quotas(recordset_records=0), "Quota exceeded for recordset_records."),
    ],
)
def test_more_than_a_project_may_have_is_not_imported(service, monkeypatch, quota, message):
    monkeypatch.setattr(quotas, "get", lambda *_: quota)

    answer = post()

    assert answer.json["status"] == "ERROR"
    assert answer.json["message"] == f"Quota exceeded during zone import. {message}"
    assert zones.named(service.table, "example.com.") is None


def test_as_much_as_a_project_may_have_is_imported(service, monkeypatch):
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zone_records=3, zone_recordsets=3, recordset_records=1))

    assert post().json["status"] == "COMPLETE"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "kind"),
    [
        ("x", "text/plain", 415, "unsupported_content_type"),
        ("x", None, 415, "unsupported_content_type"),
        ("x", "text/dns; charset=latin1", 415, "unsupported_content_type"),
        ("", "application/json", 400, "empty_request_body"),
        ("{", "application/json", 400, "invalid_json"),
        ("[]", "application/json", 400, "invalid_object"),
        ('{"zonefile": null}', "application/json", 400, "invalid_object"),
        ('{"zonefile": "", "pool": 1}', "application/json", 400, "invalid_object"),
        ('{"attributes": {"a": 1}}', "application/json", 400, "invalid_object"),
        ("\ufffd", "text/dns", 400, "bad_request"),
        ('{"zonefile": "\\ufffd"}', "application/json", 400, "bad_request"),
        (" " * 4_500_001, "application/json", 413, "over_quota"),
    ],
)
def test_a_request_that_cannot_be_read_makes_no_task(service, body, content_type, status, kind):
    answer = post(body, content_type)

    assert (answer.status, answer.json["type"]) == (status, kind)
    assert listed().json["imports"] == []


def test_deleting_a_task_leaves_its_zone(service):
    made = post().json
    sent = named(event("designate_delete_import"), made["id"])

    first, second = call(delete_import.handler, sent), call(delete_import.handler, sent)

    assert (first.status, first.body) == (204, "")
    assert (second.status, second.json["type"]) == (404, "zone_import_not_found")
    assert second.json["message"] == f"Could not find ZoneImport: {made['id']}"
    assert zones.get(service.table, made["zone_id"]) is not None


def test_a_removal_that_comes_second_finds_nothing(service):
    task = zonetasks.get(service.table, TaskKind.IMPORT, post().json["id"])
    service.table.write(zonetasks.delete(task))

    with pytest.raises(ConditionFailed):
        service.table.write(zonetasks.delete(task))


def test_another_projects_task_is_as_if_it_were_not_there(service):
    task_id = post().json["id"]
    stranger = {"x-auth-token": STRANGERS_TOKEN}

    seen = shown(task_id, **stranger)
    gone = call(delete_import.handler, named(event("designate_delete_import", headers=stranger), task_id))
    marked = listed(f"marker={task_id}", **stranger)

    assert [(each.status, each.json["type"]) for each in (seen, gone, marked)] == [
        (404, "zone_import_not_found"),
        (404, "zone_import_not_found"),
        (400, "marker_not_found"),
    ]
    assert listed("", **stranger).json["imports"] == []
    assert shown(task_id).status == 200


def test_an_id_that_is_none_is_refused(service):
    answer = shown("nonsense")

    assert (answer.status, answer.json["type"], answer.json["message"]) == (
        400,
        "invalid_uuid",
        "Invalid UUID import_id: nonsense",
    )


def test_a_task_is_stored_and_read_back(service):
    task = zonetasks.get(service.table, TaskKind.IMPORT, post_json(attributes={"a": "b"}).json["id"])
    done = replace(task, status=TaskStatus.COMPLETE, message="m", zone_id=UNKNOWN, updated=NOW, expires=None)

    service.table.write(zonetasks.end(done))

    assert zonetasks.get(service.table, TaskKind.IMPORT, task.id) == done
    assert task.expires == (NOW + timedelta(days=1)).replace(microsecond=0)
    with pytest.raises(ConditionFailed):
        service.table.write(zonetasks.end(replace(done, message="again")))
