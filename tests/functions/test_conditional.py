from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import REQUEST_ID, call, event
from zonewright.http import conditional
from zonewright.http.endpoint import log
from zonewright.model.failure import Failure
from zonewright.model.states import State
from zonewright.service import current
from zonewright.store import duezones, keys, zones
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

    assert made.headers["etag"] == shown.headers["etag"] == conditional.tag("1", shown=shown.body)
    assert changed.headers["etag"] == show(zone).headers["etag"] == conditional.tag("2", shown=changed.body)
    assert shown.headers["vary"] == "Accept"


def test_a_zone_that_is_known_is_a_304_without_a_body(zone):
    tag = show(zone).headers["etag"]
    answer = show(zone, if_none_match=f"W/{tag}")

    assert (answer.status, answer.body) == (304, "")
    assert answer.headers == {
        "etag": tag,
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


def test_a_change_of_the_zone_as_it_is_known_is_made(made, zone):
    first = made.headers["etag"]
    changed = patch(zone, {"ttl": 60}, if_match=first)
    gone = delete(zone, if_match=f"{first}, {changed.headers['etag']}")

    assert (changed.status, changed.json["ttl"], gone.status) == (200, 60, 204)


def test_a_tag_that_an_older_release_gave_still_means_the_same_to_a_change(zone):
    assert patch(zone, {"ttl": 60}, if_match='"1-json"').status == 200
    assert patch(zone, {"ttl": 60}, if_match='"1-json"').status == 412


@pytest.fixture
def scheduled(service):
    """A SECONDARY zone with a schedule, as loaded."""
    body = {"name": "a.org.", "type": "SECONDARY", "masters": ["192.0.2.1"], "schedule": 600}
    zone = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(stored.freed(State.ACTIVE, service.clock.now))))
    return zone


def no_answer(service, zone):
    due = duezones.Due.at(service.table.get(keys.zone(zone["id"]))["gsi2sk"])
    failed = Failure("192.0.2.1: no connection", service.clock.now, service.clock.now)
    duezones.reschedule(service.table, due, service.clock.now + timedelta(hours=1), failed)


def another_pool(service, monkeypatch):
    monkeypatch.setenv("POOL_ID", "11111111-1111-4111-8111-111111111111")
    current.cache_clear()


def test_two_bodies_of_a_zone_have_two_tags(service, scheduled, monkeypatch):
    shown = [show(scheduled)]
    no_answer(service, scheduled)
    shown.append(show(scheduled))
    assert (shown[1].json["schedule_error"], shown[1].json["version"]) == (
        "192.0.2.1: no connection",
        shown[0].json["version"],
    )
    another_pool(service, monkeypatch)
    shown.append(show(scheduled))
    stored = zones.get(service.table, scheduled["id"])
    for changed in (replace(stored, state=State.ERROR), replace(stored, email="other@example.org")):
        service.table.write(Put(zones.to_item(changed)))  # as a fault would: without a new revision
        shown.append(show(scheduled))

    assert len({answer.body for answer in shown}) == len({answer.headers["etag"] for answer in shown}) == len(shown)


@pytest.mark.parametrize("act", [lambda zone, **headers: patch(zone, {"description": "b"}, **headers), delete])
def test_a_dispatcher_that_looked_again_is_no_change_to_who_changes_the_zone(service, scheduled, act):
    read = show(scheduled).headers["etag"]
    no_answer(service, scheduled)
    assert show(scheduled, if_none_match=read).status == 200

    assert act(scheduled, if_match=read).status in (200, 204)


@pytest.mark.parametrize("act", [lambda zone, **headers: patch(zone, {"description": "b"}, **headers), delete])
def test_a_look_between_the_read_and_the_write_is_no_change_to_who_changes_the_zone(
    service, scheduled, monkeypatch, act
):
    tag, plain, looked = show(scheduled).headers["etag"], Table.write, []

    def write(table, *writes):
        if not looked:
            looked.append(True)
            no_answer(service, scheduled)
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)

    assert act(scheduled, if_match=tag).status in (200, 204)
    after = zones.get(service.table, scheduled["id"])
    assert after.failure.reason == "192.0.2.1: no connection"


def test_a_tag_of_the_master_file_is_no_tag_of_the_zone_to_a_change(zone):
    text = show(zone, accept="text/dns").headers["etag"]

    assert patch(zone, {"ttl": 60}, if_match=text).status == 412


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
