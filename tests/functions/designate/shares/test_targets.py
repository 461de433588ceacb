"""What a share means to the project that a zone is shared with: it costs nothing, and it can be ended."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, NOBODYS, NOW, STRANGER, STRANGERS_GROUP, call, event, refused
from support.zones import put
from zonewright.model.share import Share
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import current
from zonewright.store import keys, shares, zones
from zonewright.store.table import Update

from functions.designate import (
    create_zone,
    delete_zone,
    find_recordset,
    get_zone,
    list_all_recordsets,
    list_recordsets,
    list_zones,
)
from functions.designate.shares import create_share, delete_share, get_share, list_shares


def allow(monkeypatch, most):
    """Let a project be given so many shares."""
    monkeypatch.setenv("PROJECT_SHARES", str(most))
    current.cache_clear()


def create(name, headers=None):
    body = {"name": name, "email": "joe@example.org"}
    return call(create_zone.handler, event("designate_create_zone", json=body, headers=headers or {}))


def share(zone, target=STRANGERS_GROUP, headers=None):
    sent = event("designate_create_share", zone=zone["id"], json={"target_project_id": target}, headers=headers or {})
    return call(create_share.handler, sent)


def end(zone, part, headers=STRANGER):
    return call(delete_share.handler, event("designate_delete_share", zone=zone["id"], part=part, headers=headers))


def shown(zone, part, headers=STRANGER):
    return call(get_share.handler, event("designate_get_share", zone=zone["id"], part=part, headers=headers))


def of(zone, query="", headers=STRANGER):
    sent = event("designate_list_shares", zone=zone["id"], rawQueryString=query, headers=headers)
    return call(list_shares.handler, sent)


def listed(query="", headers=STRANGER):
    return call(list_zones.handler, event("designate_list_zones", rawQueryString=query, headers=headers))


def everywhere(query="", headers=STRANGER):
    return call(
        list_all_recordsets.handler, event("designate_list_all_recordsets", rawQueryString=query, headers=headers)
    )


def visible(zone, headers=STRANGER):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers)).status


def other(service, name):
    """Make a project with a user. Return the user's headers."""
    people.group(service, name)
    return people.user(service, name, name)


def given(service, group=STRANGERS_GROUP):
    """The counts of shares in a project's tally, without zeros."""
    tally = service.table.get(keys.tally(group)) or {}
    return {name: value for name, value in tally.items() if name.startswith("shares") and value}


def shared(service, count, size=0, seconds=0):
    """Make zones of the first tenant's that are shared with the stranger. Return their ids, the oldest first."""
    items, made = [], []
    for number in range(count):
        at = NOW + timedelta(seconds=seconds, microseconds=number)
        zone_id = f"{seconds:08}-{number:04}-4000-8000-000000000000"
        attributes = {"long": "x" * size}
        zone = Zone(zone_id, f"z{number}-{seconds}.org.", GROUP, ZoneType.PRIMARY, at, attributes=attributes)
        _, share, *_ = shares.create(Share(zone.id, GROUP, STRANGERS_GROUP, at), zone, at, 10_000)
        items += [zones.to_item(replace(zone, shares=1)), share.item]
        made.append(zone.id)
    put(service, items)
    service.table.write(Update(keys.tally(STRANGERS_GROUP), add={"shares": count, f"shares#{GROUP}": count}))
    return made


# --- Quotas


def test_what_others_share_does_not_count_against_the_quota_of_zones(service, monkeypatch):
    monkeypatch.setenv("QUOTA_ZONES", "2")
    for name in ("a.org.", "b.org."):
        assert share(create(name).json).status == 201

    answers = [create(name, STRANGER) for name in ("c.org.", "d.org.", "e.org.")]

    assert [answer.status for answer in answers] == [201, 201, 413]
    refused(answers[-1], "over_quota", "Quota exceeded for zones.", 413)
    assert len(listed().json["zones"]) == listed("limit=1").json["metadata"]["total_count"] == 4


def test_a_project_is_given_so_many_shares_and_no_more(service, zone, monkeypatch):
    allow(monkeypatch, 2)
    third = other(service, "third")
    share(zone)
    theirs = create("theirs.org.", third).json
    last = share(theirs, headers=third).json
    more = create("more.org.", other(service, "fourth")).json

    full = share(more, headers={"x-auth-token": "zw_fourth"})
    ended = end(theirs, last["id"])
    again = share(more, headers={"x-auth-token": "zw_fourth"})

    refused(full, "over_quota", f"Quota exceeded for shares. project {STRANGERS_GROUP} was given the 2", 413)
    assert (ended.status, again.status) == (204, 201)
    assert given(service) == {"shares": 2, f"shares#{GROUP}": 1, "shares#fourth": 1}


