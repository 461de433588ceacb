# ruff: noqa: SLF001 - MiniStack has no public names for the patched functions
"""Sorted secondary indexes for the emulated DynamoDB, so that a query reads only its page.

For every page, MiniStack 1.5.33 collects all items of an index partition, sorts them, and compares each with the key
condition. That takes two seconds for a page of 100,000 zones, where DynamoDB seeks. This module keeps a partition
sorted after its first query. A query gets only the items of its page, found by bisection. MiniStack still applies
conditions, filters, projections, limits and cursors to them.

This works for queries by the partition key only, from any start key. A query with a sort key condition, or with a key
of several attributes, reads the whole partition as before.
"""

import bisect
import threading
from dataclasses import dataclass
from typing import Any

Entry = tuple[tuple[Any, ...], Any, Any, int]
"""Of one item: its place in the order, its partition key and sort key in the table, and its bytes in the index."""


class Members(dict[str, Any]):
    """The members of a table's indexes in MiniStack's form, with the sorted partitions of past queries.

    MiniStack drops this object if many items or indexes change at once. The sorted partitions are dropped with it.
    """

    def __init__(self, plain: dict[str, Any]) -> None:
        super().__init__(plain)
        self.sorted: dict[tuple[str, Any], list[Entry]] = {}
        """Sorted entries by name of the index and partition."""


@dataclass(frozen=True, slots=True)
class Index:
    """One index of a table, both in MiniStack's form."""

    dynamodb: Any
    table: Any
    name: str
    hashes: list[str]
    ranges: list[str]

    def place(self, item: Any) -> tuple[Any, ...]:
        """Return the place of an item, or of a start key, in its partition."""
        keys = self.dynamodb._index_order_keys(self.table, self.ranges)
        return tuple(self.dynamodb._index_order_value(item, name, kind) for name, kind in keys)

    def entry(self, pk: Any, sk: Any, item: Any) -> Entry:
        """Return the entry of an item."""
        shown = self.dynamodb._apply_index_projection(item, self.table, self.name)
        return self.place(item), pk, sk, self.dynamodb._item_size_bytes(shown)


class Indexes:
    """Replacements of MiniStack's functions."""

    def __init__(self, dynamodb: Any) -> None:
        self.dynamodb = dynamodb
        self.plain_query = dynamodb._query
        self.plain_members = dynamodb._index_members
        self.plain_note = dynamodb._index_item
        self.asked = threading.local()

    def query(self, data: Any) -> Any:
        """Run a query, and tell `members` its arguments."""
        self.asked.data = data
        try:
            return self.plain_query(data)
        finally:
            self.asked.data = None

    def members(self, table: Any) -> Any:
        """Return the keys of items by index and partition: all keys, or those that the page of a query needs.

        A query calls this after its arguments were validated.
        """
        found = self.plain_members(table)
        if not isinstance(found, Members):
            found = table[self.dynamodb._INDEX_MEMBERS] = Members(found)
        data = getattr(self.asked, "data", None)
        return found if data is None else self._page(table, found, data)

    def note(self, table: Any, pk: Any, sk: Any, item: Any, add: bool) -> None:  # noqa: FBT001 - MiniStack's
        """Note an added or a removed item. A changed item is removed and added."""
        self.plain_note(table, pk, sk, item, add)
        found = table.get(self.dynamodb._INDEX_MEMBERS)
        if not isinstance(found, Members):
            return
        for index in (Index(self.dynamodb, table, *each) for each in self.dynamodb._index_key_schemas(table)):
            entries = found.sorted.get((index.name, self.dynamodb._index_partition(item, index.hashes, index.ranges)))
            if entries is None:
                continue
            entry = index.entry(pk, sk, item)
            number = bisect.bisect_left(entries, entry)
            if add:
                entries.insert(number, entry)
            else:
                assert entries[number] == entry, f"{entry} is not where it was put"
                del entries[number]

    def _page(self, table: Any, found: Members, data: Any) -> Any:
        name, condition = data["IndexName"], data.get("KeyConditionExpression") or ""
        index = Index(
            self.dynamodb, table, name, *self.dynamodb._index_key_lists(self.dynamodb._index_def(table, name))
        )
        clauses = self.dynamodb._key_condition_clauses(self.dynamodb._tokenize(condition))
        if len(clauses) != 1 or len(index.hashes) > 1 or len(index.ranges) > 1:
            return found
        partition = self.dynamodb._extract_pk_from_condition(
            condition,
            data.get("ExpressionAttributeValues", {}),
            data.get("ExpressionAttributeNames", {}),
            index.hashes[0],
        )
        entries = found.sorted.get((name, partition))
        if entries is None:
            keys = found.get(name, {}).get(partition, ())
            entries = sorted(index.entry(pk, sk, table["items"][pk][sk]) for pk, sk in keys)
            found.sorted[name, partition] = entries
        start, forward = data.get("ExclusiveStartKey"), data.get("ScanIndexForward", True)
        seek = bisect.bisect_right if forward else bisect.bisect_left
        at = seek(entries, index.place(start), key=_place) if start else (0 if forward else len(entries))
        taken: dict[tuple[Any, Any], None] = {}
        octets = 0
        for number in range(at, len(entries)) if forward else range(at - 1, -1, -1):
            _, pk, sk, size = entries[number]
            taken[pk, sk] = None
            octets += size
            if len(taken) == data.get("Limit") or octets > self.dynamodb._DDB_PAGE_SIZE_BYTES:
                break
        return {name: {partition: taken}}


def _place(entry: Entry) -> tuple[Any, ...]:
    return entry[0]


def sort_indexes(dynamodb: Any) -> None:
    """Replace MiniStack's functions."""
    indexes = Indexes(dynamodb)
    dynamodb._query = indexes.query
    dynamodb._index_members = indexes.members
    dynamodb._index_item = indexes.note
