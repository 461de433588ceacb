import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from calls import GROUP, NOW, REQUEST_ID, STRANGERS_GROUP, STRANGERS_TOKEN, call, event
from zonewright.model import tokens
from zonewright.model.quotas import Quotas
from zonewright.model.states import State
from zonewright.model.users import Group, Token, User
from zonewright.store import changes, keys, quotas, users, zones
from zonewright.store.table import Put, Table

from functions.designate import (
    create_share,
    create_transfer_accept,
    create_transfer_request,
    create_zone,
    delete_transfer_request,
    delete_zone,
    get_transfer_accept,
    get_transfer_request,
    get_zone,
    list_transfer_accepts,
    list_transfer_requests,
    list_zones,
    transfer_zone,
    update_transfer_request,
    update_zone,
)

BASE = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v2/zones"
THEM = {"x-auth-token": STRANGERS_TOKEN}
THIRD = {"x-auth-token": "zw_third"}
NOBODYS = "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"


@pytest.fixture
def zone(service):
    return call(create_zone.handler, event("designate_create_zone")).json["zone"]


@pytest.fixture
def third(service):
    """A third project, with a token."""
    users.create_group(service.table, Group("third", "third", "third@example.org", NOW))
    users.create(service.table, User("t", "t", "T", service.vault.seal("s", "t"), NOW, group_ids=("third",)))
    users.create_token(service.table, Token(tokens.digest("zw_third"), "t", "third", NOW))
    return "third"


@pytest.fixture
def operator(service):
    """The token of a super user of the first project."""
    users.create(
        service.table, User("op", "op", "OP", service.vault.seal("s", "op"), NOW, group_ids=(GROUP,), is_super=True)
    )
    users.create_token(service.table, Token(tokens.digest("zw_op"), "op", GROUP, NOW))
    return {"x-auth-token": "zw_op"}


def offer(zone, headers=None, **body):
    sent = event("designate_create_transfer_request", zone=zone["id"], json=body, headers=headers or {})
    return call(create_transfer_request.handler, sent)


def of(offered, headers=None, **changes):
    sent = event("designate_get_transfer_request", zone=offered["id"], headers=headers or {}, **changes)
    return call(get_transfer_request.handler, sent)


def edit(offered, body, headers=None):
    sent = event("designate_update_transfer_request", zone=offered["id"], json=body, headers=headers or {})
    return call(update_transfer_request.handler, sent)


def withdraw(offered, headers=None):
    sent = event("designate_delete_transfer_request", zone=offered["id"], headers=headers or {})
    return call(delete_transfer_request.handler, sent)


def accept(offered, headers=THEM, key=None):
    body = {"key": key or offered["key"], "zone_transfer_request_id": offered["id"]}
    return call(create_transfer_accept.handler, event("designate_create_transfer_accept", json=body, headers=headers))


def offers(query="", headers=None):
    sent = event("designate_list_transfer_requests", rawQueryString=query, headers=headers or {})
    return call(list_transfer_requests.handler, sent)


def accepts(query="", headers=THEM):
    sent = event("designate_list_transfer_accepts", rawQueryString=query, headers=headers)
    return call(list_transfer_accepts.handler, sent)


def show(zone, headers=None):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers or {}))


def listed(headers=None):
    sent = event("designate_list_zones", rawQueryString="", headers=headers or {})
    return call(list_zones.handler, sent).json


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
    assert (of(body).status, of(body).json) == (200, body)
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

    seen = of(offered, THEM)

    assert seen.status == 200
    assert seen.json == {name: value for name, value in offered.items() if name not in ("key", "project_id")}
    assert offers(headers=THEM).json["transfer_requests"] == []


def test_an_offer_to_a_project_is_in_its_list_and_no_others(zone, third):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    seen = {name: value for name, value in offered.items() if name not in ("key", "project_id")}
    assert of(offered, THEM).json == seen
    assert offers(headers=THEM).json["transfer_requests"] == [seen]
    assert offers(headers=THIRD).json["transfer_requests"] == []
    hidden = of(offered, THIRD)
    nobodys = of({"id": NOBODYS}, THIRD)
    assert (hidden.status, hidden.json["type"]) == (404, "zone_transfer_request_not_found")
    assert hidden.body.replace(offered["id"], NOBODYS) == nobodys.body


