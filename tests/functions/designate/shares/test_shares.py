import threading
from datetime import timedelta

import pytest
from support import people
from support.calls import BASE, GROUP, NOBODYS, REQUEST_ID, STRANGER, STRANGERS_GROUP, call, event
from zonewright.http import conditional
from zonewright.model import share as shares
from zonewright.store import keys, zones
from zonewright.store.table import Table

from functions.designate import (
    create_zone,
    delete_zone,
    get_recordset,
    get_zone,
    list_recordsets,
    list_zones,
    restore_zone,
    transfer_zone,
    update_zone,
)
from functions.designate.pools import list_nameservers
from functions.designate.shares import create_share, delete_share, get_share, list_shares


def share(zone, target=STRANGERS_GROUP, **headers):
    sent = event("designate_create_share", zone=zone["id"], json={"target_project_id": target}, headers=headers)
    return call(create_share.handler, sent)


def unshare(zone, part, **headers):
    return call(delete_share.handler, event("designate_delete_share", zone=zone["id"], part=part, headers=headers))


def show(zone, **headers):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers))


def listed(query="", **headers):
    return call(list_zones.handler, event("designate_list_zones", rawQueryString=query, headers=headers)).json


def of(zone, query="", **headers):
    sent = event("designate_list_shares", zone=zone["id"], rawQueryString=query, headers=headers)
    return call(list_shares.handler, sent)


def made(zone, *groups, **headers):
    return [share(zone, group, **headers).json for group in groups]


def group(service, name):
    people.group(service, name)
    return name


def test_a_share_says_whose_zone_is_shared_with_whom(zone):
    answer = share(zone)

    share_id = shares.id_of(zone["id"], STRANGERS_GROUP)
    body = {
        "id": share_id,
        "zone_id": zone["id"],
        "project_id": GROUP,
        "target_project_id": STRANGERS_GROUP,
        "created_at": "2026-01-15T12:34:56.275935",
        "updated_at": None,
        "links": {"self": f"{BASE}/{zone['id']}/shares/{share_id}", "zone": f"{BASE}/{zone['id']}"},
    }
    assert (answer.status, answer.json) == (201, body)
    assert answer.headers == {
        "content-type": "application/json",
        "location": body["links"]["self"],
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }
    shown = call(get_share.handler, event("designate_get_share", zone=zone["id"], part=share_id))
    assert (shown.status, shown.json) == (200, body)
    assert of(zone).json == {
        "shared_zones": [body],
        "links": {"self": f"{BASE}/{zone['id']}/shares"},
        "metadata": {"total_count": 1},
    }


def test_a_shared_zone_says_so_and_is_another_one(zone):
    share(zone)

    for headers in ({}, STRANGER):
        shown = show(zone, **headers)
        assert shown.json["zone"] == zone | {"shared": True, "version": 2, "updated_at": "2026-01-15T12:34:56.275935"}
        assert shown.headers["etag"] == conditional.tag("2", shown=shown.body)


def test_who_it_is_shared_with_sees_the_zone_and_what_it_holds(zone):
    share(zone)

    held = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"], headers=STRANGER))
    first = held.json["recordsets"][0]
    one = call(
        get_recordset.handler, event("designate_get_recordset", zone=zone["id"], part=first["id"], headers=STRANGER)
    )
    servers = call(list_nameservers.handler, event("designate_list_nameservers", zone=zone["id"], headers=STRANGER))

    assert [each["type"] for each in held.json["recordsets"]] == ["NS", "SOA"]
    assert (one.status, one.json) == (200, first)
    assert servers.status == 200
    assert [each["id"] for each in listed(**STRANGER)["zones"]] == [zone["id"]]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        (update_zone, "designate_update_zone"),
        (delete_zone, "designate_delete_zone"),
        (transfer_zone, "designate_transfer_zone"),
        (restore_zone, "designate_restore_zone"),
        (create_share, "designate_create_share"),
    ],
)
def test_who_it_is_shared_with_may_not_do_what_an_owner_may(zone, route, name):
    (made_share,) = made(zone, STRANGERS_GROUP)
    before = show(zone).json

    answer = call(route.handler, event(name, zone=zone["id"], part=made_share["id"], headers=STRANGER))

    assert (answer.status, answer.json["type"]) == (403, "forbidden")
    assert show(zone).json == before


