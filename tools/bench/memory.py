"""Memory sizes of functions: what each invocation needs is measured, what it takes with so much memory is computed.

Lambda gives a function processor time in proportion to its memory: a whole processor at 1,769 MB, and a second one
beyond, which Python does not use. So an invocation takes

    processor seconds * 1,769 / memory (at most 1,769) + seconds that it waits for AWS

The processor time is that of the function's processes, from the kernel. The waits are the calls, one after the other,
with usual times inside a region; the calls of S3 in a sync run beside each other. GB-seconds are that time by the
memory. The processor time of a start is that of an import and of a first response on a bare Python (`starts.py`).
"""

import functools
import json
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import boto3
from api import Api
from primaries import Bind, Small
from primaries.corpus import big
from stack.home import Home

from bench import starts
from bench.counting import DISPATCH, Counts, peaks
from bench.requests import Line
from bench.tenant import Tenant

WHOLE = 1769
"""MB at which a function has one processor."""
SIZES = (512, 1024, 1769, 2048, 3008)
WAITS = {
    "dynamodb": 5,
    "dynamodb TransactWriteItems": 22,
    "s3 GET": 26,
    "s3 PUT": 45,
    "s3": 35,
    "kms": 8,
    "states": 30,
    "events": 10,
}
"""Milliseconds of a call inside a region, the median that others measured. Not of this service, and not on AWS."""
BESIDE = 8
"""Calls of S3, or of primaries, that a function makes at the same time."""
TIMES = 100
ZONES = 100
"""Zones that are due in a run of the dispatcher."""
TEXT = "@ SOA ns1 hostmaster 1 86400 600 1209600 300\n@ NS ns1\nns1 A 192.0.2.53\n"
STARTS = {
    "a start that reads": "designate/get_zone",
    "a start that lists record sets": "designate/list_recordsets",
    "a start that lists changes": "vinyldns/list_zone_changes",
}


@dataclass(frozen=True, slots=True)
class Need:
    """What one invocation needs: milliseconds of processor and of waits, and the peak of the process in MB."""

    processor: float
    waits: float
    peak: int = 0

    def milliseconds(self, memory: int) -> float:
        """Return how long the invocation takes."""
        return self.processor * WHOLE / min(memory, WHOLE) + self.waits

    def gb_seconds(self, memory: int) -> float:
        """Return what is billed for it."""
        return self.milliseconds(memory) / 1000 * memory / 1024


def bench(home: Home) -> dict[str, dict[str, float]]:
    """Measure, and print the table. Return the needs by work."""
    found = dict(_works(home))
    with Tenant.of(home) as tenant:
        found |= {what: _start(tenant, entry) for what, entry in STARTS.items()}
    print("\n".join(table(found)))
    return {what: asdict(need) for what, need in found.items()}


