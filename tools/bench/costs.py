"""Bills of AWS: a million scheduled looks, a first sync of 100,000 records, and an idle month.

Work is counted by the meter of the emulator (`counting.py`) and priced by one table (`prices.py`). A look is an equal
share of runs of the dispatcher, with what the stream of the table then costs. An idle month is the run of a dispatcher
that finds nothing and an hour of the sweeper, as often as a month has them, and what the template makes besides.

Some lines are computed, because the emulator has no such thing: DynamoDB asks KMS for the key of the table once in five
minutes for each connection, and S3 sends EventBridge an event for each object.
"""

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import boto3
from api import Api
from primaries import Bind
from primaries.corpus import big
from stack.home import ROOT, STACK, Home

from bench import memory, prices
from bench.counting import BESIDE, DISPATCH, Counts
from bench.memory import ZONES

RECORDS = 100_000
RUNS = 20
KEPT = 1_000
"""Zones whose storage is shown."""
HOURS = 730
"""Hours of a month."""
KEY_MINUTES = 5
"""Minutes after which DynamoDB asks KMS again, for a connection that is used."""
IDLE_CONNECTIONS = 4
"""Connections to DynamoDB of a dispatcher that finds nothing (`dispatch.READ_AT_ONCE`)."""
BUSY_CONNECTIONS = 32
"""Connections to DynamoDB of one that looks (`dispatch.AT_ONCE`)."""
SYNC_CONNECTIONS = 5
"""Connections to DynamoDB of a sync: of the request, of Transfer, and of SyncChanged."""
LOOK_METRICS = 5
"""Metrics of a run that looks (`dispatch.numbers`)."""
NEWS = "SyncChanged"
SWEEP = "SweepContents"
SETTLED = 4
"""Seconds until the stream of the table has been read."""

Spendings = dict[str, float]


def bench(home: Home) -> dict[str, Any]:
    """Count, and print the table. Return the units of each bill."""
    api = Api.from_environment()
    found = {"idle month": idle(home), "million looks": looks(home, api), "first sync": first_sync(home, api)}
    print("\n".join([*table(found), "", *kept(found["first sync"], KEPT)]))
    return found


def idle(home: Home) -> Spendings:
    """Return what a month without requests and without scheduled zones spends."""
    minute = _often(home, DISPATCH, {"started": 0, "unchanged": 0})
    hour = _often(home, SWEEP, {})
    month = {name: HOURS * (60 * minute[name] + hour[name]) for name in minute}
    windows = HOURS * 60 / KEY_MINUTES
    month["kms_requests"] += windows * IDLE_CONNECTIONS + HOURS
    return month | {"minutes": HOURS * 60} | standing()


def standing() -> Spendings:
    """Return what the template makes and a month costs, whether it is used or not."""
    kinds = [line.strip() for line in (ROOT / "template.yaml").read_text().splitlines()]
    return {
        "alarms": kinds.count("Type: AWS::CloudWatch::Alarm"),
        "dashboards": kinds.count("Type: AWS::CloudWatch::Dashboard"),
        "keys": kinds.count("Type: AWS::KMS::Key"),
    }


def looks(home: Home, api: Api) -> Spendings:
    """Return what a million looks at unchanged zones spend, of which `ZONES` are due in each run."""
    with memory.due_zones(api):
        spent = _often(home, DISPATCH, {"unchanged": ZONES}, runs=3, also=(NEWS,))
    million = {name: value * 1_000_000 / ZONES for name, value in spent.items()}
    minutes = 1_000_000 / ZONES
    million["kms_requests"] += minutes / KEY_MINUTES * BUSY_CONNECTIONS
    return million | {"minutes": minutes, "metrics": LOOK_METRICS * minutes / 60 / HOURS}


def first_sync(home: Home, api: Api) -> Spendings:
    """Return what the creation and the first sync of a zone of `RECORDS` records spend, with warm functions."""
    spent: Spendings = {}
    for _ in range(2):
        name = f"first-{uuid.uuid4().hex[:8]}.example."
        with Bind({name: big(RECORDS, 1, name)}) as primary:
            before = Counts.now(home)
            zone_id = api.create(name, f"{primary.host}:{primary.port}")["id"]
            api.synced(zone_id)
            time.sleep(SETTLED)
            spent = _spent(before, Counts.now(home))
        spent["bucket_octets"], spent["table_octets"] = spent["octets"], float(_stored(zone_id))
        api.call("DELETE", f"/v2/zones/{zone_id}")
    spent["kms_requests"] += SYNC_CONNECTIONS
    return spent


