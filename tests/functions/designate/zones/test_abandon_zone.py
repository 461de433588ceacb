import pytest
from support import people
from support.calls import GROUP, STRANGERS_GROUP, call, event
from support.zones import placed, unplaced
from zonewright.http.routes import refusal
from zonewright.store import zones

from functions.designate import abandon_zone, create_zone, get_zone


@pytest.fixture
def root(service):
    """The token of a super user in another group."""
    return people.user(service, "root", STRANGERS_GROUP, is_super=True)


def abandon(zone_id, headers=None):
    return call(abandon_zone.handler, event("designate_abandon_zone", zone=zone_id, headers=headers or {}))


@pytest.mark.parametrize("release", ["seed", "current"])
def test_a_super_user_drops_a_zone(service, root, monkeypatch, release):
    monkeypatch.setenv("DESIGNATE_RELEASE", release)
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]

    answer = abandon(zone["id"], root)

    assert (answer.status, answer.body) == (204, "")
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).status == 404
    assert zones.count(service.table, GROUP) == 0
    assert call(create_zone.handler, event("designate_create_zone")).status in (201, 202)
    assert (abandon(zone["id"], root).status, abandon("x", root).json["type"]) == (404, "invalid_uuid")


def test_a_zone_of_an_earlier_release_is_dropped_too(service, root):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]
    unplaced(service, zone["name"], GROUP)

    assert (abandon(zone["id"], root).status, placed(service)) == (204, [])


def test_nobody_else_does_not_even_of_their_own(service):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]

    answer = abandon(zone["id"])

    assert (answer.status, answer.json["type"]) == (403, "forbidden")
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["zone"] == zone


def test_a_zone_with_zones_below_it_is_not_abandoned(service, root):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]
    below = {"name": f"www.{zone['name']}", "email": "joe@example.org"}
    call(create_zone.handler, event("designate_create_zone", json=below))

    answer = abandon(zone["id"], root)

    assert (answer.status, answer.json["type"]) == (400, "zone_has_sub_zone")


def test_it_is_no_place_to_look_at():
    assert refusal("GET", "/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3/tasks/abandon").allowed == ("POST",)
