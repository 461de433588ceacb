"""The faults that the local stack injects: as botocore meets them, and as the seed decides."""

import asyncio
import http.client
import importlib
import json
import random
import socket
import threading
from collections import Counter
from contextlib import closing
from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ResponseStreamingError

faults = importlib.import_module("stack.faults")
home = importlib.import_module("stack.home")
meter = importlib.import_module("stack.meter")

KEY = {"pk": {"S": "a"}}
TWO = {"TransactItems": [{"Delete": {"TableName": "table", "Key": KEY}}] * 2}


def call(operation="GetItem", service="dynamodb", function="DesignateGetZone"):
    return meter.Count(function, service, operation)


class Cloud:
    """A server that knows nothing but `{}`, with faults in front of it. Its callers meet the kind `fate`."""

    def __init__(self):
        self.injected = faults.Faults(1, 1)
        self.asked, self.fate, self.seed = [], "", 0
        self.injected.next = lambda _: faults.Fault(self.fate, random.Random(self.seed))
        self.served = SimpleNamespace(app=self._answer)
        counts = meter.Meter()
        counts.functions["key"] = "DesignateGetZone"
        self.injected.inject(self.served, counts)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    async def _answer(self, scope, receive, send):
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        self.asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    def __enter__(self):
        self._loop, self._stop = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))
        self._thread.start()
        return self

    async def _serve(self):
        from hypercorn.asyncio import serve
        from hypercorn.config import Config as Server

        server = Server()
        server.bind, server.errorlog = [f"fd://{self._listening.fileno()}"], None
        await serve(self.served.app, server, shutdown_trigger=self._stop.wait)

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()
        self._listening.detach()

    def client(self, service, key="key"):
        """Return a client of a function that does not retry, to be closed."""
        made = boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=key,
            aws_secret_access_key="test",
            region_name="us-east-1",
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, s3={"addressing_style": "path"}),
        )
        return closing(made)


@pytest.fixture
def cloud(monkeypatch):
    from hypercorn.protocol.http_stream import HTTPStream

    monkeypatch.setattr(HTTPStream, "_send_error_response", HTTPStream._send_error_response)  # noqa: SLF001
    with Cloud() as cloud:
        yield cloud


def get_item(cloud):
    with cloud.client("dynamodb") as client:
        return client.get_item(TableName="table", Key=KEY)


def get_object(cloud):
    with cloud.client("s3") as client:
        return client.get_object(Bucket="bucket", Key="key")["Body"].read()


@pytest.mark.parametrize(
    ("ask", "fate", "status", "codes"),
    [
        (
            get_item,
            "throttled",
            {400},
            {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"},
        ),
        (get_item, "broken", {500, 503}, {"InternalServerError", "ServiceUnavailable"}),
        (get_object, "throttled", {503}, {"SlowDown"}),
        (get_object, "broken", {500, 503}, {"InternalError", "ServiceUnavailable"}),
    ],
    ids=lambda each: getattr(each, "__name__", each if isinstance(each, str) else None),
)
def test_a_refused_call_is_not_passed_on(cloud, ask, fate, status, codes):
    met = Counter()
    for cloud.seed in range(20):
        cloud.fate = fate
        with pytest.raises(ClientError) as error:
            ask(cloud)
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] in status
        met[error.value.response["Error"]["Code"]] += 1

    assert (set(met), cloud.asked) == (codes, [])


def test_a_cancelled_transaction_names_one_of_its_writes(cloud):
    cloud.fate = "cancelled"

    with cloud.client("dynamodb") as client, pytest.raises(client.exceptions.TransactionCanceledException) as error:
        client.transact_write_items(**TWO)

    codes = [reason["Code"] for reason in error.value.response["CancellationReasons"]]
    assert len(codes) == 2
    assert codes.count("None") == 1
    assert cloud.asked == []


