"""Zones synced through the deployed stack, API Gateway to S3 and DynamoDB, from real primaries and a hostile one."""

import itertools
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from primaries import ALGORITHMS, HOST_6, REAL, Bind, Hostile, Key, corpus, hostile, require, require_six
from primaries.canonical import dig_axfr, folded, from_dig, from_recordsets
from support.deployed import LEASE, SMALL, add_key, address
from support.executions import Executions
from support.workers import Workers

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


@pytest.fixture(params=REAL, ids=lambda server: server.__name__)
def real(request):
    require(request.param)
    return request.param


def test_every_common_type_and_an_unknown_one_survive_byte_exact(real, api, stranger):
    zones = corpus.zones(real)
    with real(zones) as server:
        for name in zones:
            zone = api.create(name, address(server))
            change = api.synced(zone["id"])
            served = from_recordsets(api.recordsets(zone["id"], limit=200))
            assert served == from_dig(dig_axfr(server, name))
            assert change["sync"]["records"] == len(served)
            assert stranger.call("GET", f"/v2/zones/{zone['id']}").status == 404
            assert api.call("DELETE", f"/v2/zones/{zone['id']}").status == 204


@pytest.mark.parametrize(("server_class", "algorithm"), [*zip(itertools.cycle(REAL), ALGORITHMS, strict=False)])
def test_a_signed_transfer_from_every_server_and_by_every_algorithm(server_class, algorithm, api, operator, name):
    require(server_class)
    key = Key.of("transfer.example.", algorithm)
    with server_class({name: SMALL}, keys=[key], require_key={name: key.name}) as server:
        zone = api.create(name, address(server))
        unsigned = api.ended(zone["id"])
        add_key(operator, key, zone["id"])
        api.sync(zone["id"])
        signed = api.synced(zone["id"])

    assert (unsigned["changeType"], unsigned["status"]) == ("Create", "Failed")
    assert re.search(r"answered (REFUSED|NOTAUTH)", unsigned["systemMessage"])
    assert signed["sync"]["records"] == 4


def test_a_zone_is_copied_over_ipv6(api, name):
    require(Bind)
    require_six()
    server = Bind({name: SMALL})
    server.six = True
    with server:
        zone = api.create(name, f"[{HOST_6}]:{server.port}")
        change = api.synced(zone["id"])

    assert (change["sync"]["records"], zone["masters"]) == (4, [f"[{HOST_6}]:{server.port}"])


