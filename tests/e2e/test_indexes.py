# ruff: noqa: SLF001 - MiniStack has no other names for what is looked at here
"""The emulator's queries of an index answer in order what they answered before, whatever is written between."""

import importlib
import json
import random
import time
from types import SimpleNamespace

import pytest

indexes = importlib.import_module("stack.indexes")
lateness = importlib.import_module("stack.lateness")

KINDS = {"pk": "S", "sk": "S", "a": "S", "b": "S", "n": "N", "o": "B"}
INDEXES = {
    "text": (["a", "b"], "ALL"),
    "number": (["a", "n"], "KEYS_ONLY"),
    "octets": (["a", "o"], "ALL"),
    "hash": (["b"], "KEYS_ONLY"),
}


@pytest.fixture
def emulated(monkeypatch):
    """MiniStack's DynamoDB with a table and its indexes, and ours over it."""
    dynamodb = importlib.import_module("ministack.services.dynamodb")
    monkeypatch.setattr(dynamodb, "_tables", type(dynamodb._tables)())
    for name in ("_query", "_index_members", "_index_item"):
        monkeypatch.setattr(dynamodb, name, getattr(dynamodb, name))
    ours = indexes.Indexes(dynamodb)
    indexes.sort_indexes(dynamodb)
    done = dynamodb._create_table(
        {
            "TableName": "table",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in KINDS.items()],
            "KeySchema": schema(["pk", "sk"]),
            "GlobalSecondaryIndexes": [
                {"IndexName": name, "KeySchema": schema(keys), "Projection": {"ProjectionType": projected}}
                for name, (keys, projected) in INDEXES.items()
            ],
        }
    )
    assert done[0] == 200, done
    return SimpleNamespace(dynamodb=dynamodb, plain=ours.plain_query)


def schema(names):
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]


def an_item(chance):
    """Few values, so that places are shared; now and then a key of an index is missing, or the item is large."""
    item = {"pk": {"S": f"p{chance.randrange(12)}"}, "sk": {"S": f"s{chance.randrange(5)}"}}
    some = {
        "a": {"S": chance.choice("xy")},
        "b": {"S": chance.choice(["", "é", "b", "bb", "Z"]) + "-"},
        "n": {"N": chance.choice(["-3", "2", "10", "1.5"])},
        "o": {"B": chance.choice(["AA==", "/w==", "fw=="])},
    }
    item |= {name: value for name, value in some.items() if chance.random() < 0.85}
    return item | {"rest": {"S": "r" * chance.choice([1, 20, 300_000])}, "m": {"N": str(chance.randrange(9))}}


def write(dynamodb, chance):
    item = an_item(chance)
    key = {name: item[name] for name in ("pk", "sk")}
    other = an_item(chance)
    ways = [
        lambda: dynamodb._put_item({"TableName": "table", "Item": item}),
        lambda: dynamodb._delete_item({"TableName": "table", "Key": key}),
        lambda: dynamodb._update_item(
            {
                "TableName": "table",
                "Key": key,
                "UpdateExpression": chance.choice(["SET a = :a, n = :n", "SET a = :a REMOVE b ADD n :n"]),
                "ExpressionAttributeValues": {":a": {"S": chance.choice("xy")}, ":n": {"N": "1"}},
            }
        ),
        lambda: dynamodb._transact_write_items({"TransactItems": [{"Put": {"TableName": "table", "Item": item}}]}),
        lambda: dynamodb._batch_write_item(
            {"RequestItems": {"table": [{"PutRequest": {"Item": each}} for each in (item, other)]}}
        ),
    ]
    status, _, body = chance.choices(ways, [4, 3, 2, 2, 2])[0]()
    assert status == 200 or b"duplicates" in body, body


def a_query(chance, cursors):
    index = chance.choice(list(INDEXES))
    hashed = INDEXES[index][0][0]
    query = {
        "TableName": "table",
        "IndexName": index,
        "KeyConditionExpression": chance.choice(["#h = :h", ":h = #h"]),
        "ExpressionAttributeNames": {"#h": hashed},
        "ExpressionAttributeValues": {":h": {"S": chance.choice(["x", "y", "b-", "-", "nobody"])}},
        "ScanIndexForward": chance.random() < 0.5,
    }
    if chance.random() < 0.6:
        query["Limit"] = chance.randrange(1, 8)
    if chance.random() < 0.25:
        query["FilterExpression"] = "m < :m"
        query["ExpressionAttributeValues"][":m"] = {"N": "5"}
    if chance.random() < 0.2:
        query["ProjectionExpression"] = "pk, m"
    elif chance.random() < 0.2:
        query["Select"] = "COUNT"
    if index == "text" and chance.random() < 0.3:
        query["KeyConditionExpression"] = "#h = :h AND begins_with(b, :b)"
        query["ExpressionAttributeValues"][":b"] = {"S": "b"}
    if cursors.get(index) and chance.random() < 0.6:
        query["ExclusiveStartKey"] = chance.choice(cursors[index])
        query["ExpressionAttributeValues"][":h"] = query["ExclusiveStartKey"][hashed]
    return query


