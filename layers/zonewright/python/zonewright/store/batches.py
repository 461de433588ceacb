"""Batch changes in the table: an item with what is known of a batch, and items with parts of its changes.

| item                  | pk       | sk           | gsi1pk       | gsi1sk     |
| batch                 | BATCH#id | BATCH        | BATCHES#user | created#id |
| batch, for everybody  | BATCH#id | ALL          | BATCHES      | created#id |
| part of its changes   | BATCH#id | CHANGES#0000 |              |            |

A change may have 64 KB, and a batch a thousand of them. So the parts are written first, each by itself, and the batch
exists with its own item. A batch that was rejected or cancelled says so for its changes, whose items stay.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.errors import BatchNotPending
from zonewright.model.batches.batch import Approval, Asked, Batch, BatchStatus, Change, ChangeType, Status
from zonewright.model.batches.problems import Kind, Problem
from zonewright.protocol.fields import Record
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, equal
from zonewright.store.table import ConditionFailed, Item, Put, Table, without_none

MOST_BYTES = 350_000
"""Bytes of the changes in an item, before they are packed."""

_BATCH, _ALL, _PART = "BATCH", "ALL", "CHANGES#"
_EVERY = "BATCHES"
"""The list of all batches."""

_OF_CHANGES = {Approval.MANUALLY_REJECTED: Status.REJECTED, Approval.CANCELLED: Status.CANCELLED}
"""The status of the changes of a batch that will not run."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A batch in a list, without its changes: their number, and how far they are as far as the item says."""

    batch: Batch
    total: int
    status: BatchStatus


def create(table: Table, batch: Batch) -> None:
    """Store a new batch with its changes."""
    for number, some in enumerate(_parts(batch.changes)):
        table.write(Put(_key(batch.id, f"{_PART}{number:04d}") | {"packed": some}))
    item = _item(batch)
    table.write(Put(item | _own_list(batch), ABSENT), Put(item | _key(batch.id, _ALL) | _list(_EVERY, batch), ABSENT))


def get(table: Table, batch_id: str) -> Batch | None:
    """Return a batch with its changes as last written, or None. It costs one query."""
    found = {item["sk"]: item for item in table.query(f"BATCH#{batch_id}")}
    if _BATCH not in found:
        return None
    parts = [item["packed"] for sort_key, item in sorted(found.items()) if sort_key.startswith(_PART)]
    batch = _from_item(found[_BATCH])
    changes = tuple(_change(each) for part in parts for each in json.loads(zlib.decompress(part)))
    status = _OF_CHANGES.get(batch.approval)
    return replace(batch, changes=tuple(replace(each, status=status) for each in changes) if status else changes)


def decide(table: Table, batch: Batch) -> None:
    """Store that a batch which waits for a review was rejected or cancelled. Raise BatchNotPending."""
    item = _item(batch)
    waits = equal(approval=str(Approval.PENDING_REVIEW))
    try:
        table.write(Put(item | _own_list(batch), waits), Put(item | _key(batch.id, _ALL) | _list(_EVERY, batch), waits))
    except ConditionFailed as error:
        raise BatchNotPending(batch=batch.id) from error


def listing(
    table: Table, user_id: str | None, *, start: datetime | None = None, end: datetime | None = None
) -> Iterator[Listed]:
    """Yield the batches of a user, or of all, newest first, that were created from `start` to `end`."""
    partition = _EVERY if user_id is None else f"{_EVERY}#{user_id}"
    behind = f"{clock.to_text(end)}$" if end else None  # the dollar sign follows the number sign
    for item in table.query(partition, index=keys.INDEX, newest_first=True, after=behind, step=100):
        batch = _from_item(item)
        if start and batch.created < start:
            return
        yield Listed(batch, item["total"], BatchStatus(item["status"]))


def _key(batch_id: str, sort_key: str) -> keys.ItemKey:
    return {"pk": f"BATCH#{batch_id}", "sk": sort_key}


def _list(partition: str, batch: Batch) -> keys.ItemKey:
    return {"gsi1pk": partition, "gsi1sk": f"{clock.to_text(batch.created)}#{batch.id}"}


def _own_list(batch: Batch) -> keys.ItemKey:
    return _key(batch.id, _BATCH) | _list(f"{_EVERY}#{batch.user_id}", batch)


_TIMES = ("created", "scheduled", "reviewed", "cancelled")


def _item(batch: Batch) -> Item:
    times = {name: getattr(batch, name) for name in _TIMES}
    return without_none(
        {
            "id": batch.id,
            "user_id": batch.user_id,
            "user_name": batch.user_name,
            "approval": str(batch.approval),
            "comments": batch.comments,
            "owner_group_id": batch.owner_group_id,
            "reviewer_id": batch.reviewer_id,
            "review_comment": batch.review_comment,
            "total": len(batch.changes),
            "status": str(batch.status),
            **{name: clock.to_text(moment) if moment else None for name, moment in times.items()},
        }
    )


def _from_item(item: Mapping[str, Any]) -> Batch:
    """Return the batch of an item, without its changes."""
    times = {name: clock.from_text(item[name]) for name in _TIMES if name in item}
    return Batch(
        id=item["id"],
        user_id=item["user_id"],
        user_name=item["user_name"],
        changes=(),
        approval=Approval(item["approval"]),
        comments=item.get("comments"),
        owner_group_id=item.get("owner_group_id"),
        reviewer_id=item.get("reviewer_id"),
        review_comment=item.get("review_comment"),
        **times,
    )


def _parts(changes: Sequence[Change]) -> Iterator[bytes]:
    """Yield the changes packed, as many together as an item has room for."""
    some: list[str] = []
    room = MOST_BYTES
    for each in changes:
        text = json.dumps(_plain(each), ensure_ascii=False, separators=(",", ":"))
        size = len(text.encode()) + 1
        if some and size > room:
            yield _packed(some)
            some, room = [], MOST_BYTES
        some.append(text)
        room -= size
    if some:
        yield _packed(some)


def _packed(texts: Iterable[str]) -> bytes:
    return zlib.compress(f"[{','.join(texts)}]".encode())


def _plain(change: Change) -> dict[str, Any]:
    record = change.asked.record
    return without_none(
        {
            "id": change.id,
            "change": str(change.asked.type),
            "name": change.asked.name,
            "type": change.asked.record_type,
            "number": record.type if record else None,
            "values": dict(record.values) if record else None,
            "asked_ttl": change.asked.ttl,
            "status": str(change.status),
            "ttl": change.ttl,
            "zone_id": change.zone_id,
            "zone_name": change.zone_name,
            "record_name": change.record_name,
            "problems": [[str(each.kind), each.message] for each in change.problems],
            "message": change.message,
            "record_change_id": change.record_change_id,
            "record_set_id": change.record_set_id,
        }
    )


def _change(plain: Mapping[str, Any]) -> Change:
    record = Record(plain["number"], plain["values"]) if "number" in plain else None
    asked = Asked(ChangeType(plain["change"]), plain["name"], plain["type"], record, plain.get("asked_ttl"))
    return Change(
        plain["id"],
        asked,
        Status(plain["status"]),
        plain.get("ttl"),
        zone_id=plain["zone_id"],
        zone_name=plain["zone_name"],
        record_name=plain["record_name"],
        problems=tuple(Problem(Kind(kind), message) for kind, message in plain["problems"]),
        message=plain.get("message"),
        record_change_id=plain.get("record_change_id"),
        record_set_id=plain.get("record_set_id"),
    )