@pytest.mark.parametrize(("most", "part"), [(1, 1), (2, 1), (3, 2), (4, 2)])
def test_one_project_alone_cannot_use_up_the_shares_of_another(service, monkeypatch, most, part):
    allow(monkeypatch, most)
    third = other(service, "third")
    own = [create(f"z{number}.org.").json for number in range(part + 1)]
    theirs = create("theirs.org.", third).json

    answers = [share(each) for each in own]

    assert [answer.status for answer in answers] == [201] * part + [413]
    if most > part:
        refused(answers[-1], "over_quota", f"project {GROUP} gave project {STRANGERS_GROUP} the {part}", 413)
        assert share(theirs, headers=third).status == 201


def test_what_a_project_ends_its_owner_cannot_take_from_others(service, monkeypatch):
    """The owner shares anew whatever is ended, and there is room for another project all the same."""
    allow(monkeypatch, 4)
    third = other(service, "third")
    own = [create(f"z{number}.org.").json for number in range(4)]
    made = [share(each) for each in own[:2]]
    for each, answer in zip(own[:2], made, strict=True):
        end(each, answer.json["id"])

    anew = [share(each).status for each in own]
    theirs = [share(create(f"t{number}.org.", third).json, headers=third).status for number in range(3)]

    assert (anew, theirs) == ([201, 201, 413, 413], [201, 201, 413])


def test_where_no_share_is_allowed_none_is_given(zone, monkeypatch):
    allow(monkeypatch, 0)

    refused(share(zone), "over_quota", "was given the 0 that a project may be given", 413)
    assert visible(zone) == 404


def test_a_refused_share_changes_nothing(service, zone, monkeypatch):
    allow(monkeypatch, 0)

    share(zone)

    assert zones.get(service.table, zone["id"]).shares == 0
    assert given(service) == {}


def test_shares_that_end_in_any_way_make_room(service, monkeypatch):
    allow(monkeypatch, 1)
    by_owner, by_target, with_zone, last = (create(f"z{number}.org.").json for number in range(4))

    end(by_owner, share(by_owner).json["id"], headers={})
    end(by_target, share(by_target).json["id"])
    share(with_zone)
    anyway = {"x-designate-delete-shares": "true"}
    call(delete_zone.handler, event("designate_delete_zone", zone=with_zone["id"], headers=anyway))

    assert given(service) == {}
    assert share(last).status == 201


def test_shares_of_earlier_releases_count_and_end(service, monkeypatch):
    allow(monkeypatch, 4)
    own = [create(f"z{number}.org.").json for number in range(4)]
    made = [share(each).json for each in own[:2]]
    service.table.write(Update(keys.tally(STRANGERS_GROUP), add={"shares": 1}, remove=(f"shares#{GROUP}",)))

    last = share(own[2])
    full = share(own[3])
    ended = [end(each, part["id"]).status for each, part in zip(own, made, strict=False)]

    assert (last.status, full.status, ended) == (201, 413, [204, 204])
    assert share(own[3]).status == 201


@pytest.mark.usefixtures("in_turn")
@pytest.mark.parametrize("owners", [1, 7], ids=["of one owner", "of an owner each"])
def test_of_racing_shares_as_many_pass_as_may(service, monkeypatch, owners):
    most, sharers = 4, 9
    allow(monkeypatch, most)
    callers = [other(service, f"g{number}") for number in range(owners)]
    racing = [callers[number % owners] for number in range(sharers)]
    made = [create(f"z{number}.org.", headers).json for number, headers in enumerate(racing)]
    answers = []

    def race(zone, headers):
        answers.append(share(zone, headers=headers).status)

    racers = [threading.Thread(target=race, args=pair) for pair in zip(made, racing, strict=True)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)

    passed = most // 2 if owners == 1 else most
    assert sorted(answers) == [201] * passed + [413] * (sharers - passed)
    assert given(service)["shares"] == listed().json["metadata"]["total_count"] == passed


# --- To see and to end a share


def test_the_project_of_a_share_sees_it_and_no_other(service, zone):
    people.group(service, "third")
    own, others = share(zone).json, share(zone, "third").json

    page = of(zone)
    answers = [shown(zone, each) for each in (own["id"], others["id"], NOBODYS)]

    assert (page.json["shared_zones"], page.json["metadata"]) == ([own], {"total_count": 1})
    assert [answer.status for answer in answers] == [200, 404, 404]
    assert answers[0].json == own
    assert [answer.json["type"] for answer in answers[1:]] == ["shared_zone_not_found"] * 2
    assert of(zone, "target_project_id=third").json["metadata"] == {"total_count": 0}
    refused(of(zone, f"marker={others['id']}"), "marker_not_found", "could not be found")
    assert of(zone, headers={}).json["metadata"] == {"total_count": 2}


