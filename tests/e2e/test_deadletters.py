"""What an asynchronous function could not do comes into one queue, and can be done again from there."""

import json
import time

import pytest


@pytest.fixture
def stopped(aws):
    """The name of the function that releases the zones of stopped executions."""
    found = aws("cloudformation").describe_stack_resource(StackName="zonewright", LogicalResourceId="SyncStopped")
    return found["StackResourceDetail"]["PhysicalResourceId"]


def letters(operator, count, wanted):
    """The letters that have an event, once there are so many."""
    deadline = time.monotonic() + 40
    while True:
        found = [each for each in operator("deadletters", "list") if each.get("event") == wanted]
        if len(found) == count or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def test_an_event_that_a_function_cannot_do_is_listed_and_done_again(aws, operator, stopped, name):
    broken = {"id": name, "detail": {"status": "ABORTED", "input": "{}"}}  # no order
    aws("lambda").invoke(FunctionName=stopped, InvocationType="Event", Payload=json.dumps(broken))

    (letter,) = letters(operator, 1, broken)

    assert letter["function"].endswith(f":{stopped}")
    assert letter["error"] == "TaskFault"
    assert operator("deadletters", "redrive", "--id", letter["id"]) == {"redriven": [letter["id"]]}
    (again,) = letters(operator, 1, broken)  # it fails as before, so a new letter comes
    assert again["id"] != letter["id"]
    assert operator("deadletters", "redrive", "--id", again["id"]) == {"redriven": [again["id"]]}
    assert letters(operator, 1, broken)[0]["id"] not in {letter["id"], again["id"]}
