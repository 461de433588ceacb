import pytest
from support import people
from support.calls import GROUP, HOST, NOW, call, event
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import zones

from functions.designate.pools import get_pool, list_nameservers, list_pools
from functions.designate.quotas import limits

BASE = f"{HOST}/v2/pools"
ID = "794ccc2c-d751-44fe-b57f-8894c9f5c842"
SERVERS = [{"hostname": "ns1.example.net.", "priority": 1}, {"hostname": "ns2.example.net.", "priority": 2}]
POOL = {
    "id": ID,
    "name": "default",
    "description": None,
    "project_id": None,
    "attributes": {},
    "ns_records": SERVERS,
    "created_at": None,
    "updated_at": None,
    "links": {"self": f"{BASE}/{ID}"},
}


@pytest.fixture(params=["is_super", "is_support"])
def operator(request, service):
    """The token of a user who runs the service."""
    return people.user(service, "op", GROUP, **{request.param: True})


def test_operators_see_the_one_pool(operator):
    listed = call(list_pools.handler, event("designate_list_pools", headers=operator))
    shown = call(get_pool.handler, event("designate_get_pool", headers=operator))

    assert (listed.status, listed.json) == (200, {"pools": [POOL], "links": {"self": BASE}})
    assert (shown.status, shown.json) == (200, POOL)


@pytest.mark.parametrize(
    ("pool_id", "status", "kind"),
    [
        pytest.param("a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", 404, "pool_not_found", id="another"),
        pytest.param("default", 400, "invalid_uuid", id="its name"),
    ],
)
def test_there_is_no_other_pool(operator, pool_id, status, kind):
    answer = call(get_pool.handler, event("designate_get_pool", zone=pool_id, headers=operator))

    assert (answer.status, answer.json["type"]) == (status, kind)


@pytest.mark.parametrize(("route", "name"), [(list_pools, "designate_list_pools"), (get_pool, "designate_get_pool")])
def test_tenants_do_not_see_pools(service, route, name):
    answer = call(route.handler, event(name))

    assert (answer.status, answer.json["type"]) == (403, "forbidden")


def test_limits_are_those_the_service_keeps(service):
    answer = call(limits.handler, event("designate_limits"))

    assert answer.status == 200
    assert answer.json == {
        "max_zones": 1000,
        "max_zone_recordsets": -1,
        "max_zone_records": -1,
        "max_recordset_records": -1,
        "min_ttl": 0,
        "max_zone_name_length": 255,
        "max_recordset_name_length": 255,
        "max_page_limit": 1000,
    }


def test_limits_are_not_for_anybody(service):
    answer = call(limits.handler, event("designate_limits", headers={"x-auth-token": "zw_nobody"}))

    assert answer.status == 401


@pytest.mark.parametrize(
    ("kind", "primaries", "servers"),
    [
        pytest.param(ZoneType.PRIMARY, (), SERVERS, id="primary"),
        pytest.param(
            ZoneType.SECONDARY,
            (Primary("192.0.2.1"), Primary("ns.example.org", 5353)),
            [{"hostname": "192.0.2.1", "priority": 1}, {"hostname": "ns.example.org", "priority": 2}],
            id="secondary",
        ),
    ],
)
def test_the_name_servers_of_a_zone_are_ours_or_those_it_is_copied_from(service, kind, primaries, servers):
    zone = Zone("a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "a.org.", GROUP, kind, NOW, primaries=primaries)
    service.table.write(*zones.create(zone))

    answer = call(list_nameservers.handler, event("designate_list_nameservers"))

    assert (answer.status, answer.json) == (200, {"nameservers": servers})