def test_the_project_of_a_share_ends_it(service, zone):
    third = other(service, "third")
    own, others = share(zone).json, share(zone, "third").json

    foreign = end(zone, others["id"])
    ended = end(zone, own["id"])
    again = end(zone, own["id"])

    refused(foreign, "shared_zone_not_found", f"Could not find SharedZone: {others['id']}", 404)
    assert (ended.status, ended.body) == (204, "")
    refused(again, "zone_not_found", "Could not find Zone: ", 404)
    assert [visible(zone), visible(zone, third), visible(zone, {})] == [404, 200, 200]
    assert listed().json["metadata"] == {"total_count": 0}
    assert zones.get(service.table, zone["id"]).shares == 1
    assert share(zone).status == 201


@pytest.mark.usefixtures("in_turn")
def test_of_an_owner_and_a_project_that_end_a_share_one_does(service, zone):
    part = share(zone).json["id"]
    answers = []
    ways = [{}, STRANGER, {}, STRANGER]
    racers = [threading.Thread(target=lambda way=way: answers.append(end(zone, part, way).status)) for way in ways]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert sorted(answers) == [204, 404, 404, 404]
    assert zones.get(service.table, zone["id"]).shares == 0
    assert given(service) == {}


# --- Lists


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("", (1, 1)),  # queries, batches
        ("limit=max", (1, 3)),
        ("limit=60", (1, 2)),
        ("sort_dir=desc&limit=max", (1, 3)),
        ("sort_key=name&limit=max", (1, 3)),
        ("name=*&limit=1", (1, 3)),
    ],
)
def test_shared_zones_are_listed_in_order_with_few_calls(service, reads, query, calls):
    early, late = shared(service, 80), shared(service, 60, seconds=2)
    service.clock.now = NOW + timedelta(seconds=1)
    own = create("own.org.", STRANGER).json["id"]
    reads.clear()

    answer = listed(query)

    every = [*early, own, *late]
    expected = {
        "": every[:20],
        "limit=max": every,
        "limit=60": every[:60],
        "sort_dir=desc&limit=max": every[::-1],
    }
    found = [zone["id"] for zone in answer.json["zones"]]
    assert found == expected.get(query, found)
    assert len(found) == len(set(found))
    assert answer.json["metadata"] == {"total_count": 141}
    assert (reads.queries, reads.batches) == calls
    assert reads.gets <= 3  # the caller, and the tally


def test_pages_of_shared_zones_hold_each_once(service):
    every = shared(service, 30)

    for limit in (7, 10, 29, 30, 31):
        found, query = [], f"limit={limit}"
        while query:
            page = listed(query).json
            found += [zone["id"] for zone in page["zones"]]
            query = page["links"].get("next", "").partition("?")[2]
        assert found == every


def test_a_deleted_zone_behind_a_share_is_not_listed(service):
    """The index may still name a share whose zone is gone."""
    every = shared(service, 30)
    put(service, [service.table.get(keys.zone(each)) | {"state": "DELETED"} for each in every[:28]])

    assert [zone["id"] for zone in listed("limit=3").json["zones"]] == every[28:]


def test_a_page_of_large_shared_zones_reads_little_more_than_it_shows(service, reads):
    shared(service, 120, size=200_000)
    reads.clear()

    headers = {**STRANGER, "openstack-dns-hide-counts": "true"}
    sent = event("designate_list_zones", rawQueryString="limit=max", headers=headers)
    page = call(list_zones.handler, sent, documented=False)  # no request makes an attribute so long

    assert 10 < len(page.json["zones"]) < 25
    assert reads.batches == 1


def test_record_sets_of_all_zones_are_those_of_ones_own(service, reads):
    shared(service, 240)
    theirs = create("theirs.org.").json
    share(theirs)
    own = create("own.org.", STRANGER).json
    sent = event("designate_list_recordsets", zone=theirs["id"])
    foreign = call(list_recordsets.handler, sent).json["recordsets"][0]

    for query in ("", "limit=1", "sort_key=ttl", "type=*", f"zone_id={own['id']}"):
        reads.clear()
        answer = everywhere(query)
        assert {each["zone_id"] for each in answer.json["recordsets"]} == {own["id"]}
        assert answer.json["metadata"] == {"total_count": 2}
        assert reads.queries <= 4  # a hundred at a time, and the count
        assert (reads.batches, reads.gets) <= (0, 6)
    assert everywhere(f"zone_id={theirs['id']}").json["recordsets"] == []
    found = call(find_recordset.handler, event("designate_find_recordset", zone=foreign["id"], headers=STRANGER))
    assert (found.status, found.json["type"]) == (404, "recordset_not_found")
    below = call(list_recordsets.handler, event("designate_list_recordsets", zone=theirs["id"], headers=STRANGER))
    assert foreign in below.json["recordsets"]
