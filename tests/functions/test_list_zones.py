import pytest
from calls import STRANGERS_TOKEN, call, event

from functions.designate import create_zone, delete_zone, get_zone, list_zones

BASE = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v2/zones"


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
    ],
)
def test_a_query_that_means_nothing_is_refused(service, query, kind):
    answer = listed(query)

    assert (answer.status, answer.json["code"], answer.json["type"]) == (400, 400, kind)
