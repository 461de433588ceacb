"""Tasks of imports and exports: get, list and delete them."""

from zonewright.errors import ExportNotFound, ImportNotFound, TaskNotFound
from zonewright.model import selection
from zonewright.model.selection import Selection
from zonewright.model.users import Caller
from zonewright.model.zonetask import TaskKind, ZoneTask
from zonewright.service import Service
from zonewright.store import slots
from zonewright.store import zonetasks as store
from zonewright.store.table import ConditionFailed

_NOT_FOUND: dict[TaskKind, type[TaskNotFound]] = {TaskKind.IMPORT: ImportNotFound, TaskKind.EXPORT: ExportNotFound}


def get(service: Service, kind: TaskKind, task_id: str, *, caller: Caller, everywhere: bool = False) -> ZoneTask:
    """Return a task of the caller's group, or any task if `everywhere`.

    Raise ImportNotFound or ExportNotFound, also for an expired task.
    """
    task = store.get(service.table, kind, task_id)
    if task is None or not store.alive(task, service.now()):
        raise _missing(kind, task_id)
    if not (everywhere or caller.is_super or task.group_id == caller.group_id):
        raise _missing(kind, task_id)
    return task


def listing(
    service: Service, kind: TaskKind, group_id: str, wanted: Selection[ZoneTask]
) -> tuple[list[ZoneTask], int | None]:
    """Return a page of a group's tasks of one kind, and their number, or None if it was not requested.

    The marker is the id of a task. To count, filter or sort reads every task of the group. Raise MarkerNotFound.
    """
    table, now = service.table, service.now()
    after = wanted.after(lambda marker: store.get(table, kind, marker), lambda task: task.group_id == group_id)
    if wanted.stored and not wanted.counted:
        found = store.listed(table, kind, group_id, after)
        tasks = (task for task in found if store.alive(task, now))
        return [task for task, _ in zip(tasks, range(wanted.limit), strict=False)], None
    entries = (task for task in store.listed(table, kind, group_id) if store.alive(task, now))

    chosen, total = selection.page_after(entries, wanted, after)
    return chosen, total if wanted.counted else None


def remove(service: Service, task: ZoneTask) -> None:
    """Delete a task, and free its slot. Its zone stays. Raise ImportNotFound or ExportNotFound."""
    try:
        slots.write(service.table, [store.delete(task)], store.slot(task))
    except ConditionFailed as error:
        raise _missing(task.kind, task.id) from error


def _missing(kind: TaskKind, task_id: str) -> TaskNotFound:
    return _NOT_FOUND[kind](task=task_id)
