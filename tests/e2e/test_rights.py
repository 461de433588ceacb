"""The emulated AWS enforces the rights of a role as AWS does, conditions included."""

import json
import os
import uuid

import boto3
import pytest
from botocore.exceptions import ClientError

DENIED = {"AccessDenied", "AccessDeniedException"}


@pytest.fixture
def named(aws):
    """The table, the bucket and the key of the stack, by output."""
    (stack,) = aws("cloudformation").describe_stacks(StackName="zonewright")["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


@pytest.fixture
def acting(aws):
    """A function that returns clients with the rights of some statements only."""
    made = []

    def act(*statements):
        name = f"rights-{uuid.uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
        made.append(name)
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
        aws("iam").put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=json.dumps(policy))
        keys = aws("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="tests")["Credentials"]
        port = os.environ.get("ZONEWRIGHT_AWS_PORT", "4566")
        return lambda service: boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    yield act
    for name in made:
        aws("iam").delete_role_policy(RoleName=name, PolicyName="rights")
        aws("iam").delete_role(RoleName=name)


def denied(call, **arguments):
    """Assert that a call is denied, and return the message."""
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    assert raised.value.response["Error"]["Code"] in DENIED, raised.value
    return str(raised.value)


def test_partitions_bound_what_a_role_reads_and_writes(acting, named):
    table = named["TableName"]
    arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}"
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MINE#*"]}}
    dynamodb = acting(
        {"Action": ["dynamodb:PutItem", "dynamodb:DeleteItem"], "Resource": arn, "Condition": condition},
        {"Action": ["dynamodb:Query", "dynamodb:BatchGetItem"], "Resource": arn, "Condition": condition},
        {"Action": "dynamodb:Query", "Resource": f"{arn}/index/gsi1", "Condition": condition},
    )("dynamodb")
    mine, other = ({"pk": {"S": f"{each}#1"}, "sk": {"S": "X"}} for each in ("MINE", "USER"))

    def transact(*parts):
        return dynamodb.transact_write_items(TransactItems=list(parts))

    def put(item):
        return {"Put": {"TableName": table, "Item": item}}

    def query(partition, **index):
        name = "gsi1pk" if index else "pk"
        return dynamodb.query(
            TableName=table,
            KeyConditionExpression="#pk = :pk",
            ExpressionAttributeNames={"#pk": name},
            ExpressionAttributeValues={":pk": {"S": partition}},
            **index,
        )

    transact(put(mine))
    assert query("MINE#1")["Count"] == 1
    assert query("MINE#1", IndexName="gsi1")["Count"] == 0
    assert dynamodb.batch_get_item(RequestItems={table: {"Keys": [mine]}})["Responses"][table] == [mine]
    transact({"Delete": {"TableName": table, "Key": mine}})

    for call in (
        lambda: transact(put(mine), put(other)),
        lambda: transact(
            put(mine),
            {"ConditionCheck": {"TableName": table, "Key": other, "ConditionExpression": "attribute_not_exists(pk)"}},
        ),
        lambda: dynamodb.put_item(TableName=table, Item=other),
        lambda: query("USER#1"),
        lambda: query("USERS", IndexName="gsi1"),
        lambda: query("MINE#1", IndexName="gsi2"),
        lambda: dynamodb.batch_get_item(RequestItems={table: {"Keys": [mine, other]}}),
        lambda: dynamodb.get_item(TableName=table, Key=mine),
    ):
        denied(call)
    assert query("MINE#1")["Count"] == 0


def test_the_encryption_context_bounds_what_a_role_decrypts(acting, named, aws):
    key = named["KmsKeyId"]
    condition = {"StringEquals": {"kms:EncryptionContext:purpose": "tsig"}}
    kms = acting({"Action": "kms:Decrypt", "Resource": key, "Condition": condition})("kms")
    sealed = {
        purpose: aws("kms").encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"owner": "o", "purpose": purpose})
        for purpose in ("tsig", "user")
    }

    def opened(which, **context):
        return kms.decrypt(CiphertextBlob=sealed[which]["CiphertextBlob"], EncryptionContext=context)["Plaintext"]

    assert opened("tsig", owner="o", purpose="tsig") == b"x"
    denied(lambda: opened("user", owner="o", purpose="user"))
    denied(lambda: opened("user", owner="o"))
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        opened("user", owner="o", purpose="tsig")


def test_a_missing_object_is_told_only_to_a_role_that_may_list_the_bucket(acting, named):
    bucket = named["BucketName"]
    reading = {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    some = {"Condition": {"StringLike": {"s3:prefix": "zones/*"}}}
    listing = {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"}

    denied(acting(reading)("s3").get_object, Bucket=bucket, Key="zones/nothing")
    denied(acting(reading, listing | some)("s3").get_object, Bucket=bucket, Key="zones/nothing")
    s3 = acting(reading, listing)("s3")
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=bucket, Key="zones/nothing")
