"""Decorators for Lambda functions that run without a waiting caller: tasks, jobs and signals.

A task that fails for a named reason (`errors.py`) fails under that name, with a message that the history shows. Any
other error is logged with its trace and becomes a TaskFault.
"""

import functools
import json
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from zonewright.errors import Invalid, TaskFault, TooManyRequests, ZoneBusy, ZonewrightError
from zonewright.log import correlate, log
from zonewright.metrics import record
from zonewright.model.order import Order
from zonewright.service import Service, current

Event = dict[str, Any]

_logger = log()


class Staged(Exception):
    """A transfer has staged a large zone. The message is the prefix of the staged objects. This is not a failure.

    The state machine catches it and continues with Plan. A small zone ends in Transfer without another state.
    """


def order_of(event: Event) -> Order:
    """Return the order of an execution, from the event of a state. Raise as `Order.read` does."""
    return Order.read(event["order"])


def task(verb: Callable[[Service, Order, Event], Event]) -> Callable[[Event, Any], Event]:
    """Return a Lambda handler of one state's work. Its result is the state's result.

    The handler raises the named errors of `verb`, TaskFault for any other error, and Staged.
    """

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:
        began = time.monotonic()
        order = order_of(event)
        correlate(order.correlation or order.sync_id)
        step = verb.__module__.rpartition(".")[2]
        about = {"zone_id": order.zone_id, "sync_id": order.sync_id, "task": step}
        staged: Staged | None = None
        try:
            result = verb(current(), order, event | {"attempt": context.aws_request_id})
        except Staged as error:
            result, staged = {"staged": str(error)}, error
        except ZonewrightError as error:
            _logger.warning("task failed", extra={"error": type(error).__name__, "reason": error.message} | about)
            raise
        except Exception as error:
            _logger.exception("task fault", extra=about)
            raise TaskFault(f"an internal error, logged under request {context.aws_request_id}") from error
        finally:
            record({"StepSeconds": time.monotonic() - began}, Step=step)
        _logger.info("task done", extra=_usage(began) | about | _numbers(result))
        if staged:
            raise staged
        return result

    return handler


def job(verb: Callable[[Service, datetime], Event]) -> Callable[[Event, Any], Event]:
    """Return a Lambda handler of scheduled work. `verb` gets the time at which its function ends, and returns numbers.

    The result is logged. The event is not read: an invocation can only begin the work early.
    """

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:  # noqa: ARG001 - Lambda passes both
        correlate(context.aws_request_id)
        service = current()
        result = verb(service, service.now() + timedelta(milliseconds=context.get_remaining_time_in_millis()))
        _logger.info("job done", extra={"task": verb.__module__.rpartition(".")[2]} | _numbers(result))
        return result

    return handler


def signal(verb: Callable[[Service, Event], Event]) -> Callable[[Event, Any], Event]:
    """Return a Lambda handler of an event.

    A named error is logged and ends the work, because a retry would fail in the same way. Any other error, ZoneBusy
    itself and TooManyRequests are logged and raised as TaskFault.
    """

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:
        began = time.monotonic()
        correlate(event.get("id") or context.aws_request_id)
        about = {"task": verb.__module__.rpartition(".")[2], "event_id": event.get("id")}
        try:
            result = verb(current(), event)
        except ZonewrightError as error:
            _logger.warning("event refused", extra={"error": type(error).__name__, "reason": error.message} | about)
            if type(error) in (ZoneBusy, TooManyRequests):  # subclasses of ZoneBusy stay for longer than Lambda retries
                raise TaskFault(error.message) from error
            return {"refused": error.message}
        except Exception as error:
            _logger.exception("event fault", extra=about)
            raise TaskFault(f"an internal error, logged under request {context.aws_request_id}") from error
        _logger.info("event done", extra=_usage(began) | about | _numbers(result))
        return result

    return handler


def stream(verb: Callable[[Service, Sequence[Event]], int]) -> Callable[[Event, Any], Event]:
    """Return a Lambda handler of a batch of the table's stream. `verb` returns how many records it has done.

    Lambda sends the records behind those again. If the handler raises TaskFault, Lambda sends the batch in halves.
    """

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:
        correlate(context.aws_request_id)
        records = event["Records"]
        try:
            done = verb(current(), records)
        except Exception as error:
            _logger.exception("stream fault", extra={"task": verb.__module__.rpartition(".")[2]})
            raise TaskFault(f"an internal error, logged under request {context.aws_request_id}") from error
        again = [{"itemIdentifier": each["dynamodb"]["SequenceNumber"]} for each in records[done : done + 1]]
        return {"batchItemFailures": again}

    return handler


def named_zone(event: Event) -> tuple[str, str]:
    """Return the id and the name of an event's zone, one of them empty. Raise Invalid if the event has both or none."""
    detail = event.get("detail")
    named = [detail.get(name, "") if isinstance(detail, dict) else "" for name in ("zone_id", "zone_name")]
    if not all(isinstance(each, str) for each in named) or sum(map(bool, named)) != 1:
        raise Invalid(f"the detail of an event has to have a zone_id or a zone_name, not {json.dumps(detail)[:200]}")
    return named[0], named[1]


STOPPED = "ExecutionAborted"
"""Name of the error of an execution that somebody stopped."""


def stopped_order(event: Event) -> tuple[Order, str, str]:
    """Return the order of a failed execution, from its status event, with the reason and the name of the error."""
    detail = event["detail"]
    order = order_of(json.loads(detail["input"]))
    if detail["status"] == "ABORTED":
        return order, ": ".join(filter(None, ["its execution was stopped", (detail.get("cause") or "")[:500]])), STOPPED
    error = {"Error": detail.get("error") or "States.Timeout", "Cause": detail.get("cause")}
    return order, reason_of(error), name_of(error)


def name_of(error: Event) -> str:
    """Return the name of a caught error: of a class of `errors.py`, of Step Functions or of Lambda."""
    return str(error.get("Error") or "Unknown")


def reason_of(error: Event) -> str:
    """Return the text of a caught error: its message, or a text for an error name of Step Functions or Lambda."""
    try:
        cause = json.loads(error.get("Cause") or "")
        message = str(cause["errorMessage"])
    except (ValueError, KeyError, TypeError):
        message = error.get("Cause") or ""
    name = str(error.get("Error") or "")
    return _TEXTS.get(name) or message or name or "it failed without a reason"


_TEXTS = {
    "States.ExceedToleratedFailureThreshold": "a part of it failed",
    "States.Timeout": "it took longer than a sync may",
    "Sandbox.Timedout": "a step took longer than it may",
    "Runtime.ExitError": "a worker died, most likely for want of memory",
    "Lambda.Unknown": "a worker died",
}


def _usage(began: float) -> Event:
    """Return the seconds since `began`, and the peak memory of this process in MB, for a log line."""
    return {"seconds": round(time.monotonic() - began, 3), "peak_rss_mb": _peak_rss()}


def _peak_rss() -> int:
    """Return the peak memory of this process in MB, or 0 if the kernel does not report it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def _numbers(result: Event) -> Event:
    return {name: value for name, value in result.items() if isinstance(value, (int, str, float))}
