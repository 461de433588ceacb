"""Tasks in the table: one item each, listed by kind and project. A PENDING task expires."""

from collections.abc import Iterator
from datetime import datetime

from zonewright import clock
from zonewright.errors import ZoneBusy
from zonewright.model.zonetask import TaskKind, TaskStatus, ZoneTask
from zonewright.store import keys, slots
from zonewright.store.conditions import ABSENT, PRESENT, Condition, equal
from zonewright.store.table import ConditionFailed, Delete, Item, Put, Table, Update, without_none

PENDING = equal(status=str(TaskStatus.PENDING))


def to_item(task: ZoneTask) -> Item:
    """Return the item of a task."""
    item: Item = {
        **keys.zone_task(str(task.kind), task.id),
        **keys.zone_task_listing(str(task.kind), task.group_id, task.created, task.id),
        "id": task.id,
        "kind": str(task.kind),
        "group_id": task.group_id,
        "user_id": task.user_id,
        "created": clock.to_text(task.created),
        "status": str(task.status),
        "message": task.message,
        "zone_id": task.zone_id,
        "contents": task.contents,
        "attributes": task.attributes,
        "revision": task.revision,
        "updated": clock.to_text(task.updated) if task.updated else None,
        "expires": clock.epoch(task.expires) if task.expires else None,
        "slot": task.slot,
        "token": task.token,
        "token_ends": clock.epoch(task.token_ends) if task.token_ends else None,
    }
    return without_none(item)


def from_item(item: Item) -> ZoneTask:
    """Return the task of an item."""
    return ZoneTask(
        id=item["id"],
        kind=TaskKind(item["kind"]),
        group_id=item["group_id"],
        user_id=item["user_id"],
        created=clock.from_text(item["created"]),
        status=TaskStatus(item["status"]),
        message=item.get("message"),
        zone_id=item.get("zone_id"),
        contents=item.get("contents"),
        attributes=item["attributes"],
        revision=item["revision"],
        updated=clock.from_text(item["updated"]) if "updated" in item else None,
        expires=clock.from_epoch(item["expires"]) if "expires" in item else None,
        slot=item.get("slot"),
        token=item.get("token"),
        token_ends=clock.from_epoch(item["token_ends"]) if "token_ends" in item else None,
    )


def get(table: Table, kind: TaskKind, task_id: str) -> ZoneTask | None:
    """Return one task, even if it has expired, or None."""
    item = table.get(keys.zone_task(str(kind), task_id))
    return from_item(item) if item else None


def put(task: ZoneTask) -> Put:
    """Return the write of a new task."""
    return Put(to_item(task), ABSENT)


def end(task: ZoneTask) -> Put:
    """Return the write that ends a PENDING task. It fails if the task has ended or was deleted."""
    return Put(to_item(task), PENDING)


def delete(task: ZoneTask) -> Delete:
    """Return the write that deletes a task. It fails if the task is missing."""
    return Delete(keys.zone_task(str(task.kind), task.id), PRESENT)


def slot(task: ZoneTask) -> list[Delete]:
    """Return the write that frees the slot of a task, which `end` and `delete` need too. Nothing without a slot."""
    return slots.freed(slots.Kind.UPLOADS, task.group_id, task.slot, task.id)


def count_try(table: Table, task: ZoneTask, upload: str, now: datetime, seconds: int) -> int:
    """Count one more try to end a PENDING task with the file of `upload`, and return the number.

    For so many `seconds` no other upload of the task is tried. The tries of another upload do not count. Raise
    ConditionFailed if the task has ended, or ZoneBusy while another upload is tried.
    """
    key = keys.zone_task(str(task.kind), task.id)
    until = {"tried_until": clock.epoch(now) + seconds}
    unread = Condition(
        "attribute_not_exists(#until) OR #until <= :now", {"#until": "tried_until"}, {":now": clock.epoch(now)}
    )
    try:
        table.write(Update(key, set=until, add={"tries": 1}, condition=PENDING.also(equal(upload=upload))))
    except ConditionFailed:
        first = {"upload": upload, "tries": 1, **until}
        try:
            table.write(Update(key, set=first, condition=PENDING.also(unread)))
        except ConditionFailed as error:
            if error.old[0] and error.old[0]["status"] == TaskStatus.PENDING:
                raise ZoneBusy(f"another upload of import {task.id} is being read; try again") from error
            raise
        return 1
    item = table.get(key) or {}
    return int(item.get("tries", 1))


def listed(
    table: Table,
    kind: TaskKind,
    group_id: str,
    after: ZoneTask | None = None,
    *,
    limit: int | None = None,
    newest_first: bool = False,
) -> Iterator[ZoneTask]:
    """Yield the tasks of one kind of a project, the oldest first, behind `after`."""
    pk = keys.zone_task_list(str(kind), group_id)
    start = None
    if after is not None:
        own = keys.zone_task(str(kind), after.id)
        start = {**own, **keys.zone_task_listing(str(kind), group_id, after.created, after.id)}
    return map(from_item, table.query(pk, index=keys.INDEX, start=start, limit=limit, newest_first=newest_first))


def alive(task: ZoneTask, now: datetime) -> bool:
    """Return whether a task has not expired. DynamoDB deletes expired items some time later."""
    return task.expires is None or task.expires > now