def test_the_answer_to_a_sync_and_its_entry_in_the_history(api, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        assert (zone["status"], zone["action"], zone["serial"]) == ("PENDING", "CREATE", 0)
        api.synced(zone["id"])
        server.reload(name, SMALL.replace(" 1 3600", " 2 3600").replace("192.0.2.80", "192.0.2.81"))

        answer = wait_out_the_delay(api, zone["id"])
        change = api.synced(zone["id"])

    body = answer.body
    group = os.environ["ZONEWRIGHT_PROJECT_ID"]
    assert answer.status == 200
    assert (body["status"], body["changeType"], body["zone"]["status"]) == ("Pending", "Sync", "Syncing")
    assert (body["zone"]["id"], body["zone"]["name"]) == (zone["id"], name)
    assert (body["zone"]["adminGroupId"], body["zone"]["account"]) == (group, group)
    assert (body["zone"]["acl"], body["zone"]["shared"]) == ({"rules": []}, False)
    assert re.fullmatch(UUID, body["id"])
    assert body["id"] != zone["id"]
    for moment in (body["created"], body["zone"]["created"], body["zone"]["updated"], body["zone"]["latestSync"]):
        assert re.fullmatch(TIME, moment)
    assert (change["id"], change["created"], change["userId"]) == (body["id"], body["created"], body["userId"])
    seconds = change["sync"].pop("seconds")
    assert 0 < seconds < 60
    counts = {"created": 0, "updated": 2, "deleted": 0, "unchanged": 2, "records": 4, "serial": 2}
    assert change["sync"] == counts | {"transfer": "AXFR"}
    shown = api.call("GET", f"/zones/{zone['id']}").body["zone"]
    assert (shown["status"], shown["accessLevel"]) == ("Active", "Delete")
    assert [each["changeType"] for each in api.history(zone["id"])] == ["Sync", "Create"]
    ours = api.call("GET", f"/v2/zones/{zone['id']}").body
    assert (ours["status"], ours["action"], ours["serial"], ours["ttl"]) == ("ACTIVE", "NONE", 2, 300)


def wait_out_the_delay(api, zone_id):
    while True:
        answer = api.call("POST", f"/zones/{zone_id}/sync")
        if answer.status == 200:
            return answer
        assert answer.status == 400
        assert "was recently synced. Cannot complete sync" in answer.body
        time.sleep(0.1)


def test_what_a_sync_answers_when_it_cannot_be(api, stranger, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        soon = api.call("POST", f"/zones/{zone['id']}/sync")
        foreign = stranger.call("POST", f"/zones/{zone['id']}/sync")
        missing = api.call("POST", "/zones/5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11/sync")
        anonymous = api.call("POST", f"/zones/{zone['id']}/sync", X_Auth_Token="")
        server.behave(hostile.stall(0))
        wait_out_the_delay(api, zone["id"])
        twice = api.call("POST", f"/zones/{zone['id']}/sync")
        renamed = api.call("PATCH", f"/v2/zones/{zone['id']}", {"description": "while syncing"})
        readable = api.call("GET", f"/v2/zones/{zone['id']}/recordsets")
        api.ended(zone["id"])
    ours = api.call("POST", "/v2/zones", {"name": f"ours-{name}", "email": "joe@example.org"}).body
    sourceless = api.call("POST", f"/zones/{ours['id']}/sync")
    api.call("DELETE", f"/v2/zones/{zone['id']}")
    deleted = api.call("POST", f"/zones/{zone['id']}/sync")

    assert soon.status == 400
    assert soon.body.startswith(f"Zone {name} was recently synced. Cannot complete sync")
    assert (foreign.status, anonymous.status, missing.status) == (403, 401, 404)
    assert f"cannot create or modify zone '{name}'" in foreign.body
    assert missing.body == "Zone with id 5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11 does not exists"
    assert twice.status == 400
    assert re.fullmatch(rf"zone {re.escape(name)} is already syncing since \d\d:\d\d:\d\dZ", twice.body)
    assert renamed.status == 409
    assert f"zone {name} is read-only" in renamed.body["message"]
    assert len(readable.body["recordsets"]) == 4
    assert (sourceless.status, sourceless.body) == (400, f"zone ours-{name} has no server to transfer from")
    assert (deleted.status, deleted.body) == (400, f"zone {name} is inactive: it was deleted")


def test_fifty_requests_at_once_make_one_execution(api, aws, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        time.sleep(float(os.environ.get("ZONEWRIGHT_SYNC_DELAY", "1")) + 0.2)
        server.behave(hostile.drip(octets=1, seconds=1))
        with ThreadPoolExecutor(50) as pool:
            # Fifty processes of the function, started before it counts: on two cores that outlasts the tests' lease.
            list(pool.map(lambda _: api.call("POST", "/zones/nowhere/sync"), range(50)))
            answers = list(pool.map(lambda _: api.call("POST", f"/zones/{zone['id']}/sync"), range(50)))
    api.ended(zone["id"])

    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] + [400] * 49
    (begun,) = [answer.body["id"] for answer in answers if answer.status == 200]
    assert all(f"zone {name} is already syncing" in answer.body for answer in answers if answer.status == 400)
    assert Executions(aws).of_zone(zone["id"]) == {begun, api.history(zone["id"])[-1]["id"]}
    assert len(api.history(zone["id"])) == 2


def test_a_sync_whose_execution_is_stopped_gives_its_zone_back_at_once(api, aws, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        server.behave(hostile.stall(0))
        begun = api.sync(zone["id"])
        assert Executions(aws).stop(begun["id"])
        stopped = api.ended(zone["id"], LEASE / 2)
        server.behave(hostile.honest())
        api.sync(zone["id"])
        again = api.synced(zone["id"])

    assert (stopped["id"], stopped["status"]) == (begun["id"], "Failed")
    assert stopped["systemMessage"] == "its execution was stopped"
    assert again["sync"]["unchanged"] == 4


@pytest.mark.parametrize("rival", ["PATCH", "DELETE"])
def test_a_sync_racing_another_writer_leaves_one_winner(rival, api, name):
    body = {"description": "raced"} if rival == "PATCH" else None
    with Hostile({name: SMALL}) as server:
        for _ in range(4):
            zone = api.create(name, address(server))
            api.synced(zone["id"])
            time.sleep(float(os.environ.get("ZONEWRIGHT_SYNC_DELAY", "1")) + 0.2)
            with ThreadPoolExecutor(2) as pool:
                sync = pool.submit(api.call, "POST", f"/zones/{zone['id']}/sync")
                write = pool.submit(api.call, rival, f"/v2/zones/{zone['id']}", body)
            statuses = (sync.result().status, write.result().status)
            while any(change["status"] == "Pending" for change in history_of(api, zone)):
                time.sleep(0.05)
            # One after the other is fine too: a PATCH that was first, or a sync that was over before it came.
            assert statuses in {(200, 409), (200, 200), (200, 204), (400, 204)}
            if 204 not in statuses:
                assert {change["status"] for change in history_of(api, zone)} == {"Synced"}
                assert len(api.recordsets(zone["id"])) == 4
                assert api.call("DELETE", f"/v2/zones/{zone['id']}").status == 204


def history_of(api, zone):
    """The changes of a zone, none where it is gone."""
    answer = api.call("GET", f"/zones/{zone['id']}/changes")
    return answer.body["zoneChanges"] if answer.status == 200 else []


def test_a_large_zone_is_readable_while_its_worker_is_killed_and_another_goes_on(api, name):
    require(Bind)
    with Bind({name: corpus.big(100_000, 1, name=name)}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        server.reload(name, corpus.big(100_000, 2, name=name, changed=1000))
        reads, stop = [], threading.Event()

        def read():
            while not stop.is_set():
                page = api.call("GET", f"/v2/zones/{zone['id']}/recordsets?limit=1")
                reads.append((page.status, page.body["metadata"]["total_count"]))

        reader = threading.Thread(target=read)
        reader.start()
        api.sync(zone["id"])
        killed = Workers().kill("SyncTransfer", "SyncParseBatch", "SyncMergeRange", seconds=20)
        change = api.synced(zone["id"])
        stop.set()
        reader.join()

    assert killed
    assert set(reads) == {(200, 70_002)}
    assert (change["sync"]["updated"], change["sync"]["serial"]) == (1001, 2)


def test_a_bad_transfer_keeps_the_contents_and_says_why(api, name):
    cases = {
        "REFUSED": [hostile.rcode(5)],
        "before the closing SOA": [hostile.cut()],
        "the closing SOA has serial": [hostile.closing_serial()],
        "answers for other.example.": [hostile.another_zone("other.example.")],
        "said nothing for": [hostile.stall(0)],
    }
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        for said, behaviours in cases.items():
            server.behave(*behaviours)
            wait_out_the_delay(api, zone["id"])
            change = api.ended(zone["id"])
            assert change["status"] == "Failed"
            assert address(server) in change["systemMessage"]
            assert said in change["systemMessage"]
            assert len(api.recordsets(zone["id"])) == 4
        server.behave(hostile.out_of_zone())
        wait_out_the_delay(api, zone["id"])
        change = api.synced(zone["id"])

    assert change["systemMessage"].startswith("3 records outside the zone were dropped")


def test_a_zone_is_guarded_by_what_its_owner_set_unless_the_sync_is_forced(api, name):
    many = SMALL + "".join(f"host{number} A 192.0.2.{number}\n" for number in range(20))
    with Hostile({name: many}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        guarded = api.call("PATCH", f"/v2/zones/{zone['id']}", {"guards": {"deleted_percent": 50}}).body
        server.reload(name, SMALL)
        api.sync(zone["id"])
        refused = api.ended(zone["id"])
        forced = api.call("POST", f"/zones/{zone['id']}/sync?force=true").status
        change = api.synced(zone["id"])

    assert (zone["guards"], guarded["guards"]["deleted_percent"], forced) == (None, 50, 200)
    assert "it would delete 20 of 24 record sets, more than the 50 % a sync may delete" in refused["systemMessage"]
    assert change["sync"]["deleted"] == 20


def test_all_servers_give_the_same_zone(api, name):
    text = corpus.zones()["types.example."]
    served = {}
    for server_class in REAL:
        require(server_class)
        with server_class({"types.example.": text}) as server:
            zone = api.create("types.example.", address(server))
            api.synced(zone["id"])
            served[server_class] = folded(from_recordsets(api.recordsets(zone["id"])))
            api.call("DELETE", f"/v2/zones/{zone['id']}")

    assert served[REAL[0]] == served[REAL[1]] == served[REAL[2]]
