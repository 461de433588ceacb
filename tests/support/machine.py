"""Run `functions/sync/statemachine.asl.yaml` in this process, with the real handlers as its tasks.

The interpreter knows the part of the Amazon States Language that the file uses, and refuses everything else. As in Step
Functions, each item of a distributed map is a separate execution that gets only its input. If one fails, the map only
reports that too many failed.
"""

import importlib
import json
from contextlib import suppress
from types import SimpleNamespace

import yaml
from zonewright.background import Staged

from support.places import STATE_MACHINE

_TASKS = {
    "${TransferFunctionArn}": "transfer",
    "${PlanFunctionArn}": "plan",
    "${ParseBatchFunctionArn}": "parse_batch",
    "${MergeRangeFunctionArn}": "merge_range",
    "${PublishFunctionArn}": "publish",
    "${FailFunctionArn}": "fail",
}
_NUMBERS = {"${MapConcurrency}": "40"}
_PAYLOAD = 262_144
"""Bytes that may go from one state to the next."""
_KNOWN = {
    "Type", "Comment", "Choices", "Default", "Next", "End", "Resource", "ResultPath", "Retry",
    "Catch", "TimeoutSeconds", "ItemsPath", "MaxConcurrency", "ItemSelector", "ItemProcessor", "Parameters",
    "Error", "CausePath",
}  # fmt: skip


class ExceededError(Exception):
    """`States.ExceedToleratedFailureThreshold`: an execution of a distributed map failed."""


class Machine:
    """An interpreter of the state machine.

    `visited` has the names of the states of all runs. `before` is called with each task and its input, `after` with
    each finished task. The tasks in `repeated` run twice, as after a lost answer.
    """

    def __init__(self):
        text = STATE_MACHINE.read_text()
        for name, number in _NUMBERS.items():
            text = text.replace(name, number)
        self.definition = yaml.safe_load(text)
        self.visited = []
        self.before = lambda _task, _event: None
        self.after = lambda _task: None
        self.repeated = set()
        self._requests = 0

    def run(self, order):
        """Run an execution with `order`. Return its status, SUCCEEDED or FAILED."""
        last, _ = self._walk(self.definition, order)
        return "FAILED" if self.definition["States"][last]["Type"] == "Fail" else "SUCCEEDED"

    def _walk(self, part, data, item=None):
        name = part["StartAt"]
        while True:
            state = part["States"][name]
            assert set(state) <= _KNOWN, f"the machine does not know all of {sorted(set(state) - _KNOWN)}"
            self.visited.append(name)
            step = getattr(self, "_" + state["Type"].lower())
            data, following = step(state, data, item)
            assert len(json.dumps(data)) <= _PAYLOAD, f"{name} passes on more than {_PAYLOAD} bytes"
            if following is None:
                return name, data
            name = following

    def _succeed(self, _state, data, _item):
        return data, None

    def _fail(self, state, data, _item):
        return {"Error": state["Error"], "Cause": _path(state["CausePath"], data, None)}, None

    def _choice(self, state, data, _item):
        for choice in state["Choices"]:
            value = _path(choice["Variable"], data, None)
            if value == choice.get("StringEquals", choice.get("BooleanEquals")):
                return data, choice["Next"]
        return data, state["Default"]

    def _task(self, state, data, item):
        task = _TASKS[state["Resource"]]
        event = _selected(state.get("Parameters"), data, item)
        self._requests += 1
        context = SimpleNamespace(aws_request_id=f"request-{self._requests}")
        try:
            self.before(task, event)
            handler = importlib.import_module(f"functions.sync.{task}").handler
            if task in self.repeated:
                with suppress(Staged):
                    handler(event, SimpleNamespace(aws_request_id=f"{context.aws_request_id}-before"))
            result = json.loads(json.dumps(handler(event, context)))
            self.after(task)
        except Exception as error:
            if "Catch" not in state:
                raise
            return _caught(state, data, error)
        return _placed(state, data, result), state.get("Next")

    def _map(self, state, data, _item):
        processor = state["ItemProcessor"]
        run = {"INLINE": self._iteration, "DISTRIBUTED": self._execution}[processor["ProcessorConfig"]["Mode"]]
        assert state["MaxConcurrency"] >= 1
        try:
            results = [
                run(processor, _selected(state["ItemSelector"], data, item), item)
                for item in _path(state["ItemsPath"], data, None)
            ]
        except Exception as error:  # noqa: BLE001 - the state machine catches every error
            return _caught(state, data, error)
        assert len(json.dumps(results)) <= _PAYLOAD, f"the map returns more than {_PAYLOAD} bytes"
        return _placed(state, data, results), state["Next"]

    def _iteration(self, processor, data, item):
        return self._walk(processor, data, item)[1]

    def _execution(self, processor, data, _item):
        try:
            last, output = self._walk(processor, data)
        except Exception as error:
            raise ExceededError from error
        if processor["States"][last]["Type"] == "Fail":
            raise ExceededError
        return output


def _caught(state, data, error):
    name, cause = type(error).__name__, json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
    if isinstance(error, ExceededError):
        name = "States.ExceedToleratedFailureThreshold"
        cause = "The specified tolerated failure threshold was exceeded"
    catcher = next(each for each in state["Catch"] if {name, "States.ALL"} & set(each["ErrorEquals"]))
    return _placed(catcher, data, {"Error": name, "Cause": cause}), catcher["Next"]


def _placed(state, data, result):
    path = state.get("ResultPath", "$")
    if path is None:
        return data
    return result if path == "$" else {**data, path.removeprefix("$."): result}


def _path(path, data, item):
    if path == "$$.Map.Item.Value":
        return item
    for name in path.removeprefix("$").split("."):
        data = data[name] if name else data
    return data


def _selected(template, data, item):
    if template is None:
        return data
    return {name.removesuffix(".$"): _path(path, data, item) for name, path in template.items()}
