"""Logs of the functions and the emulator, in one stream."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stack.home import STACK

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient

PREFIX = f"/aws/lambda/{STACK}-"
"""Start of the names of the functions' log groups. The functions of a folder share a log group."""

STREAM = re.compile(rf"/{STACK}-(\w+)-\w+\[")
"""Pattern of the function in the name of a log stream: `2026/01/15/zonewright-SyncPlan-1A2B[$LATEST]...`."""

PLATFORM = ("START RequestId", "END RequestId", "INIT_START", "XRAY TraceId")
FIRST = ("level", "message")
SKIPPED = {
    *FIRST,
    "timestamp",
    "service",
    "location",
    "function_name",
    "function_memory_size",
    "function_arn",
    "cold_start",
    "xray_trace_id",
}


def follow(logs: "CloudWatchLogsClient", emulator_log: Path, wanted: str) -> Iterator[str]:
    """Yield log lines from the last ten minutes, and then new ones, for ever.

    `wanted` is a part of a function's name. If it is empty, lines of all functions and of the emulator come.
    """
    since = int((time.time() - 600) * 1000)
    shown: Counter[str] = Counter()
    tail = _tail(emulator_log)
    while True:
        lines = []
        for group in _groups(logs):
            met: Counter[str] = Counter()
            for event in _events(logs, group, since):
                function = function_of(event["logStreamName"])
                if wanted.lower() not in function.lower():
                    continue
                stream = f"{group} {event['logStreamName']}"
                met[stream] += 1
                if met[stream] <= shown[stream]:  # MiniStack's events have no id
                    continue
                shown[stream] += 1
                if not event["message"].startswith(PLATFORM):
                    lines.append((event["timestamp"], function, readable(event["message"])))
        for at, name, text in sorted(lines, key=lambda line: line[0]):
            yield f"{datetime.fromtimestamp(at / 1000, UTC):%H:%M:%S} {name:<24} {text}"
        if not wanted:
            yield from (f"{'':8} {'emulator':<24} {line}" for line in next(tail))
        time.sleep(1)


def function_of(stream: str) -> str:
    """Return the logical id of the function in the name of a log stream, or the name if it has none."""
    found = STREAM.search(stream)
    return found[1] if found else stream


def readable(message: str) -> str:
    """Return a structured line as `LEVEL message key=value ...`, and any other line unchanged."""
    message = message.rstrip()
    try:
        entry = json.loads(message)
    except ValueError:
        return message
    if not isinstance(entry, dict):
        return message
    rest = " ".join(f"{key}={value}" for key, value in entry.items() if key not in SKIPPED)
    return " ".join(str(entry[key]) for key in FIRST if key in entry) + (f"  {rest}" if rest else "")


def _groups(logs: "CloudWatchLogsClient") -> list[str]:
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=PREFIX)
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def _events(logs: "CloudWatchLogsClient", group: str, since: int) -> Iterator[Any]:
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
        yield from page["events"]


def _tail(path: Path) -> Iterator[list[str]]:
    """Yield the lines added to the file since the last iteration. The first iteration yields no old lines."""
    with path.open() as file:
        file.seek(0, 2)
        while True:
            yield [line.rstrip() for line in file.readlines()]
