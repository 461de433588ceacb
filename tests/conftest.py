"""Fixtures of all suites: environment variables, and AWS emulated by moto for tests that ask for it."""

import functools
import os

import boto3
import pytest
from moto import mock_aws
from support import rights
from xdist.scheduler import LoadScopeScheduling
from zonewright import service as surroundings
from zonewright.contents.bucket import Bucket
from zonewright.model.settings import Settings
from zonewright.store.table import Table
from zonewright.store.vault import Vault
from zonewright.workflow import Workflow

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "TABLE_NAME": "zonewright-table",
    "BUCKET_NAME": "zonewright-bucket",
    "KMS_KEY_ID": "alias/zonewright",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:zonewright-sync",
    "NAME_SERVERS": "ns1.example.net. ns2.example.net.",
    "POWERTOOLS_SERVICE_NAME": "zonewright",
    "POWERTOOLS_METRICS_NAMESPACE": "zonewright",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}
FOREIGN = ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "ZONEWRIGHT_STACK")


class OneStack(LoadScopeScheduling):
    """Give each file of tests to one process, and all files of the deployed stack to the same one."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return "tests/e2e" if file.startswith("tests/e2e/") else file


def pytest_xdist_make_scheduler(config, log):
    """Return the scheduler of a run with several processes."""
    return OneStack(config, log)


@pytest.fixture(autouse=True)
def environment(request, monkeypatch):
    """Set the environment variables of a test. An e2e test keeps its own, because it calls the deployed stack."""
    if request.node.get_closest_marker("e2e"):
        return
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    surroundings.current.cache_clear()


_make_client = boto3.client


@functools.cache
def _client(service):
    config = surroundings._signing() if service == "s3" else None  # noqa: SLF001 - the same configuration for all users of the client
    made = _make_client(service, config=config)
    made.meta.events.register("provide-client-params", rights.before_call)
    return made


def client(service, **_):
    """Return the client of an AWS service. Tests share it, because making one takes longer than most tests."""
    return _client(service)


@pytest.fixture
def aws(monkeypatch):
    """AWS as moto emulates it."""
    monkeypatch.setattr(surroundings, "client", client)
    monkeypatch.setattr(boto3, "client", client)
    with mock_aws():
        yield


@pytest.fixture
def table(aws):
    """The table as in the template."""
    return make_table(ENVIRONMENT["TABLE_NAME"])


def make_table(name):
    """Make and return a table as in the template."""
    dynamodb = boto3.client("dynamodb")
    attributes = ("pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk")
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi1",
                "KeySchema": [
                    {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "gsi2",
                "KeySchema": [
                    {"AttributeName": "gsi2pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi2sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return Table(dynamodb, name)


@pytest.fixture
def bucket(aws):
    """The bucket of the zones' contents."""
    s3 = boto3.client("s3", config=surroundings._signing())  # noqa: SLF001 - the client that the service uses
    region = {"LocationConstraint": ENVIRONMENT["AWS_DEFAULT_REGION"]}
    s3.create_bucket(Bucket=ENVIRONMENT["BUCKET_NAME"], CreateBucketConfiguration=region)
    return Bucket(s3, ENVIRONMENT["BUCKET_NAME"])


@functools.cache
def _key():
    """Return the KMS key of all tests. Moto makes an RSA key for each, which takes longer than most tests."""
    key_id = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
    return _keys()[key_id]


def _keys():
    from moto.kms.models import kms_backends

    return kms_backends["123456789012"][ENVIRONMENT["AWS_DEFAULT_REGION"]].keys


@pytest.fixture
def vault(aws):
    """The vault of secrets, with its KMS key."""
    key = _key()
    key.aliases.clear()
    _keys()[key.id] = key
    kms = boto3.client("kms")
    kms.create_alias(AliasName=ENVIRONMENT["KMS_KEY_ID"], TargetKeyId=key.id)
    return Vault(kms, ENVIRONMENT["KMS_KEY_ID"])


@pytest.fixture
def workflow(aws):
    """A state machine that does nothing. Tests only look at its executions."""
    states = boto3.client("stepfunctions")
    states.create_state_machine(
        name="zonewright-sync",
        definition='{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/zonewright",
    )
    return Workflow(states, ENVIRONMENT["STATE_MACHINE_ARN"])


@pytest.fixture
def service(table, bucket):
    """The service of this process, with the table and the bucket of moto."""
    return surroundings.Service(Settings.from_environment(os.environ))
