import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from support.calls import GROUP, NOW, REQUEST_ID, STRANGERS_TOKEN, TOKEN, call, event
from support.zones import store
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import changes, users, zones

from functions.vinyldns import get_zone, list_zone_changes, sync_zone

ZONE = "621a13df-a2e3-4394-84c0-3eb3a664dff4"  # the one in events/
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def zone(service):
    made = Zone(
        ZONE,
        "sync-test.",
        GROUP,
        ZoneType.SECONDARY,
        YESTERDAY,
        email="ok@example.org",
        primaries=(Primary("192.0.2.1"),),
        version=1,
        serial=7,
        synced=YESTERDAY,
    )
    service.table.write(*zones.create(made))
    return made


def plain(**changed):
    return {
        "name": "sync-test.",
        "email": "ok@example.org",
        "status": "Active",
        "created": "2026-01-14T12:34:56Z",
        "id": ZONE,
        "account": GROUP,
        "shared": False,
        "acl": {"rules": []},
        "adminGroupId": GROUP,
        "latestSync": "2026-01-14T12:34:56Z",
        "isTest": False,
    } | changed


def sync(**changes):
    return call(sync_zone.handler, event("vinyldns_sync_zone", **changes))


def test_a_signed_request_begins_a_sync(service, zone):
    answer = sync()

    sync_id = answer.json["id"]
    assert answer.status == 200
    assert answer.json["zone"] == plain(status="Syncing", updated="2026-01-15T12:34:56Z")
    assert {name: value for name, value in answer.json.items() if name != "zone"} == {
        "userId": "ok",
        "changeType": "Sync",
        "status": "Pending",
        "created": "2026-01-15T12:34:56Z",
        "id": sync_id,
    }
    assert answer.headers == {"content-type": "application/json", "x-request-id": REQUEST_ID}
    assert zones.get(service.table, ZONE).holder == sync_id
    executions = service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    assert [each["name"] for each in executions] == [sync_id]


def test_todays_release_answers_202_and_then_403_in_its_own_words(service, zone, monkeypatch):
    monkeypatch.setenv("VINYLDNS_RELEASE", "current")

    begun = sync()
    store(service, zone, synced=NOW)
    refused = sync()

    assert (begun.status, begun.json["zone"]["account"]) == (202, "system")
    assert (refused.status, refused.json) == (403, "Zone sync-test. was recently synced. Cannot complete sync")


def test_a_token_is_as_good_as_a_signature(zone):
    assert sync(headers={"authorization": None, "x-auth-token": TOKEN}).status == 200


@pytest.mark.parametrize("body", ["", "{", '{"zone": 1}'])
def test_the_body_is_not_read(zone, body):
    headers = {"authorization": None, "x-auth-token": TOKEN}

    assert sync(headers=headers, body=body).status == 200


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        pytest.param({"authorization": None}, "Authorization header not found", id="none"),
        pytest.param({"authorization": "x"}, "Authorization header could not be parsed", id="unreadable"),
        pytest.param({"x-amz-target": "x"}, "Request signature could not be validated", id="not what was signed"),
        pytest.param({"x-auth-token": "zw_x"}, "X-Auth-Token is not a valid token", id="token"),
    ],
)
def test_without_credentials_that_hold_it_is_a_401_in_bare_text(service, zone, headers, message):
    answer = sync(headers=headers)

    assert (answer.status, answer.body) == (401, f"Authentication Failed: {message}")
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert zones.get(service.table, ZONE).state is State.ACTIVE


def test_an_unknown_access_key_is_named(zone):
    unknown = event("vinyldns_sync_zone")["headers"]["authorization"].replace("okAccessKey", "other")

    answer = sync(headers={"authorization": unknown})

    assert answer.body == "Authentication Failed: Account with accessKey other specified was not found"
    assert answer.status == 401


def test_an_old_request_is_refused(service, zone):
    service.clock.now += timedelta(minutes=16)

    assert sync().status == 401


def test_a_locked_user_is_a_403_even_with_a_wrong_signature(service, zone):
    users.set_locked(service.table, "ok", locked=True)

    answer = sync(headers={"x-amz-target": "x"})

    assert (answer.status, answer.body) == (403, "Authentication Failed: Account with username ok is locked")


