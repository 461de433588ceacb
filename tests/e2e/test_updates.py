"""Record changes of copied zones on the deployed stack: the primary, a BIND, takes them first."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from primaries import Bind, Key, require
from support.deployed import address

RUN = uuid.uuid4().hex[:8]
KEY = Key.of(f"update-{RUN}.example.")
NAMES = [f"{what}.{RUN}.example." for what in ("copied", "stopped", "crowded")]
TEXT = (
    "@ 300 SOA ns.example.net. joe.example.net. 1 3600 600 86400 300\n@ 300 NS ns.example.net.\nwww 300 A 192.0.2.1\n"
)
AGAIN = 150
"""Seconds in which a primary that is back gets what waits: the pauses of the tries, and the dispatcher's minute."""


@pytest.fixture(scope="module")
def server():
    """A BIND that has all zones of this module, and takes updates and transfers under the key."""
    require(Bind)
    server = Bind(dict.fromkeys(NAMES, TEXT), keys=[KEY], require_key=dict.fromkeys(NAMES, KEY.name))
    server.updates = True
    with server:
        yield server


@pytest.fixture(scope="module")
def backend(server, operator, tmp_path_factory):
    """A backend: the BIND, with its key."""
    file = tmp_path_factory.mktemp("keys") / "update.key"
    file.write_text(KEY.secret)
    made = f"bind-{RUN}"
    where = ("--server", address(server), "--key-name", KEY.name, "--key-file", str(file), "--algorithm", KEY.algorithm)
    operator("backend", "set", made, *where)
    return made


@pytest.fixture
def copy(api, server, backend, operator):
    """A function that makes a copy of a zone whose primary takes updates. Return the path of the zone."""
    made = []

    def copy(name):
        zone = api.create(name, address(server))
        made.append(f"/v2/zones/{zone['id']}")
        api.ended(zone["id"])
        operator("zone", "backend", name, backend)
        api.sync(zone["id"])
        api.synced(zone["id"])
        return made[-1]

    yield copy
    for path in made:
        api.call("DELETE", path)


def side(name, owner, *addresses):
    return {"name": f"{owner}.{name}", "type": "A", "records": list(addresses), "ttl": 300}


def until(look, seconds=20):
    """Return the result of `look` as soon as it has one."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
    return found


def ended(api, path, change_id, seconds=20):
    """Wait until a record change has ended, and return it."""
    where = f"{path}/changes/{change_id}"
    return until(lambda: found if (found := api.call("GET", where).body)["status"] != "PENDING" else None, seconds)


def served(server, name, owner):
    """Return the addresses that the primary has for an owner name."""
    answer = server.ask(f"{owner}.{name}", "A")
    return sorted(rdata.address for rdata in answer.answer[0]) if answer and answer.answer else []


@pytest.mark.primary
def test_a_change_of_a_copy_is_on_its_primary_and_then_shown(api, server, copy):
    name = NAMES[0]
    path = copy(name)
    before = api.call("GET", path).body
    asked = api.call(
        "PATCH",
        f"{path}/recordsets",
        {
            "moves": [
                {"before": side(name, "www", "192.0.2.1"), "after": side(name, "www", "192.0.2.2")},
                {"before": None, "after": side(name, "new", "192.0.2.3")},
            ],
            "comment": "Ticket 4711",
        },
    )
    assert (asked.status, asked.body["status"]) == (202, "PENDING"), asked.body
    assert asked.body["links"]["change"].endswith(f"{path}/changes/{asked.body['change_id']}")

    change = ended(api, path, asked.body["change_id"])
    assert (change["status"], change["comment"], change["message"]) == ("COMPLETE", "Ticket 4711", None)
    assert (served(server, name, "www"), served(server, name, "new")) == (["192.0.2.2"], ["192.0.2.3"])
    zone = api.call("GET", path).body
    assert (zone["status"], zone["serial"]) == ("ACTIVE", server.serial(name))
    assert zone["serial"] != before["serial"]
    shown = {each["name"]: each["records"] for each in api.recordsets(zone["id"]) if each["type"] == "A"}
    assert shown == {f"www.{name}": ["192.0.2.2"], f"new.{name}": ["192.0.2.3"]}
    api.sync(zone["id"], mode="ixfr")
    assert api.synced(zone["id"])["sync"]["transfer"] in ("IXFR", "AXFR")


@pytest.mark.primary
def test_a_sync_answers_409_while_a_change_waits_for_a_stopped_primary(api, server, copy):
    name = NAMES[1]
    path = copy(name)
    zone_id = path.rpartition("/")[2]
    server._stop()  # noqa: SLF001 - the same server is started again
    try:
        moves = [{"before": None, "after": side(name, "new", "192.0.2.3")}]
        asked = api.call("PATCH", f"{path}/recordsets", {"moves": moves})
        assert asked.status == 202, asked.body
        for _ in range(20):
            refused = api.call("POST", f"/zones/{zone_id}/sync")
            assert refused.status == 409, refused.body
            assert f"zone {name} has a pending update" in str(refused.body)
            transferred = api.call("POST", f"{path}/tasks/xfr")
            assert (transferred.status, transferred.body["type"]) == (409, "zone_busy")
            assert api.call("GET", path).body["status"] == "PENDING"
            time.sleep(0.5)
        assert api.call("GET", f"{path}/changes/{asked.body['change_id']}").body["status"] == "PENDING"
    finally:
        server._start()  # noqa: SLF001
    change = ended(api, path, asked.body["change_id"], AGAIN)

    assert change["status"] == "COMPLETE", change
    assert served(server, name, "new") == ["192.0.2.3"]
    api.sync(zone_id)
    assert api.synced(zone_id)["status"] == "Synced"


@pytest.mark.primary
def test_fifty_changes_at_once_all_complete_and_none_is_lost(api, server, copy):
    name = NAMES[2]
    path = copy(name)

    def work(number):
        moves = [{"before": None, "after": side(name, f"h{number}", "192.0.2.3")}]
        return api.call("PATCH", f"{path}/recordsets", {"moves": moves})

    with ThreadPoolExecutor(50) as callers:
        asked = list(callers.map(work, range(50)))
    assert {each.status for each in asked} == {202}, [each.body for each in asked if each.status != 202][:3]

    done = [ended(api, path, each.body["change_id"], AGAIN) for each in asked]
    assert {each["status"] for each in done} == {"COMPLETE"}
    assert all(served(server, name, f"h{number}") == ["192.0.2.3"] for number in range(50))
    assert len({each["id"] for each in done}) == 50
    until(lambda: api.call("GET", path).body["status"] == "ACTIVE")
