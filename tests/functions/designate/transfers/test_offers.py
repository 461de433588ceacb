"""Offers of a zone to another project: made, seen, changed and taken back."""

import re
from datetime import timedelta

import pytest
from support.calls import BASE, GROUP, NOBODYS, REQUEST_ID, STRANGER, STRANGERS_GROUP, call, event
from support.handovers import THIRD, accept, edit, offer, offers, show, shown, withdraw

from functions.designate import create_zone
from functions.designate.shares import create_share
from functions.designate.transfers import create_transfer_request


def test_an_offer_says_what_designate_says(zone):
    answer = offer(zone, target_project_id=STRANGERS_GROUP, description="yours")

    body = answer.json
    assert answer.status == 201
    assert re.fullmatch("[A-Z0-9]{8}", body["key"])
    assert body == {
        "id": body["id"],
        "zone_id": zone["id"],
        "zone_name": zone["name"],
        "project_id": GROUP,
        "target_project_id": STRANGERS_GROUP,
        "key": body["key"],
        "description": "yours",
        "status": "ACTIVE",
        "version": 1,
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "links": {"self": f"{BASE}/tasks/transfer_requests/{body['id']}"},
    }
    assert answer.headers["location"] == body["links"]["self"]
    assert (shown(body).status, shown(body).json) == (200, body)
    assert offers().json == {
        "transfer_requests": [body],
        "links": {"self": f"{BASE}/tasks/transfer_requests"},
        "metadata": {},
    }
    assert show(zone).json["zone"] == zone


def test_keys_differ(service):
    keys_given = set()
    for n in range(5):
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        made = call(create_zone.handler, event("designate_create_zone", json=body)).json
        keys_given.add(offer(made).json["key"])

    assert len(keys_given) == 5


@pytest.mark.parametrize("body", ["", "{}", '{"target_project_id": null, "description": null}'])
def test_an_offer_to_whoever_has_the_key_need_not_say_anything(zone, body):
    sent = event("designate_create_transfer_request", zone=zone["id"], body=body)

    answer = call(create_transfer_request.handler, sent)

    assert (answer.status, answer.json["target_project_id"], answer.json["description"]) == (201, None, None)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"target_project_id": "no-such-project"}, "invalid_project"),
        ({"target_project_id": GROUP}, "invalid_object"),
        ({"target_project_id": ""}, "invalid_object"),
        ({"description": "x" * 161}, "invalid_object"),
        ({"key": "MYOWNKEY"}, "invalid_object"),
    ],
)
def test_what_is_no_offer_is_refused(zone, body, kind):
    answer = offer(zone, **body)

    assert (answer.status, answer.json["type"]) == (400, kind)
    assert offers().json["transfer_requests"] == []
    assert offer(zone).status == 201


def test_a_zone_is_offered_once_at_a_time(zone):
    first = offer(zone).json

    again = offer(zone)
    withdraw(first)

    assert (again.status, again.json["type"]) == (409, "duplicate_zone_transfer_request")
    assert offer(zone).status == 201


def test_a_shared_zone_is_not_offered(zone):
    call(create_share.handler, event("designate_create_share", zone=zone["id"]))

    answer = offer(zone)

    assert (answer.status, answer.json["type"]) == (400, "zone_is_shared")
    assert offers().json["transfer_requests"] == []


def test_a_stranger_sees_an_offer_to_anybody_but_neither_key_nor_owner(zone):
    offered = offer(zone).json

    seen = shown(offered, STRANGER)

    assert seen.status == 200
    assert seen.json == {name: value for name, value in offered.items() if name not in ("key", "project_id")}
    assert offers(headers=STRANGER).json["transfer_requests"] == []


def test_an_offer_to_a_project_is_in_its_list_and_no_others(zone, third):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    seen = {name: value for name, value in offered.items() if name not in ("key", "project_id")}
    assert shown(offered, STRANGER).json == seen
    assert offers(headers=STRANGER).json["transfer_requests"] == [seen]
    assert offers(headers=THIRD).json["transfer_requests"] == []
    hidden = shown(offered, THIRD)
    nobodys = shown({"id": NOBODYS}, THIRD)
    assert (hidden.status, hidden.json["type"]) == (404, "zone_transfer_request_not_found")
    assert hidden.body.replace(offered["id"], NOBODYS) == nobodys.body


@pytest.mark.parametrize(
    "act", [lambda made: edit(made, {"description": "mine"}, STRANGER), lambda made: withdraw(made, STRANGER)]
)
def test_who_it_is_for_may_not_change_an_offer(zone, act):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    answer = act(offered)

    assert (answer.status, answer.json["type"]) == (403, "forbidden")
    assert shown(offered).json == offered


def test_an_offer_is_changed_in_both_lists(service, zone, third):
    offered = offer(zone).json
    service.clock.now += timedelta(seconds=1)

    changed = edit(offered, {"target_project_id": STRANGERS_GROUP, "description": "yours"})
    theirs = offers(headers=STRANGER).json["transfer_requests"]
    edit(offered, {"target_project_id": "third"})
    thirds = offers(headers=THIRD).json["transfer_requests"]
    open_again = edit(offered, {"target_project_id": None})

    assert changed.status == 200
    assert changed.json == offered | {
        "target_project_id": STRANGERS_GROUP,
        "description": "yours",
        "version": 2,
        "updated_at": "2026-01-15T12:34:57.275934",
    }
    assert [each["description"] for each in theirs] == ["yours"]
    assert [each["description"] for each in thirds] == ["yours"]
    assert (open_again.json["target_project_id"], open_again.json["description"]) == (None, "yours")
    assert offers(headers=STRANGER).json["transfer_requests"] == offers(headers=THIRD).json["transfer_requests"] == []
    assert shown(offered, STRANGER).status == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"target_project_id": "no-such-project"}, "invalid_project"),
        ({"target_project_id": GROUP}, "invalid_object"),
        ({"status": "COMPLETE"}, "invalid_object"),
    ],
)
def test_a_wrong_change_of_an_offer_is_refused(zone, body, kind):
    offered = offer(zone).json

    answer = edit(offered, body)

    assert (answer.status, answer.json["type"]) == (400, kind)
    assert shown(offered).json == offered


def test_an_offer_taken_back_is_gone(zone):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    answer = withdraw(offered)

    assert (answer.status, answer.body) == (204, "")
    for gone in (shown(offered), withdraw(offered), edit(offered, {}), accept(offered)):
        assert (gone.status, gone.json["type"]) == (404, "zone_transfer_request_not_found")
    assert offers().json["transfer_requests"] == offers(headers=STRANGER).json["transfer_requests"] == []


def test_an_operator_offers_and_withdraws_for_the_owner(zone, operator):
    elsewhere = operator | {"x-auth-sudo-project-id": STRANGERS_GROUP}

    offered = offer(zone, elsewhere)

    assert (offered.status, offered.json["project_id"]) == (201, GROUP)
    assert shown(offered.json).json == offered.json
    assert withdraw(offered.json, elsewhere).status == 204


def test_the_key_is_in_no_log(zone, caplog, capsys):
    offered = offer(zone).json
    accept(offered, key="GUESSED1")
    accept(offered)

    logged = caplog.text + capsys.readouterr().out
    assert "request" in logged
    assert offered["key"] not in logged
    assert "GUESSED1" not in logged


def test_a_refusal_has_the_requests_id(zone):
    answer = accept(offer(zone).json, key="WRONGKEY")

    assert answer.json["request_id"] == answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"