@pytest.mark.parametrize("seed", range(4))
def test_a_query_answers_as_before_whatever_was_written(emulated, seed):
    chance = random.Random(seed)
    cursors, pages = {}, 0
    for _ in range(250):
        for _ in range(chance.randrange(4)):
            write(emulated.dynamodb, chance)
        query = a_query(chance, cursors)

        ours, plain = emulated.dynamodb._query(query), emulated.plain(query)

        assert ours == plain, query
        answer = json.loads(ours[2])
        if "LastEvaluatedKey" in answer:
            cursors.setdefault(query["IndexName"], []).append(answer["LastEvaluatedKey"])
            pages += bool(query.get("ExclusiveStartKey"))
    assert pages > 10


def test_items_replaced_at_once_are_put_in_order_anew(emulated):
    query = {
        "TableName": "table",
        "IndexName": "text",
        "KeyConditionExpression": "a = :a",
        "ExpressionAttributeValues": {":a": {"S": "x"}},
    }
    keys = [{"pk": {"S": "p"}, "sk": {"S": letter}, "a": {"S": "x"}, "b": {"S": letter}} for letter in "cab"]
    for key in keys:
        emulated.dynamodb._put_item({"TableName": "table", "Item": key})
    before = json.loads(emulated.dynamodb._query(query)[2])["Items"]

    table = emulated.dynamodb._tables.get("table")
    del table["items"]["p"]["b"]
    emulated.dynamodb._items_replaced(table)

    assert [each["b"]["S"] for each in before] == ["a", "b", "c"]
    assert [each["b"]["S"] for each in json.loads(emulated.dynamodb._query(query)[2])["Items"]] == ["a", "c"]


def test_a_page_of_a_large_partition_looks_at_no_more_than_itself(emulated, monkeypatch):
    for number in range(1000):
        item = {"pk": {"S": str(number)}, "sk": {"S": "s"}, "a": {"S": "x"}, "b": {"S": f"{number:04}"}}
        emulated.dynamodb._put_item({"TableName": "table", "Item": item})
    looked = []
    evaluate = emulated.dynamodb._evaluate_condition
    monkeypatch.setattr(
        emulated.dynamodb,
        "_evaluate_condition",
        lambda text, item, *rest, **named: looked.append(item) or evaluate(text, item, *rest, **named),
    )

    answer = emulated.dynamodb._query(
        {
            "TableName": "table",
            "IndexName": "text",
            "KeyConditionExpression": "a = :a",
            "ExpressionAttributeValues": {":a": {"S": "x"}},
            "Limit": 5,
            "ScanIndexForward": False,
        }
    )

    shown = [each["b"]["S"] for each in json.loads(answer[2])["Items"]]
    assert shown == ["0999", "0998", "0997", "0996", "0995"]
    assert len(looked) == 5


def test_a_late_index_shows_a_new_entry_after_its_delay(emulated, monkeypatch):
    dynamodb = emulated.dynamodb
    monkeypatch.setattr(dynamodb, "_set_item", dynamodb._set_item)
    lateness.show_late(dynamodb, 0.2)
    ask = {
        "TableName": "table",
        "KeyConditionExpression": "b = :b",
        "IndexName": "hash",
        "ExpressionAttributeValues": {":b": {"S": "-"}},
    }

    def found():
        return [item["pk"]["S"] for item in json.loads(dynamodb._query(ask)[2])["Items"]]

    def put(number, text="-", **more):
        item = {"pk": {"S": f"p{number}"}, "sk": {"S": "s"}, "b": {"S": text}, **more}
        dynamodb._put_item({"TableName": "table", "Item": item})

    put(1)
    new = found()
    time.sleep(0.25)
    put(2)
    put(1, m={"N": "5"})
    one = found()
    time.sleep(0.25)
    both = found()
    put(2, "elsewhere")

    assert (new, one, sorted(both), found()) == ([], ["p1"], ["p1", "p2"], ["p1"])
