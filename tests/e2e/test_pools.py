"""Pools that the operator's command stores on the deployed stack, and the zones that get them."""

import json
import uuid

import pytest
from api import Api

TIER = f"gold-{uuid.uuid4().hex[:8]}"
"""The attribute of the pool. No other test's zones have it."""


@pytest.fixture
def pool(operator, tmp_path):
    """A stored pool. It is deleted with its last zone gone."""
    file = tmp_path / "pools.yaml"
    file.write_text(
        f"""
        - name: {TIER}
          attributes: {{tier: {TIER}}}
          ns_records:
            - {{hostname: gold2.example.net., priority: 2}}
            - {{hostname: gold1.example.net., priority: 1}}
          targets:
            - type: route53
              options: {{create: true}}
        """
    )
    (planned,) = operator("pool", "apply", str(file), "--dry-run")["pools"]
    (made,) = operator("pool", "apply", str(file))["pools"]
    assert (planned["change"], made["change"]) == ("create", "create")
    assert [each["change"] for each in operator("pool", "apply", str(file))["pools"]] == ["none"]
    yield made["id"]
    operator("pool", "delete", made["id"])


@pytest.fixture
def root(api, operator):
    """The API as a super user."""
    made = operator("user", "create", "--name", f"root-{uuid.uuid4().hex[:8]}", "--super")
    group_id = operator("group", "create", "--name", made["userName"], "--email", "r@e.org", "--member", made["id"])[
        "id"
    ]
    return Api(api.url, operator("token", "create", "--user", made["id"], "--group", group_id)["token"])


def zones_of(operator, pool_id):
    return operator("pool", "show", pool_id)["zones"]


def test_a_zone_lives_in_the_pool_that_its_attributes_choose(api, operator, pool, name):
    sent = {"name": name, "email": "joe@example.org", "attributes": {"tier": TIER}}
    answer = api.call("POST", "/v2/zones", sent)
    assert answer.status in (201, 202), answer.body
    path = f"/v2/zones/{answer.body['id']}"

    assert answer.body["pool_id"] == pool
    servers = api.call("GET", f"{path}/nameservers").body["nameservers"]
    assert [each["hostname"] for each in servers] == ["gold1.example.net.", "gold2.example.net."]
    apex = {each["type"]: each["records"] for each in api.call("GET", f"{path}/recordsets").body["recordsets"]}
    assert apex["NS"] == ["gold1.example.net.", "gold2.example.net."]
    changed = api.call("PATCH", path, {"ttl": 60})
    assert (changed.status in (200, 202), changed.body["pool_id"]) == (True, pool)
    assert zones_of(operator, pool) == 1

    assert api.call("DELETE", path).status in (202, 204)
    assert zones_of(operator, pool) == 0


def test_operators_see_the_pool_and_name_it(api, root, operator, pool, name):
    shown = root.call("GET", f"/v2/pools/{pool}")

    assert (shown.status, shown.body["name"], shown.body["attributes"]) == (200, TIER, {"tier": TIER})
    assert "targets" not in json.dumps(shown.body)
    assert [each["id"] for each in root.call("GET", f"/v2/pools?name={TIER}").body["pools"]] == [pool]
    sent = {"name": name, "email": "joe@example.org", "attributes": {"pool_id": pool}}
    assert api.call("POST", "/v2/zones", sent).status == 403
    made = root.call("POST", "/v2/zones", sent)
    assert made.body["pool_id"] == pool
    assert root.call("DELETE", f"/v2/zones/{made.body['id']}").status in (202, 204)


def test_imports_get_the_pool_too(api, operator, pool, name):
    file = f"$ORIGIN {name}\n@ 300 SOA ns joe 1 2 3 4 5\nwww 300 A 192.0.2.1\n"
    task = api.call("POST", "/v2/zones/tasks/imports", {"zonefile": file, "attributes": {"tier": TIER}}).body
    assert task["status"] == "COMPLETE", task

    assert api.call("GET", f"/v2/zones/{task['zone_id']}").body["pool_id"] == pool
    assert zones_of(operator, pool) == 1
    assert api.call("DELETE", f"/v2/zones/{task['zone_id']}").status in (202, 204)
