# ruff: noqa: SLF001 - MiniStack has no other names for what is looked at here
"""What the bench says of its syncs: calls counted as they arrive, in AWS's units, in dollars, in tables and a plot."""

import asyncio
import importlib
import json
import os
import time
import xml.etree.ElementTree as ET
from dataclasses import asdict
from types import SimpleNamespace

import pytest
from primaries import Hostile
from support.deployed import SMALL, address
from support.places import ROOT

costs = importlib.import_module("bench.costs")
counting = importlib.import_module("bench.counting")
memory = importlib.import_module("bench.memory")
meter = importlib.import_module("stack.meter")
plot = importlib.import_module("bench.plot")
prices = importlib.import_module("bench.prices")
table = importlib.import_module("bench.table")

FUNCTION = {"FunctionName": "zonewright-SyncTransfer-1A2B", "MemorySize": 1769}


@pytest.fixture
def counts():
    return meter.Meter()


@pytest.fixture
def dynamodb(counts, monkeypatch):
    """MiniStack's DynamoDB with a table and an index, metered."""
    module = importlib.import_module("ministack.services.dynamodb")
    monkeypatch.setattr(module, "_tables", type(module._tables)())
    for name in ("_put_item", "_get_item", "_query", "_batch_get_item", "_transact_write_items", "_update_item"):
        monkeypatch.setattr(module, name, getattr(module, name))
    for name in ("_delete_item", "_batch_write_item"):
        monkeypatch.setattr(module, name, getattr(module, name))
    counts.count_units(module)
    key = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    listed = [{"AttributeName": "list", "KeyType": "HASH"}]
    made = module._create_table(
        {
            "TableName": "table",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "list")],
            "KeySchema": key,
            "GlobalSecondaryIndexes": [
                {"IndexName": "index", "KeySchema": listed, "Projection": {"ProjectionType": "KEYS_ONLY"}}
            ],
        }
    )
    assert made[0] == 200, made
    return module


def item(number, octets=0, **more):
    return {"pk": {"S": "p"}, "sk": {"S": f"{number}"}, "text": {"S": "x" * octets}, **more}


def asked(counts, operation, ask, **data):
    """The units of one operation of a function."""
    row = meter.Count("SyncTransfer", "dynamodb", operation)
    counts.current.set(row)
    answer = ask(data)
    counts.current.set(None)
    assert answer[0] in (200, 400), answer
    return row.units


def put(counts, dynamodb, new):
    return asked(counts, "PutItem", dynamodb._put_item, TableName="table", Item=new)


def test_a_write_takes_a_unit_for_each_kilobyte_of_the_larger_item(counts, dynamodb):
    assert put(counts, dynamodb, item(1)) == 1
    assert put(counts, dynamodb, item(1, 3000)) == 3
    assert put(counts, dynamodb, item(1)) == 3
    assert asked(counts, "DeleteItem", dynamodb._delete_item, TableName="table", Key=key_of(1)) == 1


def test_a_write_takes_what_its_index_takes(counts, dynamodb):
    assert put(counts, dynamodb, item(1, list={"S": "a"})) == 1 + 1
    assert put(counts, dynamodb, item(1, 10, list={"S": "a"})) == 1
    assert put(counts, dynamodb, item(1, list={"S": "b"})) == 1 + 2


def test_a_transaction_takes_twice_as_much(counts, dynamodb):
    put(counts, dynamodb, item(1))
    writes = [
        {"Put": {"TableName": "table", "Item": item(2, 1500)}},
        {"Delete": {"TableName": "table", "Key": key_of(1)}},
    ]

    units = asked(counts, "TransactWriteItems", dynamodb._transact_write_items, TransactItems=writes)

    assert units == 2 * 2 + 2


def test_a_read_takes_half_a_unit_for_four_kilobytes_where_it_need_not_be_consistent(counts, dynamodb):
    for number in range(3):
        put(counts, dynamodb, item(number, 3000))
    get = {"TableName": "table", "Key": key_of(1)}
    query = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}
    both = {"table": {"Keys": [key_of(1), key_of(2)], "ConsistentRead": True}}

    assert asked(counts, "GetItem", dynamodb._get_item, **get) == 0.5
    assert asked(counts, "GetItem", dynamodb._get_item, **get, ConsistentRead=True) == 1
    assert asked(counts, "GetItem", dynamodb._get_item, TableName="table", Key=key_of(9)) == 0.5
    assert asked(counts, "Query", dynamodb._query, TableName="table", **query) == 1.5
    assert asked(counts, "BatchGetItem", dynamodb._batch_get_item, RequestItems=both) == 2


