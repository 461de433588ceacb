"""Offers and acceptances that meet other writers of the zone."""

import threading

import pytest
from support import people
from support.calls import GROUP, STRANGER, call, event
from support.handovers import accept, edit, listed, offer, offers, show, withdraw
from zonewright.model.states import State
from zonewright.store import keys, zones
from zonewright.store.table import Put, Table

from functions.designate import create_zone, delete_zone, transfer_zone, update_zone
from functions.designate.shares import create_share


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
    assert (listed()["metadata"], listed(STRANGER)["metadata"]) == ({"total_count": 0}, {"total_count": 0})


def test_a_zone_accepted_while_it_is_deleted_is_the_new_owners(service, zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: accept(offered))

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert (answer.status, answer.json["type"]) == (404, "zone_not_found")
    assert show(zone, STRANGER).status == 200
    assert (listed()["metadata"], listed(STRANGER)["metadata"]) == ({"total_count": 0}, {"total_count": 1})


def test_a_zone_accepted_while_it_is_changed_is_not_changed(zone, monkeypatch):
    offered = offer(zone).json
    between(monkeypatch, lambda: accept(offered))

    answer = call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": 60}))

    assert (answer.status, answer.json["type"]) == (404, "zone_not_found")
    assert show(zone, STRANGER).json["ttl"] == zone["ttl"]


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
    assert show(zone, STRANGER).status == 200


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
        people.group(service, f"g{n}")
        people.user(service, str(n), f"g{n}")
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
