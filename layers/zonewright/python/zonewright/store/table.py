"""The DynamoDB table: plain Python values in and out, conditional writes, and errors that mean something."""

import itertools
import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected

from zonewright.errors import ZoneBusy
from zonewright.store.conditions import Condition
from zonewright.store.typed import decode_item, encode_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Item = dict[str, Any]
T = TypeVar("T")

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0)
"""Seconds, at most, to wait after each try that met another transaction or a throttle. Half of it at least.

Their sum leaves time to a function of 29 s whose writer began its last attempt after 20 s.
"""

_PATIENCE = 6
"""Seconds after which no try is begun. A try may hang, or be retried by botocore while the table is throttled."""

MOST_WRITES = 100
"""Writes that one transaction takes."""

_READS_PER_CALL = 100
"""Keys that one BatchGetItem takes."""

_DELETES_PER_CALL = 25
"""Keys that one BatchWriteItem takes."""

_CONTENDED = {"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"}
"""Codes of an error, or of the reason of a cancellation, that another transaction causes.

A retried transaction may meet its own first try, which is still in progress.
"""

_THROTTLED = {
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
}
"""Codes of an error, or of the reason of a cancellation, of a throttled table."""

_LOST = {"InternalServerError", "InternalFailure", "ServiceUnavailable"}
"""Codes of an error that leaves open whether the transaction was committed."""

_PASSING = _CONTENDED | _THROTTLED | _LOST

_CONDITION_FAILED = "ConditionalCheckFailedException"
"""Code of the error of one write whose condition was false."""

_WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem")
"""Operations that write under conditions."""

_LOST_BEFORE = "LostBefore"
"""Mark in the metadata of an error whose call was retried by botocore after a lost answer."""


class ConditionFailed(Exception):
    """A condition of a write was false, so nothing was written.

    For each write, `failed` says whether its condition was false, and `old` holds the item as found, or None.
    """

    def __init__(self, old: list[Item | None], failed: list[bool]) -> None:
        super().__init__("a condition of the write does not hold")
        self.old = old
        self.failed = failed


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole item if `condition` is true of the present one."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Set, add to, append to and remove attributes of the item under `key` if `condition` is true of it."""

    key: dict[str, str]
    set: Mapping[str, Any] | None = None
    add: Mapping[str, int] | None = None
    append: Mapping[str, list[Any]] | None = None
    remove: tuple[str, ...] = ()
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the item under `key` if `condition` is true of it."""

    key: dict[str, str]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, and fail the transaction unless `condition` is true of the item under `key`."""

    key: dict[str, str]
    condition: Condition


Write = Put | Update | Delete | Check

