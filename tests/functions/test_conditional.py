from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import REQUEST_ID, call, event
from zonewright.http.endpoint import log
from zonewright.model.states import State
from zonewright.store import zones
from zonewright.store.table import Put, Table

from functions.designate import create_zone, delete_zone, get_zone, list_zones, transfer_zone, update_zone


@pytest.fixture
def made(service):
    return call(create_zone.handler, event("designate_create_zone"))


@pytest.fixture
def zone(made):
    return made.json["zone"]


def show(zone, **headers):
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=sent))


def patch(zone, body, **headers):
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json=body, headers=sent))


def delete(zone, **headers):
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"], headers=sent))


def test_a_zone_is_shown_created_and_changed_under_its_tag(made, zone):
    shown = show(zone)
    changed = patch(zone, {"ttl": 60})

    assert made.headers["etag"] == shown.headers["etag"] == '"1-json"'
    assert changed.headers["etag"] == show(zone).headers["etag"] == '"2-json"'
    assert shown.headers["vary"] == "Accept"


def test_a_zone_that_is_known_is_a_304_without_a_body(zone):
    answer = show(zone, if_none_match='W/"1-json"')

    assert (answer.status, answer.body) == (304, "")
    assert answer.headers == {
        "etag": '"1-json"',
        "cache-control": "private, no-cache",
        "vary": "Accept",
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }
    assert show(zone, if_none_match='"0-json"').json == {**zone, "zone": zone}


def test_a_list_has_no_tag(zone):
    answer = call(list_zones.handler, event("designate_list_zones", headers={"if-none-match": "*"}))

    assert answer.status == 200
    assert "etag" not in answer.headers


def test_a_zone_that_begins_to_sync_is_another(service):
    body = {"name": "a.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    zone = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(stored.freed(State.ACTIVE, service.clock.now))))
    before = show(zone)

    call(transfer_zone.handler, event("designate_transfer_zone", zone=zone["id"]))
    after = show(zone, if_none_match=before.headers["etag"])

    assert after.status == 200
    assert (before.json["status"], after.json["status"]) == ("ACTIVE", "PENDING")
    assert after.headers["etag"] != before.headers["etag"]


def test_a_change_of_the_zone_as_it_is_known_is_made(zone):
    changed = patch(zone, {"ttl": 60}, if_match='"1-json"')
    gone = delete(zone, if_match='"1-json", "2-json"')

    assert (changed.status, changed.json["ttl"], gone.status) == (200, 60, 204)


@pytest.mark.parametrize("act", [lambda zone, **headers: patch(zone, {"ttl": 60}, **headers), delete])
@pytest.mark.parametrize("headers", [{"if_match": '"0-json"'}, {"if_none_match": "*"}])
def test_a_change_of_the_zone_as_it_is_not_is_refused(zone, act, headers):
    answer = act(zone, **headers)

    assert (answer.status, answer.json["type"]) == (412, "precondition_failed")
    assert answer.json["request_id"] == answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"
    assert show(zone).json["zone"] == zone


def test_a_malformed_condition_is_a_400_that_changes_nothing(zone):
    answer = patch(zone, {"ttl": 60}, if_match="1-json")

    assert (answer.status, answer.json["type"]) == (400, "bad_request")
    assert show(zone).json["zone"] == zone


def test_what_is_wrong_with_the_body_is_said_before_the_condition(zone):
    assert patch(zone, {"ttl": -1}, if_match='"0-json"').status == 400


def racing(monkeypatch, zone, service):
    """Let another request change the zone's description between the first read and the write of the next one."""
    plain = Table.write
    raced = []

    def write(table, *writes):
        if not raced:
            raced.append(True)
            read = zones.get(service.table, zone["id"])
            changed = replace(read.freed(read.state, service.clock.now + timedelta(seconds=1)), description="first")
            plain(table, Put(zones.to_item(changed)))
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)


@pytest.mark.parametrize("act", [lambda zone, **headers: patch(zone, {"ttl": 60}, **headers), delete])
def test_who_comes_second_is_refused_and_not_tried_again_on_a_newer_zone(service, zone, monkeypatch, act):
    racing(monkeypatch, zone, service)

    answer = act(zone, if_match='"1-json"')

    assert (answer.status, answer.json["type"]) == (412, "precondition_failed")
    found = show(zone).json
    assert (found["description"], found["ttl"], found["version"]) == ("first", zone["ttl"], 2)


@pytest.mark.parametrize("condition", [None, "*"])
def test_who_does_not_say_which_zone_is_tried_again(service, zone, monkeypatch, condition):
    racing(monkeypatch, zone, service)

    answer = patch(zone, {"ttl": 60}, **({"if_match": condition} if condition else {}))

    assert (answer.status, answer.json["ttl"], answer.json["description"]) == (200, 60, "first")


def test_a_refused_precondition_is_logged_under_its_request_id(zone, monkeypatch):
    lines = []
    monkeypatch.setattr(log(), "info", lambda _, extra: lines.append(extra))

    patch(zone, {"ttl": 60}, if_match='"0-json"')

    assert [(line["request_id"], line["status"]) for line in lines] == [(REQUEST_ID, 412)]
