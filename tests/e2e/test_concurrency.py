"""A quota of functions at once: what AWS says to one too many, and large syncs that live with it."""

import http.client
import importlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import pytest
from api import Api
from primaries import Hostile, hostile
from support.deployed import SMALL, address
from support.executions import Executions

concurrency = importlib.import_module("stack.concurrency")
home = importlib.import_module("stack.home")
stepfunctions = importlib.import_module("ministack.services.stepfunctions")

FEW = 5
MANY = SMALL + "".join(f'h{number} TXT "{number:05} {"x" * 240}" "{"y" * 250}"\n' for number in range(20_000))
"""A zone of 10 MB in messages: more batches, and more ranges, than functions that may run."""


class Quota:
    """The quota of the first stack: how many functions may run at once."""

    def __init__(self):
        self._port = int(os.environ.get("ZONEWRIGHT_AWS_PORT", "4566"))

    def set(self, most):
        """Set the quota."""
        self.ask("PUT", {"most": most})

    def ask(self, method="GET", body=None):
        """Return the quota and the refusals by function."""
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)) as connection:
            connection.request(method, concurrency.PATH, json.dumps(body))
            return json.loads(connection.getresponse().read())


@pytest.fixture
def quota(service):
    """The quota, which is as before at the end."""
    quota = Quota()
    before = quota.ask()["most"]
    yield quota
    quota.set(before)


def test_a_large_sync_ends_well_in_a_new_account(api, name, quota, aws):
    executions = Executions(aws)
    with Hostile({name: MANY}, hostile.messages_of(100)) as server:
        zone = api.create(name, address(server))
        quota.set(FEW)
        (sync_id,) = [each["id"] for each in api.history(zone["id"])]
        while executions.status(sync_id) in (None, "RUNNING"):
            time.sleep(1)
        refused = quota.ask()["refused"]
        states = executions.states(sync_id)
        quota.set(0)
        change = api.synced(zone["id"])

    assert {"ParseBatches", "MergeRanges"} < set(states)
    assert refused.keys() >= {"SyncParseBatch", "SyncMergeRange"}
    assert (change["sync"]["records"], change["sync"]["created"]) == (20_004, 20_004)


def test_a_request_beyond_the_quota_is_answered_as_by_an_http_api(api, quota, aws):
    (function,) = [
        each["FunctionName"]
        for page in aws("lambda").get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if "DesignateListZones" in each["FunctionName"]
    ]
    client, plain = aws("lambda"), Api(api.url, api.token)

    def invoke(_):
        try:
            return client.invoke(FunctionName=function, Payload=b"{}")["StatusCode"]
        except client.exceptions.TooManyRequestsException as error:
            return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]

    assert api.call("GET", "/v2/zones").status == 200
    quota.set(1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: plain.call("GET", "/v2/zones"), range(40)))
        invoked = set(pool.map(invoke, range(40)))
    refused = quota.ask()["refused"]

    assert 503 in {answer.status for answer in answers} <= {200, 503}
    assert {json.dumps(answer.body) for answer in answers if answer.status == 503} == {
        '{"message": "Service Unavailable"}'
    }
    assert (429, "TooManyRequestsException") in invoked
    assert refused["DesignateListZones"] > 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"__type": "TooManyRequestsException", "message": "Rate Exceeded"}, concurrency.THROTTLED),
        ({"errorType": "ZoneBusy", "errorMessage": "x"}, "ZoneBusy"),
        ({"errorMessage": "x"}, "Lambda.Unknown"),
    ],
    ids=["throttled", "an error of the function", "a fault"],
)
def test_a_state_names_the_error_of_a_function_without_room(body, error):
    failed = stepfunctions._ExecutionError  # noqa: SLF001 - MiniStack has no other name for it

    def call(_function, _event):
        raise failed(body.get("errorType", "Lambda.Unknown"), json.dumps(body))

    module = SimpleNamespace(_call_lambda=call, _ExecutionError=failed)
    concurrency.name_throttles(module)

    with pytest.raises(failed) as raised:
        module._call_lambda("function", {})  # noqa: SLF001

    assert raised.value.error == error


@pytest.fixture
def queue():
    """Lambda and EventBridge of an emulator with one function, which finds no room at first. Tries are counted."""
    tries = []

    def execute(_function, event):
        tries.append(event)
        return {"throttle": True, "error": True} if len(tries) < 4 else {"body": None}

    lambdas = SimpleNamespace(
        _execute_function=execute,
        _get_func_record_for_ref=lambda _: ({"event_invoke_config": {"MaximumEventAgeInSeconds": 60}}, {"x": 1}, "f"),
        _execution_record_for_config=lambda function, config: {**function, "config": config},
    )
    lambdas.invoke_async_with_retry = lambda *about: lambdas._execute_function(*about)  # noqa: SLF001, PLW0108 - it is patched later
    events = SimpleNamespace()
    concurrency.queue_events(lambdas, events)
    return SimpleNamespace(lambdas=lambdas, events=events, tries=tries)


def test_an_event_waits_until_a_function_is_free(queue):
    queue.events._dispatch_to_lambda("arn", '{"a": 1}')  # noqa: SLF001

    assert queue.tries == [{"a": 1}] * 4


def test_a_call_that_waits_for_its_answer_is_refused_at_once(queue):
    result = queue.lambdas._execute_function({}, {"a": 1})  # noqa: SLF001

    assert result["throttle"]
    assert len(queue.tries) == 1


def test_an_event_does_not_wait_for_longer_than_its_function_wants(queue):
    queue.lambdas.invoke_async_with_retry({"event_invoke_config": {"MaximumEventAgeInSeconds": 0}}, {})

    assert 1 <= len(queue.tries) < 4


def test_pauses_grow_up_to_the_longest_and_are_spread(monkeypatch):
    module = SimpleNamespace(_find_matching_retrier=stepfunctions._find_matching_retrier)  # noqa: SLF001
    concurrency.pause_as_retriers_say(module)
    retrier = {"ErrorEquals": ["A"], "IntervalSeconds": 5, "BackoffRate": 2, "MaxAttempts": 6, "MaxDelaySeconds": 60}

    def pauses(retrier):
        found = [module._find_matching_retrier([retrier], "A", {0: tries})[0] for tries in range(7)]  # noqa: SLF001
        return [each["IntervalSeconds"] * each["BackoffRate"] ** 3 if each else None for each in found]

    spread = pauses(retrier | {"JitterStrategy": "FULL"})
    assert pauses(retrier) == [5, 10, 20, 40, 60, 60, None]
    assert all(0 <= each <= most for each, most in zip(spread[:-1], pauses(retrier)[:-1], strict=True))
    assert spread != pauses(retrier)


def test_the_settings_are_numbers():
    assert home.Home.from_environment({"ZONEWRIGHT_INDEX_DELAY": "300"}).index_delay == 300
    assert home.Home.from_environment({"ZONEWRIGHT_CONCURRENCY": "5"}).concurrency == 5
    with pytest.raises(home.Trouble, match="ZONEWRIGHT_CONCURRENCY"):
        home.Home.from_environment({"ZONEWRIGHT_CONCURRENCY": "many"})
