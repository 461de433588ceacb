"""`zonewright deadletters`: the forms of letters, and what is done again."""

import io
import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError
from support.template import FUNCTIONS, RESOURCES
from zonewright.errors import Invalid
from zonewright.operations import deadletters
from zonewright.operations.stack import Stack

FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:zonewright-SyncStopped-1A2B"
EVENT = {"id": "e-1", "detail": {"status": "FAILED"}}
FROM_LAMBDA = {
    "requestContext": {"functionArn": f"{FUNCTION}:$LATEST", "condition": "RetriesExhausted"},
    "requestPayload": EVENT,
    "responsePayload": {"errorType": "TaskFault", "errorMessage": "an internal error"},
}
STREAM = "arn:aws:dynamodb:eu-central-1:123456789012:table/zonewright-table/stream/2026"
STRETCH = {"shardId": "shard-1", "startSequenceNumber": "99", "endSequenceNumber": "101", "streamArn": STREAM}
FROM_STREAM = {"requestContext": {"functionArn": FUNCTION}, "DDBStreamBatchInfo": STRETCH}


class Lambda:
    """Notes invocations, and answers them as it is told."""

    def __init__(self):
        self.invoked = []
        self.answer = {"batchItemFailures": []}

    def invoke(self, *, FunctionName, Payload, InvocationType="RequestResponse"):  # noqa: N803 - as boto3 has it
        self.invoked.append((FunctionName, InvocationType, json.loads(Payload)))
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode())}


class Streams:
    """A stream of a table with records of some numbers, two on a page, and an empty page before each with records.

    Record 100 is of another kind of item than those that are told.
    """

    class exceptions:  # noqa: N801 - as boto3 has it
        class TrimmedDataAccessException(ClientError): ...

        class ResourceNotFoundException(ClientError): ...

    def __init__(self, numbers):
        self.numbers = numbers

    def get_shard_iterator(self, *, SequenceNumber, **_):  # noqa: N803
        if int(SequenceNumber) not in self.numbers:
            raise self.exceptions.TrimmedDataAccessException({}, "GetShardIterator")
        return {"ShardIterator": str(self.numbers.index(int(SequenceNumber)))}

    def get_records(self, *, ShardIterator, **_):  # noqa: N803
        first, _, begun = ShardIterator.partition(":")
        if not begun:
            return {"Records": [], "NextShardIterator": f"{first}:begun"}
        page = self.numbers[int(first) : int(first) + 2]
        at = datetime(2026, 1, 15, tzinfo=UTC)
        records = [{"dynamodb": {"SequenceNumber": str(each), "ApproximateCreationDateTime": at}} for each in page]
        for each in records:
            of_chunks = each["dynamodb"]["SequenceNumber"] == "100"
            each["dynamodb"]["Keys"] = {"sk": {"S": "VERSION#0000000001" if of_chunks else "ZONE"}}
            each["dynamodb"]["NewImage"] = {"chunks": {"B": b"\0"}} if of_chunks else {}
        return {"Records": records, "NextShardIterator": str(int(first) + 2)}


@pytest.fixture
def lambda_():
    return Lambda()


@pytest.fixture
def stack(aws, lambda_, monkeypatch):
    """A stack whose queue moto holds."""
    template = {"Resources": {"DeadLetters": {"Type": "AWS::SQS::Queue"}}}
    boto3.client("cloudformation").create_stack(StackName="zonewright", TemplateBody=json.dumps(template))
    others = {"lambda": lambda_, "dynamodbstreams": Streams([98, 99, 100, 101, 102])}
    return Stack("zonewright", lambda service: others.get(service) or boto3.client(service))


def put(stack, body, **attributes):
    named = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    sent = boto3.client("sqs").send_message(
        QueueUrl=stack.resource("DeadLetters"), MessageBody=json.dumps(body), MessageAttributes=named
    )
    return sent["MessageId"]


def test_the_queue_is_empty(stack):
    assert deadletters.listing(stack) == []
    assert deadletters.redrive(stack) == {"redriven": []}


def test_the_queue_of_a_stack_with_more_resources_than_one_answer_has_is_found(stack, monkeypatch):
    cloudformation = boto3.client("cloudformation")
    monkeypatch.setattr(cloudformation, "describe_stack_resources", lambda **_: {"StackResources": []})  # ends at 100
    limited = Stack("zonewright", lambda _: cloudformation)

    assert limited.resource("DeadLetters") == stack.resource("DeadLetters")


@pytest.mark.parametrize(("name", "resource"), [("zonewright", "Nothing"), ("another", "DeadLetters")])
def test_a_stack_without_the_resource_is_refused(stack, name, resource):
    with pytest.raises(Invalid, match=f"stack {name} has no {resource}"):
        Stack(name, stack.client).resource(resource)


def test_what_a_function_could_not_do_is_listed_and_stays(stack):
    letter = put(stack, FROM_LAMBDA)

    for _ in range(2):
        (found,) = deadletters.listing(stack)
        assert found.pop("sent").startswith("20")
        assert found == {
            "id": letter,
            "function": FUNCTION,
            "error": "TaskFault",
            "reason": "an internal error",
            "event": EVENT,
        }


def test_it_is_done_again_and_is_no_letter_any_more(stack, lambda_):
    letter = put(stack, FROM_LAMBDA)

    assert deadletters.redrive(stack) == {"redriven": [letter]}
    assert lambda_.invoked == [(FUNCTION, "Event", EVENT)]
    assert deadletters.listing(stack) == []


