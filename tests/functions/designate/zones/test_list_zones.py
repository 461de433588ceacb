from dataclasses import replace
from datetime import timedelta

import pytest
from support import people
from support.calls import BASE, GROUP, NOW, STRANGERS_TOKEN, call, event
from zonewright.model.states import State
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import zones as store
from zonewright.store.claims import Deletion
from zonewright.store.conditions import PRESENT

from functions.designate import create_zone, delete_zone, get_zone, list_zones


def create(*names, **headers):
    bodies = [{"name": name, "email": "joe@example.org"} for name in names]
    return [
        call(create_zone.handler, event("designate_create_zone", json=body, headers=headers)).json for body in bodies
    ]


def listed(query="", **headers):
    return call(list_zones.handler, event("designate_list_zones", rawQueryString=query, headers=headers))


def test_no_zones_are_an_empty_list(service):
    answer = listed()

    assert answer.status == 200
    assert answer.json == {"zones": [], "links": {"self": BASE}, "metadata": {"total_count": 0}}
    assert answer.headers["vary"] == "Accept"


def test_a_full_page_links_to_the_next_one_to_the_end(service):
    first, second, third = create("c.org.", "b.org.", "a.org.")
    expected = sorted((first["id"], second["id"], third["id"]))

    page = listed("limit=2")
    rest = listed(page.json["links"]["next"].partition("?")[2])

    assert [zone["id"] for zone in page.json["zones"]] == expected[:2]
    assert page.json["links"] == {"self": f"{BASE}?limit=2", "next": f"{BASE}?limit=2&marker={expected[1]}"}
    assert page.json["metadata"] == rest.json["metadata"] == {"total_count": 3}
    assert [zone["id"] for zone in rest.json["zones"]] == expected[2:]
    assert rest.json["links"] == {"self": page.json["links"]["next"]}


def test_a_listed_zone_is_the_zone_without_its_envelope(service):
    (zone,) = create("a.org.")

    assert listed().json["zones"] == [zone["zone"]]
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json == zone


def test_another_tenants_zones_are_not_listed_nor_good_as_markers(service):
    (theirs,) = create("theirs.org.", **{"x-auth-token": STRANGERS_TOKEN})
    create("ours.org.")

    answer = listed()
    foreign = listed(f"marker={theirs['id']}")
    unknown = listed("marker=a86dba58-0043-4cc6-a1bb-69d5e86f3ca3")

    assert [zone["name"] for zone in answer.json["zones"]] == ["ours.org."]
    assert (foreign.status, foreign.json["type"]) == (unknown.status, unknown.json["type"]) == (400, "marker_not_found")


def test_a_deleted_zone_is_not_listed(service):
    (zone,) = create("a.org.")

    gone = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert (gone.status, gone.body) == (204, "")
    assert listed().json["zones"] == []
    assert listed().json["metadata"] == {"total_count": 0}


@pytest.fixture
def zones(service):
    """Zones that differ in everything a list can filter and sort by, by the first letter of their names."""
    differing = {
        "a.org.": {"email": "ann@example.org", "ttl": 300, "serial": 9, "description": "100% ours"},
        "B.org.": {"email": "joe@example.org", "ttl": 60, "serial": 70, "updated": NOW},
        "c.net.": {"email": "JOE@example.org", "ttl": 60, "state": State.ERROR, "description": ""},
        "d.a.org.": {"email": "joe@example.net", "ttl": 3600, "state": State.SYNCING, "serial": 800},
    }
    made = [
        Zone(f"{number:08}-0000-4000-8000-0", name, GROUP, ZoneType.PRIMARY, NOW + timedelta(seconds=number), **fields)
        for number, (name, fields) in enumerate(differing.items(), 1)
    ]
    made = [replace(zone, id=f"{zone.id:0<36}") for zone in made]
    for zone in reversed(made):
        service.table.write(*store.create(zone))
    return made


def letters(answer):
    assert answer.status == 200, answer.body
    return "".join(zone["name"][0] for zone in answer.json["zones"]).lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=a.org.", "a"),
        ("name=b.ORG.", "b"),
        ("name=a.org", ""),
        ("name=", ""),
        ("name=" + "x" * 5000 + ".", ""),
        ("name=%C3%A9.org.", ""),
        ("name=*", "abcd"),
        ("name=*.org.", "abd"),
        ("name=*.A.*", "d"),
        ("name=%25.org.", ""),
        ("name=_.org.", ""),
        ("email=joe@example.org", "bc"),
        ("email=joe@*", "bcd"),
        ("ttl=60", "bc"),
        ("ttl=6*", "bc"),
        ("ttl=60.0", ""),
        ("ttl=%3E%3D60", ""),
        ("status=ACTIVE", "ab"),
        ("status=PENDING", "d"),
        ("status=*R*", "c"),
        ("type=PRIMARY", "abcd"),
        ("type=SECONDARY", ""),
        ("description=100%25+ours", "a"),
        ("description=", "c"),
        ("description=*", "ac"),
        ("name=*.org.&ttl=60", "b"),
        ("name=B.org.&ttl=300", ""),
        ("name=B.org.&ttl=60", "b"),
    ],
)
def test_a_list_holds_what_every_filter_lets_through(zones, query, found):
    answer = listed(query)

    assert letters(answer) == found
    assert answer.json["metadata"] == {"total_count": len(found)}


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("created_at", "abcd"),
        ("id", "abcd"),
        ("updated_at", "acdb"),
        ("name", "abcd"),
        ("tenant_id", "abcd"),
        ("serial", "cabd"),
        ("ttl", "bcad"),
        ("status", "abcd"),
    ],
)
@pytest.mark.parametrize("extra", ["", "&name=*"], ids=["all", "filtered"])
def test_pages_of_every_order_follow_each_other_both_ways(zones, key, order, extra):
    for direction in ("asc", "DESC"):
        found, query = "", f"sort_key={key}&sort_dir={direction}&limit=3{extra}"
        while query:
            answer = listed(query)
            found += letters(answer)
            assert answer.json["metadata"] == {"total_count": 4}
            query = answer.json["links"].get("next", "").partition("?")[2]

        assert found == (order if direction == "asc" else order[::-1])


