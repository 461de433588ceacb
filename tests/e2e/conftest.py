"""The deployed local stack, as `make test` brings it up."""

import itertools
import os
import uuid
from pathlib import Path

import boto3
import pytest
from api import Api

_NUMBERS = itertools.count(1)
_RUN = uuid.uuid4().hex[:8]


def pytest_collection_modifyitems(items):
    """Everything here needs the stack, and nothing elsewhere: pytest hands over the tests of every folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def _stack():
    if "ZONEWRIGHT_URL" not in os.environ:
        pytest.skip("no local stack: `make test` brings one up; or `make up`, then `. .local/credentials.env`")


@pytest.fixture(scope="session")
def api():
    """The API as the first tenant."""
    _stack()
    return Api.from_environment()


@pytest.fixture(scope="session")
def stranger():
    """The API as the second tenant."""
    _stack()
    return Api.from_environment("_2")


@pytest.fixture
def name():
    """A zone name nobody used before."""
    return f"z{next(_NUMBERS)}.{_RUN}.example."


@pytest.fixture(scope="session")
def aws():
    """A client of the emulated AWS, by service name."""
    _stack()
    port = os.environ.get("ZONEWRIGHT_AWS_PORT", "4566")
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    return lambda service: boto3.client(service, endpoint_url=f"http://127.0.0.1:{port}", **keys)
