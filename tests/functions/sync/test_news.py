"""Events on the bus: what each write to the table tells, in the form that `docs/events.schema.json` has."""

import json
from dataclasses import replace
from datetime import timedelta

import boto3
import jsonschema
import pytest
from support.calls import CONTEXT, GROUP, NOW, sample
from support.places import ROOT
from zonewright import bus
from zonewright.bus import Bus, Event
from zonewright.model.order import Order
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import keys, zones
from zonewright.store.table import encode_item
from zonewright.sync.news import WATCHED, Kind

from functions.sync import changed

SCHEMA = json.loads((ROOT / "docs/events.schema.json").read_text())
ZONE = Zone(
    "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "example.org.",
    GROUP,
    ZoneType.SECONDARY,
    NOW,
    primaries=(Primary("192.0.2.53"),),
    version=1,
    serial=7,
    schedule="refresh",
)
ABOUT = {
    "id": "c9fbe7d0261a5163fcb6940593e41797",
    "zone_id": ZONE.id,
    "zone_name": ZONE.name,
    "project_id": GROUP,
    "version": 1,
    "serial": 7,
}
HELD = replace(
    ZONE,
    state=State.SYNCING,
    holder="s-1",
    lease=1,
    held_since=NOW,
    order=Order(ZONE.id, "s-1", "2026", "schedule", seen=9),
)