_ACTIONS: dict[type[Write], str] = {Put: "Put", Update: "Update", Delete: "Delete", Check: "ConditionCheck"}
"""DynamoDB's name for each write of a transaction."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table by name. Items are dicts of str, int, bool, bytes, None, list and dict."""

    client: "DynamoDBClient"
    name: str

    def get(self, key: dict[str, str]) -> Item | None:
        """Return the item under `key` as last written, or None."""
        found = self.client.get_item(TableName=self.name, Key=encode_item(key), ConsistentRead=True)
        return decode_item(found["Item"]) if "Item" in found else None

    def get_all(self, keys: Sequence[dict[str, str]]) -> list[Item | None]:
        """Return the items under `keys`, as last written, or None for each missing one. No key may occur twice."""
        found: list[Item] = []
        for at in range(0, len(keys), _READS_PER_CALL):
            some = [encode_item(key) for key in keys[at : at + _READS_PER_CALL]]
            wanted: Any = {self.name: {"Keys": some, "ConsistentRead": True}}
            tries = 0
            while wanted:
                answer = self.client.batch_get_item(RequestItems=wanted)
                read = answer["Responses"].get(self.name, [])
                found += map(decode_item, read)
                wanted = answer.get("UnprocessedKeys")
                if wanted:
                    tries = 1 if read else tries + 1
                    _pause(tries)
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
        """Yield the items of one partition in the order of their sort keys, read page by page.

        * `prefix` limits the sort keys. `until` ends before a sort key. `after` begins behind one, or before it with
          `newest_first`.
        * `index` names the index to read. `start` is a whole item key, of the table and of the index, to go on from.
        * `limit` is the most to yield. `step` is the most to read at once, by default `limit`, or what DynamoDB gives.
        """
        sk_name = f"{index}sk" if index else "sk"
        condition, values = _sort_keys(prefix, after, until, newest_first=newest_first)
        arguments: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": f"#pk = :pk{condition}",
            "ExpressionAttributeNames": {"#pk": f"{index}pk" if index else "pk"} | ({"#sk": sk_name} if values else {}),
            "ExpressionAttributeValues": encode_item({":pk": pk, **values}),
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
        """Write all of `writes`, or none.

        Retries while other transactions on the same items are running, while the table is throttled, and after a lost
        answer. A try after a commit succeeds and writes nothing. Raise ConditionFailed, or ZoneBusy if others or the
        throttle take too long. Both mean that nothing was written. If that is unknown, because the answer of a try was
        lost, raise the error of the last try.

        One write is no transaction, which costs twice as much, unless a second try would add twice.
        """
        if len(writes) == 1 and _may_repeat(writes[0]):
            self._write_one(writes[0])
            return
        actions: list[Any] = [self._action(write) for write in writes]
        token = str(uuid.uuid4())
        _repeated(lambda: self.client.transact_write_items(TransactItems=actions, ClientRequestToken=token))

    def update(self, update: Update) -> Item:
        """Write one update, and return the item after it. Raise as `write` does.

        The update must be one that may be made twice, because a try after a lost answer makes it again.
        """
        found = self._write_one(update, ReturnValues="ALL_NEW")
        return decode_item(found)

    def _write_one(self, write: Write, **options: Any) -> dict[str, Any]:
        """Write one item without a transaction. Return the attributes that `options` ask for, in typed form.

        A try after a lost answer may find the item as an earlier try left it, so that its condition is false. Then the
        write was done.
        """
        ((kind, action),) = self._action(write).items()
        call: Any = getattr(self.client, f"{kind.lower()}_item")

        def attempt() -> dict[str, Any]:
            found: dict[str, Any] = call(**action, **options).get("Attributes", {})
            return found

        return _repeated(attempt, lambda item: _shows(item, write))

    def delete(self, keys: Iterable[dict[str, str]]) -> None:
        """Delete items without a condition. They are deleted in batches, not in one transaction."""
        left: Iterator[dict[str, str]] = iter(keys)
        while some := list(islice(left, _DELETES_PER_CALL)):
            requests: Any = {self.name: [{"DeleteRequest": {"Key": encode_item(key)}} for key in some]}
            tries = 0
            while requests:
                rest: Any = self.client.batch_write_item(RequestItems=requests).get("UnprocessedItems")
                if rest:
                    tries = tries + 1 if len(rest[self.name]) == len(requests[self.name]) else 1
                    _pause(tries)
                requests = rest

    def _action(self, write: Write) -> dict[str, Any]:
        """Return one write as `TransactWriteItems` takes it."""
        body: dict[str, Any] = {"TableName": self.name}
        names: dict[str, str] = {}
        values: Item = {}
        if isinstance(write, Put):
            body["Item"] = encode_item(write.item)
        else:
            body["Key"] = encode_item(write.key)
        if isinstance(write, Update):
            body["UpdateExpression"], names, values = _update(write)
        if write.condition:
            body["ConditionExpression"] = write.condition.expression
            body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            names |= write.condition.names
            values |= write.condition.values
        if names:
            body["ExpressionAttributeNames"] = names
        if values:
            body["ExpressionAttributeValues"] = encode_item(values)
        return {_ACTIONS[type(write)]: body}


def _repeated(call: Callable[[], T], shows: Callable[[dict[str, Any]], bool] | None = None) -> T:
    """Return the answer of a writing call. Repeat it, and raise, as `Table.write` says.

    `shows` is of a call that may fail by what its own lost try wrote. It returns whether an item, in typed form, is as
    the call leaves it. Then that item is the answer.
    """
    began, lost = time.monotonic(), False
    for tries in itertools.count(1):
        throttled = False
        try:
            return call()
        except ClientError as error:
            lost = lost or _LOST_BEFORE in error.response["ResponseMetadata"]
            if lost and shows and _code(error) == _CONDITION_FAILED:
                found: Any = error.response.get("Item", {})
                if not shows(found):
                    raise  # an earlier try may have been done, and its item written by others since
                return cast("T", found)
            _raise_failed_condition(error)
            codes = [reason.get("Code") for reason in _reasons(error)]
            found_codes = {*codes, _code(error)}
            throttled = bool(found_codes & _THROTTLED)
            lost = lost or bool(found_codes & _LOST)
            if not found_codes & _PASSING or (lost and _out_of_time(tries, began)):
                raise
        except (HTTPClientError, NotConnected):
            lost = True
            if _out_of_time(tries, began):
                raise
        reason = _BUSY_TABLE if throttled else _BUSY_ZONE
        if _out_of_time(tries, began):
            raise ZoneBusy(reason)
        _pause(tries, reason)
    raise AssertionError("counting has no end")


def _may_repeat(write: Write) -> bool:
    """Return whether a write may be made without a transaction, also twice: it checks, adds and appends nothing."""
    return not isinstance(write, Check) and not (isinstance(write, Update) and (write.add or write.append))