def test_an_unprocessed_batch_is_given_back(cloud):
    cloud.fate = "unprocessed"
    asked = {"table": [{"DeleteRequest": {"Key": KEY}}]}

    with cloud.client("dynamodb") as client:
        assert client.batch_write_item(RequestItems=asked)["UnprocessedItems"] == asked


def test_a_lost_answer_belongs_to_a_call_that_was_done(cloud):
    cloud.fate, met = "lost", Counter()
    for cloud.seed in range(10):
        with pytest.raises((ClientError, ConnectionClosedError)) as error:
            get_item(cloud)
        met[error.type is ConnectionClosedError] += 1

    assert (len(met), len(cloud.asked)) == (2, 10)


def test_an_object_is_cut_in_the_middle(cloud):
    cloud.fate = "cut"

    with pytest.raises(ResponseStreamingError, match="1 bytes read, 1 more expected"):
        get_object(cloud)


def test_a_late_call_is_done(cloud):
    cloud.fate, cloud.seed = "late", 1

    get_item(cloud)

    assert len(cloud.asked) == 1


def test_calls_of_others_meet_nothing(cloud):
    cloud.fate = "broken"

    with cloud.client("dynamodb", key="test") as client:
        client.get_item(TableName="table", Key=KEY)


def test_the_share_is_shown_and_set(cloud):
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=10)
    connection.request("PUT", faults.PATH, json.dumps({"share": 0.25}))
    answer = json.loads(connection.getresponse().read())
    connection.close()

    assert answer == {"share": 0.25, "seed": 1, "struck": {}}
    assert cloud.injected.share == 0.25


def fates(injected, asked, count=2000):
    return [fault and fault.kind for fault in (injected.next(asked) for _ in range(count))]


def test_the_seed_and_the_number_of_the_call_decide():
    one, other = (faults.Faults(0.1, 5, clock=lambda: 1e9) for _ in range(2))
    fates(other, call("Query"))
    other.set_share(0.1)

    assert fates(one, call(), 20) == fates(other, call(), 20)
    assert fates(one, call()) != fates(faults.Faults(0.1, 6, clock=lambda: 1e9), call())


def test_a_share_of_the_calls_fails_and_some_go_on_failing():
    moment = [0.0]
    injected = faults.Faults(0.02, 1, clock=lambda: moment[0])
    met = []
    for _ in range(5000):
        moment[0] += 30  # longer than any burst
        met.append(injected.next(call()) is not None)

    assert 0.01 < sum(met) / len(met) < 0.03
    assert injected.struck["bursts"] > 0


def test_a_burst_strikes_all_calls_of_a_function_to_a_service():
    moment = [0.0]
    injected = faults.Faults(0.02, 1, clock=lambda: moment[0])
    while not injected.struck["bursts"]:
        begun = injected.next(call())

    assert set(fates(injected, call("Query"), 50)) == {begun.kind}
    assert None in fates(injected, call("Query", function="SyncPlan"), 50)
    assert None in fates(injected, call("GET", "s3"), 50)
    moment[0] += faults.LONGEST_BURST
    assert None in fates(injected, call("Query"), 50)


def test_other_services_meet_nothing():
    assert fates(faults.Faults(1, 1), call("StartExecution", "states"), 5) == [None] * 5


def test_without_a_share_nothing_fails():
    assert fates(faults.Faults(0, 1), call(), 5) == [None] * 5


@pytest.mark.parametrize("text", ["2", "1.5", "-1", "a", "0,02", "1e-2"])
def test_a_share_that_is_none_is_refused(text):
    with pytest.raises(home.Trouble, match="ZONEWRIGHT_FAULTS"):
        home.Home.from_environment({"ZONEWRIGHT_FAULTS": text})


def test_the_share_and_the_seed_are_read():
    read = home.Home.from_environment({"ZONEWRIGHT_FAULTS": "0.02", "ZONEWRIGHT_SEED": "7"})

    assert (read.faults, read.seed) == (0.02, 7)
