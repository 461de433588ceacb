"""Costs of a step of the bench: differences of the emulator's counts (`stack/meter.py`) and of processor time.

Functions that only read are left out, because the bench itself calls them to wait for a sync. Functions that run on a
schedule are left out too.
"""

import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from api import fetch
from stack.home import Home
from stack.meter import PATH, WRITES

DISPATCH = "SyncDispatch"
BESIDE = re.compile(r"(Designate|Vinyldns|Edge)(Get|List|Show|Find)|Sync(Dispatch|Announced)|Sweep")
PROCESS = re.compile(r"ministack-lambda-zonewright-([A-Za-z]+)-")
TICK = os.sysconf("SC_CLK_TCK")
API_LOG_LINE = 400
"""Bytes of a line in the log of the API (`AccessLogSettings` of the template), as CloudWatch counts them."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Costs of a step, in the units of AWS's bill. `octets` are bytes to and from S3, `cpu` seconds by function.

    `s3_deletes` cost nothing, but each is an event for EventBridge, as each write is (`prices.py`).
    """

    http_requests: float = 0
    invocations: float = 0
    gb_seconds: float = 0
    transitions: float = 0
    s3_writes: float = 0
    s3_reads: float = 0
    write_units: float = 0
    read_units: float = 0
    kms_requests: float = 0
    s3_deletes: float = 0
    events: float = 0
    log_octets: float = 0
    octets: float = 0
    cpu: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts so far: the meter's rows by function, service and operation, and processor seconds by function."""

    rows: dict[tuple[str, str, str], dict[str, float]]
    cpu: dict[str, float]

    @classmethod
    def now(cls, home: Home) -> "Counts":
        """Wait until no execution runs, and return the counts.

        The API may show a sync as ended a moment before its execution ends. An execution that was stopped has no end.
        So the wait also ends if no count changes for a second.
        """
        seen, quiet = None, 0.0
        while True:
            rows = {}
            for row in json.loads(fetch(home.aws_url + PATH)[1]):
                rows[row.pop("function"), row.pop("service"), row.pop("operation")] = row
            begun = sum(row["calls"] for (_, *what), row in rows.items() if what == ["states", "StartExecution"])
            ended = rows.get(("", "states", "End"), {"calls": 0})["calls"]
            if rows != seen:
                seen, quiet = rows, time.monotonic() + 1
            if begun <= ended or time.monotonic() > quiet:
                return cls(rows, _cpu(home))
            time.sleep(0.05)

    def since(self, before: "Counts", only: str = "") -> Spent:
        """Return the costs since `before`, of a sync, or of the function `only`."""
        found: Counter[str] = Counter()
        for (function, service, operation), row in self.rows.items():
            if function != only if only else BESIDE.match(function):
                continue
            earlier = before.rows.get((function, service, operation), {})
            more: dict[str, float] = {name: value - earlier.get(name, 0) for name, value in row.items()}
            found.update(_billed(function, service, operation, more))
        cpu = {
            name: round(seconds - before.cpu.get(name, 0), 3)
            for name, seconds in self.cpu.items()
            if (name == only if only else not BESIDE.match(name)) and seconds > before.cpu.get(name, 0)
        }
        return Spent(**found, cpu=cpu)


def _billed(function: str, service: str, operation: str, more: dict[str, float]) -> dict[str, float]:
    """Return the units on the bill for a row of calls."""
    calls = more["calls"]
    if service == "lambda" and operation != "Invoke":
        return {}  # the request that begins another function, whose invocation is counted
    if service == "lambda":
        http = 0 if function.startswith(("Sync", "Sweep", "Delivery")) else calls
        line = {"log_octets": http * API_LOG_LINE}
        return {"invocations": calls, "gb_seconds": more["units"], "http_requests": http} | line
    if service == "s3":
        kind = {"PUT": "s3_writes", "POST": "s3_writes", "LIST": "s3_writes", "GET": "s3_reads", "HEAD": "s3_reads"}
        kind["DELETE"] = "s3_deletes"
        return {"octets": more["sent"] + more["received"]} | ({kind[operation]: calls} if operation in kind else {})
    if service == "dynamodb":
        return {"write_units" if operation in WRITES else "read_units": more["units"]}
    if service in ("logs", "events"):
        return {"log_octets" if service == "logs" else "events": more["units"]}
    kind = {"Transition": "transitions", "StartExecution": "transitions", "Decrypt": "kms_requests"}
    return {kind[operation]: calls} if operation in kind else {}


def _cpu(home: Home) -> dict[str, float]:
    """Return the processor seconds of all processes of each function, from the kernel."""
    found: Counter[str] = Counter()
    for function, process in _processes(home):
        times = (process / "stat").read_text().rpartition(")")[2].split()
        found[function] += (int(times[11]) + int(times[12])) / TICK
    return dict(found)


def peaks(home: Home) -> dict[str, int]:
    """Return the peak memory of a process of each function in MB, from the kernel."""
    found: dict[str, int] = {}
    for function, process in _processes(home):
        peak = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
        if peak:
            found[function] = max(found.get(function, 0), int(peak[1]) // 1024)
    return dict(sorted(found.items()))


def _processes(home: Home) -> list[tuple[str, Path]]:
    """Return the processes of a stack's functions: the name of the function, and the folder in /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue
        function = PROCESS.search(command)
        if function and str(home.path) in command:
            found.append((function[1], entry))
    return found
