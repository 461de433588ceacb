"""Dead letters: what asynchronous functions and rules could not do, in one queue.

A letter has one of three forms:

    what Lambda could not do    the event with its error: `requestPayload`, and the function in `requestContext`
    what a rule could not send  the event itself, and the rule and its target as attributes of the message
    records of the stream       where they stand in the stream (`DDBStreamBatchInfo`), which keeps them for a day

Each can be done again: every function here does the same for a repeated event.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zonewright import clock
from zonewright.errors import Invalid
from zonewright.operations.stack import Stack
from zonewright.store import keys

QUEUE = "DeadLetters"

_HIDDEN = 60
"""Seconds that a letter is hidden from other readers while a command works on it."""

_EMPTY = 3
"""Answers without a new letter after which the queue is taken to be empty. Each asks all servers of the queue."""

_PAGES = 100
"""Most pages of the stream that are read for a letter. A page may be empty in front of others that are not."""

TOLD_KINDS = (keys.CHANGES, keys.DRY_RUNS)
"""Beginnings of the sort keys of what SyncChanged gets beside zones, as the filter of its stream says.

The stream has all other items too, such as lists of chunks, which are octets and so no JSON.
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the queue. `body` is its JSON. `receipt` deletes it."""

    id: str
    sent: str
    body: Any
    receipt: str
    rule: str | None = None
    target: str | None = None

    @classmethod
    def of(cls, message: Any) -> "Letter":
        """Return a message as SQS sends it."""
        named = {name: each["StringValue"] for name, each in message.get("MessageAttributes", {}).items()}
        try:
            body = json.loads(message["Body"])
        except ValueError:
            body = message["Body"]
        sent = clock.to_text(clock.from_epoch(int(message["Attributes"]["SentTimestamp"]) // 1000))
        rule, target = named.get("RULE_ARN"), named.get("TARGET_ARN")
        return cls(message["MessageId"], sent, body, message["ReceiptHandle"], rule, target)

    @property
    def function(self) -> str | None:
        """Return the ARN of the function that the letter was for, or None if it does not say."""
        context = self.body.get("requestContext", {}) if isinstance(self.body, dict) else {}
        found = str(context["functionArn"]) if context.get("functionArn") else self.target
        return found.removesuffix(":$LATEST") if found else None

    @property
    def stretch(self) -> Any:
        """Return the place of records in the stream, or None for a letter of another form."""
        return self.body.get("DDBStreamBatchInfo") if isinstance(self.body, dict) else None

    @property
    def event(self) -> Any:
        """Return the event that the function was to get."""
        return self.body.get("requestPayload", self.body) if isinstance(self.body, dict) else self.body

    @property
    def shown(self) -> dict[str, Any]:
        """Return what a list shows of the letter."""
        answer = self.body.get("responsePayload") if isinstance(self.body, dict) else None
        answer = answer if isinstance(answer, dict) else {}
        found = {
            "id": self.id,
            "sent": self.sent,
            "function": self.function,
            "rule": self.rule,
            "error": answer.get("errorType"),
            "reason": answer.get("errorMessage"),
            "records": self.stretch,
            "event": None if self.stretch else self.event,
        }
        return {name: value for name, value in found.items() if value is not None}


def listing(stack: Stack) -> list[dict[str, Any]]:
    """Return all letters, the oldest first. They stay in the queue."""
    queue, sqs = stack.resource(QUEUE), stack.client("sqs")
    letters = list(_received(sqs, queue))
    for each in letters:
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=each.receipt, VisibilityTimeout=0)
    return [each.shown for each in sorted(letters, key=lambda each: each.sent)]


def redrive(stack: Stack, wanted: str | None = None) -> dict[str, Any]:
    """Do again what the letters say, or the one letter of an id. Return the ids of those that were sent, and of others.

    A letter is deleted once Lambda has its event. If the function fails again, a new letter comes. Raise Invalid if
    there is no letter of that id.
    """
    queue, sqs = stack.resource(QUEUE), stack.client("sqs")
    sent: list[str] = []
    kept: dict[str, str] = {}
    for letter in list(_received(sqs, queue)):
        if wanted not in (None, letter.id):
            sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=letter.receipt, VisibilityTimeout=0)
            continue
        try:
            _send(stack, letter)
        except Invalid as error:
            kept[letter.id] = error.message
            continue
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=letter.receipt)
        sent.append(letter.id)
    if wanted and not sent and not kept:
        raise Invalid(f"there is no dead letter {wanted}, or another reader has it now")
    return {"redriven": sent} | ({"kept": kept} if kept else {})


def _received(sqs: Any, queue: str) -> Iterator[Letter]:
    """Yield every letter once, and hide it."""
    seen: set[str] = set()
    empty = 0
    while empty < _EMPTY:
        answer = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HIDDEN,
            WaitTimeSeconds=1,
            MessageAttributeNames=["All"],
            AttributeNames=["SentTimestamp"],
        )
        new = [each for each in answer.get("Messages", []) if each["MessageId"] not in seen]
        empty = 0 if new else empty + 1
        seen |= {each["MessageId"] for each in new}
        yield from map(Letter.of, new)


def _send(stack: Stack, letter: Letter) -> None:
    """Send the event of a letter to its function. Raise Invalid if that cannot be."""
    if letter.function is None:
        raise Invalid("it does not say for which function it was")
    if not letter.stretch:
        payload = json.dumps(letter.event)
        stack.client("lambda").invoke(FunctionName=letter.function, InvocationType="Event", Payload=payload)
        return
    payload = json.dumps({"Records": _records(stack, letter.stretch)})
    answer = stack.client("lambda").invoke(FunctionName=letter.function, Payload=payload)
    said = json.loads(answer["Payload"].read() or "null")
    if answer.get("FunctionError") or (said or {}).get("batchItemFailures"):
        raise Invalid(f"the function failed again: {json.dumps(said)[:300]}")


def _records(stack: Stack, stretch: Any) -> list[dict[str, Any]]:
    """Return the records of a stretch of the stream, those that Lambda sends. Raise Invalid if they are gone."""
    streams = stack.client("dynamodbstreams")
    first, last = stretch["startSequenceNumber"], stretch["endSequenceNumber"]
    try:
        place = streams.get_shard_iterator(
            StreamArn=stretch["streamArn"],
            ShardId=stretch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=first,
        )["ShardIterator"]
    except (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException) as error:
        raise Invalid("the stream keeps records for a day, and these are gone") from error
    found: list[dict[str, Any]] = []
    for _ in range(_PAGES):
        if not place or (found and int(found[-1]["dynamodb"]["SequenceNumber"]) >= int(last)):
            break
        answer = streams.get_records(ShardIterator=place, Limit=1000)
        found += answer["Records"]
        place = answer.get("NextShardIterator")
    wanted = [each for each in found if int(first) <= int(each["dynamodb"]["SequenceNumber"]) <= int(last)]
    if not wanted or wanted[-1]["dynamodb"]["SequenceNumber"] != last:
        raise Invalid("the stream did not give all records of the letter: try again")
    wanted = [each for each in wanted if _is_told(each["dynamodb"]["Keys"]["sk"]["S"])]
    for each in wanted:
        each["dynamodb"]["ApproximateCreationDateTime"] = each["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    return wanted


def _is_told(sort_key: str) -> bool:
    """Return whether the item of a sort key is one that SyncChanged gets."""
    return sort_key == keys.ZONE or sort_key.startswith(TOLD_KINDS)
