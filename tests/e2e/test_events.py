"""Events on the bus of the deployed stack, for a pipeline that listens with a rule and a queue."""

import json
import time

import jsonschema
import pytest
from primaries import Hostile
from support.deployed import SMALL, address
from support.places import ROOT

SCHEMA = json.loads((ROOT / "docs/events.schema.json").read_text())


@pytest.fixture
def heard(aws, name):
    """A function that waits for events about the test's zone, and returns their details by kind."""
    sqs, rules = aws("sqs"), aws("events")
    queue = sqs.create_queue(QueueName=name.replace(".", "-"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["zonewright"], "detail": {"zone_name": [name]}}
    rule = f"heard-{name.replace('.', '-')}"
    rules.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    rules.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    found = {}

    def wait(*kinds):
        deadline = time.monotonic() + 40
        while not set(kinds) <= found.keys() and time.monotonic() < deadline:
            for each in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
                event = json.loads(each["Body"])
                jsonschema.validate(event["detail"], SCHEMA | {"$ref": f"#/$defs/{event['detail-type']}"})
                found[event["detail-type"]] = event["detail"]
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
            time.sleep(0.2)
        assert set(kinds) <= found.keys()
        return [found[kind] for kind in kinds]

    yield wait
    rules.remove_targets(Rule=rule, Ids=["queue"])
    rules.delete_rule(Name=rule)


def test_a_pipeline_hears_the_life_of_a_zone(api, heard, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        change = api.synced(zone["id"])
        created, synced = heard("Zone Created", "Zone Synced")
    assert api.call("PATCH", f"/v2/zones/{zone['id']}", {"description": "copied"}).status in {200, 202}
    assert api.call("DELETE", f"/v2/zones/{zone['id']}").status in {202, 204}
    updated, deleted = heard("Zone Updated", "Zone Deleted")

    assert [each["zone_id"] for each in (created, synced, updated, deleted)] == [zone["id"]] * 4
    assert (synced["sync_id"], synced["changed"], synced["version"], synced["serial"]) == (change["id"], True, 1, 1)
    assert updated["updated"] == ["description"]


def test_a_pipeline_hears_why_a_sync_failed(api, heard, name):
    with Hostile({}) as server:
        zone = api.create(name, address(server))
        api.ended(zone["id"])

    (failed,) = heard("Zone Sync Failed")
    assert (failed["zone_id"], failed["error"]) == (zone["id"], "TransferRefused")


def test_a_pipeline_hears_of_drift_that_a_dry_run_found(api, heard, name):
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        server.reload(name, SMALL.replace("192.0.2.80", "192.0.2.81"))
        asked = api.call("POST", f"/zones/{zone['id']}/sync?dryRun=true")
        (drift,) = heard("Zone Drift Found")

    assert asked.status == 200
    assert (drift["found_by"], drift["dry_run_id"], drift["counts"]["updated"]) == ("dry run", asked.body["id"], 1)
