"""Lateness of indexes: a query of an index does not show what was written a moment ago, as in DynamoDB.

DynamoDB writes an item to its indexes after the write was answered, usually within a fraction of a second. MiniStack
writes both at once. With a delay, an item is hidden from an index for so long after it came to its place there. An item
that left an index is gone at once, and one that changed in its place is shown as it is.
"""

import json
import time
import types
from typing import Any


def show_late(dynamodb: types.ModuleType, seconds: float) -> None:
    """Hide new entries of indexes from queries for some seconds."""
    query, store = dynamodb._query, dynamodb._set_item  # noqa: SLF001 - MiniStack has no other names
    came: dict[tuple[Any, ...], float] = {}

    def places(table: Any, item: Any) -> dict[str, Any]:
        """Return the place of an item in each index that has it: partition and sort key."""
        found = {}
        for name, hashes, ranges in dynamodb._index_key_schemas(table):  # noqa: SLF001
            partition = dynamodb._index_partition(item, hashes, ranges)  # noqa: SLF001
            if partition is not None:
                found[name] = partition, [item[each] for each in ranges]
        return found

    def stored(table: Any, pk: Any, sk: Any, item: Any) -> Any:
        before = table["items"].get(pk, {}).get(sk)
        old = places(table, before) if before else {}
        for name, place in places(table, item).items():
            if old.get(name) != place:
                came[table["TableName"], name, pk, sk] = time.monotonic()
        return store(table, pk, sk, item)

    def queried(data: Any) -> Any:
        answer = query(data)
        if "IndexName" not in data or answer[0] != 200:
            return answer
        body, table = json.loads(answer[2]), dynamodb._tables[data["TableName"]]  # noqa: SLF001
        names = [each for each in (table["pk_name"], table["sk_name"]) if each]
        since = time.monotonic() - seconds

        def is_old(item: Any) -> bool:
            key = [dynamodb._extract_key_val(item[each]) for each in names]  # noqa: SLF001
            return came.get((data["TableName"], data["IndexName"], *key), since) <= since

        shown = list(filter(is_old, body.get("Items", ())))
        if len(shown) == len(body.get("Items", ())):
            return answer
        return answer[0], answer[1], json.dumps(body | {"Items": shown, "Count": len(shown)}).encode()

    dynamodb._query, dynamodb._set_item = queried, stored  # type: ignore[attr-defined] # noqa: SLF001