def table(found: Mapping[str, Need]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: the needs, and milliseconds and GB-seconds by memory."""
    yield f"| work | processor | waits | peak | {' | '.join(f'{size:,} MB' for size in SIZES)} |"
    yield "| --- | --- | --- | --- |" + " --- |" * len(SIZES)
    for what, need in found.items():
        cells = [f"{need.milliseconds(size):,.0f} ms, {need.gb_seconds(size):.3g}" for size in SIZES]
        peak = f"{need.peak} MB" if need.peak else ""
        yield f"| {what} | {need.processor:,.1f} ms | {need.waits:,.0f} ms | {peak} | {' | '.join(cells)} |"


def _works(home: Home) -> Iterator[tuple[str, Need]]:
    """Do all work, and yield what it needs.

    Transfer of a large zone is left out: the emulator ends its process with the error `Staged`, and its times with it.
    """
    api = Api.from_environment()
    yield from _requests(home, api)
    yield from _looks(home, api)
    for size, functions in (
        (100_000, ("SyncTransfer",)),
        (1_000_000, ("SyncParseBatch", "SyncMergeRange", "SyncPublish")),
    ):
        name = f"memory-{uuid.uuid4().hex[:8]}.example."
        with Bind({name: big(size, 1, name)}) as primary:
            zone_id = api.create(name, f"{primary.host}:{primary.port}")["id"]
            api.synced(zone_id, 300)
            api.call("DELETE", f"/v2/zones/{zone_id}")

            def sync(name: str = name, primary: Bind = primary) -> None:
                made = api.create(name, f"{primary.host}:{primary.port}")["id"]
                api.synced(made, 300)
                time.sleep(3)
                api.call("DELETE", f"/v2/zones/{made}")

            needs = _needs(home, sync, 1, functions)
        yield from ((f"{function}, a first sync of {size:,}", need) for function, need in needs.items())
    yield from _files(home, api)


def _requests(home: Home, api: Api) -> Iterator[tuple[str, Need]]:
    """Yield what typical requests need."""
    line = Line(api)
    new = {"name": f"memory-{uuid.uuid4().hex[:8]}.example.", "email": "joe@example.org"}
    zone = json.loads(line.send("POST", "/v2/zones", json.dumps(new).encode()))
    own = f"/v2/zones/{zone['id']}"
    made = {"name": f"www.{zone['name']}", "type": "A", "records": ["192.0.2.1"]}
    recordset = json.loads(line.send("POST", f"{own}/recordsets", json.dumps(made).encode()))["id"]
    numbers = iter(range(60, 100_000))
    asked: dict[str, tuple[str, Callable[[], Any]]] = {
        "GET zone": ("DesignateGetZone", lambda: line.send("GET", own)),
        "GET zones": ("DesignateListZones", lambda: line.send("GET", "/v2/zones")),
        "GET record sets": ("DesignateListRecordsets", lambda: line.send("GET", f"{own}/recordsets")),
        "PUT record set": (
            "DesignateUpdateRecordset",
            lambda: line.send("PUT", f"{own}/recordsets/{recordset}", json.dumps({"ttl": next(numbers)}).encode()),
        ),
    }
    for what, (function, ask) in asked.items():
        ask()
        yield f"{function}, {what}", _needs(home, ask, TIMES, (function,))[function]
    line.send("DELETE", own)


def _looks(home: Home, api: Api) -> Iterator[tuple[str, Need]]:
    """Yield what runs of the dispatcher need: with nothing due, and with `ZONES` due zones."""

    def run() -> None:
        invoked(DISPATCH)

    def late_run() -> None:
        time.sleep(1.5)
        run()

    run()
    yield f"{DISPATCH}, nothing due", _needs(home, run, TIMES, (DISPATCH,))[DISPATCH]
    with due_zones(api):
        late_run()
        needs = _needs(home, late_run, 5, (DISPATCH, "SyncChanged"))
    yield f"{DISPATCH}, {ZONES} looks", needs[DISPATCH]
    yield "SyncChanged, records of looks", needs["SyncChanged"]


def invoked(function: str) -> Any:
    """Call a function of the stack, by its logical id, with no event. Return its result."""
    answer = boto3.client("lambda").invoke(FunctionName=functions()[function][0])
    return json.load(answer["Payload"])


@functools.cache
def functions() -> dict[str, tuple[str, int]]:
    """Return the name and the memory in MB of each function, by its logical id."""
    pages = boto3.client("lambda").get_paginator("list_functions").paginate()
    found = [each for page in pages for each in page["Functions"]]
    return {each["FunctionName"].split("-")[1]: (each["FunctionName"], each["MemorySize"]) for each in found}


@contextmanager
def due_zones(api: Api) -> Iterator[None]:
    """Have `ZONES` zones that are due a second after each look, at a primary that does not change."""
    names = [f"due-{number}-{uuid.uuid4().hex[:8]}.example." for number in range(ZONES)]
    with Small(dict.fromkeys(names, TEXT)) as server:
        made = [api.create(each, f"{server.host}:{server.port}", schedule=1)["id"] for each in names]
        for zone_id in made:
            api.synced(zone_id)
        yield
    for zone_id in made:
        api.call("DELETE", f"/v2/zones/{zone_id}")


def _files(home: Home, api: Api) -> Iterator[tuple[str, Need]]:
    """Yield what an import and an export of 100,000 records need."""
    imported: list[str] = []

    def write() -> None:
        name = f"memory-{uuid.uuid4().hex[:8]}.example."
        answer = api.call("POST", "/v2/zones", big(100_000, 1, name).encode(), Content_Type="text/dns")
        imported.append(answer.body["id"])

    def read() -> None:
        api.call("GET", f"/v2/zones/{imported.pop()}", Accept="text/dns")

    write()
    yield (
        "DesignateCreateZone, an import of 100,000",
        _needs(home, write, 3, ("DesignateCreateZone",))["DesignateCreateZone"],
    )
    made = list(imported)
    read()
    yield "DesignateGetZone, an export of 100,000", _needs(home, read, 3, ("DesignateGetZone",))["DesignateGetZone"]
    for zone_id in made:
        api.call("DELETE", f"/v2/zones/{zone_id}")


def _needs(home: Home, work: Callable[[], Any], times: int, functions: tuple[str, ...]) -> dict[str, Need]:
    """Do work some times. Return what an invocation of each function needed on average."""
    before = Counts.now(home)
    for _ in range(times):
        work()
    after = Counts.now(home)
    highest = peaks(home)
    return {each: need(before, after, each, highest.get(each, 0)) for each in functions}


def need(before: Counts, after: Counts, function: str, peak: int = 0) -> Need:
    """Return what an invocation of a function needed on average between two counts."""
    calls: Counter[str] = Counter()
    for (caller, service, operation), row in after.rows.items():
        if caller == function:
            earlier = before.rows.get((caller, service, operation), {"calls": 0})
            calls[f"{service} {operation}"] += int(row["calls"] - earlier["calls"])
    invocations = calls.pop("lambda Invoke", 0) or 1
    processor = 1000 * (after.cpu.get(function, 0) - before.cpu.get(function, 0))
    waits = sum(_wait(call) * number for call, number in calls.items())
    if function == DISPATCH:
        waits /= BESIDE
    return Need(max(processor, 0) / invocations, waits / invocations, peak)


def _wait(call: str) -> float:
    """Return the milliseconds that a call takes of its function."""
    service = call.partition(" ")[0]
    milliseconds = WAITS.get(call, WAITS.get(service, 0))
    return milliseconds / BESIDE if service == "s3" else milliseconds


def _start(tenant: Tenant, entry: str) -> Need:
    """Return the processor time of the import of an entry point and of its first response."""
    runs = starts.bench(tenant, 2, [entry])[entry]
    return Need(statistics.median(runs["import"]) + statistics.median(runs["first"]), 0)