def key_of(number):
    return {"pk": {"S": "p"}, "sk": {"S": f"{number}"}}


def test_requests_of_functions_are_counted_and_nobody_elses(counts):
    async def plain(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"12345"})

    worker = SimpleNamespace(
        execution_credentials=lambda _: {"AWS_ACCESS_KEY_ID": "ASIA1"}, Worker=type("Worker", (), {"invoke": None})
    )
    app = SimpleNamespace(app=plain)
    counts.count_invocations(worker)
    counts.count_requests(app)
    worker.execution_credentials(FUNCTION)

    for key, method, query, service in (
        ("ASIA1", "PUT", b"", "s3"),
        ("ASIA1", "GET", b"list-type=2&prefix=x", "s3"),
        ("AKIA2", "PUT", b"", "s3"),
    ):
        sent(app, method, query, f"AWS4-HMAC-SHA256 Credential={key}/20261122/us-east-1/{service}/aws4_request")

    assert (
        [asdict(row) for row in counts.rows.values()]
        == json.loads(sent(app, "GET", b"", "", meter.PATH))
        == [
            {
                "function": "SyncTransfer",
                "service": "s3",
                "operation": operation,
                "calls": 1,
                "sent": 7,
                "received": 5,
                "units": 0,
            }
            for operation in ("PUT", "LIST")
        ]
    )


def sent(app, method, query, authorization, path="/"):
    """The body of the answer to a request."""
    said = []

    async def send(message):
        said.append(message.get("body", b""))

    headers = [(b"authorization", authorization.encode()), (b"content-length", b"7")]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers}
    asyncio.run(app.app(scope, None, send))
    return b"".join(said)


def test_an_invocation_counts_the_time_it_takes_by_the_memory_it_has(counts):
    def invoke(this, event):
        return {"status": "ok", "result": event}

    worker = SimpleNamespace(execution_credentials=None, Worker=type("Worker", (), {"invoke": invoke}))
    counts.count_invocations(worker)
    one = worker.Worker()
    one.config = FUNCTION

    assert one.invoke({"a": 1}) == {"status": "ok", "result": {"a": 1}}
    ((row),) = counts.rows.values()
    assert (row.function, row.service, row.operation, row.calls) == ("SyncTransfer", "lambda", "Invoke", 1)
    assert 0 < row.units < 1


def counted(*rows):
    """Counts of calls, each with a unit."""
    return counting.Counts(
        {tuple(row[:3]): {"calls": row[3], "units": row[3], "sent": 1, "received": 2} for row in rows}, {}
    )


def test_what_a_sync_spent_is_without_what_went_on_beside_it():
    before = counted(("VinyldnsSyncZone", "lambda", "Invoke", 1), ("", "states", "Transition", 5))
    after = counted(
        ("VinyldnsSyncZone", "lambda", "Invoke", 2),
        ("VinyldnsSyncZone", "states", "StartExecution", 1),
        ("VinyldnsListZoneChanges", "lambda", "Invoke", 30),
        ("VinyldnsListZoneChanges", "dynamodb", "GetItem", 30),
        ("SyncDispatch", "dynamodb", "Query", 16),
        ("SyncTransfer", "lambda", "Invoke", 1),
        ("SyncTransfer", "dynamodb", "TransactWriteItems", 6),
        ("SyncTransfer", "dynamodb", "GetItem", 3),
        ("SyncTransfer", "s3", "PUT", 4),
        ("SyncTransfer", "s3", "GET", 2),
        ("SyncTransfer", "s3", "DELETE", 1),
        ("SyncTransfer", "kms", "Decrypt", 1),
        ("SyncTransfer", "logs", "Ingest", 1000),
        ("SyncChanged", "events", "PutEvents", 2),
        ("", "states", "Transition", 9),
        ("", "states", "End", 1),
    )

    spent = after.since(before)

    assert spent == counting.Spent(
        http_requests=1,
        invocations=2,
        gb_seconds=2,
        transitions=5,
        s3_writes=4,
        s3_reads=2,
        write_units=6,
        read_units=3,
        kms_requests=1,
        s3_deletes=1,
        events=2,
        log_octets=1000 + counting.API_LOG_LINE,
        octets=9,
    )
    assert prices.dollars(asdict(spent)) == pytest.approx(
        {
            "Lambda": 2 * 0.0000133334 + 2 * 0.20e-6,
            "Step Functions": 5 * 25e-6,
            "S3": 4 * 5e-6 + 2 * 0.4e-6,
            "DynamoDB": 6 * 0.625e-6 + 3 * 0.125e-6,
            "API Gateway": 1e-6,
            "KMS": 3e-6,
            "CloudWatch": (1000 + counting.API_LOG_LINE) * 0.5e-9,
            "EventBridge": (4 + 1 + 2) * 1e-6,
        }
    )
    assert after.since(before, "SyncDispatch") == counting.Spent(read_units=16)