@pytest.fixture
def heard(service):
    """A function that returns the events on the bus since the last call, each valid by the schema."""
    sqs, rules = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rules.put_rule(Name="all", EventPattern=json.dumps({"source": ["zonewright"]}))
    rules.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])

    def read():
        found = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for each in messages:
                event = json.loads(each["Body"])
                found.append((event["detail-type"], event["detail"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        for kind, detail in found:
            jsonschema.validate(detail, SCHEMA | {"$ref": f"#/$defs/{kind}"})
        return found

    return read


def record(old, new, number="111"):
    """A record of the stream, of items before and after."""
    loaded = sample("sync_changed")["Records"][0]
    images = {"OldImage": old, "NewImage": new}
    loaded["dynamodb"] = {"SequenceNumber": number} | {
        name: encode_item(item) for name, item in images.items() if item is not None
    }
    return loaded


def tell(*records):
    return changed.handler({"Records": list(records)}, CONTEXT)["batchItemFailures"]


def of_zone(old, new):
    return record(*(zones.to_item(each) if each else None for each in (old, new)))


def test_a_zone_that_comes_into_the_table_was_created(heard):
    tell(of_zone(None, ZONE))

    assert heard() == [("Zone Created", ABOUT)]


@pytest.mark.parametrize(
    ("changes", "updated"),
    [
        ({"email": "joe@example.org"}, ["email"]),
        ({"ttl": 60, "primaries": (Primary("192.0.2.54"),)}, ["ttl", "masters"]),
        ({"group_id": "other"}, ["project_id"]),
        ({"version": 2}, ["recordsets"]),
    ],
)
def test_what_a_caller_changes_is_named(heard, changes, updated):
    after = replace(ZONE, **changes)
    tell(of_zone(ZONE, after))

    about = ABOUT | {"project_id": after.group_id, "version": after.version}
    assert heard() == [("Zone Updated", about | {"updated": updated})]


def test_every_watched_attribute_is_one_of_the_item_and_has_its_name_in_the_schema():
    names = SCHEMA["$defs"]["Zone Updated"]["properties"]["updated"]["items"]["enum"]

    assert set(WATCHED) <= set(Zone.__dataclass_fields__)
    assert len(names) == len(WATCHED)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(replace(ZONE, due=NOW + timedelta(seconds=120)), id="a look"),
        pytest.param(replace(ZONE, shared=True, shares=1, revision=1), id="a share"),
        pytest.param(replace(HELD, order=replace(HELD.order, seen=None)), id="a sync that begins"),
    ],
)
def test_what_nobody_needs_to_know_is_not_told(heard, after):
    tell(of_zone(ZONE, after))

    assert heard() == []


def test_the_end_of_a_sync_is_no_update(heard):
    tell(of_zone(HELD, replace(ZONE, version=2, serial=9, email="new@example.org", synced=NOW)))

    assert heard() == []


def test_a_zone_is_deleted_once_and_its_item_later(heard):
    deleted = replace(ZONE, state=State.DELETED)
    tell(of_zone(ZONE, deleted), of_zone(deleted, replace(deleted, revision=2)), of_zone(deleted, None))

    assert heard() == [("Zone Deleted", ABOUT)]


def test_a_look_that_found_a_newer_serial_found_drift(heard):
    tell(of_zone(ZONE, HELD), of_zone(HELD, replace(HELD, lease=2)))

    drift = {"found_by": "look", "primary_serial": 9, "sync_id": "s-1"}
    assert heard() == [("Zone Drift Found", ABOUT | drift)]


def run(kind, **after):
    """The record of a sync or dry run that ended."""
    (sent,) = sample("sync_changed")["Records"]
    images = sent["dynamodb"]["OldImage"], sent["dynamodb"]["NewImage"]
    for image in images:
        image["sk"] = {"S": f"{kind}1"}
    for name, value in after.items():
        images[1].pop(name, None)
        images[1].update(encode_item({name: value}) if value is not None else {})
    return sent


TIMES = {"requested_at": "2026-01-15T12:34:50+00:00", "finished_at": "2026-01-15T12:34:52.500000+00:00"}
SYNC = TIMES | {"sync_id": "03f1ee91-9053-4346-8b53-e0f6042600f2", "type": "AutomatedSync"}


@pytest.fixture
def stored(service):
    service.table.write(*zones.create(ZONE))


def test_a_sync_that_ended_well_tells_what_moved(heard, stored):
    tell(run(keys.CHANGES))

    counts = {"created": 1, "updated": 2, "deleted": 0, "unchanged": 40}
    found = {"counts": counts, "changed": True, "version": 2, "serial": 8, "records": 57, "transfer": "IXFR"}
    assert heard() == [("Zone Synced", ABOUT | SYNC | found)]


def test_a_sync_that_failed_tells_why(heard, stored):
    why = {"status": "Failed", "error": "TransferCut", "reason": "192.0.2.53: it hung up"}
    tell(run(keys.CHANGES, **why, counts=None, transfer=None, version=None))

    about = ABOUT | SYNC | {"error": why["error"], "reason": why["reason"]}
    assert heard() == [("Zone Sync Failed", about)]


def test_a_sync_of_a_zone_that_is_gone_is_told_by_its_id(heard):
    tell(run(keys.CHANGES))

    ((kind, detail),) = heard()
    assert (kind, detail["zone_id"], "zone_name" in detail) == ("Zone Synced", ZONE.id, False)


def test_a_dry_run_that_found_a_difference_found_drift(heard, stored):
    tell(run(keys.DRY_RUNS))

    ((kind, detail),) = heard()
    assert (kind, detail["found_by"], detail["counts"]["updated"]) == ("Zone Drift Found", "dry run", 2)
    assert detail["dry_run_id"] == SYNC["sync_id"]


@pytest.mark.parametrize(
    "after",
    [{"counts": {"created": 0, "updated": 0, "deleted": 0, "unchanged": 43}}, {"status": "Failed", "counts": None}],
)
def test_a_dry_run_without_a_difference_is_not_told(heard, stored, after):
    tell(run(keys.DRY_RUNS, **after))

    assert heard() == []


def test_every_kind_of_event_is_in_the_schema_and_on_the_page():
    page = (ROOT / "docs/events.md").read_text()

    assert set(map(str, Kind)) == {name for name in SCHEMA["$defs"] if name.startswith("Zone ")}
    assert all(f"| `{kind}` |" in page for kind in Kind)


class Refusing:
    """A bus that refuses the events from one number on, or all calls."""

    def __init__(self, first):
        self.first, self.calls = first, []

    def put_events(self, *, Entries):  # noqa: N803 - as boto3 has it
        before = sum(map(len, self.calls))
        self.calls.append(Entries)
        return {
            "Entries": [
                {"EventId": "e"} if before + number < self.first else {"ErrorCode": "ThrottlingException"}
                for number in range(len(Entries))
            ]
        }


@pytest.mark.parametrize(("first", "calls"), [(0, 1), (9, 1), (10, 2), (24, 3), (25, 3)])
def test_a_bus_says_how_many_events_it_took(first, calls):
    refusing = Refusing(first)

    assert Bus(refusing, "default").put([Event("Zone Created", {"id": str(each)}) for each in range(25)]) == first
    assert len(refusing.calls) == calls
    assert refusing.calls[0][0] == {
        "Source": bus.SOURCE,
        "DetailType": "Zone Created",
        "Detail": '{"id": "0"}',
        "EventBusName": "default",
    }


def test_what_the_bus_refuses_is_sent_again_with_all_behind_it(service, monkeypatch):
    monkeypatch.setattr("zonewright.service.Service.bus", Bus(Refusing(1), "default"))
    silent = of_zone(ZONE, ZONE)
    batch = [silent, of_zone(None, ZONE), silent, of_zone(None, ZONE), of_zone(None, ZONE)]
    for number, each in enumerate(batch):
        each["dynamodb"] = each["dynamodb"] | {"SequenceNumber": str(number)}

    assert tell(*batch) == [{"itemIdentifier": "3"}]
