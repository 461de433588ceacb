"""Zones that the deployed stack pushes to BIND: written over HTTP, served there, and said to be there."""

import json
import os
import re
import time
import uuid
from dataclasses import replace

import dns.query
import dns.update
import dns.zone
import pytest
import run
import sample_primary
from primaries import Bind, Key, require, sent
from primaries.server import free_port
from sample_primary import PUSHED
from stack.home import Home
from support.deployed import outputs
from zonewright import command
from zonewright.actions import recordsets
from zonewright.model.recordset import Content
from zonewright.model.users import Caller
from zonewright.protocol import records
from zonewright.protocol.types import A
from zonewright.store import zones

MINUTE = int(os.environ.get("ZONEWRIGHT_MINUTE", "60"))

RUN = uuid.uuid4().hex[:8]
KEY = Key.of(f"push-{RUN}.example.")
SERVED, REFUSED, AWAY = (f"{what}-{RUN}" for what in ("served", "refused", "away"))
NAMES = [f"{what}.{RUN}.example." for what in ("written", "imported", "found", "unsigned", "away")]
EMPTY = "@ 300 SOA other.example.net. joe.example.net. 1 2 3 4 5\n@ 300 NS other.example.net.\n"
"""What a name server has of a zone before the first push: it makes no zone by an update."""


def pools(port, key_id, closed):
    """Return the pool file of this module: what is pushed with the key, without it, and to a closed port."""
    target = {"type": "rfc2136", "options": {"host": "127.0.0.1", "port": port}}
    targets = {SERVED: target | {"tsigkey_id": key_id}, REFUSED: target}
    targets[AWAY] = target | {"options": {"host": "127.0.0.1", "port": closed}}
    shared = {"ns_records": [{"hostname": "ns1.example.net.", "priority": 1}]}
    return [{"name": name, "attributes": {"tier": name}, "targets": [each], **shared} for name, each in targets.items()]


@pytest.fixture(scope="module")
def server():
    """A BIND that has all zones of this module, and takes updates and transfers under the key."""
    require(Bind)
    server = Bind(dict.fromkeys(NAMES, EMPTY), keys=[KEY], require_key=dict.fromkeys(NAMES, KEY.name))
    server.updates = True
    with server:
        yield server


@pytest.fixture(scope="module")
def apply(server, operator, tmp_path_factory):
    """A function that applies the pools of this module, with changes by the name of the pool. They are deleted."""
    file = tmp_path_factory.mktemp("pools") / "pools.json"
    secret = ("--algorithm", KEY.algorithm, "--secret", KEY.secret)
    where = ("--primary", f"{server.host}:{server.port}")
    key = operator("tsigkey", "create", "--name", KEY.name, *secret, *where)
    port = free_port()

    def apply(change=lambda _, __: None):
        wanted = pools(server.port, key["id"], port)
        change(wanted, key["id"])
        file.write_text(json.dumps(wanted))
        return operator("pool", "apply", str(file))["pools"]

    assert [each["change"] for each in apply()] == ["create"] * 3
    yield apply
    for name in (SERVED, REFUSED, AWAY):
        operator("pool", "delete", name)


@pytest.fixture
def make(api, apply):
    """A function that creates a zone in a pool. The zones are deleted."""
    made = []

    def make(name, tier):
        answer = api.call("POST", "/v2/zones", {"name": name, "email": "joe@example.org", "attributes": {"tier": tier}})
        assert (answer.status, answer.body["status"]) == (201, "PENDING"), answer.body
        made.append(f"/v2/zones/{answer.body['id']}")
        return made[-1]

    yield make
    for path in made:
        api.call("DELETE", path)


