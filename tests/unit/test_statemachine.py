"""The state machine as AWS will read it: valid, every task with the same faults retried, every path ending released."""

import json
import re
import subprocess
import sys

import pytest
import yaml
from support.places import EVENTS, STATE_MACHINE
from zonewright.background import Staged, order_of, reason_of, stopped_order
from zonewright.errors import ZoneBusy
from zonewright.model.order import Order

TEXT = STATE_MACHINE.read_text()
MACHINE = yaml.safe_load(TEXT)
STATES = MACHINE["States"]
INNER = {
    name: inner
    for state in STATES.values()
    if state["Type"] == "Map"
    for name, inner in state["ItemProcessor"]["States"].items()
}
WORKING = {name: state for name, state in STATES.items() if state["Type"] in {"Task", "Map"} and name != "Fail"}
FAIL = "${FailFunctionArn}"
TASKS = {
    name: state for name, state in (STATES | INNER).items() if state["Type"] == "Task" and state["Resource"] != FAIL
}
MANY = {"ParseBatches": "ParseManyBatches", "MergeRanges": "MergeManyRanges"}
"""Of each map, the one for more items than one execution takes."""


def test_it_is_valid(tmp_path):
    numbers = json.dumps(MACHINE).replace('"${MapConcurrency}"', "40")
    definition = re.sub(r"\$\{\w+\}", "arn:aws:lambda:us-east-1:123456789012:function:zonewright", numbers)
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/zonewright", "Definition": json.loads(definition)}
    resources = {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))

    command = [sys.executable, "-c", "from cfnlint.runner import main; main()", str(template)]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("name", TASKS)
def test_a_step_waits_for_minutes_where_functions_are_used_up(name):
    *_, throttled = TASKS[name]["Retry"]

    pauses = [
        min(throttled["IntervalSeconds"] * throttled["BackoffRate"] ** n, throttled["MaxDelaySeconds"])
        for n in range(throttled["MaxAttempts"])
    ]

    assert throttled["ErrorEquals"] == [
        "Lambda.TooManyRequestsException",
        "Lambda.ResourceNotReadyException",  # of a function in a VPC that was idle for weeks
        "Lambda.ENINotReadyException",
        "Lambda.EC2ThrottledException",
    ]
    assert (len(pauses), max(pauses)) == (10, 60)
    assert 360 < sum(pauses) < 600  # half of it on average, by the jitter


def test_it_has_no_aliases_since_not_every_reader_of_yaml_knows_them():
    assert not re.search(r": [&*]\w", TEXT)


@pytest.mark.parametrize("name", STATES | INNER)
def test_every_state_says_what_it_is_for(name):
    assert len((STATES | INNER)[name]["Comment"]) > 5


@pytest.mark.parametrize("name", WORKING)
def test_whatever_goes_wrong_leads_to_fail(name):
    catch = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Fail"}
    staged = {"ErrorEquals": [Staged.__name__], "ResultPath": "$.staged", "Next": "Plan"}

    assert WORKING[name]["Catch"] == [*([staged] if name == "Transfer" else []), catch]


def test_a_sync_that_is_over_when_its_zone_is_read_is_one_state():
    assert MACHINE["StartAt"] == "Transfer"
    assert STATES["Transfer"]["End"]


@pytest.mark.parametrize("name", TASKS)
def test_every_task_retries_the_same_faults_and_no_error_with_a_meaning_but_a_busy_zone(name):
    retry, busy, throttled = TASKS[name]["Retry"]

    assert [retry, busy, throttled] == TASKS["Transfer"]["Retry"]
    assert busy["ErrorEquals"] == [ZoneBusy.__name__]
    assert busy["IntervalSeconds"] > retry["IntervalSeconds"]
    assert busy["MaxAttempts"] > retry["MaxAttempts"]
    assert {
        *("TaskFault", "Runtime.ExitError", "Lambda.Unknown", "Lambda.ServiceException", "Lambda.AWSLambdaException"),
        *("Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException"),
    } == set(retry["ErrorEquals"])
    assert not {"States.ALL", "States.TaskFailed"} & set(retry["ErrorEquals"])