@pytest.mark.parametrize(
    "act", [lambda made: edit(made, {"description": "mine"}, THEM), lambda made: withdraw(made, THEM)]
)
def test_who_it_is_for_may_not_change_an_offer(zone, act):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    answer = act(offered)

    assert (answer.status, answer.json["type"]) == (403, "forbidden")
    assert of(offered).json == offered


def test_an_offer_is_changed_in_both_lists(service, zone, third):
    offered = offer(zone).json
    service.clock.now += timedelta(seconds=1)

    changed = edit(offered, {"target_project_id": STRANGERS_GROUP, "description": "yours"})
    theirs = offers(headers=THEM).json["transfer_requests"]
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
    assert offers(headers=THEM).json["transfer_requests"] == offers(headers=THIRD).json["transfer_requests"] == []
    assert of(offered, THEM).status == 200


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
    assert of(offered).json == offered


def test_an_offer_taken_back_is_gone(zone):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    answer = withdraw(offered)

    assert (answer.status, answer.body) == (204, "")
    for gone in (of(offered), withdraw(offered), edit(offered, {}), accept(offered)):
        assert (gone.status, gone.json["type"]) == (404, "zone_transfer_request_not_found")
    assert offers().json["transfer_requests"] == offers(headers=THEM).json["transfer_requests"] == []


def test_an_accepted_zone_belongs_to_who_accepted(service, zone):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json
    service.clock.now += timedelta(seconds=1)

    answer = accept(offered)

    body = answer.json
    assert answer.status == 201
    assert body == {
        "id": body["id"],
        "zone_id": zone["id"],
        "zone_transfer_request_id": offered["id"],
        "project_id": STRANGERS_GROUP,
        "key": offered["key"],
        "status": "COMPLETE",
        "created_at": "2026-01-15T12:34:57.275934",
        "updated_at": None,
        "links": {"self": f"{BASE}/tasks/transfer_accepts/{body['id']}", "zone": f"{BASE}/{zone['id']}"},
    }
    assert answer.headers["location"] == body["links"]["self"]
    moved = zone | {"project_id": STRANGERS_GROUP, "version": 2, "updated_at": "2026-01-15T12:34:57.275934"}
    assert show(zone).status == 404
    assert show(zone, THEM).json["zone"] == moved
    assert listed() == {"zones": [], "links": {"self": BASE}, "metadata": {"total_count": 0}}
    assert listed(THEM) == {"zones": [moved], "links": {"self": BASE}, "metadata": {"total_count": 1}}
    last, first = changes.listing(service.table, zone["id"], 10)
    assert (last.type, last.status, last.user_id, first.type) == ("Update", "Synced", "stranger", "Create")


def test_the_new_owner_may_do_all_and_the_old_one_nothing(zone):
    accept(offer(zone).json)

    def patch(headers):
        return call(
            update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": 60}, headers=headers)
        ).status

    assert (patch({}), patch(THEM)) == (404, 200)
    assert offer(zone).status == 404
    back = accept(offer(zone, THEM).json, {})
    assert back.status == 201
    assert [each["id"] for each in listed()["zones"]] == [zone["id"]]
    gone = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))
    assert gone.status == 204
    assert call(create_zone.handler, event("designate_create_zone")).status == 201


def test_an_accepted_offer_stays_as_it_ended(service, zone):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json
    service.clock.now += timedelta(seconds=1)
    accept(offered)

    ended = offered | {"status": "COMPLETE", "version": 2, "updated_at": "2026-01-15T12:34:57.275934"}
    assert of(offered).json == ended
    assert [each["status"] for each in offers(headers=THEM).json["transfer_requests"]] == ["COMPLETE"]
    for late in (accept(offered), accept(offered, key="WRONGKEY"), edit(offered, {"description": "x"})):
        assert (late.status, late.json["type"]) == (400, "invalid_zone_transfer_request")
    assert withdraw(offered).status == 204
    assert of(offered).status == 404


