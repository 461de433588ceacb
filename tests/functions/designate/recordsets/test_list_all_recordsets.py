from datetime import timedelta

import pytest
from support import people
from support.calls import STRANGERS_TOKEN, call, event

from functions.designate import (
    create_recordset,
    create_zone,
    delete_recordset,
    delete_zone,
    find_recordset,
    list_all_recordsets,
    list_recordsets,
    update_recordset,
)

NOBODYS = "0c5b2a3e-5f6d-5a1b-8c7d-9e0f1a2b3c4d"


def create(service, name, **headers):
    body = {"name": name, "email": "joe@example.org"}
    service.clock.now += timedelta(seconds=1)
    return call(create_zone.handler, event("designate_create_zone", json=body, headers=headers)).json["zone"]


def add(service, zone, name, records, kind="A", **fields):
    service.clock.now += timedelta(seconds=1)
    body = {"name": name, "type": kind, "records": records, **fields}
    return call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body)).json


@pytest.fixture
def zones(service):
    """Two zones, and one of a stranger's in between."""
    b = create(service, "b.org.")
    create(service, "s.org.", **{"x-auth-token": STRANGERS_TOKEN})
    a = create(service, "a.org.")
    add(service, a, "www.a.org.", ["192.0.2.1"], ttl=60, description="Web of a")
    add(service, b, "WWW.b.org.", ["192.0.2.1", "192.0.2.2"])
    add(service, a, "b.a.org.", ["2001:db8::1"], kind="AAAA", ttl=9, description="web of b")
    return b, a


def listed(query="", **headers):
    sent = event("designate_list_all_recordsets", rawQueryString=query, headers=headers)
    return call(list_all_recordsets.handler, sent)


def shown(answer):
    assert answer.status == 200, answer.body
    return " ".join(f"{each['name']}/{each['type']}" for each in answer.json["recordsets"])


EVERY = "b.org./NS b.org./SOA WWW.b.org./A a.org./NS a.org./SOA b.a.org./AAAA www.a.org./A"


def test_they_come_zone_after_zone_each_as_its_zone_shows_it(zones):
    answer = listed()

    own = [
        each
        for zone in zones
        for each in call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json[
            "recordsets"
        ]
    ]
    assert shown(answer) == EVERY
    assert answer.json["recordsets"] == own
    assert answer.json["metadata"] == {"total_count": 7}


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
@pytest.mark.parametrize("order", ["", "&sort_key=name", "&type=*&sort_dir=desc", "&sort_key=ttl&sort_dir=desc"])
def test_pages_follow_each_other(zones, limit, order):
    whole = shown(listed(order.removeprefix("&")))

    pages = []
    following = f"limit={limit}{order}"
    while following:
        answer = listed(following)
        pages.append(shown(answer))
        following = answer.json["links"].get("next", "").partition("?")[2]

    assert " ".join(pages) == whole
    assert len(pages) == -(-7 // limit)


def test_an_id_is_a_marker_too(zones):
    every = listed().json["recordsets"]

    for number, each in enumerate(every):
        assert listed(f"marker={each['id']}").json["recordsets"] == every[number + 1 :]


def test_a_page_goes_on_where_its_marker_was(service, zones):
    first = listed("limit=3")
    call(delete_zone.handler, event("designate_delete_zone", zone=zones[0]["id"]))

    rest = listed(first.json["links"]["next"].partition("?")[2])

    assert shown(rest) == "a.org./NS a.org./SOA b.a.org./AAAA"


@pytest.mark.parametrize(
    ("marker", "kind"), [("x", "invalid_marker"), (".%25", "invalid_marker"), (NOBODYS, "marker_not_found")]
)
def test_a_marker_that_is_none_is_refused(zones, marker, kind):
    answer = listed(f"marker={marker}")

    assert (answer.status, answer.json["type"]) == (400, kind)


def test_a_strangers_place_is_no_marker(zones):
    theirs = listed("limit=1", **{"x-auth-token": STRANGERS_TOKEN})

    answer = listed(theirs.json["links"]["next"].partition("?")[2])

    assert (answer.status, answer.json["type"]) == (400, "marker_not_found")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=www.b.org.", "WWW.b.org./A"),
        ("name=b.A.org.", "b.a.org./AAAA"),
        ("name=s.org.", ""),
        ("name=org.", ""),
        ("name=www", ""),
        ("name=www.*", "WWW.b.org./A www.a.org./A"),
        ("type=AAAA", "b.a.org./AAAA"),
        ("ttl=60", "www.a.org./A"),
        ("data=192.0.2.1", "WWW.b.org./A www.a.org./A"),
        ("data=192.0.2.2&type=A", "WWW.b.org./A"),
        ("description=Web*", "b.a.org./AAAA www.a.org./A"),
        ("description=*of%20A", "www.a.org./A"),
        ("status=ACTIVE&type=A", "WWW.b.org./A www.a.org./A"),
        ("status=PENDING", ""),
        ("sort_key=name&type=A*", "b.a.org./AAAA www.a.org./A WWW.b.org./A"),
        ("sort_key=created_at&type=A*", "www.a.org./A WWW.b.org./A b.a.org./AAAA"),
        ("sort_key=created_at&sort_dir=desc&limit=1", "b.a.org./AAAA"),
        ("sort_key=ttl&type=A*", "WWW.b.org./A b.a.org./AAAA www.a.org./A"),
        ("sort_key=tenant_id&type=A*", "WWW.b.org./A b.a.org./AAAA www.a.org./A"),
        ("sort_key=records&type=A", "www.a.org./A WWW.b.org./A"),
        ("sort_key=type&type=A*", "WWW.b.org./A www.a.org./A b.a.org./AAAA"),
    ],
)
def test_lists_are_filtered_and_sorted(zones, query, found):
    answer = listed(query)

    assert shown(answer) == found
    if "limit" not in query:
        assert answer.json["metadata"]["total_count"] == len(found.split())


