"""Helpers for the tests of the deployed stack."""

import os

from stack.home import STACK

LEASE = int(os.environ.get("ZONEWRIGHT_SYNC_LEASE", "120"))

SMALL = """
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.53
www A 192.0.2.80
"""


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
