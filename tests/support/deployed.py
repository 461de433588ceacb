"""Helpers for the tests of the deployed stack."""

import os
import time

from api import Answer, Api
from stack.home import STACK

LEASE = int(os.environ.get("ZONEWRIGHT_SYNC_LEASE", "120"))

SMALL = """
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.53
www A 192.0.2.80
"""


NO_ROOM = {"message": "Service Unavailable"}
"""What an HTTP API says where no function is free, with the status 503."""


class Patient(Api):
    """A client that sends a request again where no function is free for it: an account may run ten at once."""

    def call(self, *request, **headers) -> Answer:
        """Send a request until a function takes it, and return the response."""
        until = time.monotonic() + 60
        while (answer := super().call(*request, **headers)).status == 503 and answer.body == NO_ROOM:
            assert time.monotonic() < until, "no function is free for a minute"
            time.sleep(0.1)
        return answer


def address(server):
    """Return a server's address as `host:port`."""
    return f"{server.host}:{server.port}"


def add_key(operator, key, zone_id):
    """Make a TSIG key sign the transfers of a zone."""
    secret = ("--algorithm", key.algorithm, "--secret", key.secret)
    operator("tsigkey", "create", "--name", key.name, *secret, "--zone", zone_id)


def outputs(aws):
    """Return the outputs of the deployed stack by name."""
    (stack,) = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
