"""Search everything that a deployed stack keeps for secrets: logs, items, objects, executions and events.

What is packed is unpacked first: gzip, zlib, base 64, base 85, and JSON in a string, in each other.
"""

import base64
import binascii
import gzip
import json
import zlib
from contextlib import suppress
from urllib.parse import quote

DEEPEST = 6


def forms(secret):
    """Return the forms in which a secret could be kept, as bytes."""
    plain = secret.encode()
    found = {plain, base64.b64encode(plain).rstrip(b"="), plain.hex().encode(), quote(secret, safe="").encode()}
    with suppress(binascii.Error, ValueError):
        octets = base64.b64decode(secret, validate=True)
        if len(octets) >= 8:
            found |= {octets, octets.hex().encode()}
    return found


def texts(value, depth=0):
    """Yield all that a value holds, as bytes: of dicts and lists, of packed and of encoded texts."""
    if depth > DEEPEST or value is None:
        return
    if isinstance(value, dict):
        for name, each in value.items():
            yield from texts(name, depth)
            yield from texts(each, depth)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each, depth)
    elif isinstance(value, str | bytes | bytearray):
        octets = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
        yield octets
        for unpacked in _unpacked(octets):
            yield from texts(unpacked, depth + 1)
    elif not isinstance(value, int | float):
        yield str(value).encode()


def _unpacked(octets):
    """Yield what a text may be a packed form of."""
    if octets[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(octets)
    for at in (0, 4):  # a list of chunks has a head of four bytes
        if octets[at : at + 1] == b"\x78":
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(octets[at:])
    if octets[:1] in (b"{", b"[", b'"'):
        with suppress(ValueError, RecursionError):
            yield json.loads(octets)
    if len(octets) >= 16:
        for decode in (base64.b85decode, _of_base64):
            with suppress(ValueError):
                decoded = decode(octets)
                if decoded[:2] == b"\x1f\x8b" or decoded[:1] in (b"\x78", b"{", b"["):
                    yield decoded


def _of_base64(octets):
    return base64.b64decode(octets, validate=True)


def kept(aws, names):
    """Yield what the stack with these outputs keeps, as pairs of a place and a value."""
    yield from _logs(aws("logs"))
    for page in aws("dynamodb").get_paginator("scan").paginate(TableName=names["TableName"]):
        for item in page["Items"]:
            yield f"item {item['pk']['S']} {item['sk']['S']}", item
    s3 = aws("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=names["BucketName"]):
        for entry in page.get("Contents", []):
            with suppress(s3.exceptions.NoSuchKey):
                yield (
                    f"object {entry['Key']}",
                    s3.get_object(Bucket=names["BucketName"], Key=entry["Key"])["Body"].read(),
                )
    yield from _executions(aws("stepfunctions"), names["StateMachineArn"])


def _logs(logs):
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                for event in events["events"]:
                    yield f"log {group['logGroupName']} {event['logStreamName']}", event["message"]


def _executions(machines, arn):
    for page in machines.get_paginator("list_executions").paginate(stateMachineArn=arn):
        for each in page["executions"]:
            yield f"execution {each['name']}", machines.describe_execution(executionArn=each["executionArn"])
            for events in machines.get_paginator("get_execution_history").paginate(executionArn=each["executionArn"]):
                yield f"history {each['name']}", events["events"]