def test_a_stranger_is_refused(zone):
    answer = sync(headers={"x-auth-token": STRANGERS_TOKEN})

    assert (answer.status, answer.json) == (
        403,
        (
            "User 'stranger' cannot create or modify zone 'sync-test.' because they are not in the Zone Admin Group "
            f"'{GROUP}'"
        ),
    )
    assert answer.headers["content-type"] == "application/json"


def test_a_zone_that_is_not_there_is_a_404(service):
    answer = sync()

    assert (answer.status, answer.json) == (404, f"Zone with id {ZONE} does not exists")


def test_an_id_that_is_too_long_for_a_key_is_nobodys(service, monkeypatch):
    asked = []
    plain = service.table.client.get_item
    monkeypatch.setattr(service.table.client, "get_item", lambda **this: asked.append(this) or plain(**this))

    answer = sync(zone="x" * 2048, headers={"x-auth-token": TOKEN, "authorization": None})

    assert (answer.status, answer.json) == (404, f"Zone with id {'x' * 2048} does not exists")
    assert not [this for this in asked if this["Key"]["pk"]["S"].startswith("ZONE#")]


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        pytest.param(
            {"state": State.SYNCING, "holder": "h", "lease": 4_000_000_000, "held_since": NOW},
            400,
            "zone sync-test. is already syncing since 12:34:56Z",
            id="syncing",
        ),
        pytest.param(
            {"state": State.PENDING_UPDATE, "holder": "h", "lease": 4_000_000_000, "held_since": NOW},
            409,
            "zone sync-test. has a pending update since 12:34:56Z",
            id="pending update",
        ),
        pytest.param({"state": State.DELETED}, 400, "zone sync-test. is inactive: it was deleted", id="inactive"),
        pytest.param({"primaries": ()}, 400, "zone sync-test. has no server to transfer from", id="no primary"),
        pytest.param(
            {"synced": NOW - timedelta(seconds=599)},
            400,
            "Zone sync-test. was recently synced. Cannot complete sync: the last one ended at 12:24:57Z, "
            "the next may begin 600 s later",
            id="recently synced",
        ),
    ],
)
def test_a_zone_that_cannot_be_synced_now_says_why(service, zone, changes, status, message):
    store(service, zone, **changes)

    answer = sync()

    assert (answer.status, answer.json) == (status, message)


def test_a_zone_is_shown_with_what_the_caller_may_do(zone):
    answer = call(get_zone.handler, event("vinyldns_get_zone"))

    info = plain(adminGroupName="ok-group", accessLevel="Delete")
    del info["isTest"]
    assert answer.status == 200
    assert answer.json == {"zone": info}


def test_a_stranger_reads_a_shared_zone_only(service, zone):
    asked = event("vinyldns_get_zone", headers={"x-auth-token": STRANGERS_TOKEN})

    refused = call(get_zone.handler, asked)
    store(service, zone, shared=True)
    shown = call(get_zone.handler, asked)

    assert (refused.status, refused.json) == (403, "User stranger cannot access zone 'sync-test.'")
    assert (shown.status, shown.json["zone"]["accessLevel"]) == (200, "Read")


def test_a_zone_that_is_not_there_is_not_shown(service):
    answer = call(get_zone.handler, event("vinyldns_get_zone"))

    assert (answer.status, answer.json) == (404, f"Zone with id {ZONE} does not exists")


def change(number, **fields):
    return Change(f"change-{number}", ZONE, ChangeType.SYNC, "ok", NOW - timedelta(hours=number), **fields)


def history(query="maxItems=3", **headers):
    headers = headers or {"x-auth-token": TOKEN}
    return call(list_zone_changes.handler, event("vinyldns_list_zone_changes", rawQueryString=query, headers=headers))


def test_a_signed_request_reads_the_history(zone):
    answer = call(list_zone_changes.handler, event("vinyldns_list_zone_changes"))

    assert answer.status == 200
    assert answer.json == {"zoneId": ZONE, "zoneChanges": [], "maxItems": 3}