def test_logs_are_counted_as_cloudwatch_bills_them(counts):
    written = []
    service = SimpleNamespace(_emit_lambda_logs=lambda *about: written.append(about))
    counts.count_logs(service)

    service._emit_lambda_logs({"config": FUNCTION}, "id", "one\ntwo\n", False, 5)

    ((row),) = counts.rows.values()
    lines = 2 + meter.PLATFORM_LINES
    assert (row.function, row.service, row.calls) == ("SyncTransfer", "logs", lines)
    assert row.units == len("one\ntwo\n") + meter.PLATFORM_OCTETS + lines * meter.LOG_LINE
    assert written == [({"config": FUNCTION}, "id", "one\ntwo\n", False, 5)]


def test_each_event_of_a_call_is_counted(counts):
    bus = SimpleNamespace(_put_events=lambda data: len(data["Entries"]))
    counts.count_events(bus)
    row = meter.Count("SyncChanged", "events", "PutEvents")

    bus._put_events({"Entries": [{}, {}]})
    counts.current.set(row)
    bus._put_events({"Entries": [{}, {}, {}]})
    counts.current.set(None)

    assert row.units == 3


def test_a_bill_is_without_what_an_account_has_free():
    idle = {"alarms": 14, "dashboards": 1, "keys": 1, "minutes": 43_800, "kms_requests": 30_000}

    assert sum(prices.bill(idle).values()) == pytest.approx(1.4 + 3 + 1 + 0.0438 + 0.09)
    assert sum(prices.bill(idle, free=True).values()) == pytest.approx(0.4 + 0 + 1 + 0 + 0.03)


def test_every_cost_of_a_step_is_on_the_bill_or_said_to_cost_nothing():
    priced = {price.spent for price in prices.PRICES.values()} | {"s3_deletes"}

    assert set(asdict(counting.Spent())) - priced == {"octets", "cpu"}


def test_costs_are_shown_as_a_table():
    found = {
        "million looks": {"write_units": 6_000_000, "log_octets": 2e9},
        "first sync": {
            "gb_seconds": 2.5,
            "s3_writes": 50,
            "bucket_octets": 1e6,
            "table_octets": 1e4,
            "log_octets": 1e3,
        },
        "idle month": {"keys": 1, **costs.standing()},
    }

    lines = list(costs.table(found))

    assert "| DynamoDB: write units | $0.625 a million; since 2024-11 | 6,000,000 | $3.75 |  |  |  |  |" in lines
    assert "| Lambda: time, arm64 | $0.0000133334 a GB-s, of starts too |  |  | 2.5 GB-s | $0.000033 |  |  |" in lines
    assert lines[-2] == "| **together** | | | $4.75 | | $0.000334 | | $5.60 |"
    assert "| S3: storage | $0.023 a GB | 1,000 MB | $0.023 |" in costs.kept(found["first sync"], 1000)


def test_the_page_shows_what_the_bench_has_printed():
    found = json.loads((ROOT / "tools/bench/results/bench.json").read_text())
    needs = {what: memory.Need(**need) for what, need in found["memory"].items()}
    bills = [*costs.table(found["costs"]), *costs.kept(found["costs"]["first sync"], costs.KEPT)]

    shown = (ROOT / "docs/performance.md").read_text().splitlines()

    assert {*bills, *memory.table(needs)} <= {*shown}