def until(look, seconds=20):
    """Return the result of `look` as soon as it has one."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return found


def delivered(api, path):
    """Wait until a zone is ACTIVE, and return it."""
    return until(lambda: zone if (zone := api.call("GET", path).body)["status"] == "ACTIVE" else None)


def addresses(server, name, owner):
    """Return the addresses that the name server has for an owner name."""
    answer = server.ask(f"{owner}.{name}", "A")
    return sorted(rdata.address for rdata in answer.answer[0]) if answer and answer.answer else []


def as_here(api, server, path, name):
    """Return whether the name server has the RRs of the zone as it is exported here."""
    exported = dns.zone.from_text(api.call("GET", path, Accept="text/dns").body, name, relativize=False)
    rrs = [
        sent.Sent(owner.to_wire(), rdata.rdtype, rdata.rdclass, ttl, rdata.to_wire())
        for owner, ttl, rdata in exported.iterate_rdatas()
    ]
    return sent.folded(rrs) == sent.folded(sent.axfr(server, name, KEY))


def send(server, name, owner, address):
    """Write an A record to the name server, as somebody else does."""
    update = dns.update.UpdateMessage(name, keyring=KEY.tsig())
    update.add(owner, 300, "A", address)
    dns.query.tcp(update, server.host, port=server.port, timeout=5)


def document(operator, name, *options):
    """Return what the command lists of a zone whose name servers lack something, or None."""
    return next((each for each in operator("deliveries", *options) if each["zone"] == name), None)


@pytest.mark.primary
def test_what_is_written_over_http_is_served(api, server, operator, make):
    name = NAMES[0]
    path = make(name, SERVED)
    zone = delivered(api, path)
    assert (server.serial(name), zone["status_message"]) == (zone["serial"], None)

    body = {"name": f"www.{name}", "type": "A", "records": ["192.0.2.1"]}
    created = api.call("POST", f"{path}/recordsets", body)
    assert created.status == 201
    until(lambda: addresses(server, name, "www") == ["192.0.2.1"])
    api.call("PUT", f"{path}/recordsets/{created.body['id']}", {"records": ["192.0.2.2", "192.0.2.3"]})
    until(lambda: addresses(server, name, "www") == ["192.0.2.2", "192.0.2.3"])
    api.call("PATCH", path, {"ttl": 77, "email": "jane@example.org"})
    assert delivered(api, path)["serial"] == server.serial(name)
    assert as_here(api, server, path, name)
    api.call("DELETE", f"{path}/recordsets/{created.body['id']}")
    until(lambda: not addresses(server, name, "www"))

    delivered(api, path)
    assert document(operator, name) is None
    (compared,) = operator("zone", "drift", name)["targets"].values()
    assert compared == {"created": 0, "updated": 0, "deleted": 0, "first": []}


@pytest.mark.primary
def test_an_import_and_a_restore_are_served_and_a_deleted_zone_stays_there(api, server, apply, aws):
    name = NAMES[1]
    hosts = "".join(f"h{number} A 192.0.2.{number % 250}\n" for number in range(3000))
    file = f"$ORIGIN {name}\n$TTL 300\n@ SOA ns joe 1 2 3 4 5\n@ NS ns1.example.net.\n{hosts}"
    task = api.call("POST", "/v2/zones/tasks/imports", {"zonefile": file, "attributes": {"tier": SERVED}}).body
    assert task["status"] == "COMPLETE", task
    path = f"/v2/zones/{task['zone_id']}"
    delivered(api, path)
    assert as_here(api, server, path, name)

    moves = [{"name": f"more.{name}", "type": "A", "records": ["192.0.2.1"]}]
    assert api.call("POST", f"{path}/recordsets", moves[0]).status == 201
    until(lambda: addresses(server, name, "more"))
    assert api.call("POST", f"{path}/tasks/restore", {"version": 1}).status == 202
    until(lambda: not addresses(server, name, "more"))
    delivered(api, path)
    assert as_here(api, server, path, name)

    assert api.call("DELETE", path).status == 204
    table = outputs(aws)["TableName"]
    item = {"pk": {"S": f"ZONE#{task['zone_id']}"}, "sk": {"S": "DELIVERY"}}
    until(lambda: "Item" not in aws("dynamodb").get_item(TableName=table, Key=item))
    assert addresses(server, name, "h1") == ["192.0.2.1"]


@pytest.mark.primary
def test_what_was_not_begun_the_dispatcher_begins(api, server, make, service, monkeypatch):
    name = NAMES[2]
    path = make(name, SERVED)
    zone_id = delivered(api, path)["id"]
    keys = {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}
    for variable, value in keys.items() | {
        ("ENDPOINT_URL", f"http://127.0.0.1:{service.get('ZONEWRIGHT_AWS_PORT', '4566')}")
    }:
        monkeypatch.setenv(f"AWS_{variable}", value)
    here = command.deployed("zonewright")
    here.settings = replace(here.settings, deliverer="")
    zone = zones.get(here.table, zone_id)
    caller = Caller("joe-id", "joe", frozenset({zone.group_id}), zone.group_id)
    content = Content((records.rdata_of(A, "192.0.2.9"),), 60)

    recordsets.create(here, zone, f"late.{name}", A, content, caller=caller)
    until(lambda: addresses(server, name, "late") == ["192.0.2.9"], MINUTE + 30)
    delivered(api, path)


@pytest.mark.primary
def test_a_zone_that_is_refused_says_why_until_the_pool_is_mended(api, server, operator, apply, make):
    name = NAMES[3]
    path = make(name, REFUSED)
    until(lambda: document(operator, name)["targets"][0]["tries"] == 1)
    assert api.call("GET", path).body["status"] == "PENDING"
    operator("zone", "deliver", name)  # a second refusal lasts
    zone = until(lambda: found if (found := api.call("GET", path).body)["status"] == "ERROR" else None)
    assert f"rfc2136 127.0.0.1 port {server.port}" in zone["status_message"]
    assert "REFUSED" in zone["status_message"]
    assert document(operator, name, "--error")["error"] in zone["status_message"]

    def mend(wanted, key_id):
        next(each for each in wanted if each["name"] == REFUSED)["targets"][0]["tsigkey_id"] = key_id

    apply(mend)
    assert delivered(api, path)["status_message"] is None
    assert as_here(api, server, path, name)

    send(server, name, "theirs", "192.0.2.66")
    assert next(iter(operator("zone", "drift", name)["targets"].values()))["deleted"] == 1
    operator("zone", "deliver", name, "--repair")
    until(lambda: not addresses(server, name, "theirs"))


@pytest.mark.primary
def test_a_zone_whose_target_is_down_waits_and_says_so_to_the_operator(api, operator, make):
    name = NAMES[4]
    path = make(name, AWAY)
    target = until(lambda: each if (each := document(operator, name)["targets"][0])["reason"] else None)

    assert "no connection to 127.0.0.1" in target["reason"]
    assert (target["version"], api.call("GET", path).body["status"]) == (0, "PENDING")
    assert document(operator, name, "--error") is None


def test_the_tour_shows_a_zone_that_is_pushed(api, operator, service, capsys):
    with sample_primary.target() as server:
        run.push(Home.from_environment(service), api, server.port)
        assert run.asked(f"www.{PUSHED}", server.port) == [f"www.{PUSHED} 3600 IN A 192.0.2.80"]
    shown = capsys.readouterr().out
    run.drop(api, PUSHED)
    operator("pool", "delete", run.POOL)

    assert "PENDING until the name server" in shown
    assert re.search(r"had it \d+\.\d\d s after the API answered:\n.*www\.pushed", shown, re.DOTALL)
