"""What the tests of the deployed stack share."""

import os

LEASE = int(os.environ.get("ZONEWRIGHT_SYNC_LEASE", "120"))

SMALL = """
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 192.0.2.53
www A 192.0.2.80
"""


def address(server):
    return f"{server.host}:{server.port}"


def signs(operator, key, zone_id):
    """Let a key sign the transfers of a zone."""
    secret = ("--algorithm", key.algorithm, "--secret", key.secret)
    operator("tsigkey", "create", "--name", key.name, *secret, "--zone", zone_id)


def outputs(aws):
    (stack,) = [
        each
        for each in aws("cloudformation").describe_stacks()["Stacks"]
        if "BucketName" in {output["OutputKey"] for output in each.get("Outputs", [])}
    ]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
