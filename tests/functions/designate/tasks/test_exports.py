"""Exports as tasks: they keep the text of a version of a zone's contents, and show it."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from support.calls import GROUP, HOST, NOW, REQUEST_ID, STRANGERS_GROUP, STRANGERS_TOKEN, call, event
from zonewright import sweep
from zonewright.actions import exports
from zonewright.model.quotas import Quotas
from zonewright.model.states import Event
from zonewright.store import keys, quotas, versions, zones
from zonewright.store.conditions import allows
from zonewright.store.table import Update

from functions.designate import create_zone, delete_zone, get_zone, update_zone
from functions.designate.exports import create_export, delete_export, get_export, list_exports, show_export
from functions.designate.imports import create_import, get_import

UNKNOWN = "074e805e-fe87-4cbb-b10b-21a06e215d41"


@pytest.fixture
def zone_id(service):
    return call(create_import.handler, event("designate_create_import")).json["zone_id"]


def begin(zone_id, **headers):
    return call(create_export.handler, event("designate_create_export", zone=zone_id, headers=headers))


def asked(handler, name, task_id, **headers):
    """What a route answers that takes the id of an export."""
    sent = event(f"designate_{name}", headers=headers)
    path = sent["rawPath"].replace(UNKNOWN, task_id)
    return call(handler, sent | {"rawPath": path, "pathParameters": {"export_id": task_id}})


def text_of(zone_id):
    return call(get_zone.handler, event("designate_get_zone", zone=zone_id, headers={"accept": "text/dns"})).body


def test_an_export_is_complete_at_once_and_says_where_it_is(service, zone_id):
    answer = begin(zone_id)

    task_id = answer.json["id"]
    here = f"{HOST}/v2/zones/tasks/exports/{task_id}"
    assert answer.status == 202
    assert answer.json == {
        "id": task_id,
        "status": "COMPLETE",
        "message": None,
        "zone_id": zone_id,
        "project_id": GROUP,
        "location": f"designate://v2/zones/tasks/exports/{task_id}/export",
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "version": 1,
        "links": {"self": here, "export": f"{here}/export"},
    }
    assert answer.headers == {
        "content-type": "application/json",
        "location": here,
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }
    assert asked(get_export.handler, "get_export", task_id).json == answer.json


@pytest.mark.parametrize("accept", ["text/dns", "*/*", None])
def test_its_file_is_that_of_the_zone(service, zone_id, accept):
    answer = asked(show_export.handler, "show_export", begin(zone_id).json["id"], accept=accept)

    assert (answer.status, answer.body) == (200, text_of(zone_id))
    assert answer.headers["content-type"] == "text/dns; charset=UTF-8"


def test_its_file_is_not_json(service, zone_id):
    answer = asked(show_export.handler, "show_export", begin(zone_id).json["id"], accept="application/json")

    assert (answer.status, answer.json["type"]) == (406, "unsupported_accept")
    assert answer.json["message"] == "Accept must be text/dns: not application/json"


def test_a_zone_that_moves_on_leaves_the_export_as_it_was(service, zone_id):
    before = text_of(zone_id)
    task_id = begin(zone_id).json["id"]

    call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60}))

    assert asked(show_export.handler, "show_export", task_id).body == before != text_of(zone_id)


def test_a_large_export_is_elsewhere(service, zone_id, monkeypatch):
    text = text_of(zone_id)
    monkeypatch.setattr(exports, "INLINE_BYTES", 100)
    task_id = begin(zone_id).json["id"]

    answer = asked(show_export.handler, "show_export", task_id)

    assert (answer.status, answer.body) == (303, "")
    assert urlsplit(answer.headers["location"]).path.endswith(f"exported/{task_id}")
    assert service.bucket.get(f"exported/{task_id}").decode() == text


def test_each_answer_has_a_new_link_and_none_is_kept(service, zone_id, monkeypatch):
    """A link also ends with the session of the role that signed it."""
    monkeypatch.setattr(exports, "INLINE_BYTES", 100)
    task_id = begin(zone_id, **{"idempotency-key": "k"}).json["id"]

    def link():
        signed = parse_qs(urlsplit(asked(show_export.handler, "show_export", task_id).headers["location"]).query)
        return signed["X-Amz-Date"], signed["X-Amz-Expires"]

    first = link()
    time.sleep(1.1)  # dates of signatures have seconds
    second = link()

    assert first[0] < second[0]
    assert first[1] == second[1] == ["300"]
    items = service.table.client.scan(TableName=service.table.name)["Items"]
    assert "X-Amz" not in str(items)


@pytest.mark.parametrize("more", [-1, 0], ids=["too large", "just small enough"])
def test_an_export_is_elsewhere_exactly_if_a_response_cannot_hold_it(service, zone_id, monkeypatch, more):
    text = text_of(zone_id)
    task_id = begin(zone_id).json["id"]
    monkeypatch.setattr(exports, "INLINE_BYTES", len(json.dumps(text)) - 2 + more)

    assert asked(show_export.handler, "show_export", task_id).status == (303 if more else 200)


def test_another_projects_export_is_as_if_it_were_not_there(service, zone_id):
    task_id = begin(zone_id).json["id"]
    stranger = {"x-auth-token": STRANGERS_TOKEN}

    answers = [
        begin(zone_id, **stranger),
        asked(get_export.handler, "get_export", task_id, **stranger),
        asked(show_export.handler, "show_export", task_id, **stranger),
        asked(delete_export.handler, "delete_export", task_id, **stranger),
    ]

    kinds = [(each.status, each.json["type"]) for each in answers]
    assert kinds == [(404, "zone_not_found"), *[(404, "zone_export_not_found")] * 3]


def delete(service, zone_id):
    call(delete_zone.handler, event("designate_delete_zone", zone=zone_id))


def hand_over(service, zone_id):
    zone = zones.get(service.table, zone_id)
    given = replace(zone, group_id=STRANGERS_GROUP)
    service.table.write(
        *zones.hand_over(given, replace(given, group_id=GROUP), allows(Event.CHANGE, service.clock.now))
    )


def sweep_its_version(service, zone_id):
    call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60}))
    service.settings = replace(service.settings, version_retention=0)
    for _ in range(2):
        service.clock.now += timedelta(hours=2)
        sweep.everything(service)
    assert versions.get(service.table, zone_id, 1) is None


@pytest.mark.parametrize("happens", [delete, hand_over, sweep_its_version])
def test_an_export_has_its_text_as_long_as_it_is_listed(service, zone_id, happens):
    before, task_id = text_of(zone_id), begin(zone_id).json["id"]

    def seen():
        listed = call(list_exports.handler, event("designate_list_exports")).json["exports"]
        shown = asked(show_export.handler, "show_export", task_id)
        return [each["id"] for each in listed], asked(get_export.handler, "get_export", task_id).status, shown

    happens(service, zone_id)
    listed, status, shown = seen()
    assert (listed, status, shown.status, shown.body) == ([task_id], 200, 200, before)

    service.clock.now = NOW + exports.KEPT - timedelta(seconds=2)
    assert seen() == (listed, status, shown)

    service.clock.now = NOW + exports.KEPT
    listed, status, shown = seen()
    assert (listed, status, shown.status, shown.json["type"]) == ([], 404, 404, "zone_export_not_found")


def test_an_export_whose_text_an_operator_deleted_is_gone(service, zone_id):
    task_id = begin(zone_id).json["id"]
    service.bucket.delete([f"exported/{task_id}"])

    answer = asked(show_export.handler, "show_export", task_id)

    assert (answer.status, answer.json["type"]) == (404, "zone_export_not_found")


def test_an_export_of_an_older_deployment_shows_the_version_it_names(service, zone_id):
    before, task_id = text_of(zone_id), begin(zone_id).json["id"]
    service.bucket.delete([f"exported/{task_id}"])
    service.table.write(Update(keys.zone_task("EXPORT", task_id), remove=("expires",)))
    call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60}))

    assert asked(show_export.handler, "show_export", task_id).body == before
    delete(service, zone_id)
    assert asked(show_export.handler, "show_export", task_id).json["type"] == "zone_not_found"


def test_an_export_is_no_import(service, zone_id):
    task_id = begin(zone_id).json["id"]
    sent = event("designate_get_import") | {"pathParameters": {"import_id": task_id}}

    assert call(get_import.handler, sent).json["type"] == "zone_import_not_found"
    assert asked(get_export.handler, "get_export", UNKNOWN).json["message"] == f"Could not find ZoneExport: {UNKNOWN}"


def test_exports_are_listed_and_removed(service, zone_id):
    ids = {begin(zone_id).json["id"] for _ in range(3)}
    listed = call(list_exports.handler, event("designate_list_exports")).json

    gone = [asked(delete_export.handler, "delete_export", each) for each in ids]

    assert {each["id"] for each in listed["exports"]} == ids
    assert listed["metadata"] == {"total_count": 3}
    assert [each.status for each in gone] == [204] * 3
    assert call(list_exports.handler, event("designate_list_exports")).json["exports"] == []
    assert text_of(zone_id)


@pytest.mark.parametrize(("most", "status"), [(5, 202), (4, 413), (-1, 202)])
def test_a_zone_that_is_over_the_quota_is_not_exported(service, zone_id, monkeypatch, most, status):
    task_id = begin(zone_id).json["id"]
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(api_export_size=most))

    answer = begin(zone_id)
    shown = asked(show_export.handler, "show_export", task_id)

    assert answer.status == status
    assert shown.status == 200
    if status == 413:
        assert answer.json["type"] == "over_quota"
        assert answer.json["message"] == "Quota exceeded for api_export_size."


def test_a_zone_without_contents_is_not_exported(service):
    new = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    made = call(create_zone.handler, event("designate_create_zone", json=new)).json["id"]

    answer = begin(made)

    assert (answer.status, answer.json["message"]) == (404, "Zone copy.org. has no contents yet")