def test_memory_buys_processor_time_up_to_a_whole_one():
    need = memory.Need(100, 50)

    assert [round(need.milliseconds(size)) for size in (512, 1769, 3008)] == [396, 150, 150]
    assert need.gb_seconds(1024) == pytest.approx((100 * 1769 / 1024 + 50) / 1000)


FIGURES = {
    size: {
        "seconds": {"dig": [0.1, 0.2, 0.1], "first": [first, 9, 0], "import": [0.5, 0.5, 0.5]},
        "spent": {
            "first": asdict(counting.Spent(gb_seconds=1.5, transitions=5, s3_writes=2, cpu={"SyncTransfer": 0.25}))
            | {"dollars": {"Lambda": 0.00002, "Step Functions": 0.000125, "S3": 0.00001, "KMS": 0.0}}
        },
    }
    for size, first in (("1000", 1), ("2000000", 10))
}


def test_figures_are_shown_as_tables():
    assert list(table.syncs(FIGURES)) == [
        "| records | `dig axfr` | first sync | import | VinylDNS publishes |",
        "| --- | --- | --- | --- | --- |",
        "| 1,000 | 0.10 s | 1.00 s (10 x) | 0.50 s | 1 s |",
        "| 2,000,000 | 0.10 s | 9.00 s (90 x) | 0.50 s | - |",
        "",
        f"| records | step | {' | '.join(table.SPENT)} | dollars | of which Lambda, Step Functions, S3, the rest |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {size} | first sync | 0.25 s | 1.50 GB-s | 5 | 2 | 0 | 0.00 MB | 0 | 0.0"
            " | 0.000155 | 0.000020, 0.000125, 0.000010, 0.000000 |"
            for size in ("1,000", "2,000,000")
        ),
    ]


def test_times_are_drawn_over_sizes(tmp_path):
    file = tmp_path / "syncs.svg"

    plot.draw(FIGURES, file)

    picture = ET.fromstring(file.read_text())
    lines = [
        [tuple(map(float, spot.split(","))) for spot in each.get("points").split()]
        for each in picture.iter(f"{{{plot.SPACE}}}polyline")
    ]
    names = [each.text for each in picture.iter(f"{{{plot.SPACE}}}text")]
    first, dig, vinyldns = lines
    assert names[-3:] == ["first sync", "dig axfr", "VinylDNS publishes"]
    assert first[0][0] == dig[0][0] == vinyldns[0][0]
    assert first[0][1] == vinyldns[0][1]  # a second each
    assert first[1][0] > first[0][0]
    assert first[1][1] < first[0][1] < dig[0][1] == dig[1][1]


def test_a_scheduled_look_that_finds_no_news_takes_six_write_units(api, name, aws):
    home = importlib.import_module("stack.home").Home.from_environment(os.environ)
    client = aws("lambda")
    pages = client.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in pages for each in page["Functions"]]
    (dispatcher,) = [each for each in names if "SyncDispatch" in each]
    with Hostile({name: SMALL}) as server:
        zone = api.create(name, address(server))
        api.synced(zone["id"])
        looked, runs = {}, 0
        until = time.monotonic() + 120
        while looked.get("unchanged") != 1 or runs != 1:  # a scheduled run may have been first, or beside
            assert time.monotonic() < until
            api.call("PATCH", f"/v2/zones/{zone['id']}", {"schedule": 60})
            api.call("PATCH", f"/v2/zones/{zone['id']}", {"schedule": 1})
            time.sleep(1.1)
            before = counting.Counts.now(home)
            looked = json.load(client.invoke(FunctionName=dispatcher)["Payload"])
            spent = counting.Counts.now(home).since(before, "SyncDispatch")
            runs = spent.invocations
        api.call("DELETE", f"/v2/zones/{zone['id']}")

    assert spent.write_units == 6
    assert looked == dict.fromkeys(looked, 0) | {"unchanged": 1}


def test_the_deployed_stack_counts(api):
    home = importlib.import_module("stack.home").Home.from_environment(os.environ)
    before = counting.Counts.now(home)
    assert api.call("GET", "/v2/limits").status == 200

    after = counting.Counts.now(home)
    spent = after.since(before, "DesignateQuotas")

    assert spent.invocations >= 1
    assert spent.gb_seconds > 0
    assert spent.read_units >= 1
    assert after.cpu["DesignateQuotas"] > 0