def _stored(zone_id: str) -> int:
    """Return the bytes of a zone's items in the table and its indexes, about."""
    (stack,) = boto3.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    (named,) = (each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "TableName")
    found = boto3.client("dynamodb").query(
        TableName=named,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"ZONE#{zone_id}"}},
    )["Items"]
    overhead = 100  # bytes that DynamoDB adds to each item of a table or an index
    return sum((len(str(item)) + overhead) * (2 if "gsi1pk" in item else 1) for item in found)


def _often(
    home: Home, function: str, expected: Mapping[str, int], runs: int = RUNS, also: Iterable[str] = ()
) -> Spendings:
    """Return what a warm run of a function spends on average, with what the functions `also` spend after it.

    A run counts if its result is as `expected` and the function was not called by its schedule meanwhile.
    """
    pause = SETTLED if also else 0.2
    total: Spendings = {}
    taken = 0
    memory.invoked(function)
    while taken < runs:
        time.sleep(pause)
        before = Counts.now(home)
        result = memory.invoked(function)
        time.sleep(pause)
        after = Counts.now(home)
        parts = [_spent(before, after, each) for each in (function, *also)]
        if parts[0]["invocations"] != 1 or any(result[key] != value for key, value in expected.items()):
            continue
        taken += 1
        for part in parts:
            total = {key: total.get(key, 0) + value for key, value in part.items()}
    return {key: value / runs for key, value in total.items()}


def _spent(before: Counts, after: Counts, function: str = "") -> Spendings:
    """Return what was spent between two counts, by one function or by a sync.

    The time of Lambda is computed from what the functions need (`memory.py`), because several share two cores here.
    """
    spent = after.since(before, function)
    called = {
        each
        for each, service, _ in after.rows
        if service == "lambda" and (each == function if function else not BESIDE.match(each))
    }
    numbers = _numbers(asdict(spent)) | {"gb_seconds": 0.0}
    for each in called:
        invoke = each, "lambda", "Invoke"
        times = after.rows[invoke]["calls"] - before.rows.get(invoke, {"calls": 0})["calls"]
        if times:
            need = memory.need(before, after, each)
            numbers["gb_seconds"] += times * need.gb_seconds(memory.functions()[each][1])
    return numbers


def _numbers(spent: Mapping[str, Any]) -> Spendings:
    return {name: value for name, value in spent.items() if isinstance(value, int | float)}


def table(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: each line of the bill, with its units and dollars."""
    order = ("million looks", "first sync", "idle month")
    heads = ("a million looks", f"a first sync of {RECORDS:,}", "an idle month")
    yield f"| line of the bill | list price | {' | '.join(f'{head} | ' for head in heads)} |".replace("|  |", "| |")
    yield "| --- | --- |" + " --- | --- |" * len(heads)
    units = {what: prices.quantities(found[what]) for what in order}
    bills = {what: prices.bill(found[what]) for what in order}
    for name, price in prices.PRICES.items():
        cells = [_cells(name, units[what][name], bills[what][name]) for what in order]
        if any(units[what][name] for what in order):
            yield f"| {name} | {price.shown} | {' | '.join(cells)} |"
    totals = (f" | {_dollars(sum(bills[what].values()))}" for what in order)
    yield f"| **together** | | {' | '.join(totals)} |".replace("|  |", "| |")
    free = (f" | {_dollars(sum(prices.bill(found[what], free=True).values()))}" for what in order)
    yield f"| beyond what an account has free | | {' | '.join(free)} |".replace("|  |", "| |")


def kept(found: Mapping[str, float], zones: int) -> Iterator[str]:
    """Yield the lines of a table in Markdown: what it costs in a month to keep zones as the one of the first sync."""
    yield f"| line of the bill | list price a month | {zones:,} zones of {RECORDS:,} records | |"
    yield "| --- | --- | --- | --- |"
    for name, price in prices.KEPT.items():
        octets = found[price.spent] * zones
        yield f"| {name} | {price.shown} | {octets / 1e6:,.0f} MB | {_dollars(octets * price.dollars)} |"


def _cells(name: str, units: float, dollars: float) -> str:
    if not units:
        return " | "
    if name.startswith("CloudWatch: logs"):
        shown = f"{units / 1e6:,.3g} MB" if units < 1e9 else f"{units / 1e9:,.3g} GB"
    elif "GB-s" in prices.PRICES[name].shown:
        shown = f"{units:,.3g} GB-s" if units < 1000 else f"{units:,.0f} GB-s"
    else:
        shown = f"{units:,.0f}" if units >= 10 or units == round(units) else f"{units:.1f}"
    return f"{shown} | {_dollars(dollars)}"


def _dollars(value: float) -> str:
    return f"${value:.2f}" if value >= 1 else f"${value:.3f}" if value >= 0.01 else f"${value:.6f}"