def test_fail_is_tried_whatever_happens_and_the_execution_shows_as_failed_unless_it_ended_well():
    (retry,) = STATES["Fail"]["Retry"]
    assert (retry["ErrorEquals"], retry["MaxAttempts"]) == (["States.ALL"], 10)
    ended = STATES[STATES["Fail"]["Next"]]
    assert (ended["Default"], STATES["Failed"]["Type"]) == ("Failed", "Fail")
    assert ended["Choices"] == [{"Variable": "$.failure.succeeded", "BooleanEquals": True, "Next": "Done"}]


def test_no_two_states_share_a_name():
    assert not STATES.keys() & INNER.keys()
    assert len(INNER) == sum(len(each["ItemProcessor"]["States"]) for each in STATES.values() if each["Type"] == "Map")


@pytest.mark.parametrize(("one", "many"), MANY.items())
def test_many_items_are_treated_as_few_are(one, many):
    few, spread = STATES[one], STATES[many]
    (task,) = few["ItemProcessor"]["States"].values()
    inner = spread["ItemProcessor"]["States"][spread["ItemProcessor"]["StartAt"]]

    assert [few[name] for name in ("ItemsPath", "ItemSelector", "MaxConcurrency", "ResultPath")] == [
        spread[name] for name in ("ItemsPath", "ItemSelector", "MaxConcurrency", "ResultPath")
    ]
    assert {name: inner[name] for name in task} == task
    assert MANY.get(few["Next"], few["Next"]) == spread["Next"]
    assert [each["ItemProcessor"]["ProcessorConfig"]["Mode"] for each in (few, spread)] == ["INLINE", "DISTRIBUTED"]


@pytest.mark.parametrize("many", MANY.values())
def test_an_execution_of_many_says_itself_why_it_failed(many):
    inner = STATES[many]["ItemProcessor"]["States"]
    (catch,) = inner[STATES[many]["ItemProcessor"]["StartAt"]]["Catch"]
    failing = inner[catch["Next"]]

    assert (catch["ErrorEquals"], catch["ResultPath"]) == (["States.ALL"], "$.error")
    assert [failing[name] for name in ("Resource", "Retry", "ResultPath")] == [
        STATES["Fail"][name] for name in ("Resource", "Retry", "ResultPath")
    ]
    assert inner[failing["Next"]]["Type"] == "Fail"


PASSED = {
    "transfer": {"order"},
    "plan": {"order", "staged"},
    "parse_batch": set(STATES["ParseBatches"]["ItemSelector"]),
    "merge_range": set(STATES["MergeRanges"]["ItemSelector"]),
    "publish": set(STATES["Publish"]["Parameters"]),
    "fail": {"order", "error"},
}


@pytest.mark.parametrize("task", PASSED)
def test_the_sample_event_of_a_task_is_what_its_state_passes(task):
    event = json.loads((EVENTS / f"sync_{task}.json").read_text())

    assert set(event) == {name.removesuffix(".$") for name in PASSED[task]}
    assert order_of(event) == Order(**event["order"])


def test_the_sample_of_what_is_staged_says_where():
    event = json.loads((EVENTS / "sync_plan.json").read_text())

    assert reason_of(event["staged"]) == "staging/03f1ee91-9053-4346-8b53-e0f6042600f2/8f507cfc-example/"


def test_the_sample_of_a_stopped_execution_says_why():
    event = json.loads((EVENTS / "sync_stopped.json").read_text())
    zone_id, sync_id = "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "03f1ee91-9053-4346-8b53-e0f6042600f2"

    order, reason, error = stopped_order(event)

    assert order == Order(zone_id, sync_id, "2016-12-28T19:22:02.000000Z")
    assert reason == "its execution was stopped: the primary is being moved"
    assert error == "ExecutionAborted"


def test_the_sample_failure_says_what_a_reader_of_the_history_sees():
    event = json.loads((EVENTS / "sync_fail.json").read_text())

    assert reason_of(event["error"]) == "192.0.2.53: the primary answered REFUSED"
