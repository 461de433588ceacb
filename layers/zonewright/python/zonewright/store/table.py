"""The DynamoDB table: plain Python values in and out, conditions always, unknown errors untouched."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from zonewright.errors import ZoneBusy
from zonewright.store.conditions import Condition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Item = dict[str, Any]

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds, at most, to wait after each try that met another transaction."""

_DELETED_AT_ONCE = 25
"""What one BatchWriteItem takes."""

_IN_PROGRESS = "TransactionInProgressException"


class ConditionFailed(Exception):
    """A conditional write did not happen; `old` holds, for each write, the item as it was found, if any."""

    def __init__(self, old: list[Item | None], failed: list[bool]) -> None:
        super().__init__("a condition of the write does not hold")
        self.old = old
        self.failed = failed


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole item, if `condition` holds for the one that is there."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Set, add to and remove attributes of the item under `key`, if `condition` holds."""

    key: dict[str, str]
    set: Mapping[str, Any] | None = None
    add: Mapping[str, int] | None = None
    remove: tuple[str, ...] = ()
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove the item under `key`, if `condition` holds."""

    key: dict[str, str]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but let the transaction fail unless `condition` holds for `key`."""

    key: dict[str, str]
    condition: Condition


Write = Put | Update | Delete | Check


@dataclass(frozen=True, slots=True)
class Table:
    """One table by name. Items are dicts of str, int, bool, bytes, None, list and dict."""

    client: "DynamoDBClient"
    name: str

    def get(self, key: dict[str, str]) -> Item | None:
        """The item under `key` as last written, or None."""
        found = self.client.get_item(TableName=self.name, Key=encode_item(key), ConsistentRead=True)
        return decode_item(found["Item"]) if "Item" in found else None

    def get_all(self, keys: Sequence[dict[str, str]]) -> list[Item | None]:
        """What is under each of `keys`, no two the same, as last written; a hundred are one read."""
        found: list[Item] = []
        for at in range(0, len(keys), 100):
            wanted: Any = {
                self.name: {"Keys": [encode_item(key) for key in keys[at : at + 100]], "ConsistentRead": True}
            }
            while wanted:
                answer = self.client.batch_get_item(RequestItems=wanted)
                found += map(decode_item, answer["Responses"].get(self.name, []))
                wanted = answer.get("UnprocessedKeys")
        by_key = {(item["pk"], item["sk"]): item for item in found}
        return [by_key.get((key["pk"], key["sk"])) for key in keys]

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        after: str | None = None,
        until: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        index: str | None = None,
        start: Item | None = None,
        step: int | None = None,
    ) -> Iterator[Item]:
        """Items of one partition in sort order, page by page as they are read.

        `prefix` bounds the sort key, `after` starts behind (before, if newest first) a sort key, `until` ends before
        one; `start` is a whole key to go on from. `step` is how many are read at once; without it, `limit` or what
        DynamoDB gives.
        """
        pk_name, sk_name = (f"{index}pk", f"{index}sk") if index else ("pk", "sk")
        names = {"#pk": pk_name}
        values: Item = {":pk": pk}
        expression = "#pk = :pk"
        if after is not None:
            low, high = (prefix, after) if newest_first else (after, prefix + "\U0010ffff")
            expression += " AND #sk BETWEEN :low AND :high"
            names["#sk"] = sk_name
            values |= {":low": low, ":high": high}
        elif until is not None:
            expression += " AND #sk < :until"
            names["#sk"] = sk_name
            values[":until"] = until
        elif prefix:
            expression += " AND begins_with(#sk, :prefix)"
            names["#sk"] = sk_name
            values[":prefix"] = prefix
        arguments: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": encode_item(values),
            "ScanIndexForward": not newest_first,
            "ConsistentRead": index is None,
        }
        if index:
            arguments["IndexName"] = index
        if start:
            arguments["ExclusiveStartKey"] = encode_item(start)
        left = limit
        while True:
            if left is not None or step is not None:
                arguments["Limit"] = min(each for each in (left, step) if each is not None) + (after is not None)
            page = self.client.query(**arguments)
            for raw in page["Items"]:
                item = decode_item(raw)
                if item[sk_name] == after:
                    continue
                yield item
                if left is not None:
                    left -= 1
                    if left == 0:
                        return
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def write(self, *writes: Write) -> None:
        """All of `writes` at once, or none.

        Another transaction on the same items is waited for. Raises ConditionFailed with the items as found, ZoneBusy
        where others were in the way for too long.
        """
        actions: list[Any] = [self._action(write) for write in writes]
        for pause in _PAUSES:
            try:
                self.client.transact_write_items(TransactItems=actions)
            except ClientError as error:
                reasons: list[Any] = list(error.response.get("CancellationReasons", []))
                codes = [reason.get("Code") for reason in reasons]
                if "ConditionalCheckFailed" in codes:
                    old = [decode_item(reason["Item"]) if reason.get("Item") else None for reason in reasons]
                    raise ConditionFailed(old, [code == "ConditionalCheckFailed" for code in codes]) from error
                if "TransactionConflict" not in codes and error.response["Error"].get("Code") != _IN_PROGRESS:
                    raise
            else:
                return
            time.sleep(pause * random.random())  # noqa: S311 - spreads writers, keeps no secret
        raise ZoneBusy("others are changing the same zone at this moment; try again")

    def delete(self, keys: Iterable[dict[str, str]]) -> None:
        """Remove items unconditionally, many at once but not in one transaction."""
        left: Iterator[dict[str, str]] = iter(keys)
        while some := list(islice(left, _DELETED_AT_ONCE)):
            requests: Any = {self.name: [{"DeleteRequest": {"Key": encode_item(key)}} for key in some]}
            while requests:
                requests = self.client.batch_write_item(RequestItems=requests).get("UnprocessedItems")
                time.sleep(_PAUSES[0] if requests else 0)

    def _action(self, write: Write) -> dict[str, Any]:
        body: dict[str, Any] = {"TableName": self.name}
        names: dict[str, str] = {}
        values: Item = {}
        if isinstance(write, Put):
            kind = "Put"
            body["Item"] = encode_item(write.item)
        else:
            kind = {Update: "Update", Delete: "Delete", Check: "ConditionCheck"}[type(write)]
            body["Key"] = encode_item(write.key)
        if isinstance(write, Update):
            clauses = []
            if write.set:
                names |= {f"#s{n}": name for n, name in enumerate(write.set)}
                values |= {f":s{n}": value for n, value in enumerate(write.set.values())}
                clauses.append("SET " + ", ".join(f"#s{n} = :s{n}" for n in range(len(write.set))))
            if write.add:
                names |= {f"#a{n}": name for n, name in enumerate(write.add)}
                values |= {f":a{n}": value for n, value in enumerate(write.add.values())}
                clauses.append("ADD " + ", ".join(f"#a{n} :a{n}" for n in range(len(write.add))))
            if write.remove:
                names |= {f"#r{n}": name for n, name in enumerate(write.remove)}
                clauses.append("REMOVE " + ", ".join(f"#r{n}" for n in range(len(write.remove))))
            body["UpdateExpression"] = " ".join(clauses)
        if write.condition:
            body["ConditionExpression"] = write.condition.expression
            body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            names |= write.condition.names
            values |= write.condition.values
        if names:
            body["ExpressionAttributeNames"] = names
        if values:
            body["ExpressionAttributeValues"] = encode_item(values)
        return {kind: body}


def encode(value: Any) -> dict[str, Any]:
    """One value in DynamoDB's typed form."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case dict():
            return {"M": encode_item(value)}
        case list() | tuple():
            return {"L": [encode(each) for each in value]}
    raise TypeError(f"{type(value).__name__} has no place in an item")


def decode(typed: Mapping[str, Any]) -> Any:
    """The value behind `encode`."""
    ((kind, value),) = typed.items()
    match kind:
        case "NULL":
            return None
        case "N":
            return int(value)
        case "M":
            return decode_item(value)
        case "L":
            return [decode(each) for each in value]
        case "B":
            return bytes(value)
    return value


def encode_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """A whole item in DynamoDB's typed form."""
    return {name: encode(value) for name, value in item.items()}


def decode_item(item: Mapping[str, Any]) -> Item:
    """The item behind `encode_item`."""
    return {name: decode(value) for name, value in item.items()}