def test_shared_zones_stand_in_the_list_in_the_order_of_their_making(service, zone):
    expected = [zone["id"]]
    for n, headers in enumerate((STRANGER, {}, STRANGER, {})):
        service.clock.now += timedelta(seconds=1)
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        each = call(create_zone.handler, event("designate_create_zone", json=body, headers=headers)).json
        expected.append(each["id"])
        if headers == {} and n == 1:
            share(each)
    share(zone)

    answer = listed(**STRANGER)
    pages, query = [], "limit=1"
    while query:
        page = listed(query, **STRANGER)
        pages += [each["id"] for each in page["zones"]]
        query = page["links"].get("next", "").partition("?")[2]
    newest = [each["id"] for each in listed("sort_dir=desc", **STRANGER)["zones"]]
    named = [each["id"] for each in listed("sort_key=name", **STRANGER)["zones"]]

    assert [each["id"] for each in answer["zones"]] == expected[:4] == pages == newest[::-1]
    assert [each["shared"] for each in answer["zones"]] == [True, False, True, False]
    assert answer["metadata"] == {"total_count": 4}
    assert set(named) == set(expected[:4])
    assert [each["id"] for each in listed(f"name={zone['name']}", **STRANGER)["zones"]] == [zone["id"]]
    assert [each["id"] for each in listed(f"marker={zone['id']}", **STRANGER)["zones"]] == expected[1:4]
    assert listed()["metadata"] == {"total_count": 3}


def test_a_page_costs_what_it_shows(service, reads):
    for n in range(12):
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        share(call(create_zone.handler, event("designate_create_zone", json=body)).json)
    reads.clear()

    answer = listed("limit=3", **STRANGER, **{"openstack-dns-hide-counts": "true"})

    assert len(answer["zones"]) == 3
    assert (reads.queries, reads.items, reads.batches, reads.gets) == (1, 3, 1, 2)  # the last ones are of the caller


def test_an_operator_sees_a_shared_zone_once(service, zone):
    share(zone)
    people.user(service, "op", GROUP, is_super=True)

    for query in ("", "sort_key=name"):
        answer = listed(query, **{"x-auth-token": "zw_op", "x-auth-all-projects": "true"})
        assert [each["id"] for each in answer["zones"]] == [zone["id"]]
        assert answer["metadata"] == {"total_count": 1}


def test_a_zone_is_shared_with_a_project_once(zone):
    share(zone)

    answer = share(zone)

    assert (answer.status, answer.json["type"]) == (409, "duplicate_shared_zone")
    assert len(of(zone).json["shared_zones"]) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"target_project_id": "no-such-project"}, "invalid_project"),
        ({"target_project_id": GROUP}, "invalid_object"),
        ({"target_project_id": ""}, "invalid_object"),
        ({"target_project_id": "x" * 37}, "invalid_object"),
        ({"target_project_id": None}, "invalid_object"),
        ({"target_project_id": 5}, "invalid_object"),
        ({}, "invalid_object"),
        ({"target_project_id": STRANGERS_GROUP, "more": 1}, "invalid_object"),
    ],
)
def test_what_is_no_share_is_refused_and_changes_nothing(zone, body, kind):
    answer = call(create_share.handler, event("designate_create_share", zone=zone["id"], json=body))

    assert (answer.status, answer.json["type"]) == (400, kind)
    assert answer.json["errors"]["errors"]
    assert show(zone).json["zone"] == zone


def test_a_share_that_ended_shows_nothing_any_more(zone):
    (made_share,) = made(zone, STRANGERS_GROUP)

    answer = unshare(zone, made_share["id"])

    assert (answer.status, answer.body) == (204, "")
    assert show(zone, **STRANGER).status == 404
    assert listed(**STRANGER) == {"zones": [], "links": {"self": BASE}, "metadata": {"total_count": 0}}
    assert (show(zone).json["shared"], show(zone).json["version"]) == (False, 3)
    again = unshare(zone, made_share["id"])
    gone = call(get_share.handler, event("designate_get_share", zone=zone["id"], part=made_share["id"]))
    assert (again.status, again.json["type"]) == (gone.status, gone.json["type"]) == (404, "shared_zone_not_found")
    assert share(zone).status == 201


