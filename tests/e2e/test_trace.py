"""The story of a zone: `zonewright zone trace` on the deployed stack."""

import json
import time

from primaries import Hostile
from support.deployed import SMALL, address


def test_a_trace_tells_a_sync_from_its_request_through_every_state(api, operator, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        change = api.synced(zone["id"])
    found = traced(operator, name, *LINES)

    (entry,) = (each for each in found["story"] if each["from"] == "history")
    assert (entry["change"], entry["type"], entry["status"]) == (change["id"], "Create", "Synced")
    (execution,) = (each for each in found["story"] if each["from"] == "execution")
    assert (execution["change"], execution["status"]) == (change["id"], "SUCCEEDED")
    lines = [each for each in found["story"] if each["from"] == "log"]
    created, done = (one(lines, *each) for each in LINES)
    assert created["correlation_id"] == created["request_id"] == done["correlation_id"]
    assert (done["task"], done["zone_id"]) == ("transfer", zone["id"])
    assert [each["at"] for each in found["story"]] == sorted(each["at"] for each in found["story"])
    assert (found["zone"]["id"], found["zone"]["name"], found["zone"]["serial"]) == (zone["id"], name, 1)


def test_a_trace_of_a_zone_that_is_kept_here_begins_with_the_request_that_made_it(api, operator, name):
    zone = api.call("POST", "/v2/zones", {"name": name, "email": "joe@example.org"}).body
    found = traced(operator, name, LINES[0])

    created = one(found["story"], *LINES[0])
    assert (created["zone_id"], created["status"]) == (zone["id"], 201)
    assert [each["type"] for each in found["story"] if each["from"] == "history"] == ["Create"]


def test_a_trace_says_why_a_sync_failed(api, operator, name):
    with Hostile({}) as server:
        zone = api.create(name, address(server))
        api.ended(zone["id"])
        found = traced(operator, zone["id"], ("task failed", ""))

    (entry,) = (each for each in found["story"] if each["from"] == "history")
    assert (entry["status"], entry["error"]) == ("Failed", "TransferRefused")
    failed = one(found["story"], "task failed", "")
    assert failed["error"] == "TransferRefused"
    assert entry["reason"] == found["zone"]["failure"] == failed["reason"]


LINES = (("request", "POST /v2/zones"), ("task done", ""))
"""Message and route of lines that every sync of a new zone has."""


def matching(lines, message, route):
    """The lines of a story with this message, about a route if one is named."""
    return [each for each in lines if each.get("message") == message and each.get("route", "") == route]


def one(lines, message, route):
    """The only one of these lines."""
    (found,) = matching(lines, message, route)
    return found


def traced(operator, name, *wanted):
    """The trace of a zone once it has lines with these messages and routes. Logs arrive after the answers."""
    deadline = time.monotonic() + 20
    while True:
        found = operator("zone", "trace", name, "--hours", "0.05")
        if all(matching(found["story"], *each) for each in wanted) or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def test_the_syncs_of_the_table_are_counted(api, aws, name):
    def counted(metric):
        pages = aws("logs").get_paginator("filter_log_events").paginate(logGroupName="/aws/lambda/zonewright-sync")
        lines = [each["message"] for page in pages for each in page["events"] if '"_aws"' in each["message"]]
        return sum(sum(json.loads(line[line.index("{") :]).get(metric, [])) for line in lines)

    before = {metric: counted(metric) for metric in ("SyncsBegun", "SyncsFinished")}
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
    deadline = time.monotonic() + 30
    while not all(counted(metric) > value for metric, value in before.items()) and time.monotonic() < deadline:
        time.sleep(0.5)

    assert all(counted(metric) > value for metric, value in before.items())
