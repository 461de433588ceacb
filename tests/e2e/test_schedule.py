"""Syncs that nobody asks for over HTTP, on the deployed stack: by the schedule that fires, and by events on the bus."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from primaries import Key, Small
from support.deployed import SMALL, add_key, address

MOVED = SMALL.replace(" 1 3600", " 2 3600").replace("192.0.2.80", "192.0.2.81")
PATIENCE = 3 * int(os.environ.get("ZONEWRIGHT_MINUTE", "60")) + 30


def until(look, seconds=PATIENCE):
    """Return the result of `look` as soon as it has one."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
    return found


def asked(server):
    """How often the server was asked for an SOA."""
    return sum(query.type == "SOA" for query in server.queries)


@pytest.fixture
def announce(aws):
    """Put an event on the bus, as a pipeline does."""

    def put(**detail):
        entry = {"Source": "zonewright.pipelines", "DetailType": "Zone Sync Requested", "Detail": json.dumps(detail)}
        answer = aws("events").put_events(Entries=[entry])
        assert answer["FailedEntryCount"] == 0

    return put


@pytest.mark.parametrize("schedule", [1, "* * * ? * *"], ids=["interval", "calendar"])
def test_a_zone_with_a_schedule_follows_its_primary_by_itself(api, operator, name, schedule):
    key = Key.of(f"transfer.{name}")
    with Small({name: SMALL}, keys=[key], require_key={name: key.name}) as server:
        zone = api.create(name, address(server), schedule=schedule)
        api.ended(zone["id"])
        add_key(operator, key, zone["id"])
        first = until(lambda: api.call("GET", f"/v2/zones/{zone['id']}").body["serial"])
        seen = asked(server)
        until(lambda: asked(server) > seen)
        resting = api.history(zone["id"])
        server.reload(name, MOVED)
        until(lambda: api.call("GET", f"/v2/zones/{zone['id']}").body["serial"] == 2)
        moved = api.history(zone["id"])
        shown = api.call("PATCH", f"/v2/zones/{zone['id']}", {"schedule": None}).body

    assert first == 1
    assert [each["changeType"] for each in resting] == ["AutomatedSync", "Create"]
    assert [each["status"] for each in resting] == ["Synced", "Failed"]
    assert [each["changeType"] for each in moved] == ["AutomatedSync", "AutomatedSync", "Create"]
    assert moved[0]["userId"]
    assert moved[0]["sync"]["serial"] == 2
    assert (shown["schedule"], shown["next_sync_at"], shown["schedule_error"]) == (None, None, None)


def test_a_zone_whose_primary_is_gone_says_so_and_keeps_its_contents(api, name):
    with Small({name: SMALL}) as server:
        zone = api.create(name, address(server), schedule=1)
        api.synced(zone["id"])
        gone = address(server)

    why = until(lambda: api.call("GET", f"/v2/zones/{zone['id']}").body["schedule_error"])

    shown = api.call("GET", f"/v2/zones/{zone['id']}").body
    assert why == f"{gone}: no connection to {gone}: Connection refused"
    assert (shown["status"], shown["serial"], shown["schedule"]) == ("ACTIVE", 1, 1)
    assert [each["changeType"] for each in api.history(zone["id"])] == ["Create"]
    assert api.call("DELETE", f"/v2/zones/{zone['id']}").status == 204


def test_of_dispatchers_at_once_one_begins_the_sync(api, aws, name):
    (function,) = (
        each["FunctionName"]
        for page in aws("lambda").get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if "SyncDispatch" in each["FunctionName"]
    )
    with Small({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        server.reload(name, MOVED)
        api.call("PATCH", f"/v2/zones/{zone['id']}", {"schedule": 1})
        time.sleep(1.1)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: aws("lambda").invoke(FunctionName=function), range(4)))
        until(lambda: api.call("GET", f"/v2/zones/{zone['id']}").body["serial"] == 2)
        api.call("PATCH", f"/v2/zones/{zone['id']}", {"schedule": None})

    assert all("FunctionError" not in each for each in answers)
    assert [each["changeType"] for each in api.history(zone["id"])].count("AutomatedSync") == 1


def test_an_event_that_names_a_zone_syncs_it(api, announce, name):
    with Small({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        server.reload(name, MOVED)
        time.sleep(1.1)  # the delay between two syncs
        announce(zone_name=name)
        until(lambda: api.call("GET", f"/v2/zones/{zone['id']}").body["serial"] == 2)
        by_name = api.synced(zone["id"])
        time.sleep(1.1)
        announce(zone_id=zone["id"])
        by_id = until(lambda: len(api.history(zone["id"])) == 3) and api.synced(zone["id"])

    assert (by_name["changeType"], by_name["userId"], by_name["sync"]["updated"]) == (
        "AutomatedSync",
        "000000000000",
        2,
    )
    assert by_id["sync"]["unchanged"] == 4


def test_an_event_that_cannot_be_followed_is_logged_with_its_reason(aws, announce, name):
    announce(zone_name=name)

    def logged():
        pages = aws("logs").get_paginator("filter_log_events").paginate(logGroupName="/aws/lambda/zonewright-sync")
        lines = [each["message"] for page in pages for each in page["events"]]
        return [each for each in lines if f"zone name not found: zone {name}" in each]

    (line,) = until(logged)
    told = json.loads(line)
    assert (told["message"], told["error"]) == ("event refused", "ZoneNameNotFound")
    assert told["function_name"].startswith("zonewright-SyncAnnounced-")
