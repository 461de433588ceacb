"""Runs `functions/sync/statemachine.asl.yaml` in this process, with the real handlers as its tasks.

Knows the part of the Amazon States Language the file uses, and refuses what it does not know.
"""

import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import yaml

_FILE = Path(__file__).parents[2] / "functions/sync/statemachine.asl.yaml"
_TASKS = {
    "${ProbeFunctionArn}": "probe",
    "${TransferFunctionArn}": "transfer",
    "${ParseBatchFunctionArn}": "parse_batch",
    "${MergeRangeFunctionArn}": "merge_range",
    "${PublishFunctionArn}": "publish",
    "${FailFunctionArn}": "fail",
}
_KNOWN = {
    "Type", "Comment", "Choices", "Default", "Next", "End", "Resource", "ResultPath", "Retry",
    "Catch", "TimeoutSeconds", "ItemsPath", "MaxConcurrency", "ItemSelector", "ItemProcessor", "Parameters",
    "Error", "CausePath",
}  # fmt: skip


class Machine:
    """One run after another.

    `visited` names the states of all runs, `before` is called with each task and its input, and the tasks in
    `repeated` are done twice, as after an answer that was lost.
    """

    def __init__(self):
        self.definition = yaml.safe_load(_FILE.read_text())
        self.visited = []
        self.before = lambda _task, _event: None
        self.repeated = set()
        self._requests = 0

    def run(self, order):
        """The last state's name and data of an execution started with `order`."""
        return self._walk(self.definition, order)

    def _walk(self, part, data, item=None):
        name = part["StartAt"]
        while True:
            state = part["States"][name]
            assert set(state) <= _KNOWN, f"the machine does not know all of {sorted(set(state) - _KNOWN)}"
            self.visited.append(name)
            step = getattr(self, "_" + state["Type"].lower())
            data, following = step(state, data, item)
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
                handler(event, context)
            result = json.loads(json.dumps(handler(event, context)))
        except Exception as error:
            if "Catch" not in state:
                raise
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            return _caught(state, data, type(error).__name__, cause)
        return _placed(state, data, result), state.get("Next")

    def _map(self, state, data, _item):
        try:
            results = [
                self._walk(state["ItemProcessor"], _selected(state["ItemSelector"], data, item), item)[1]
                for item in _path(state["ItemsPath"], data, None)
            ]
        except Exception as error:  # noqa: BLE001 - whatever it is, the state machine catches it
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            return _caught(state, data, type(error).__name__, cause)
        return _placed(state, data, results), state["Next"]


def _caught(state, data, error, cause):
    (catcher,) = state["Catch"]
    assert catcher["ErrorEquals"] == ["States.ALL"]
    return _placed(catcher, data, {"Error": error, "Cause": cause}), catcher["Next"]


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
