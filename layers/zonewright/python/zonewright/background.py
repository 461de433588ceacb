"""The edge of what nobody waits for: an order of the state machine, a schedule's firing or an event in, one verb.

A task that fails for a reason with a name (`errors.py`) fails under that name and says what happened;
anything else is logged with its trace and becomes a TaskFault, so that what the history shows is fit to read.
"""

import functools
import json
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from zonewright.errors import Invalid, TaskFault, ZonewrightError
from zonewright.log import log
from zonewright.service import Runtime, runtime
from zonewright.sync.workflow import Order

Event = dict[str, Any]

_logger = log()


class Staged(Exception):
    """Not a failure: a transfer has staged a large zone under the prefix that is its message.

    The state machine goes on with that; where there is none it is at its end, without a state that has to ask.
    """


def order_of(event: Event) -> Order:
    """The order an execution was started with, which every state passes on."""
    return Order(**event["order"])


def task(verb: Callable[[Order, Event, Runtime], Event]) -> Callable[[Event, Any], Event]:
    """Make a Lambda handler of a function that does one state's work; its answer is the state's result."""

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:
        began = time.monotonic()
        order = order_of(event)
        about = {"zone_id": order.zone_id, "sync_id": order.sync_id, "task": verb.__module__.rpartition(".")[2]}
        staged: Staged | None = None
        try:
            result = verb(order, event | {"attempt": context.aws_request_id}, runtime())
        except Staged as error:
            result, staged = {"staged": str(error)}, error
        except ZonewrightError as error:
            _logger.warning("task failed", extra={"error": type(error).__name__, "reason": error.message} | about)
            raise
        except Exception as error:
            _logger.exception("task fault", extra=about)
            raise TaskFault(f"an internal error, logged under request {context.aws_request_id}") from error
        done = {"seconds": round(time.monotonic() - began, 3), "peak_rss_mb": _peak_rss()}
        _logger.info("task done", extra=done | about | _numbers(result))
        if staged:
            raise staged
        return result

    return handler


def job(verb: Callable[[Runtime, datetime], Event]) -> Callable[[Event, Any], Event]:
    """Make a Lambda handler of a function that works on a schedule, until a moment; its answer is what is logged.

    The event is not read: whoever may invoke the function can do no more than begin it early.
    """

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:  # noqa: ARG001 - Lambda's form
        run = runtime()
        result = verb(run, run.now() + timedelta(milliseconds=context.get_remaining_time_in_millis()))
        _logger.info("job done", extra={"task": verb.__module__.rpartition(".")[2]} | _numbers(result))
        return result

    return handler


def signal(verb: Callable[[Event, Runtime], Event]) -> Callable[[Event, Any], Event]:
    """Make a Lambda handler of what a schedule or an event sets off.

    What it cannot do for a reason with a name is logged and over: to try the same again would end the same.
    """

    @functools.wraps(verb)
    def handler(event: Event, context: Any) -> Event:
        began = time.monotonic()
        about = {"task": verb.__module__.rpartition(".")[2], "event_id": event.get("id")}
        try:
            result = verb(event, runtime())
        except ZonewrightError as error:
            _logger.warning("event refused", extra={"error": type(error).__name__, "reason": error.message} | about)
            return {"refused": error.message}
        except Exception as error:
            _logger.exception("event fault", extra=about)
            raise TaskFault(f"an internal error, logged under request {context.aws_request_id}") from error
        done = {"seconds": round(time.monotonic() - began, 3), "peak_rss_mb": _peak_rss()}
        _logger.info("event done", extra=done | about | _numbers(result))
        return result

    return handler


def named_zone(event: Event) -> tuple[str, str]:
    """The id or the name of the zone that an event is about, the other one empty; raises Invalid."""
    detail = event.get("detail")
    named = [detail.get(name, "") if isinstance(detail, dict) else "" for name in ("zone_id", "zone_name")]
    if not all(isinstance(each, str) for each in named) or sum(map(bool, named)) != 1:
        raise Invalid(f"the detail of an event has to have a zone_id or a zone_name, not {json.dumps(detail)[:200]}")
    return named[0], named[1]


def stopped_order(event: Event) -> tuple[Order, str]:
    """The order of an execution that did not end well, as its status event has it, and the reason."""
    detail = event["detail"]
    if detail["status"] == "ABORTED":
        reason = ": ".join(filter(None, ["its execution was stopped", (detail.get("cause") or "")[:500]]))
    else:
        reason = reason_of({"Error": detail.get("error") or "States.Timeout", "Cause": detail.get("cause")})
    return order_of(json.loads(detail["input"])), reason


def reason_of(error: Event) -> str:
    """What a caught error says: the message of our own errors, the name of what Step Functions or Lambda reported."""
    try:
        cause = json.loads(error.get("Cause") or "")
        message = str(cause["errorMessage"])
    except (ValueError, KeyError, TypeError):
        message = error.get("Cause") or ""
    name = str(error.get("Error") or "")
    return _SAID.get(name) or message or name or "it failed without a reason"


_SAID = {
    "States.ExceedToleratedFailureThreshold": "a part of it failed",
    "States.Timeout": "it took longer than a sync may",
    "Sandbox.Timedout": "a step took longer than it may",
    "Runtime.ExitError": "a worker died, most likely for want of memory",
    "Lambda.Unknown": "a worker died",
}


def _peak_rss() -> int:
    """The most memory this process ever had, in MB; 0 where the kernel does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def _numbers(result: Event) -> Event:
    return {name: value for name, value in result.items() if isinstance(value, (int, str, float))}
