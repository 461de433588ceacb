"""Dry runs over the API: asked for by the sync's route, read by their own."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, REQUEST_ID, STRANGERS_TOKEN, TOKEN, call, event
from support.zones import store
from zonewright import clock
from zonewright.contents.sink import DrySink
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.model.diff import Difference, Move
from zonewright.model.dryrun import KEPT, Report
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.service import current
from zonewright.store import dryruns, zones
from zonewright.store.typed import decode_item

from functions.vinyldns import get_dry_run, sync_zone

ZONE = "621a13df-a2e3-4394-84c0-3eb3a664dff4"  # those in events/
DRY_RUN = "0d4f6c53-63f1-4a5e-9b1d-1d5ac0a4f6b7"
URL = f"http://localhost:9000/zones/{ZONE}/dryruns"
LEASE = timedelta(hours=2)


@pytest.fixture
def zone(service):
    made = Zone(
        ZONE,
        "sync-test.",
        GROUP,
        ZoneType.SECONDARY,
        NOW - timedelta(days=1),
        email="ok@example.org",
        primaries=(Primary("192.0.2.1"),),
        version=4,
        serial=7,
        synced=NOW - timedelta(seconds=5),
    )
    service.table.write(*zones.create(made))
    return made


def ask(query="dryRun=true", token=TOKEN):
    headers = {"authorization": None, "x-auth-token": token}
    return call(sync_zone.handler, event("vinyldns_sync_zone", rawQueryString=query, headers=headers))


def read(query="", token=TOKEN, part=DRY_RUN):
    headers = {"x-auth-token": token}
    sent = event("vinyldns_get_dry_run", rawQueryString=query, headers=headers, zone=ZONE, part=part)
    return call(get_dry_run.handler, sent)


def items(service):
    """The items of the zone that are not those of dry runs."""
    found = map(decode_item, service.table.client.scan(TableName=service.table.name)["Items"])
    return [item for item in found if item["pk"] == f"ZONE#{ZONE}" and not item["sk"].startswith("DRYRUN")]


def begin(service):
    run = Report(Change(DRY_RUN, ZONE, ChangeType.SYNC, "ok", NOW, base=4), NOW + LEASE)
    service.table.write(*dryruns.begin(run, NOW))
    return run


def end(service, moves=(), held=7, refusal=None, **fields):
    """A dry run that found those moves, in parts as given."""
    run = begin(service)
    sink = DrySink(service.bucket, ZONE, DRY_RUN, 100_000)
    parts = tuple(sink.difference(number, Difference(tuple(part))) for number, part in enumerate(moves))
    service.clock.now = NOW + timedelta(seconds=1.5)
    done = replace(run.change, status=ChangeStatus.SYNCED, finished=service.clock.now, differences=parts, **fields)
    service.table.write(*dryruns.end(done, held, refusal))


def test_a_dry_run_is_asked_for_where_a_sync_is(service, zone):
    before = items(service)

    answer = ask()

    dry_run_id = answer.json["id"]
    assert answer.status == 200
    assert answer.json == {
        "id": dry_run_id,
        "zoneId": ZONE,
        "userId": "ok",
        "status": "Pending",
        "created": "2026-01-15T12:34:56Z",
        "version": 4,
        "links": {"self": f"{URL}/{dry_run_id}"},
    }
    assert answer.headers == {"content-type": "application/json", "x-request-id": REQUEST_ID}
    assert items(service) == before


@pytest.mark.parametrize(
    ("query", "mode", "force"),
    [
        ("dryRun=true", "axfr", False),
        ("dryRun=YES&mode=ixfr", "ixfr", False),
        ("mode=auto&force=1&dryRun=1", "auto", True),
    ],
)
def test_its_execution_is_told_how_and_that_it_is_one(service, zone, query, mode, force):
    dry_run_id = ask(query).json["id"]

    client = service.workflow.client
    (execution,) = client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    order = json.loads(client.describe_execution(executionArn=execution["executionArn"])["input"])["order"]
    assert execution["name"] == dry_run_id
    assert order == {
        "zone_id": ZONE,
        "sync_id": dry_run_id,
        "created": "2026-01-15T12:34:56.275934Z",
        "trigger": "request",
        "mode": mode,
        "force": force,
        "dry_run": True,
        "seen": None,
        "correlation": REQUEST_ID,
    }


def test_what_is_no_boolean_is_explained(service, zone):
    answer = ask("dryRun=perhaps")

    assert (answer.status, answer.body) == (
        400,
        "The query parameter 'dryRun' was malformed:\n'perhaps' is not a boolean value",
    )


def test_without_it_a_sync_is_begun(service, zone):
    store(service, zone, synced=NOW - timedelta(days=1))

    assert ask("dryRun=false").json["zone"]["status"] == "Syncing"


def test_a_second_one_has_to_wait_for_the_first(service, zone):
    first = ask().json["id"]

    second = ask()
    service.clock.now = NOW + LEASE
    third = ask()

    assert (second.status, second.json) == (
        400,
        f"zone sync-test. is being compared already by dry run {first} since 12:34:56Z",
    )
    assert third.status == 200


def test_of_those_who_ask_at_once_one_is_served(service, zone, in_turn):
    together = threading.Barrier(4)

    def race(_):
        together.wait()
        return ask()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(race, range(4)))

    (first,) = [answer for answer in answers if answer.status == 200]
    assert {answer.json for answer in answers if answer.status == 400} == {
        f"zone sync-test. is being compared already by dry run {first.json['id']} since 12:34:56Z"
    }
    executions = service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    assert [each["name"] for each in executions] == [first.json["id"]]


@pytest.mark.parametrize("state", [State.SYNCING, State.PENDING_UPDATE])
def test_a_zone_that_is_held_can_be_compared(service, zone, state):
    store(service, zone, state=state, holder="h", lease=4_000_000_000, held_since=NOW)
    before = items(service)

    assert ask().status == 200
    assert items(service) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"state": State.DELETED}, "zone sync-test. is inactive: it was deleted", id="inactive"),
        pytest.param({"primaries": ()}, "zone sync-test. has no server to transfer from", id="no primary"),
    ],
)
def test_a_zone_that_cannot_be_compared_says_why(service, zone, changes, message):
    store(service, zone, **changes)

    answer = ask()

    assert (answer.status, answer.json) == (400, message)


def test_a_stranger_does_not_ask(service, zone):
    answer = ask(token=STRANGERS_TOKEN)

    assert answer.status == 403
    assert answer.json.startswith("User 'stranger' cannot create or modify zone 'sync-test.' because")


def test_a_zone_that_is_not_there_is_not_compared(service):
    answer = ask()

    assert (answer.status, answer.json) == (404, f"Zone with id {ZONE} does not exists")


def test_a_dry_run_that_cannot_be_started_is_a_fault_and_over(service, zone, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setenv("STATE_MACHINE_ARN", "arn:aws:states:eu-central-1:123456789012:stateMachine:none")
        current.cache_clear()
        failed = ask()
    current.cache_clear()

    assert (failed.status, failed.body) == (500, "There was an internal server error.")
    assert ask().status == 200


SOA, TIMERS = "\t6\t300\t026e7300016a00000000", "0000000100000001000000010000000a"
MOVES = [
    [
        Move(f"{SOA}07{TIMERS}", f"{SOA}08{TIMERS}"),
        Move(None, "new\t1\t60\tc0000201"),
    ],
    [Move("old\t1\t300\tc0000201 c0000202", None)],
]


def test_a_report_says_what_a_sync_would_do(service, zone):
    end(service, MOVES, counts=Counts(1, 1, 1, 9), records=15, serial=8, transfer="AXFR", reason="a note")

    answer = read()

    moved = answer.json.pop("recordSetChanges")
    assert answer.status == 200
    assert {name: value for name, value in answer.json.items() if name != "recordSetChanges"} == {
        "id": DRY_RUN,
        "zoneId": ZONE,
        "userId": "ok",
        "status": "Complete",
        "created": "2026-01-15T12:34:56Z",
        "version": 4,
        "heldSerial": 7,
        "inSync": False,
        "systemMessage": "a note",
        "sync": {
            "created": 1,
            "updated": 1,
            "deleted": 1,
            "unchanged": 9,
            "records": 15,
            "serial": 8,
            "seconds": 1.5,
            "transfer": "AXFR",
        },
        "links": {"self": f"{URL}/{DRY_RUN}"},
        "maxItems": 100,
    }
    assert [(each["changeType"], each["recordSet"]["fqdn"], each["recordSet"]["type"]) for each in moved] == [
        ("Update", "sync-test.", "SOA"),
        ("Create", "new.sync-test.", "A"),
        ("Delete", "old.sync-test.", "A"),
    ]
    assert [moved[0][side]["records"][0]["serial"] for side in ("updates", "recordSet")] == [7, 8]
    assert moved[1]["recordSet"]["records"] == [{"address": "192.0.2.1"}]


def test_its_record_sets_come_in_pages(service, zone):
    end(service, MOVES, counts=Counts(1, 1, 1, 9), records=15, serial=8)

    first, second = read("maxItems=2").json, read("maxItems=2&startFrom=2").json

    assert [each["changeType"] for each in first["recordSetChanges"]] == ["Update", "Create"]
    assert [each["changeType"] for each in second["recordSetChanges"]] == ["Delete"]
    assert (first["nextId"], first["maxItems"], "startFrom" in first) == (2, 2, False)
    assert (second["startFrom"], "nextId" in second) == (2, False)
    assert read("startFrom=3").json["recordSetChanges"] == []


def test_a_zone_without_drift_is_in_sync(service, zone):
    end(service, counts=Counts(unchanged=11), records=15, serial=7)

    answer = read()

    assert (answer.json["inSync"], answer.json["recordSetChanges"]) == (True, [])


def test_what_a_guard_would_refuse_is_said(service, zone):
    end(service, MOVES, refusal="192.0.2.1:53: it would", counts=Counts(1, 1, 1, 9), records=15, serial=8)

    answer = read()

    assert (answer.json["status"], answer.json["refusal"], answer.json["inSync"]) == (
        "Complete",
        "192.0.2.1:53: it would",
        False,
    )


def test_a_zone_that_was_not_compared_has_no_counts(service, zone):
    end(service, refusal="192.0.2.1:53: the zone has more than 8 records")

    answer = read()

    assert {"sync", "inSync"} & answer.json.keys() == set()
    assert answer.json["refusal"] == "192.0.2.1:53: the zone has more than 8 records"


def test_one_that_runs_is_pending_until_its_lease_is_over(service, zone):
    begin(service)

    pending = read()
    service.clock.now = NOW + LEASE
    abandoned = read()

    assert (pending.json["status"], pending.json["recordSetChanges"]) == ("Pending", [])
    assert {"heldSerial", "inSync", "sync", "systemMessage"} & pending.json.keys() == set()
    assert abandoned.json["status"] == "Failed"
    assert abandoned.json["systemMessage"] == "it was abandoned: its lease ran out before it ended"


@pytest.mark.parametrize("part", ["other", "x" * 1100], ids=["short", "long"])
def test_one_that_is_not_there_is_a_404(service, zone, part):
    answer = read(part=part)

    assert (answer.status, answer.json) == (404, f"Dry run with id {part} of zone sync-test. does not exist")


def test_one_is_forgotten_after_a_week(service, zone):
    end(service, counts=Counts(unchanged=11), records=15, serial=7)

    service.clock.now = NOW + KEPT - timedelta(seconds=1)
    last = read()
    service.clock.now = NOW + KEPT

    assert (last.status, read().status) == (200, 404)


def test_what_is_kept_of_it_expires(service, zone):
    begin(service)

    found = map(decode_item, service.table.client.scan(TableName=service.table.name)["Items"])
    expiring = {item["sk"]: item["expires"] for item in found if item["sk"].startswith("DRYRUN")}
    assert expiring == {
        f"DRYRUN#{DRY_RUN}": clock.epoch(NOW + KEPT),
        "DRYRUN": clock.epoch(NOW + LEASE),
    }


def test_one_of_another_zone_is_not_there(service, zone):
    end(service, counts=Counts(unchanged=11), records=15, serial=7)
    other = "11111111-a2e3-4394-84c0-3eb3a664dff4"
    service.table.write(*zones.create(replace(zone, id=other, name="other-test.")))

    sent = event("vinyldns_get_dry_run", zone=other)

    assert call(get_dry_run.handler, sent).status == 404


def test_a_stranger_does_not_read_it(service, zone):
    end(service, counts=Counts(unchanged=11), records=15, serial=7)

    answer = read(token=STRANGERS_TOKEN)

    assert (answer.status, answer.json) == (403, "User stranger cannot access zone 'sync-test.' dry runs")


@pytest.mark.parametrize("query", ["maxItems=0", "maxItems=101", "startFrom=-1", "startFrom=x", "maxItems=x"])
def test_a_page_that_means_nothing_is_refused(service, zone, query):
    begin(service)

    assert read(query).status == 400


@pytest.mark.parametrize("text", ["\n", "a\nb", "\r\nX-Evil: 1", "\x00", "\x7f", "\u2028", "a" * 37])
def test_a_text_that_is_no_id_is_a_404(service, zone, text):
    of_zone = call(get_dry_run.handler, event("vinyldns_get_dry_run", zone=text))
    of_run = call(get_dry_run.handler, event("vinyldns_get_dry_run", zone=ZONE, part=text))

    assert (of_zone.status, of_zone.json) == (404, f"Zone with id {text} does not exists")
    assert (of_run.status, of_run.json) == (404, f"Dry run with id {text} of zone sync-test. does not exist")