def test_what_a_rule_could_not_send_is_sent_to_its_target(stack, lambda_):
    letter = put(stack, EVENT, RULE_ARN="arn:aws:events:eu-central-1:123456789012:rule/r", TARGET_ARN=FUNCTION)

    assert deadletters.redrive(stack) == {"redriven": [letter]}
    assert lambda_.invoked == [(FUNCTION, "Event", EVENT)]


def test_one_letter_is_done_again_and_the_others_stay(stack, lambda_):
    first, second = put(stack, FROM_LAMBDA), put(stack, FROM_LAMBDA)

    assert deadletters.redrive(stack, first) == {"redriven": [first]}
    assert [each["id"] for each in deadletters.listing(stack)] == [second]
    assert len(lambda_.invoked) == 1


def test_records_of_the_stream_are_read_and_done_again(stack, lambda_):
    letter = put(stack, FROM_STREAM)

    assert deadletters.redrive(stack) == {"redriven": [letter]}
    ((function, kind, payload),) = lambda_.invoked
    assert (function, kind) == (FUNCTION, "RequestResponse")
    assert [each["dynamodb"]["SequenceNumber"] for each in payload["Records"]] == ["99", "101"]


def test_the_kinds_that_are_told_are_those_of_the_filter():
    (source,) = FUNCTIONS["SyncChanged"]["Events"].values()
    (only,) = source["Properties"]["FilterCriteria"]["Filters"]

    kinds = ["ZONE", *({"prefix": each} for each in deadletters.TOLD_KINDS)]
    assert json.loads(only["Pattern"]) == {"dynamodb": {"Keys": {"sk": {"S": kinds}}}}


def test_records_that_are_gone_are_kept_as_a_letter(stack, lambda_):
    letter = put(stack, FROM_STREAM | {"DDBStreamBatchInfo": STRETCH | {"startSequenceNumber": "7"}})

    assert deadletters.redrive(stack) == {
        "redriven": [],
        "kept": {letter: "the stream keeps records for a day, and these are gone"},
    }
    assert lambda_.invoked == []


def test_records_of_which_the_stream_gives_only_some_are_kept_as_a_letter(stack, lambda_):
    letter = put(stack, FROM_STREAM | {"DDBStreamBatchInfo": STRETCH | {"endSequenceNumber": "200"}})

    assert deadletters.redrive(stack)["kept"] == {
        letter: "the stream did not give all records of the letter: try again"
    }
    assert lambda_.invoked == []


def test_records_that_fail_again_are_kept_as_a_letter(stack, lambda_):
    lambda_.answer = {"batchItemFailures": [{"itemIdentifier": "100"}]}
    letter = put(stack, FROM_STREAM)

    found = deadletters.redrive(stack)

    assert list(found["kept"]) == [letter]
    assert "the function failed again" in found["kept"][letter]


def test_a_letter_of_nobody_is_kept(stack):
    letter = put(stack, EVENT)

    assert deadletters.redrive(stack)["kept"] == {letter: "it does not say for which function it was"}


def test_an_id_without_a_letter_is_refused(stack):
    with pytest.raises(Invalid, match="there is no dead letter x"):
        deadletters.redrive(stack, "x")


DESTINATION = {"Type": "SQS", "Destination": {"GetAtt": "DeadLetters.Arn"}}
NO_CALLER = {
    name: each
    for name, each in FUNCTIONS.items()
    if {"HttpApi"} != {e["Type"] for e in each.get("Events", {}).values()}
}
"""The functions that no caller waits for."""
MADE_GOOD = {"SyncDispatch", "DeliveryDeliver"}
"""Functions whose work the dispatcher of the next minute finds again."""
OF_THE_MACHINE = {"SyncTransfer", "SyncPlan", "SyncParseBatch", "SyncMergeRange", "SyncPublish", "SyncFail"}


@pytest.mark.parametrize("name", sorted(NO_CALLER.keys() - OF_THE_MACHINE))
def test_what_nobody_waits_for_has_a_place_for_what_fails(name):
    sources = list(FUNCTIONS[name].get("Events", {}).values())
    kept = [each["Properties"].get("DestinationConfig") for each in sources]
    kept.append(FUNCTIONS[name].get("EventInvokeConfig", {}).get("DestinationConfig"))

    assert ({"OnFailure": DESTINATION} in kept) == (name not in MADE_GOOD)
    for each in sources:
        if each["Type"] in {"EventBridgeRule", "Schedule"}:
            assert each["Properties"]["DeadLetterConfig"] == {"Arn": {"GetAtt": "DeadLetters.Arn"}}


@pytest.mark.parametrize("name", sorted(MADE_GOOD))
def test_what_the_next_minute_makes_good_is_not_tried_again(name):
    assert FUNCTIONS[name]["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}


def test_every_rule_and_nothing_else_may_send_letters():
    rules = {
        f"{name}{source}.Arn"
        for name, each in FUNCTIONS.items()
        for source, event in each.get("Events", {}).items()
        if event["Type"] in {"EventBridgeRule", "Schedule"}
    }

    (allowed, tls) = RESOURCES["DeadLettersPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert {each["GetAtt"] for each in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]} == rules
    assert tls["Effect"] == "Deny"
