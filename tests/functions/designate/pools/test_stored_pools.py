"""Pools that the operator stored: what /v2 shows of them, and which zones they get."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, HOST, NOW, call, event, refused
from support.imports import post_json, seed
from support.zones import SECONDARY
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Target
from zonewright.model.settings import Settings
from zonewright.store import pools, zones

from functions.designate import abandon_zone, create_zone, delete_zone, get_zone, list_recordsets, update_zone
from functions.designate.pools import get_pool, list_nameservers, list_pools

GOLD = Pool(
    "10000000-0000-4000-8000-000000000000",
    "gold",
    (NsRecord("gold1.example.net.", 10), NsRecord("gold2.example.net.", 20)),
    description="The better servers",
    attributes={"tier": "gold", "anycast": "true"},
    targets=(Target("20000000-0000-4000-8000-000000000000", Rfc2136("192.0.2.53")),),
)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def gold(service):
    return pools.put(service.table, GOLD, None, LATER)


@pytest.fixture
def root(service):
    """The token of a super user."""
    return people.user(service, "root", GROUP, is_super=True)


def create(attributes, headers=None, **fields):
    body = {"name": "example.org.", "email": "joe@example.org"} | fields | {"attributes": attributes}
    return call(create_zone.handler, event("designate_create_zone", json=body, headers=headers or {}))


def listed(root, query=""):
    return call(list_pools.handler, event("designate_list_pools", rawQueryString=query, headers=root))


def names_of(answer):
    assert answer.status == 200
    return [each["name"] for each in answer.json["pools"]]


def apex(zone_id):
    """The texts of the records at the apex of a zone, by type."""
    answer = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone_id))
    return {each["type"]: each["records"] for each in answer.json["recordsets"] if each["name"] == "example.org."}


def test_a_stored_pool_is_shown_without_its_targets(gold, root):
    shown = call(get_pool.handler, event("designate_get_pool", zone=GOLD.id, headers=root))

    assert shown.status == 200
    assert shown.json == {
        "id": GOLD.id,
        "name": "gold",
        "description": "The better servers",
        "project_id": None,
        "attributes": {"tier": "gold", "anycast": "true"},
        "ns_records": [
            {"hostname": "gold1.example.net.", "priority": 10},
            {"hostname": "gold2.example.net.", "priority": 20},
        ],
        "created_at": "2026-01-15T13:34:56.275934",
        "updated_at": None,
        "links": {"self": f"{HOST}/v2/pools/{GOLD.id}"},
    }
    assert listed(root).json["pools"][1] == shown.json


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["default", "gold", "silver"]),
        ("name=gold", ["gold"]),
        ("name=GOLD", ["gold"]),
        ("name=*l*", ["default", "gold", "silver"]),
        ("name=none", []),
        ("sort_key=name&sort_dir=desc", ["silver", "gold", "default"]),
        ("sort_key=created_at&sort_dir=desc", ["silver", "gold", "default"]),
        ("limit=1", ["default"]),
        (f"limit=1&marker={Settings.pool_id}", ["gold"]),
        (f"marker={GOLD.id}", ["silver"]),
    ],
)
def test_pools_are_filtered_sorted_and_paged(service, gold, root, query, names):
    silver = replace(GOLD, id="30000000-0000-4000-8000-000000000000", name="silver")
    pools.put(service.table, silver, None, LATER + timedelta(hours=1))

    assert names_of(listed(root, query)) == names


def test_an_unknown_filter_of_pools_is_refused(root):
    refused(listed(root, "color=red"), "bad_request", "Invalid filters color")
    refused(listed(root, f"marker={GOLD.id}"), "marker_not_found", GOLD.id)


def test_the_deployments_pool_is_what_the_operator_stores_under_its_id(service, root):
    stored = replace(GOLD, id=Settings.pool_id, name="main")
    pools.put(service.table, stored, None, NOW)

    assert names_of(listed(root)) == ["main"]
    made = create({})
    assert made.json["pool_id"] == Settings.pool_id
    assert apex(made.json["id"])["NS"] == ["gold1.example.net.", "gold2.example.net."]


@pytest.mark.parametrize(
    "attributes",
    [{"tier": "gold"}, {"anycast": "True"}, {"tier": "gold", "anycast": "true"}],
)
def test_a_zone_gets_the_pool_that_has_its_attributes(service, gold, attributes):
    made = create(attributes)

    zone_id = made.json["id"]
    assert (made.status, made.json["pool_id"], made.json["attributes"]) == (201, GOLD.id, attributes)
    assert call(get_zone.handler, event("designate_get_zone", zone=zone_id)).json["pool_id"] == GOLD.id
    assert apex(zone_id)["NS"] == ["gold1.example.net.", "gold2.example.net."]
    assert apex(zone_id)["SOA"][0].startswith("gold1.example.net. joe.example.org. ")
    servers = call(list_nameservers.handler, event("designate_list_nameservers", zone=zone_id)).json["nameservers"]
    assert [(each["hostname"], each["priority"]) for each in servers] == [
        ("gold1.example.net.", 10),
        ("gold2.example.net.", 20),
    ]
    assert pools.count(service.table, GOLD.id) == 1


@pytest.mark.parametrize("attributes", [{}, {"tier": "bronze"}, {"tier": "gold", "color": "red"}])
def test_any_other_zone_gets_the_default_pool(service, gold, attributes):
    made = create(attributes)

    assert made.json["pool_id"] == Settings.pool_id
    assert apex(made.json["id"])["NS"] == ["ns1.example.net.", "ns2.example.net."]
    assert pools.count(service.table, GOLD.id) == 0


def test_a_super_user_names_the_pool(gold, root):
    made = create({"pool_id": GOLD.id.upper(), "tier": "bronze"}, root)

    assert (made.status, made.json["pool_id"]) == (201, GOLD.id)


def test_the_default_pool_may_be_named_too(gold, root):
    assert create({"pool_id": Settings.pool_id, "tier": "gold"}, root).json["pool_id"] == Settings.pool_id


def test_a_tenant_may_not_name_a_pool(service, gold):
    for pool_id in (GOLD.id, Settings.pool_id, "nothing"):
        refused(create({"pool_id": pool_id}), "forbidden", "may not name the pool of a zone", 403)

    assert zones.named(service.table, "example.org.") is None


def test_an_unknown_pool_cannot_be_named(gold, root):
    refused(create({"pool_id": "nothing"}, root), "no_valid_pool_found", "no pools that matched your request", 404)


def test_without_stored_pools_attributes_choose_nothing(service):
    made = create({"pool_id": GOLD.id, "tier": "gold"})

    assert (made.status, made.json["pool_id"]) == (201, Settings.pool_id)
    assert zones.get(service.table, made.json["id"]).pool_id is None


def test_a_copy_gets_a_pool_too(service, gold):
    body = SECONDARY | {"attributes": {"tier": "gold"}}
    made = call(create_zone.handler, event("designate_create_zone", json=body))

    assert made.json["pool_id"] == GOLD.id
    assert pools.count(service.table, GOLD.id) == 1


def test_an_imported_zone_gets_a_pool_too(service, gold):
    answer = post_json(zonefile=seed(), attributes={"tier": "gold"})

    assert answer.json["status"] == "COMPLETE"
    assert zones.get(service.table, answer.json["zone_id"]).pool_id == GOLD.id


def test_a_change_of_the_soa_takes_the_name_servers_that_the_pool_has_now(service, gold):
    zone_id = create({"tier": "gold"}).json["id"]
    pools.put(service.table, replace(gold, ns_records=(NsRecord("gold3.example.net.", 1),)), gold, LATER)

    changed = call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"ttl": 60}))

    assert changed.json["pool_id"] == GOLD.id
    assert apex(zone_id)["NS"] == ["gold3.example.net."]
    assert apex(zone_id)["SOA"][0].startswith("gold3.example.net. ")


def test_a_zone_keeps_its_pool_whatever_becomes_of_its_attributes(gold):
    zone_id = create({"tier": "gold"}).json["id"]

    changed = call(update_zone.handler, event("designate_update_zone", zone=zone_id, json={"attributes": {}}))

    assert (changed.json["pool_id"], changed.json["attributes"]) == (GOLD.id, {})


def test_a_deleted_zone_no_longer_counts(service, gold, root):
    zone_id = create({"tier": "gold"}).json["id"]
    call(delete_zone.handler, event("designate_delete_zone", zone=zone_id))
    assert pools.count(service.table, GOLD.id) == 0

    zone_id = create({"tier": "gold"}).json["id"]
    call(abandon_zone.handler, event("designate_abandon_zone", zone=zone_id, headers=root))
    assert pools.count(service.table, GOLD.id) == 0