def test_an_acceptance_is_shown_to_who_accepted(zone, operator):
    taken = accept(offer(zone).json).json

    def acceptance(headers):
        return call(
            get_transfer_accept.handler, event("designate_get_transfer_accept", zone=taken["id"], headers=headers)
        )

    assert (acceptance(THEM).status, acceptance(THEM).json) == (200, taken)
    assert (acceptance({}).status, acceptance({}).json["type"]) == (404, "zone_transfer_accept_not_found")
    assert acceptance(operator).json == taken
    assert accepts().json == {
        "transfer_accepts": [taken],
        "links": {"self": f"{BASE}/tasks/transfer_accepts"},
        "metadata": {"total_count": 1},
    }
    assert accepts(headers={}).json["transfer_accepts"] == []
    everywhere = operator | {"x-auth-all-projects": "true"}
    assert accepts(headers=everywhere).json["transfer_accepts"] == [taken]
    assert len(offers(headers=everywhere).json["transfer_requests"]) == 1


@pytest.mark.parametrize("key", ["WRONGKEY", "", "ü", "x" * 5000])
def test_a_wrong_key_is_refused(zone, key):
    offered = offer(zone).json

    body = {"key": key, "zone_transfer_request_id": offered["id"]}
    sent = event("designate_create_transfer_accept", json=body, headers=THEM)
    answer = call(create_transfer_accept.handler, sent)

    assert (answer.status, answer.json["type"]) == (403, "invalid_key")
    assert show(zone).status == 200
    assert accept(offered).status == 201


def test_a_project_it_is_not_for_is_told_nothing(zone, third):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    answer = accept(offered, THIRD)
    nobodys = accept({"id": NOBODYS, "key": "x"}, THIRD)

    assert (answer.status, answer.json["type"]) == (404, "zone_transfer_request_not_found")
    assert answer.body.replace(offered["id"], NOBODYS) == nobodys.body
    assert show(zone).status == 200


def test_ones_own_zone_is_not_accepted(zone):
    answer = accept(offer(zone).json, {})

    assert (answer.status, answer.json["type"]) == (400, "invalid_zone_transfer_request")
    assert listed()["metadata"] == {"total_count": 1}


@pytest.mark.parametrize(
    "body",
    [{}, {"key": "x"}, {"key": 5, "zone_transfer_request_id": NOBODYS}, {"key": "x", "zone_transfer_request_id": "y"}],
)
def test_what_is_no_acceptance_is_refused(service, body):
    answer = call(create_transfer_accept.handler, event("designate_create_transfer_accept", json=body))

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert answer.json["errors"]["errors"]


def test_a_zone_shared_since_it_was_offered_is_not_accepted(zone):
    offered = offer(zone).json
    call(create_share.handler, event("designate_create_share", zone=zone["id"]))

    answer = accept(offered)

    assert (answer.status, answer.json["type"]) == (400, "zone_is_shared")
    assert of(offered).json["status"] == "ACTIVE"


def test_who_has_all_the_zones_it_may_have_accepts_no_more(service, zone, monkeypatch):
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zones=1))
    theirs = {"name": "theirs.org.", "email": "joe@example.org"}
    call(create_zone.handler, event("designate_create_zone", json=theirs, headers=THEM))
    offered = offer(zone).json

    refused = accept(offered)
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zones=2))

    assert (refused.status, refused.json["type"]) == (413, "over_quota")
    assert (listed()["metadata"], listed(THEM)["metadata"]) == ({"total_count": 1}, {"total_count": 1})
    assert accept(offered).status == 201
    assert (listed()["metadata"], listed(THEM)["metadata"]) == ({"total_count": 0}, {"total_count": 2})


def test_who_may_have_as_many_as_it_likes_accepts(zone, monkeypatch):
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zones=-1))

    assert accept(offer(zone).json).status == 201


def test_a_zone_that_syncs_is_not_accepted_until_it_is_free(service):
    body = {"name": "a.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    zone = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]
    offered = offer(zone).json

    refused = accept(offered)
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(stored.freed(State.ERROR, service.clock.now))))

    assert (refused.status, refused.json["type"]) == (409, "zone_busy")
    assert accept(offered).status == 201
    assert zones.get(service.table, zone["id"]).state is State.ERROR


def test_an_offer_ends_with_its_zone(zone):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json

    gone = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert gone.status == 204
    assert (of(offered).status, accept(offered).status) == (404, 404)
    assert offers().json["transfer_requests"] == offers(headers=THEM).json["transfer_requests"] == []
    assert listed(THEM)["zones"] == []


