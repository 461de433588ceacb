"""`tools/adopt.py`: the import says what the table has, so that the next deployment turns on what it lacks."""

import importlib
import json
from unittest.mock import Mock

import boto3
import pytest

adopt = importlib.import_module("adopt")

NAMES = {"Table": "restored", "Bucket": "contents", "Key": "k-1"}
WHOLE = adopt.template()["Resources"]["Table"]["Properties"]


@pytest.fixture
def dynamodb(aws):
    """A client, and a table as `restore-table-to-point-in-time` makes it: with its indexes alone."""
    client = boto3.client("dynamodb", region_name="us-east-1")
    client.create_table(
        TableName="restored",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    return client


def imported(dynamodb):
    """The properties of the table in the template of the import."""
    cloudformation = Mock()
    adopt.adopt(cloudformation, dynamodb, "zonewright", NAMES)
    template = json.loads(cloudformation.create_change_set.call_args.kwargs["TemplateBody"])
    return template["Resources"]["Table"]["Properties"]


def test_what_a_restored_table_lacks_is_left_to_the_next_deployment(dynamodb):
    left = {"StreamSpecification", "TimeToLiveSpecification", "PointInTimeRecoverySpecification"}

    assert imported(dynamodb) == {name: each for name, each in WHOLE.items() if name not in left}


def test_what_the_table_of_a_deleted_stack_has_is_imported(dynamodb):
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    dynamodb.update_table(TableName="restored", StreamSpecification=stream)
    ttl = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.update_time_to_live(TableName="restored", TimeToLiveSpecification=ttl)

    assert imported(dynamodb).keys() == WHOLE.keys() - {"PointInTimeRecoverySpecification"}