def _shows(item: Mapping[str, Any], write: Write) -> bool:
    """Return whether an item, in typed form and empty if it is missing, is as `write` leaves it."""
    if isinstance(write, Put):
        return item == encode_item(write.item)
    if isinstance(write, Update):
        done = encode_item(write.set or {})
        return item.items() >= done.items() and not item.keys() & set(write.remove)
    return not item


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code"))


def _reasons(error: ClientError) -> list[Any]:
    """Return the reasons of a cancelled transaction, one for each write; none for another error."""
    return list(error.response.get("CancellationReasons", []))


def _raise_failed_condition(error: ClientError) -> None:
    """Raise ConditionFailed if that is what an error says, of a transaction or of a single write."""
    reasons = _reasons(error)
    if _code(error) == _CONDITION_FAILED:
        reasons = [{"Code": "ConditionalCheckFailed", "Item": error.response.get("Item")}]
    failed = [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]
    if any(failed):
        old = [decode_item(reason["Item"]) if reason.get("Item") else None for reason in reasons]
        raise ConditionFailed(old, failed) from error


def tell_lost_answers(client: "DynamoDBClient") -> None:
    """Mark the error of a write if botocore itself had retried it after a lost answer.

    Otherwise a write that was done and then throttled, or refused by what it wrote, looks like one never tried.
    """
    for operation in _WRITES:
        for moment, act in (("needs-retry", _note_lost), ("after-call", _mark_lost)):
            name = f"{act.__name__} {operation}"
            client.meta.events.register(f"{moment}.dynamodb.{operation}", act, unique_id=name)


def _note_lost(response: Any, request_dict: Any, **_: Any) -> None:
    """Note in the context of a call that a try has no answer, or one that leaves open whether it was committed."""
    if response is None or response[0].status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        request_dict["context"][_LOST_BEFORE] = True


def _mark_lost(parsed: Any, context: Any, **_: Any) -> None:
    if _LOST_BEFORE in context:
        parsed["ResponseMetadata"][_LOST_BEFORE] = True


_BUSY_ZONE = "others are changing the same zone at this moment; try again"
_BUSY_TABLE = "the service has too much to do at this moment; try again"


def _pause(tries: int, reason: str = _BUSY_TABLE) -> None:
    """Wait before the next try. Raise ZoneBusy with a reason after as many `tries` as a function has time for."""
    if tries > len(_PAUSES):
        raise ZoneBusy(reason)
    time.sleep(_PAUSES[tries - 1] * random.uniform(0.5, 1))  # noqa: S311 - it spreads writers, and keeps no secret


def _out_of_time(tries: int, began: float) -> bool:
    return tries > len(_PAUSES) or time.monotonic() - began > _PATIENCE


def _sort_keys(prefix: str, after: str | None, until: str | None, *, newest_first: bool) -> tuple[str, Item]:
    """Return the condition of a query on the sort key, and its values. Both are empty for a whole partition."""
    if after is not None:
        low, high = (prefix, after) if newest_first else (after, prefix + "\U0010ffff")
        return " AND #sk BETWEEN :low AND :high", {":low": low, ":high": high}
    if until is not None:
        return " AND #sk < :until", {":until": until}
    return (" AND begins_with(#sk, :prefix)", {":prefix": prefix}) if prefix else ("", {})


def _update(write: Update) -> tuple[str, dict[str, str], Item]:
    """Return the expression of an update, with its names and values."""
    names: dict[str, str] = {}
    values: Item = {}
    clauses = []
    if write.set or write.append:
        plain, longer = write.set or {}, write.append or {}
        names |= {f"#s{n}": name for n, name in enumerate((*plain, *longer))}
        values |= {f":s{n}": value for n, value in enumerate((*plain.values(), *longer.values()))}
        terms = [f"#s{n} = :s{n}" for n in range(len(plain))]
        terms += [f"#s{n} = list_append(#s{n}, :s{n})" for n in range(len(plain), len(plain) + len(longer))]
        clauses.append("SET " + ", ".join(terms))
    if write.add:
        names |= {f"#a{n}": name for n, name in enumerate(write.add)}
        values |= {f":a{n}": value for n, value in enumerate(write.add.values())}
        clauses.append("ADD " + ", ".join(f"#a{n} :a{n}" for n in range(len(write.add))))
    if write.remove:
        names |= {f"#r{n}": name for n, name in enumerate(write.remove)}
        clauses.append("REMOVE " + ", ".join(f"#r{n}" for n in range(len(write.remove))))
    return " ".join(clauses), names, values


def without_none(item: Mapping[str, Any]) -> Item:
    """Return the attributes that are not None."""
    return {name: value for name, value in item.items() if value is not None}
