"""The rules for zones on the deployed stack. They need every permission of every function."""

import json
import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from api import Api
from primaries import Bind, Key, require

SMALL = """
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.53
"""


@pytest.fixture(scope="module")
def root(operator):
    """The API as a super user."""
    unique = f"root-{uuid.uuid4().hex[:8]}"
    user = operator("user", "create", "--name", unique, "--super")
    group = operator("group", "create", "--name", unique, "--email", "r@example.org", "--member", user["id"])
    token = operator("token", "create", "--user", user["id"], "--group", group["id"])
    return Api(os.environ["ZONEWRIGHT_URL"], token["token"])


def create(api, name):
    return api.call("POST", "/v2/zones", {"name": name, "email": "joe@example.org"})


def refused(answer, status, kind):
    assert (answer.status, answer.body["type"]) == (status, kind)


def test_zones_above_and_below_each_other_are_one_projects(api, stranger, name):
    parent = create(api, name).body
    child = create(api, f"a.b.{name}")

    refused(create(stranger, f"c.{name}"), 403, "illegal_child")
    refused(api.call("DELETE", f"/v2/zones/{parent['id']}"), 400, "zone_has_sub_zone")
    assert api.call("DELETE", f"/v2/zones/{child.body['id']}").status == 204
    assert api.call("DELETE", f"/v2/zones/{parent['id']}").status == 204
    assert create(stranger, f"c.{name}").status == 201
    refused(create(api, name), 403, "illegal_parent")


def test_of_relatives_made_at_once_all_are_one_projects(api, stranger, name):
    line = [f"{below}{name}" for below in ("", "a.", "b.a.", "c.b.a.", "d.c.b.a.", "e.d.c.b.a.")]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(create, [api, stranger] * 3, line))

    made = {answer.body["project_id"] for answer in answers if answer.status == 201}
    kinds = {answer.body["type"] for answer in answers if answer.status != 201}
    assert len(made) == 1
    assert kinds <= {"illegal_child", "illegal_parent", "zone_busy"}


def test_unrelated_zones_of_one_suffix_are_made_at_once(api, stranger, name):
    names = [f"{number}.{name.replace('.', '-', 1)}" for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, [api, stranger] * 8, names))

    assert {answer.status for answer in answers} == {201}


def test_racers_for_the_last_places_of_a_quota_do_not_exceed_it(root, api, stranger, name):
    project = os.environ["ZONEWRIGHT_PROJECT_ID_2"]
    quotas = f"/v2/quotas/{project}"
    there = stranger.call("GET", "/v2/zones?limit=1").body["metadata"]["total_count"]
    refused(stranger.call("PATCH", quotas, {"zones": 1}), 403, "forbidden")
    refused(api.call("GET", quotas), 403, "forbidden")
    changed = root.call("PATCH", quotas, {"zones": there + 2})
    try:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(create, [stranger] * 6, [f"q{number}-{name}" for number in range(6)]))
        limits = stranger.call("GET", "/v2/limits").body
    finally:
        reset = root.call("DELETE", quotas)

    assert (changed.status, changed.body["zones"], limits["max_zones"]) == (200, there + 2, there + 2)
    assert sorted(answer.status for answer in answers) == [201, 201, 413, 413, 413, 413]
    assert reset.status == 204
    assert stranger.call("GET", "/v2/quotas").body == stranger.call("GET", quotas).body
    assert stranger.call("GET", quotas).body["zones"] == 1000


def test_a_key_made_by_the_api_signs_real_transfers_as_soon_as_it_is_right(api, stranger, root, name):
    require(Bind)
    key = Key.of("transfer.example.", "hmac-sha256")
    with Bind({name: SMALL}, keys=[key], require_key={name: key.name}) as server:
        zone = api.create(name, f"{server.host}:{server.port}")
        assert api.ended(zone["id"])["status"] == "Failed"
        new = {"name": key.name, "algorithm": "hmac-sha256", "scope": "ZONE", "resource_id": zone["id"]}
        refused(stranger.call("POST", "/v2/tsigkeys", new | {"secret": key.secret}), 400, "invalid_object")
        made = api.call("POST", "/v2/tsigkeys", new | {"secret": "d3Jvbmc="})
        path = f"/v2/tsigkeys/{made.body['id']}"
        api.sync(zone["id"])
        wrong = api.ended(zone["id"])
        changed = api.call("PATCH", path, {"secret": key.secret})
        api.sync(zone["id"])
        signed = api.synced(zone["id"])

    assert (made.status, changed.status) == (201, 200)
    assert wrong["status"] == "Failed"
    assert signed["sync"]["records"] == 3
    assert api.call("GET", path).body == changed.body
    assert changed.body in api.call("GET", "/v2/tsigkeys?limit=1000&name=transfer.example.").body["tsigkeys"]
    assert changed.body in root.call("GET", "/v2/tsigkeys?limit=1000&sort_key=name").body["tsigkeys"]
    refused(api.call("POST", "/v2/tsigkeys", new | {"secret": key.secret}), 409, "duplicate_tsigkey")
    refused(stranger.call("GET", path), 404, "tsigkey_not_found")
    assert api.call("DELETE", path).status == 204
    refused(root.call("GET", path), 404, "tsigkey_not_found")