def test_the_next_page_is_asked_for_with_the_same_words(zones):
    links = listed("name=*.org.&sort_key=ttl&limit=2").json["links"]

    assert links["next"] == f"{BASE}?name=%2A.org.&sort_key=ttl&limit=2&marker={zones[0].id}"


def test_a_deleted_zone_is_still_a_good_marker(service, zones):
    service.table.write(*store.delete(zones[1].freed(State.DELETED, NOW), PRESENT, Deletion(PRESENT)))

    assert letters(listed(f"marker={zones[1].id}")) == "cd"
    assert letters(listed(f"marker={zones[1].id}&sort_key=name")) == "cd"


@pytest.mark.parametrize("query", ["", "name=a.org.", "name=a*", "sort_key=name"])
def test_counts_may_be_hidden(zones, query):
    assert listed(query, **{"OpenStack-DNS-Hide-Counts": "true"}).json["metadata"] == {}
    assert listed(query, **{"OpenStack-DNS-Hide-Counts": "no"}).json["metadata"] != {}


@pytest.mark.parametrize("query", ["name=theirs.org.", "name=*", "sort_key=name", "email=*"])
def test_another_tenants_zones_pass_no_filter(service, query):
    create("theirs.org.", **{"x-auth-token": STRANGERS_TOKEN})

    answer = listed(query)

    assert (answer.json["zones"], answer.json["metadata"]) == ([], {"total_count": 0})


def operator(service, **flags):
    """The token of a user of neither tenant's group."""
    people.group(service, "operators")
    return people.user(service, "op", "operators", **flags)


@pytest.mark.parametrize("flag", ["is_super", "is_support"])
def test_operators_list_the_zones_of_all_projects(service, zones, flag):
    headers = operator(service, **{flag: True})
    (theirs,) = create("e.org.", **{"x-auth-token": STRANGERS_TOKEN})
    everywhere = headers | {"x-auth-all-projects": "True"}

    assert letters(listed("", **headers)) == ""
    assert letters(listed("", **everywhere)) == "eabcd"
    assert letters(listed("all_projects=1", **headers)) == letters(listed("all_tenants=yes", **headers)) == "eabcd"
    assert letters(listed("sort_dir=desc", **everywhere)) == "dcbae"
    assert letters(listed("name=e.org.", **everywhere)) == "e"
    assert letters(listed("name=*.org.&sort_key=tenant_id", **everywhere)) == "eabd"
    assert letters(listed(f"marker={theirs['id']}&limit=2", **everywhere)) == "ab"
    assert letters(listed(f"marker={zones[0].id}&limit=2", **everywhere)) == "bc"
    assert listed("limit=1", **everywhere).json["metadata"] == {"total_count": 5}


def test_a_tenant_does_not_list_all_projects(service):
    refused = [
        listed("", **{"x-auth-all-projects": "true"}),
        listed("all_projects=true"),
        listed("all_tenants=t", **{"x-auth-sudo-project-id": GROUP}),
    ]

    assert [(answer.status, answer.json["type"]) for answer in refused] == [(403, "forbidden")] * 3


def test_a_page_reads_in_proportion_to_what_it_shows(service, zones, reads):
    signing = 2  # the token, its user

    costs = {}
    for query in ("limit=2", "limit=2&sort_dir=desc", "name=a.org.", "name=nobodys.org.", "name=a*&limit=1"):
        reads.clear()
        listed(query)
        costs[query] = (reads.gets - signing, reads.queries, reads.items)

    assert costs == {
        "limit=2": (1, 1, 2),  # the tally
        "limit=2&sort_dir=desc": (1, 1, 2),
        "name=a.org.": (2, 0, 0),  # the name, the zone
        "name=nobodys.org.": (1, 0, 0),
        "name=a*&limit=1": (0, 1, 4),
    }


@pytest.mark.parametrize("limit", ["1000", "5000", "max", "MAX", "9" * 30])
def test_a_limit_may_be_large(service, limit):
    assert listed(f"limit={limit}").status == 200


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        pytest.param("limit=0", "invalid_limit", id="zero"),
        pytest.param("limit=-1", "invalid_limit", id="negative"),
        pytest.param("limit=two", "invalid_limit", id="word"),
        pytest.param("limit=", "invalid_limit", id="blank"),
        pytest.param("limit=%D9%A3", "invalid_limit", id="digits of another script"),
        pytest.param("marker=example.org.", "invalid_marker", id="marker"),
        pytest.param("sort_key=colour", "invalid_sort_key", id="sort key"),
        pytest.param("sort_dir=sideways", "invalid_sort_dir", id="sort direction"),
        pytest.param("colour=red", "bad_request", id="unknown"),
        pytest.param("limit=1&limit=2", "bad_request", id="twice"),
        pytest.param("name=a&name=b", "bad_request", id="filter twice"),
        pytest.param("data=192.0.2.1", "bad_request", id="filter of record sets"),
    ],
)
def test_a_query_that_means_nothing_is_refused(service, query, kind):
    answer = listed(query)

    assert (answer.status, answer.json["code"], answer.json["type"]) == (400, 400, kind)