def test_a_shared_zone_is_deleted_only_with_its_shares(service, zone):
    made(zone, STRANGERS_GROUP, group(service, "third"))
    path = event("designate_delete_zone", zone=zone["id"])
    anyway = event("designate_delete_zone", zone=zone["id"], headers={"x-designate-delete-shares": "true"})

    refused = call(delete_zone.handler, path)
    kept = show(zone).status
    gone = call(delete_zone.handler, anyway)

    assert (refused.status, refused.json["type"], kept) == (400, "zone_is_shared", 200)
    assert gone.status == 204
    assert listed(**STRANGER)["metadata"] == {"total_count": 0}
    assert list(service.table.query(keys.zone_partition(zone["id"]), prefix=keys.SHARES)) == []
    assert show(zone, **STRANGER).status == 404


def test_an_unshared_zone_is_deleted_with_the_header_too(zone):
    sent = event("designate_delete_zone", zone=zone["id"], headers={"x-designate-delete-shares": "true"})

    assert call(delete_zone.handler, sent).status == 204


def test_a_share_that_comes_while_the_zone_is_deleted_keeps_it(service, zone, monkeypatch):
    plain, raced = Table.write, []

    def write(table, *writes):
        if not raced:
            raced.append(True)
            assert share(zone).status == 201
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert (answer.status, answer.json["type"]) == (400, "zone_is_shared")
    assert show(zone, **STRANGER).status == 200


def test_a_zone_deleted_while_it_is_shared_is_not_shared(service, zone, monkeypatch):
    plain, raced = Table.write, []

    def write(table, *writes):
        if not raced:
            raced.append(True)
            call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)

    answer = share(zone)

    assert (answer.status, answer.json["type"]) == (404, "zone_not_found")
    assert listed(**STRANGER)["metadata"] == {"total_count": 0}


def test_there_is_an_end_to_how_many_a_zone_is_shared_with(service, zone):
    for n in range(shares.MOST_SHARES):
        assert share(zone, group(service, f"g{n}")).status == 201

    answer = share(zone)
    anyway = event("designate_delete_zone", zone=zone["id"], headers={"x-designate-delete-shares": "true"})

    assert (answer.status, answer.json["type"]) == (413, "over_quota")
    assert call(delete_zone.handler, anyway).status == 204


@pytest.mark.usefixtures("in_turn")
def test_of_two_who_share_with_the_same_project_one_does(service, zone):
    answers = []
    racers = [threading.Thread(target=lambda: answers.append(share(zone).status)) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert sorted(answers) == [201, 409, 409, 409]
    assert zones.get(service.table, zone["id"]).shares == 1
    assert listed(**STRANGER)["metadata"] == {"total_count": 1}


@pytest.mark.usefixtures("in_turn")
def test_of_two_who_end_a_share_one_does(service, zone):
    (made_share,) = made(zone, STRANGERS_GROUP)
    answers = []
    racers = [threading.Thread(target=lambda: answers.append(unshare(zone, made_share["id"]).status)) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert sorted(answers) == [204, 404, 404, 404]
    assert zones.get(service.table, zone["id"]).shares == 0


def test_shares_are_filtered_sorted_and_paged(service, zone):
    names = ["b", "a", "c"]
    for name in names:
        service.clock.now += timedelta(seconds=1)
        share(zone, group(service, name))

    def targets(query):
        return [each["target_project_id"] for each in of(zone, query).json["shared_zones"]]

    first = of(zone, "limit=2").json
    assert targets("") == names
    assert targets("sort_dir=desc") == names[::-1]
    assert targets("sort_key=target_project_id") == ["a", "b", "c"]
    assert targets("target_project_id=a") == ["a"]
    assert [each["target_project_id"] for each in first["shared_zones"]] == ["b", "a"]
    assert targets(first["links"]["next"].partition("?")[2]) == ["c"]
    unknown = of(zone, f"marker={NOBODYS}")
    assert (unknown.status, unknown.json["type"]) == (400, "marker_not_found")
    assert of(zone, "sort_key=zone").json["type"] == "invalid_sort_key"


def test_vinyldns_does_not_take_a_share_for_a_zone_open_to_all(service, zone):
    from functions.vinyldns import get_zone as vinyldns

    share(zone)
    group(service, "third")
    people.user(service, "third", "third")

    answer = call(vinyldns.handler, event("vinyldns_get_zone", zone=zone["id"], headers={"x-auth-token": "zw_third"}))

    assert answer.status == 403