def test_sorted_by_what_every_record_set_has_its_own_of(service, zones):
    every = listed().json["recordsets"]
    changed = next(each for each in every if each["name"] == "WWW.b.org.")
    body = {"zone": changed["zone_id"], "part": changed["id"], "json": {"ttl": 1}}
    call(update_recordset.handler, event("designate_update_recordset", **body))

    for key in ("id", "zone_id"):
        assert [each["id"] for each in listed(f"sort_key={key}").json["recordsets"]] == [
            each["id"] for each in sorted(every, key=lambda each: each[key])
        ]
    assert shown(listed("sort_key=updated_at&sort_dir=desc&limit=1")) == "WWW.b.org./A"


def test_one_zone_of_them(zones):
    b, a = zones

    assert shown(listed(f"zone_id={b['id']}")) == "b.org./NS b.org./SOA WWW.b.org./A"
    assert shown(listed(f"zone_id={a['id']}&type=A*&sort_dir=desc")) == "www.a.org./A b.a.org./AAAA"
    assert listed(f"zone_id={b['id']}&limit=1").json["metadata"] == {"total_count": 3}
    assert shown(listed(f"zone_id={b['id']}", **{"x-auth-token": STRANGERS_TOKEN})) == ""
    assert listed(f"zone_id={b['id']}", **{"x-auth-token": STRANGERS_TOKEN}).json["metadata"] == {"total_count": 0}
    assert shown(listed(f"zone_id={NOBODYS}")) == ""
    assert listed("zone_id=x").json["type"] == "invalid_uuid"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("email=x", "bad_request"),
        ("type=A&type=B", "bad_request"),
        ("sort_key=x", "invalid_sort_key"),
        ("limit=0", "invalid_limit"),
    ],
)
def test_what_means_nothing_is_refused(zones, query, kind):
    answer = listed(query)

    assert (answer.status, answer.json["type"]) == (400, kind)


def test_operators_see_those_of_all_projects(service, zones):
    people.group(service, "operators")
    people.user(service, "op", "operators", is_support=True)
    headers = {"x-auth-token": "zw_op", "x-auth-all-projects": "true"}

    assert shown(listed("type=SOA", **headers)) == "b.org./SOA s.org./SOA a.org./SOA"
    assert listed("limit=1", **headers).json["metadata"] == {"total_count": 9}
    assert shown(listed("", **{"x-auth-token": "zw_op"})) == ""
    assert listed("all_projects=true").status == 403


def test_a_page_reads_in_proportion_to_what_it_shows(service, reads):
    for number in range(40):
        create(service, f"z{number}.org.")
    first = listed("limit=2", **{"openstack-dns-hide-counts": "true"})
    following = first.json["links"]["next"].partition("?")[2]

    reads.clear()
    answer = listed(following, **{"openstack-dns-hide-counts": "true"})

    assert shown(answer) == "z1.org./NS z1.org./SOA"
    assert answer.json["metadata"] == {}
    assert reads.gets <= 8
    assert reads.queries == 1


def test_a_record_set_is_found_in_its_zone(zones):
    for each in listed().json["recordsets"]:
        answer = call(find_recordset.handler, event("designate_find_recordset", zone=each["id"]))

        assert (answer.status, answer.headers["location"]) == (301, each["links"]["self"])


def test_a_record_set_that_is_not_there_or_a_strangers_is_not_found(zones):
    theirs = listed("", **{"x-auth-token": STRANGERS_TOKEN}).json["recordsets"][0]

    for nobodys in (NOBODYS, theirs["id"]):
        answer = call(find_recordset.handler, event("designate_find_recordset", zone=nobodys))
        assert (answer.status, answer.json["type"]) == (404, "recordset_not_found")
    assert call(find_recordset.handler, event("designate_find_recordset", zone="x")).json["type"] == "invalid_uuid"


def test_a_search_ends_at_a_bound(zones, monkeypatch):
    last = listed().json["recordsets"][-1]
    monkeypatch.setattr("zonewright.actions.recordset_search.SECONDS", -1)

    answer = call(find_recordset.handler, event("designate_find_recordset", zone=last["id"]))

    assert (answer.status, answer.json["type"]) == (413, "over_quota")
    assert "ask in one zone" in answer.json["message"]


def test_what_is_deleted_is_not_counted(zones):
    gone = next(each for each in listed().json["recordsets"] if each["type"] == "AAAA")
    call(delete_recordset.handler, event("designate_delete_recordset", zone=gone["zone_id"], part=gone["id"]))

    assert listed("limit=1").json["metadata"] == {"total_count": 6}