def test_the_history_is_newest_first_with_what_each_sync_moved(service, zone):
    done = change(
        2,
        status=ChangeStatus.SYNCED,
        counts=Counts(1, 2, 3, 4),
        records=9,
        serial=8,
        finished=NOW - timedelta(hours=2) + timedelta(seconds=1.5),
    )
    failed = change(1, status=ChangeStatus.FAILED, reason="192.0.2.1 said REFUSED", finished=NOW)
    service.table.write(changes.put(done), changes.put(failed))

    answer = history()

    assert answer.json["zoneChanges"] == [
        {
            "zone": plain(),
            "userId": "ok",
            "changeType": "Sync",
            "status": "Failed",
            "created": "2026-01-15T11:34:56Z",
            "systemMessage": "192.0.2.1 said REFUSED",
            "id": "change-1",
        },
        {
            "zone": plain(),
            "userId": "ok",
            "changeType": "Sync",
            "status": "Synced",
            "created": "2026-01-15T10:34:56Z",
            "id": "change-2",
            "sync": {
                "created": 1,
                "updated": 2,
                "deleted": 3,
                "unchanged": 4,
                "records": 9,
                "serial": 8,
                "seconds": 1.5,
            },
        },
    ]


def test_pages_of_the_history_follow_each_other(service, zone):
    for number in range(1, 4):
        service.table.write(changes.put(change(number)))

    first = history("maxItems=2").json
    second = history(f"maxItems=2&startFrom={quote(first['nextId'], safe='')}").json

    assert [each["id"] for each in first["zoneChanges"]] == ["change-1", "change-2"]
    assert [each["id"] for each in second["zoneChanges"]] == ["change-3"]
    assert second["startFrom"] == first["nextId"]
    assert "nextId" not in second


def test_a_stranger_does_not_read_the_history(zone):
    answer = history(**{"x-auth-token": STRANGERS_TOKEN})

    assert (answer.status, answer.json) == (403, "User stranger cannot access zone 'sync-test.' changes")


@pytest.mark.parametrize("count", ["0", "101", "-1"])
def test_a_page_out_of_bounds_is_refused_before_the_credentials_are_asked_for(zone, count):
    answer = history(f"maxItems={count}", authorization=None)

    assert answer.status == 400
    assert answer.json == f"maxItems was {count}, maxItems must be between 0 exclusive and 100 inclusive"


@pytest.mark.parametrize("count", ["ten", "", "1.5", "99999999999", "1e1"])
def test_a_page_that_is_no_number_is_malformed(zone, count):
    answer = history(f"maxItems={count}", authorization=None)

    assert answer.status == 400
    assert answer.body == (
        f"The query parameter 'maxItems' was malformed:\n'{count}' is not a valid 32-bit signed integer value"
    )
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_a_start_that_is_none_of_ours_is_refused(zone):
    assert history("startFrom=1482952922000").status == 400


def test_a_fault_of_ours_says_only_that(service, monkeypatch):
    monkeypatch.setenv("TABLE_NAME", "no-such-table")

    answer = sync()

    assert (answer.status, answer.body) == (500, "There was an internal server error.")
    assert answer.headers["x-request-id"] == REQUEST_ID


@pytest.mark.parametrize(
    ("query", "mode", "force"),
    [
        ("", "axfr", False),
        ("mode=ixfr", "ixfr", False),
        ("mode=auto&force=true", "auto", True),
        ("force=NO", "axfr", False),
    ],
)
def test_how_a_sync_is_asked_for_is_what_its_execution_is_told(service, zone, query, mode, force):
    answer = sync(rawQueryString=query, headers={"authorization": None, "x-auth-token": TOKEN})

    client = service.workflow.client
    (execution,) = client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    order = json.loads(client.describe_execution(executionArn=execution["executionArn"])["input"])["order"]
    assert answer.status == 200
    assert (order["mode"], order["force"], order["trigger"]) == (mode, force, "request")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("mode=fast", "The query parameter 'mode' was malformed:\n'fast' is not one of axfr, ixfr, auto"),
        ("force=perhaps", "The query parameter 'force' was malformed:\n'perhaps' is not a boolean value"),
    ],
)
def test_a_wish_that_makes_no_sense_is_explained_and_nothing_begins(service, zone, query, said):
    answer = sync(rawQueryString=query, headers={"authorization": None})

    assert (answer.status, answer.body) == (400, said)
    assert zones.get(service.table, zone.id) == zone
