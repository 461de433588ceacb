"""The sweeper as it is deployed, with the rights the template gives it; the test ages what waits, nothing else can."""

import json

from primaries import Hostile
from primaries.canonical import from_recordsets
from support.deployed import outputs

ZONE = """
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.53
"""
LONG_AGO = "2026-01-01T00:00:00.000000Z"


def sweep(aws):
    """One run of the function that the schedule begins, and what it says it did."""
    functions = aws("lambda")
    names = [
        each["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for each in page["Functions"]
    ]
    (name,) = [each for each in names if "SweepContents" in each]
    answer = functions.invoke(FunctionName=name, Payload=b"{}")
    done = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, done
    return done


class Stored:
    """What is stored of a zone."""

    def __init__(self, aws, zone_id):
        self.dynamodb, self.s3, self.zone_id = aws("dynamodb"), aws("s3"), zone_id
        names = outputs(aws)
        self.table, self.bucket = names["TableName"], names["BucketName"]

    def items(self, prefix=""):
        """Its items by sort key."""
        found = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"ZONE#{self.zone_id}"}},
            ConsistentRead=True,
        )["Items"]
        return {item["sk"]["S"]: item for item in found if item["sk"]["S"].startswith(prefix)}

    def objects(self):
        """Its chunks' keys."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=f"zones/{self.zone_id}/chunks/")
        return {entry["Key"] for entry in listed.get("Contents", [])}

    def age(self):
        """Let what waits to be swept have waited since long ago."""
        for item in self.items("LEFTOVER#").values():
            listed = item["gsi1sk"]["S"]
            item |= {"since": {"S": LONG_AGO}, "gsi1sk": {"S": LONG_AGO + listed[len(LONG_AGO) :]}}
            self.dynamodb.put_item(TableName=self.table, Item=item)


def test_old_versions_and_deleted_zones_are_swept_by_the_function_that_is_deployed(api, aws, name):
    with Hostile({name: ZONE}) as server:
        zone = api.create(name, f"{server.host}:{server.port}")
        api.synced(zone["id"])
        for serial in (2, 3):
            server.reload(name, ZONE.replace(" 1 3600", f" {serial} 3600"))
            api.sync(zone["id"])
            api.synced(zone["id"])
    stored = Stored(aws, zone["id"])
    shown = from_recordsets(api.recordsets(zone["id"]))
    before = stored.objects()

    sweep(aws)
    assert len(stored.items("VERSION#")) == 3
    stored.age()
    assert sweep(aws)["versions"] == 2
    assert (set(stored.items("VERSION#")), stored.objects()) == ({"VERSION#000000000003"}, before)
    stored.age()
    assert sweep(aws)["objects"] == 2

    assert stored.items("LEFTOVER#") == {}
    assert (len(before), len(stored.objects())) == (3, 1)
    assert from_recordsets(api.recordsets(zone["id"])) == shown

    assert api.call("DELETE", f"/v2/zones/{zone['id']}").status == 204
    sweep(aws)
    assert stored.objects()
    stored.age()
    assert sweep(aws)["zones"] == 1
    assert (stored.items(), stored.objects()) == ({}, set())


def test_it_is_begun_every_hour(aws):
    (rule,) = [each for each in aws("events").list_rules()["Rules"] if "SweepContents" in each["Name"]]

    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 hour)", "ENABLED")
    (target,) = aws("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert "SweepContents" in target["Arn"]
