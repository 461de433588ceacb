"""What a deployment leaves behind if it fails, and a stack of a table, a bucket and a key that were there before."""

import importlib
import json
import uuid

import pytest
from botocore.exceptions import WaiterError

adopt = importlib.import_module("adopt")


@pytest.fixture
def stack(aws):
    """The name of a stack to create. It is deleted, with what it retains."""
    name = f"t{uuid.uuid4().hex[:8]}"
    yield name
    aws("cloudformation").delete_stack(StackName=name)


def inventory(aws, stack):
    """The tables and buckets that are named after a stack, and all keys that are not about to be deleted."""
    keys = [each["KeyId"] for page in aws("kms").get_paginator("list_keys").paginate() for each in page["Keys"]]
    states = {key: aws("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in keys}
    return (
        {name for name in aws("dynamodb").list_tables()["TableNames"] if stack in name},
        {each["Name"] for each in aws("s3").list_buckets()["Buckets"] if stack in each["Name"]},
        {key for key, state in states.items() if state == "Enabled"},
    )


def identifiers(aws, stack):
    """The table, the bucket and the key of a stack."""
    pages = aws("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


def create(aws, stack, template, **parameters):
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    cloudformation = aws("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template), Parameters=given)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})


def test_a_first_deployment_that_fails_leaves_nothing_behind(aws, stack):
    before = inventory(aws, stack)
    template = adopt.template()
    failing = {"TargetFunctionArn": "there-is-none", "AuthType": "NONE"}
    last = {"Type": "AWS::Lambda::Url", "DependsOn": ["Table", "Bucket", "Key"], "Properties": failing}
    template["Resources"]["Failing"] = last

    with pytest.raises(WaiterError):
        create(aws, stack, template)

    assert inventory(aws, stack) == before


def test_a_deleted_stack_leaves_what_another_adopts(aws, stack):
    create(aws, stack, adopt.template(), DeletionProtection="true")
    made = identifiers(aws, stack)
    with pytest.raises(aws("dynamodb").exceptions.ClientError, match=r"[Dd]eletion.protection"):
        aws("dynamodb").delete_table(TableName=made["Table"])
    aws("cloudformation").delete_stack(StackName=stack)
    aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    left = inventory(aws, stack)

    adopt.adopt(aws("cloudformation"), aws("dynamodb"), stack, made)

    assert all(made[each] in names for each, names in zip(("Table", "Bucket", "Key"), left, strict=True))
    assert identifiers(aws, stack) == made
    assert inventory(aws, stack) == left
