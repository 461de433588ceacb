"""Offers that are accepted, or cannot be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import BASE, GROUP, NOBODYS, NOW, STRANGER, STRANGERS_GROUP, call, event
from support.handovers import THIRD, accept, accepts, edit, listed, offer, offers, show, shown, withdraw
from support.zones import placed, unplaced
from zonewright.model.acl import AccessLevel, AclRule
from zonewright.model.quotas import Quotas
from zonewright.model.states import State
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.store import changes, keys, places, quotas, tsigkeys, zones
from zonewright.store.table import Put, Table

from functions.designate import create_zone, delete_zone, update_zone
from functions.designate.shares import create_share
from functions.designate.transfers import create_transfer_accept, get_transfer_accept
from functions.designate.tsigkeys import create_tsig_key


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
    assert show(zone, STRANGER).json["zone"] == moved
    assert listed() == {"zones": [], "links": {"self": BASE}, "metadata": {"total_count": 0}}
    assert listed(STRANGER) == {"zones": [moved], "links": {"self": BASE}, "metadata": {"total_count": 1}}
    last, first = changes.listing(service.table, zone["id"], 10)
    assert (last.type, last.status, last.user_id, first.type) == ("Update", "Synced", "stranger", "Create")


@pytest.mark.parametrize("earlier", [False, True])
def test_an_accepted_zone_is_in_the_lists_of_who_accepted_only(service, zone, earlier):
    rules = (AclRule(AccessLevel.DELETE, user_id="ok"), AclRule(AccessLevel.DELETE, group_id=GROUP))
    stored = zones.get(service.table, zone["id"])
    if earlier:
        unplaced(service, zone["name"], GROUP)
    else:
        service.table.write(Put(zones.to_item(replace(stored, acl=rules))), *places.take(replace(stored, acl=rules)))

    accept(offer(zone, target_project_id=STRANGERS_GROUP).json)

    def listed_for(reader):
        return [place.zone_id for place in places.listing(service.table, reader)]

    assert placed(service) == [zone["name"]]
    assert listed_for(places.of_group(STRANGERS_GROUP)) == [zone["id"]]
    assert listed_for(places.of_group(GROUP)) == listed_for("USER#ok") == []
    assert zones.get(service.table, zone["id"]).acl == ()
    tallies = [service.table.get(keys.tally(each)) for each in (GROUP, STRANGERS_GROUP)]
    assert [(each["zones"], each["placed"]) for each in tallies] == [(0, 0), (1, 1)]


def test_the_new_owner_may_do_all_and_the_old_one_nothing(zone):
    accept(offer(zone).json)

    def patch(headers):
        return call(
            update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": 60}, headers=headers)
        ).status

    assert (patch({}), patch(STRANGER)) == (404, 200)
    assert offer(zone).status == 404
    back = accept(offer(zone, STRANGER).json, {})
    assert back.status == 201
    assert [each["id"] for each in listed()["zones"]] == [zone["id"]]
    gone = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))
    assert gone.status == 204
    assert call(create_zone.handler, event("designate_create_zone")).status == 201


@pytest.fixture
def key(service, zone):
    """The body of a TSIG key of the zone."""
    return {
        "name": "k.",
        "algorithm": "hmac-sha256",
        "secret": "c2VjcmV0",
        "scope": "ZONE",
        "resource_id": zone["id"],
    }


def make_key(body, headers=None):
    return call(create_tsig_key.handler, event("designate_create_tsig_key", json=body, headers=headers or {}))


def test_the_tsig_keys_of_a_zone_end_when_it_changes_hands(service, zone, key):
    for name in ("a.", "b.", "k."):
        assert make_key(key | {"name": name}).status == 201

    assert accept(offer(zone).json).status == 201

    assert list(tsigkeys.every(service.table)) == []
    assert tsigkeys.listing(service.table, zone["id"]) == []
    assert make_key(key, STRANGER).status == 201
    tallies = [service.table.get(keys.tally(each))["tsig_keys"] for each in (GROUP, STRANGERS_GROUP)]
    assert tallies == [0, 1]


def test_a_tsig_key_made_while_its_zone_changes_hands_ends_too(service, zone, key, monkeypatch):
    make_key(key)
    offered = offer(zone).json
    plain, late = Table.write, []

    def write(table, *writes):
        if not late and any(isinstance(each, Put) and each.item.get("group_id") == STRANGERS_GROUP for each in writes):
            late.append(None)
            late.append(make_key(key | {"name": "late."}))
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)

    assert accept(offered).status == 201

    assert late[1].status == 201
    assert list(tsigkeys.every(service.table)) == []
    assert service.table.get(keys.tally(GROUP))["tsig_keys"] == 0
    assert make_key(key | {"name": "late."}, STRANGER).status == 201


def test_a_zone_with_more_tsig_keys_than_one_transaction_ends_is_not_accepted(service, zone, key):
    """Such as one of an earlier release, which did not limit them."""
    for number in range(41):
        old = TsigKey(f"{number}", f"k{number}.", "hmac-md5", b"sealed", Scope.ZONE, zone["id"], NOW)
        tsigkeys.create(service.table, old)

    answer = accept(offer(zone).json)

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert "has 41 TSIG keys, and at most 40 can end with the transfer" in answer.json["message"]
    assert len(tsigkeys.listing(service.table, zone["id"])) == 41
    assert show(zone).status == 200


def test_an_accepted_offer_stays_as_it_ended(service, zone):
    offered = offer(zone, target_project_id=STRANGERS_GROUP).json
    service.clock.now += timedelta(seconds=1)
    accept(offered)

    ended = offered | {"status": "COMPLETE", "version": 2, "updated_at": "2026-01-15T12:34:57.275934"}
    assert shown(offered).json == ended
    assert [each["status"] for each in offers(headers=STRANGER).json["transfer_requests"]] == ["COMPLETE"]
    for late in (accept(offered), accept(offered, key="WRONGKEY"), edit(offered, {"description": "x"})):
        assert (late.status, late.json["type"]) == (400, "invalid_zone_transfer_request")
    assert withdraw(offered).status == 204
    assert shown(offered).status == 404


def test_an_acceptance_is_shown_to_who_accepted(zone, operator):
    taken = accept(offer(zone).json).json

    def acceptance(headers):
        return call(
            get_transfer_accept.handler, event("designate_get_transfer_accept", zone=taken["id"], headers=headers)
        )

    assert (acceptance(STRANGER).status, acceptance(STRANGER).json) == (200, taken)
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
    sent = event("designate_create_transfer_accept", json=body, headers=STRANGER)
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
    assert shown(offered).json["status"] == "ACTIVE"


def test_who_has_all_the_zones_it_may_have_accepts_no_more(service, zone, monkeypatch):
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zones=1))
    theirs = {"name": "theirs.org.", "email": "joe@example.org"}
    call(create_zone.handler, event("designate_create_zone", json=theirs, headers=STRANGER))
    offered = offer(zone).json

    refused = accept(offered)
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zones=2))

    assert (refused.status, refused.json["type"]) == (413, "over_quota")
    assert (listed()["metadata"], listed(STRANGER)["metadata"]) == ({"total_count": 1}, {"total_count": 1})
    assert accept(offered).status == 201
    assert (listed()["metadata"], listed(STRANGER)["metadata"]) == ({"total_count": 0}, {"total_count": 2})


@pytest.mark.parametrize("had", [False, True], ids=["it never had one", "it had one once"])
def test_who_may_have_no_zone_accepts_none(service, zone, had):
    if had:
        theirs = {"name": "theirs.org.", "email": "joe@example.org"}
        made = call(create_zone.handler, event("designate_create_zone", json=theirs, headers=STRANGER)).json
        call(delete_zone.handler, event("designate_delete_zone", zone=made["id"], headers=STRANGER))
    quotas.change(service.table, STRANGERS_GROUP, {"zones": 0})
    offered = offer(zone).json

    refused = accept(offered)

    assert (refused.status, refused.json["type"]) == (413, "over_quota")
    assert (listed()["metadata"], listed(STRANGER)["metadata"]) == ({"total_count": 1}, {"total_count": 0})


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
    assert (shown(offered).status, accept(offered).status) == (404, 404)
    assert offers().json["transfer_requests"] == offers(headers=STRANGER).json["transfer_requests"] == []
    assert listed(STRANGER)["zones"] == []


def test_a_dead_sync_does_not_keep_a_zone_from_its_new_owner(service):
    body = {"name": "a.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    zone = call(create_zone.handler, event("designate_create_zone", json=body)).json["zone"]
    offered = offer(zone).json
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(replace(stored, lease=1))))

    assert accept(offered).status == 201
    abandoned = changes.get(service.table, zone["id"], NOW, stored.holder)
    assert (abandoned.status, "abandoned" in abandoned.reason) == ("Failed", True)
