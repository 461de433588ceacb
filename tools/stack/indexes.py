# ruff: noqa: SLF001 - what is put right here has no other name in MiniStack
"""Secondary indexes of the emulated DynamoDB in order, so that a query reads what it answers.

MiniStack 1.5.33 knows which items an index has of a partition, but for every page it collects them all, sorts them and
holds each against the key condition: two seconds for a page of 100,000 zones, where DynamoDB seeks. Here a partition
that was once asked for is kept sorted, and a query is handed the items of its page, found by bisection; it does with
them what it always does, so that conditions, filters, projections, limits and cursors are MiniStack's still.

That is for a query by the partition alone, from whatever key on. One that names the sort key too, or a key of several
attributes, looks at its whole partition as before.
"""

import bisect
import threading
from dataclasses import dataclass
from typing import Any

Entry = tuple[tuple[Any, ...], Any, Any, int]
"""Of one item: its place in the order, its partition and sort key in the table, and its octets in the index."""


class Members(dict[str, Any]):
    """The members of a table's indexes as MiniStack has them, and with them the partitions asked for, sorted.

    MiniStack drops the whole of it where items or indexes change otherwise than one by one, so the order goes too.
    """

    def __init__(self, plain: dict[str, Any]) -> None:
        super().__init__(plain)
        self.sorted: dict[tuple[str, Any], list[Entry]] = {}
        """By name of the index and partition."""


@dataclass(frozen=True, slots=True)
class Index:
    """One index of a table, both as MiniStack describes them."""

    dynamodb: Any
    table: Any
    name: str
    hashes: list[str]
    ranges: list[str]

    def place(self, item: Any) -> tuple[Any, ...]:
        """Where an item, or a key to start from, stands in its partition."""
        keys = self.dynamodb._index_order_keys(self.table, self.ranges)
        return tuple(self.dynamodb._index_order_value(item, name, kind) for name, kind in keys)

    def entry(self, pk: Any, sk: Any, item: Any) -> Entry:
        """What is kept of an item."""
        shown = self.dynamodb._apply_index_projection(item, self.table, self.name)
        return self.place(item), pk, sk, self.dynamodb._item_size_bytes(shown)


class Indexes:
    """The functions that stand in for MiniStack's."""

    def __init__(self, dynamodb: Any) -> None:
        self.dynamodb = dynamodb
        self.plain_query = dynamodb._query
        self.plain_members = dynamodb._index_members
        self.plain_note = dynamodb._index_item
        self.asked = threading.local()

    def query(self, data: Any) -> Any:
        """A query, which remembers for `members` what it is."""
        self.asked.data = data
        try:
            return self.plain_query(data)
        finally:
            self.asked.data = None

    def members(self, table: Any) -> Any:
        """By index and partition the keys of the items: all, but to a query no more than its page needs.

        A query comes here when all its arguments are known to be good.
        """
        found = self.plain_members(table)
        if not isinstance(found, Members):
            found = table[self.dynamodb._INDEX_MEMBERS] = Members(found)
        data = getattr(self.asked, "data", None)
        return found if data is None else self._page(table, found, data)

    def note(self, table: Any, pk: Any, sk: Any, item: Any, add: bool) -> None:  # noqa: FBT001 - MiniStack's
        """An item begins or ceases to be; a changed one does both."""
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
    """Put the functions in the place of MiniStack's."""
    indexes = Indexes(dynamodb)
    dynamodb._query = indexes.query
    dynamodb._index_members = indexes.members
    dynamodb._index_item = indexes.note