def between(monkeypatch, act):
    """Let `act` happen between what the next request reads and what it writes."""
    plain, raced = Table.write, []

    def write(table, *writes):
        if not raced:
            raced.append(True)
            act()
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)


def test_a_zone_deleted_while_it_is_accepted_is_not(service, zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"])))

    answer = accept(offered)

    assert (answer.status, answer.json["type"]) == (404, "zone_transfer_request_not_found")
    assert zones.get(service.table, zone["id"]).group_id == GROUP
    assert (listed()["metadata"], listed(THEM)["metadata"]) == ({"total_count": 0}, {"total_count": 0})


def test_a_zone_accepted_while_it_is_deleted_is_the_new_owners(service, zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: accept(offered))

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert (answer.status, answer.json["type"]) == (404, "zone_not_found")
    assert show(zone, THEM).status == 200
    assert (listed()["metadata"], listed(THEM)["metadata"]) == ({"total_count": 0}, {"total_count": 1})


def test_a_zone_accepted_while_it_is_changed_is_not_changed(zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: accept(offered))

    answer = call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": 60}))

    assert (answer.status, answer.json["type"]) == (404, "zone_not_found")
    assert show(zone, THEM).json["ttl"] == zone["ttl"]


def test_a_zone_accepted_while_its_sync_begins_is_not_synced_for_its_old_owner(service, monkeypatch):
    body = {"name": "a.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    zone = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(stored.freed(State.ACTIVE, service.clock.now))))
    offered = offer(zone).json
    between(monkeypatch, lambda: call(transfer_zone.handler, event("designate_transfer_zone", zone=zone["id"])))

    answer = accept(offered)

    assert (answer.status, answer.json["type"]) == (409, "zone_busy")
    assert zones.get(service.table, zone["id"]).group_id == GROUP


def test_an_offer_taken_back_while_it_is_accepted_is_not(zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: withdraw(offered))

    assert accept(offered).status == 404
    assert show(zone).status == 200


def test_an_offer_accepted_while_it_is_taken_back_ends_accepted(zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: accept(offered))

    assert withdraw(offered).status == 204
    assert show(zone, THEM).status == 200


def test_an_offer_retargeted_while_it_is_accepted_is_not_for_who_accepts(zone, third, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: edit(offered, {"target_project_id": "third"}))

    assert accept(offered).status == 404
    assert show(zone).status == 200


def test_a_zone_offered_while_it_is_deleted_leaves_no_offer(service, zone, monkeypatch):
    between(monkeypatch, lambda: offer(zone))

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert answer.status == 204
    assert offers().json["transfer_requests"] == []
    assert service.table.get(keys.open_offer(zone["id"])) is None


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (lambda zone: call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"])), 404),
        (lambda zone: call(create_share.handler, event("designate_create_share", zone=zone["id"])), 400),
    ],
    ids=["deleted", "shared"],
)
def test_a_zone_that_went_while_it_is_offered_is_not_offered(zone, monkeypatch, act, status):
    between(monkeypatch, lambda: act(zone))

    assert offer(zone).status == status
    assert offers().json["transfer_requests"] == []


@pytest.mark.usefixtures("in_turn")
def test_of_many_who_accept_one_gets_the_zone(service, zone):
    offered = offer(zone).json
    racers = []
    for n in range(6):
        users.create_group(service.table, Group(f"g{n}", f"g{n}", f"g{n}@example.org", NOW))
        sealed = service.vault.seal("s", f"u{n}")
        users.create(service.table, User(f"u{n}", f"u{n}", f"U{n}", sealed, NOW, group_ids=(f"g{n}",)))
        users.create_token(service.table, Token(tokens.digest(f"zw_{n}"), f"u{n}", f"g{n}", NOW))
    answers = {}

    def race(n):
        answers[f"g{n}"] = accept(offered, {"x-auth-token": f"zw_{n}"})

    for n in range(6):
        racers.append(threading.Thread(target=race, args=(n,)))
        racers[-1].start()
    for racer in racers:
        racer.join(60)

    won = [group for group, answer in answers.items() if answer.status == 201]
    assert won == [zones.get(service.table, zone["id"]).group_id]
    lost = {answer.json["type"] for group, answer in answers.items() if group not in won}
    assert lost <= {"invalid_zone_transfer_request", "zone_busy"}
    assert sum(zones.count(service.table, f"g{n}") for n in range(6)) == 1
    assert zones.count(service.table, GROUP) == 0


def test_offers_are_filtered_sorted_and_paged(service, third):
    made = []
    for n, target in enumerate((STRANGERS_GROUP, "third", None)):
        service.clock.now += timedelta(seconds=1)
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        zone = call(create_zone.handler, event("designate_create_zone", json=body)).json
        made.append(offer(zone, target_project_id=target, description=f"d{n}").json)
    accept(made[0])

    def ids(query="", headers=None):
        return [each["id"] for each in offers(query, headers).json["transfer_requests"]]

    first, second, last = (each["id"] for each in made)
    page = offers("limit=2").json
    assert ids() == [first, second, last]
    assert ids("sort_dir=desc") == [last, second, first]
    assert ids("sort_dir=desc", THEM) == ids(headers=THEM) == [first]
    assert ids("status=COMPLETE") == [first]
    assert ids("status=ACTIVE&limit=1") == [second]
    assert ids("target_project_id=third") == [second]
    assert ids("description=d*&zone_id=" + made[2]["zone_id"]) == [last]
    assert ids("sort_key=id") == sorted((first, second, last))
    assert [each["id"] for each in page["transfer_requests"]] == [first, second]
    assert ids(page["links"]["next"].partition("?")[2]) == [last]
    assert ids(f"marker={first}", THEM) == []
    for marker in (second, NOBODYS):
        answer = offers(f"marker={marker}", THEM)
        assert (answer.status, answer.json["type"]) == (400, "marker_not_found")
    assert offers("sort_key=key").json["type"] == "invalid_sort_key"
    assert offers("name=x").json["type"] == "bad_request"
    assert offers("marker=x").json["type"] == "invalid_marker"


def test_acceptances_are_filtered_sorted_and_paged(service):
    made = []
    for n in range(3):
        service.clock.now += timedelta(seconds=1)
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        made.append(accept(offer(call(create_zone.handler, event("designate_create_zone", json=body)).json).json).json)

    def ids(query=""):
        return [each["id"] for each in accepts(query).json["transfer_accepts"]]

    expected = [each["id"] for each in made]
    page = accepts("limit=2").json
    assert ids() == expected
    assert ids("sort_dir=desc") == expected[::-1]
    assert ids("sort_key=id") == sorted(expected)
    assert ids("status=COMPLETE&zone_id=" + made[1]["zone_id"]) == [expected[1]]
    assert ids("zone_transfer_request_id=" + made[2]["zone_transfer_request_id"]) == [expected[2]]
    assert page["metadata"] == {"total_count": 3}
    assert ids(page["links"]["next"].partition("?")[2]) == expected[2:]
    hidden = accepts(headers=THEM | {"openstack-dns-hide-counts": "true"}).json
    assert hidden["metadata"] == {}
    for headers, marker in (({}, expected[0]), (THEM, NOBODYS)):
        answer = accepts(f"marker={marker}", headers)
        assert (answer.status, answer.json["type"]) == (400, "marker_not_found")


def test_a_page_of_offers_costs_what_it_shows(service, reads):
    for n in range(8):
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        zone = call(create_zone.handler, event("designate_create_zone", json=body)).json
        offer(zone, target_project_id=STRANGERS_GROUP)
    reads.clear()

    answer = offers("limit=3", THEM)

    assert len(answer.json["transfer_requests"]) == 3
    assert (reads.queries, reads.items, reads.gets) == (1, 3, 2)


def test_an_operator_offers_and_withdraws_for_the_owner(zone, operator):
    elsewhere = operator | {"x-auth-sudo-project-id": STRANGERS_GROUP}

    offered = offer(zone, elsewhere)

    assert (offered.status, offered.json["project_id"]) == (201, GROUP)
    assert of(offered.json).json == offered.json
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


def test_a_dead_sync_does_not_keep_a_zone_from_its_new_owner(service):
    body = {"name": "a.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    zone = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]
    offered = offer(zone).json
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(replace(stored, lease=1))))

    assert accept(offered).status == 201
    abandoned = changes.get(service.table, zone["id"], NOW, stored.holder)
    assert (abandoned.status, "abandoned" in abandoned.reason) == ("Failed", True)