def test_a_key_moves_from_a_zone_to_the_pool_and_goes(root, api, name):
    zone = create(api, name).body
    new = {
        "name": f"k.{name}",
        "algorithm": "hmac-md5",
        "secret": "c2VjcmV0",
        "scope": "ZONE",
        "resource_id": zone["id"],
    }
    path = f"/v2/tsigkeys/{api.call('POST', '/v2/tsigkeys', new).body['id']}"

    lists = {"primaries": ["192.0.2.53"], "zones": [name]}
    moved = root.call("PATCH", path, {"scope": "POOL", "resource_id": zone["pool_id"], **lists})

    assert (moved.status, moved.body["scope"]) == (200, "POOL")
    assert {each: moved.body[each] for each in lists} == lists
    assert root.call("DELETE", path).status == 204


def test_a_key_of_the_pool_signs_real_transfers_where_it_is_listed(root, api, name):
    require(Bind)
    key = Key.of(f"pool.{name}", "hmac-sha256")
    new = {"name": key.name, "algorithm": "hmac-sha256", "secret": key.secret, "scope": "POOL"}
    with Bind({name: SMALL}, keys=[key], require_key={name: key.name}) as server:
        zone = api.create(name, f"{server.host}:{server.port}")
        made = root.call("POST", "/v2/tsigkeys", new | {"resource_id": zone["pool_id"]})
        api.ended(zone["id"])
        api.sync(zone["id"])
        refused_one = api.ended(zone["id"])
        path = f"/v2/tsigkeys/{made.body['id']}"
        root.call("PATCH", path, {"primaries": [f"{server.host}:{server.port}"], "zones": [name]})
        api.sync(zone["id"])
        signed = api.synced(zone["id"])

    assert (refused_one["status"], "no key of the pool is meant for it" in refused_one["systemMessage"]) == (
        "Failed",
        True,
    )
    assert signed["sync"]["records"] == 3
    assert root.call("DELETE", path).status == 204


def test_the_keys_of_a_zone_are_limited_and_end_with_it(root, api, name):
    zone = create(api, name).body
    new = {"algorithm": "hmac-md5", "secret": "c2VjcmV0", "scope": "ZONE", "resource_id": zone["id"]}

    made = [api.call("POST", "/v2/tsigkeys", new | {"name": f"k{number}.{name}"}) for number in range(11)]
    deleted = api.call("DELETE", f"/v2/zones/{zone['id']}")

    assert [answer.status for answer in made] == [201] * 10 + [413]
    assert deleted.status in (202, 204)
    for answer in made[:10]:
        refused(root.call("GET", f"/v2/tsigkeys/{answer.body['id']}"), 404, "tsigkey_not_found")


def test_a_super_user_abandons_a_zone(root, api, name):
    zone = create(api, name).body
    path = f"/v2/zones/{zone['id']}/tasks/abandon"

    refused(api.call("POST", path), 403, "forbidden")
    assert root.call("POST", path).status == 204
    refused(api.call("GET", f"/v2/zones/{zone['id']}"), 404, "zone_not_found")
    refused(root.call("GET", path), 405, "method_not_allowed")


@pytest.fixture
def settle(operator, tmp_path):
    """A function that applies settings, or with `--dry-run` tells the differences. They are restored at the end."""

    def applied(*options, **settings):
        path = tmp_path / "settings.yaml"
        path.write_text(json.dumps(settings))  # JSON is YAML
        return operator("settings", "apply", str(path), *options)

    yield applied
    applied(blacklist=None, default_ttl=None)


def test_the_operator_and_super_users_set_the_rules_for_names(api, root, settle, name):
    pattern = rf"^[a-z]*bank\.{re.escape(name)}$"
    told = settle("--dry-run", blacklist=[pattern], default_ttl=300)
    assert told["differences"]["default_ttl"] == {"before": 7200, "after": 300}
    assert create(api, f"first-bank.{name}").status == 201

    assert settle(blacklist=[pattern], default_ttl=300)["differences"] == told["differences"]

    refused(create(api, f"bank.{name}"), 400, "invalid_zone_name")
    assert settle("--dry-run", blacklist=[pattern], default_ttl=300)["differences"] == {}
    refused(api.call("GET", "/v2/blacklists"), 403, "forbidden")
    (entry,) = root.call("GET", "/v2/blacklists").body["blacklists"]
    assert entry["pattern"] == pattern
    assert root.call("DELETE", f"/v2/blacklists/{entry['id']}").status == 204
    assert create(api, f"bank.{name}").status == 201
    made = root.call("POST", "/v2/blacklists", {"pattern": pattern, "description": "again"})
    assert made.status == 201
    refused(create(api, f"mybank.{name}"), 400, "invalid_zone_name")
