"""Concurrency: how many functions run at once, and what a caller hears who asks for one more, as in AWS.

MiniStack counts, and refuses the invocation that is one too many. This module sets the limit, and adds:

* The error of a state is `Lambda.TooManyRequestsException`. MiniStack says `Lambda.Unknown`.
* The HTTP API answers 503, as for every integration that fails. MiniStack answers 429 with Lambda's own words.
* An event that finds no room waits in Lambda's queue, for as long as its function says (`MaximumEventAgeInSeconds`).
  MiniStack counts it as a try that failed, and forgets the events of EventBridge after one try, whatever its end.
* `MaxDelaySeconds` and `JitterStrategy` of a retrier count. MiniStack retries all items of a map at the same moment.

`GET /_zonewright/concurrency` returns the limit, and the refused invocations by function. `PUT` with `{"most": 5}` sets
the limit and forgets the refusals. 0 is no limit.
"""

import json
import random
import threading
import time
import types
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

PATH = "/_zonewright/concurrency"

THROTTLED = "Lambda.TooManyRequestsException"
"""Name of the error for a state whose function has no room."""

LONGEST = 21_600
"""Seconds that an event waits for room if its function does not say another time."""

PAUSE = 0.2
"""Seconds between two tries of an event that waits. Lambda waits for a second at first, and longer then."""


class Concurrency:
    """The limit of one emulator, of all functions together. `refused` counts invocations by function."""

    def __init__(self, service: types.ModuleType, most: int) -> None:
        self.refused: Counter[str] = Counter()
        self._service = service
        self._counting = threading.Lock()
        self.set_most(most)

    def set_most(self, most: int) -> None:
        """Set the limit, 0 for none, and forget the refusals."""
        self._service._ACCOUNT_CONCURRENCY_CAP = most  # type: ignore[attr-defined] # noqa: SLF001 - MiniStack reads it once
        with self._counting:
            self.refused.clear()

    def count_refusals(self) -> None:
        """Count the invocations that find no room."""
        acquire = self._service._acquire_execution_slot  # noqa: SLF001

        def counted(function: Any, config: Any) -> Any:
            slot, limit = acquire(function, config)
            if slot is None:
                with self._counting:
                    self.refused[str(config["FunctionName"].split("-")[1])] += 1
            return slot, limit

        self._service._acquire_execution_slot = counted  # type: ignore[attr-defined] # noqa: SLF001

    def serve(self, app: types.ModuleType) -> None:
        """Serve `PATH`."""
        plain = app.app

        async def served(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
            if scope["type"] != "http" or scope["path"] != PATH:
                await plain(scope, receive, send)
                return
            if scope["method"] == "PUT":
                self.set_most(int(json.loads((await receive())["body"])["most"]))
            shown = {"most": self._service._ACCOUNT_CONCURRENCY_CAP, "refused": dict(self.refused)}  # noqa: SLF001
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": json.dumps(shown).encode()})

        app.app = served  # type: ignore[attr-defined]


def name_throttles(stepfunctions: types.ModuleType) -> None:
    """Give the error of a state whose function has no room its name in AWS."""
    call, failed = stepfunctions._call_lambda, stepfunctions._ExecutionError  # noqa: SLF001

    def call_and_name(function: Any, event: Any) -> Any:
        try:
            return call(function, event)
        except failed as error:
            if error.error == "Lambda.Unknown" and '"__type": "TooManyRequestsException"' in str(error.cause):
                raise failed(THROTTLED, json.loads(error.cause)["message"]) from error
            raise

    stepfunctions._call_lambda = call_and_name  # type: ignore[attr-defined] # noqa: SLF001


def pause_as_retriers_say(stepfunctions: types.ModuleType) -> None:
    """Apply `MaxDelaySeconds` and full jitter to the pause before a retry."""
    find = stepfunctions._find_matching_retrier  # noqa: SLF001

    def find_and_pause(retriers: Any, error: str, counts: Any) -> Any:
        retrier, number = find(retriers, error, counts)
        if retrier is None:
            return retrier, number
        seconds = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** counts.get(number, 0)
        seconds = min(seconds, retrier.get("MaxDelaySeconds", seconds))
        if retrier.get("JitterStrategy") == "FULL":
            seconds = random.uniform(0, seconds)  # noqa: S311 - keeps no secret
        return {**retrier, "IntervalSeconds": seconds, "BackoffRate": 1.0}, number

    stepfunctions._find_matching_retrier = find_and_pause  # type: ignore[attr-defined] # noqa: SLF001


def queue_events(service: types.ModuleType, eventbridge: types.ModuleType) -> None:
    """Let events wait for room, and try those of EventBridge as often as all others."""
    execute, begin = service._execute_function, service.invoke_async_with_retry  # noqa: SLF001
    longest: ContextVar[int | None] = ContextVar("longest", default=None)  # MiniStack copies the context for its thread

    def executed(function: Any, event: Any) -> Any:
        until, seconds = time.monotonic(), longest.get()
        while True:
            result = execute(function, event)
            if seconds is None or not result.get("throttle") or time.monotonic() > until + seconds:
                return result
            time.sleep(PAUSE)

    def begun(function: dict[str, Any], event: Any) -> None:
        about = function.get("event_invoke_config") or {}
        before = longest.set(int(about.get("MaximumEventAgeInSeconds", LONGEST)))
        try:
            begin(function, event)
        finally:
            longest.reset(before)

    def dispatched(arn: str, payload: str) -> None:
        function, config, name = service._get_func_record_for_ref(arn)  # noqa: SLF001
        if function and config:
            begun(service._execution_record_for_config(function, config), json.loads(payload))  # noqa: SLF001
        else:
            raise LookupError(f"EventBridge has a target that is no function: {name}")

    service._execute_function = executed  # type: ignore[attr-defined] # noqa: SLF001
    service.invoke_async_with_retry = begun  # type: ignore[attr-defined]
    eventbridge._dispatch_to_lambda = dispatched  # type: ignore[attr-defined] # noqa: SLF001


def refuse_as_the_api_does(service: types.ModuleType) -> None:
    """Answer a request whose function has no room as an HTTP API does."""
    shape = service.lambda_execute_result_to_api_proxy_response

    def shaped(result: dict[str, Any]) -> Any:
        if result.get("throttle"):
            headers = {"Content-Type": "application/json"}
            return {"statusCode": 503, "headers": headers, "body": '{"message":"Service Unavailable"}'}, None
        return shape(result)

    service.lambda_execute_result_to_api_proxy_response = shaped  # type: ignore[attr-defined]
