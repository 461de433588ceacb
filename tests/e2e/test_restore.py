"""The restore of `docs/operations.md` on the deployed stack: a zone that was deleted with its objects comes back.

The emulator restores a table to its present state only, so the table is restored before the harm is done.
"""

from datetime import UTC, datetime, timedelta

import pytest

RECORDSET = {"name": "www.{}", "type": "A", "records": ["192.0.2.80"]}


@pytest.fixture
def names(aws):
    """The names of the stack's table and bucket."""
    (found,) = aws("cloudformation").describe_stacks(StackName="zonewright")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}
    return outputs["TableName"], outputs["BucketName"]


def test_a_deleted_zone_comes_back_with_its_record_sets(api, aws, operator, zone, name, names):
    table, bucket = names
    made = api.call("POST", f"/v2/zones/{zone['id']}/recordsets", RECORDSET | {"name": f"www.{name}"})
    assert made.status in {201, 202}
    dynamodb, s3 = aws("dynamodb"), aws("s3")
    moment, copy = datetime.now(UTC) - timedelta(seconds=1), f"restored-{zone['id']}"
    dynamodb.restore_table_to_point_in_time(SourceTableName=table, TargetTableName=copy, UseLatestRestorableTime=True)
    dynamodb.get_waiter("table_exists").wait(TableName=copy)

    assert api.call("DELETE", f"/v2/zones/{zone['id']}").status in {202, 204}
    prefix = f"zones/{zone['id']}/"
    for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]:
        s3.delete_object(Bucket=bucket, Key=each["Key"])
    assert api.call("GET", f"/v2/zones/{zone['id']}").status == 404

    assert operator("restore", "objects", moment.isoformat())["restored"] >= 1
    found = operator("restore", "table", copy)

    assert found["changed"] >= 1
    assert api.call("GET", f"/v2/zones/{zone['id']}").body["name"] == name
    records = {each["name"]: each["records"] for each in api.recordsets(zone["id"], limit=100)}
    assert records[f"www.{name}"] == ["192.0.2.80"]
    dynamodb.delete_table(TableName=copy)
