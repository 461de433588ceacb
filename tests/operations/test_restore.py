"""`zonewright restore`: the table from a restored copy, and deleted objects from their versions."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from conftest import make_table
from support.template import of_type
from zonewright import command
from zonewright.errors import Invalid
from zonewright.operations.restore import KEPT, restore_objects, restore_table
from zonewright.service import Service
from zonewright.store.table import Put

MOMENT = datetime.now(UTC) - timedelta(days=10)


def put(table, *items):
    for number, value in items:
        table.write(Put({"pk": f"ZONE#{number}", "sk": "ZONE", "value": value}))


def contents(table):
    return {item["pk"]["S"]: item["value"] for item in table.client.scan(TableName=table.name)["Items"]}


@pytest.fixture
def restored(table):
    """A restored table beside the present one: one item is equal, one differs, and each has thirty of its own."""
    made = make_table("restored")
    put(made, (1, "equal"), (2, "before"), *((100 + each, "gone") for each in range(30)))
    put(table, (1, "equal"), (2, "after"), *((200 + each, "new") for each in range(30)))
    return made


NUMBERS = {"unchanged": 1, "changed": 1, "deleted": 30, "created": 30}


def test_the_table_becomes_the_restored_one(service, table, restored):
    assert restore_table(service, "restored", dry_run=False) == NUMBERS
    assert contents(table) == contents(restored)
    assert restore_table(service, "restored", dry_run=False) == NUMBERS | {
        "unchanged": 32,
        "changed": 0,
        "deleted": 0,
        "created": 0,
    }


def test_a_dry_run_writes_nothing(service, table, restored):
    before = contents(table)

    assert restore_table(service, "restored", dry_run=True) == NUMBERS
    assert contents(table) == before


def test_the_table_is_not_restored_from_itself(service, table):
    with pytest.raises(Invalid, match="is the table of the service"):
        restore_table(service, table.name, dry_run=False)


@pytest.fixture
def deleted(bucket):
    """The bucket with versions: objects that were deleted, one that was not, and one of another folder."""
    s3 = boto3.client("s3")
    s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    for key in ("zones/z/1", "zones/z/2", "zones/z/3", "staging/s/1"):
        bucket.put(key, key.encode())
    for key in ("zones/z/1", "zones/z/2", "staging/s/1"):
        s3.delete_object(Bucket=bucket.name, Key=key)
    return bucket


def keys(bucket):
    found = bucket.client.list_objects_v2(Bucket=bucket.name).get("Contents", [])
    return sorted(each["Key"] for each in found)


def test_objects_that_were_deleted_since_are_there_again(service, deleted):
    assert restore_objects(service, MOMENT, dry_run=True) == {"restored": 2}
    assert keys(deleted) == ["zones/z/3"]

    assert restore_objects(service, MOMENT, dry_run=False) == {"restored": 2}
    assert keys(deleted) == ["zones/z/1", "zones/z/2", "zones/z/3"]
    assert deleted.get("zones/z/1") == b"zones/z/1"
    assert restore_objects(service, MOMENT, dry_run=False) == {"restored": 0}


def test_objects_that_were_deleted_before_stay_deleted(service, deleted, monkeypatch):
    monkeypatch.setattr(Service, "now", lambda _: datetime.now(UTC) + timedelta(hours=2))

    assert restore_objects(service, datetime.now(UTC) + timedelta(hours=1), dry_run=False) == {"restored": 0}
    assert keys(deleted) == ["zones/z/3"]


@pytest.mark.parametrize("days", [-1, 37])
def test_a_moment_that_the_bucket_does_not_know_is_refused(service, deleted, days):
    with pytest.raises(Invalid, match="is not in the last 36 days"):
        restore_objects(service, datetime.now(UTC) - timedelta(days=days), dry_run=False)


@pytest.mark.parametrize("text", ["yesterday", "2026-11-21T03:00:00"])
def test_a_moment_has_a_time_zone(text, capsys):
    with pytest.raises(SystemExit):
        command.main(["restore", "objects", text])

    assert "moment" in capsys.readouterr().err


def test_the_bucket_keeps_what_was_deleted_as_long_as_the_command_says():
    (bucket,) = of_type("AWS::S3::Bucket").values()
    rules = {each["Id"]: each for each in bucket["LifecycleConfiguration"]["Rules"]}

    assert rules["zones"]["NoncurrentVersionExpiration"]["NoncurrentDays"] == KEPT.days
