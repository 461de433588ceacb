"""What a caller does with a master file: make a zone of it, at once or when it is uploaded.

        POST, file in the body ──▶ zone and task COMPLETE, or task ERROR, in one transaction
        POST, no file ──▶ task PENDING, a link to upload to
                            └── file in the bucket ──event──▶ zone and task COMPLETE, or task ERROR

The zone and the end of its task are one transaction that only a PENDING task lets through, and the zone's id follows
from the task's; so an event that comes twice makes one zone, and a try that died leaves nothing the next one minds.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zonewright.actions import zones
from zonewright.actions.zones import NewZone
from zonewright.errors import OverQuota, RequestError, TooLarge, ZoneBusy, ZoneExists
from zonewright.model.users import Caller
from zonewright.model.zonetask import UPLOADS, TaskKind, TaskStatus, ZoneTask
from zonewright.protocol.zonefile import reader
from zonewright.protocol.zonefile.reader import ZoneFile
from zonewright.service import Service
from zonewright.store import zonetasks as store
from zonewright.store.table import ConditionFailed, Write

UPLOAD_SECONDS = 3600
"""How long a link to upload to serves."""

_FORGOTTEN = timedelta(days=1)
"""When a PENDING task is forgotten: all tries of an event are over by then, and the file is gone as well."""

_TRIES = 2
"""How often an import is tried; Lambda calls once more, and then it is said that it failed."""

Check = Callable[[ZoneFile, Mapping[str, str]], NewZone]
"""Makes a zone to be of a file and attributes; raises what a caller who sent the same as JSON is told."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An import that waits for its file: where to PUT it, and until when."""

    task: ZoneTask
    link: str
    until: datetime


def at_once(
    service: Service, source: bytes, attributes: Mapping[str, str], check: Check, *, caller: Caller
) -> ZoneTask:
    """Import a file that came with the request; the task says how that ended. Raises ZoneBusy: nothing happened."""
    task = _task(caller, attributes, service.now())
    try:
        new = check(reader.read(source, limits=reader.AT_ONCE), attributes)
        done = _complete(task, new)
        _create(service, task, new, store.put(done))
    except ZoneBusy:
        raise
    except RequestError as error:
        done = _failed(task, _reason(error))
        service.table.write(store.put(done))
    return done


def await_upload(service: Service, attributes: Mapping[str, str], *, caller: Caller) -> Upload:
    """Begin an import whose file is to come."""
    now = service.now()
    task = replace(_task(caller, attributes, now), expires=now + _FORGOTTEN)
    service.table.write(store.put(task))
    return Upload(
        task, service.bucket.upload_link(task.upload_key, UPLOAD_SECONDS), now + timedelta(seconds=UPLOAD_SECONDS)
    )


def finish(service: Service, key: str, check: Check) -> ZoneTask | None:
    """Import the file that was uploaded under `key`; None where no import waits for it, or another try was faster."""
    task = store.get(service.table, TaskKind.IMPORT, key.removeprefix(UPLOADS))
    if task is None or task.status is not TaskStatus.PENDING or not store.alive(task, service.now()):
        return None
    try:
        if store.count_try(service.table, task) > _TRIES:
            return _end(service, _failed(task, f"the import did not come to its end in {_TRIES} tries"))
        try:
            new = check(_uploaded(service, key), task.attributes)
            done = _over(_complete(task, new), service.now())
            _create(service, task, new, store.end(done))
        except ZoneBusy:
            raise
        except RequestError as error:
            return _end(service, _failed(task, _reason(error)))
    except ConditionFailed:  # over already, or removed
        return None
    return done


def _uploaded(service: Service, key: str) -> ZoneFile:
    size, lines = service.bucket.lines(key)
    most = service.settings.import_bytes
    if size > most:
        raise TooLarge(f"the file has {size} octets, more than {most}")
    return reader.read(lines)


def _task(caller: Caller, attributes: Mapping[str, str], now: datetime) -> ZoneTask:
    assert caller.group_id is not None
    task_id = str(uuid.uuid4())
    return ZoneTask(task_id, TaskKind.IMPORT, caller.group_id, caller.user_id, now, attributes=dict(attributes))


def _complete(task: ZoneTask, new: NewZone) -> ZoneTask:
    return replace(task, status=TaskStatus.COMPLETE, zone_id=task.new_zone_id, message=f"{new.name} imported")


def _failed(task: ZoneTask, message: str) -> ZoneTask:
    return replace(task, status=TaskStatus.ERROR, message=message)


def _over(task: ZoneTask, now: datetime) -> ZoneTask:
    """A task that was PENDING, as it ends."""
    return replace(task, revision=task.revision + 1, updated=now, expires=None)


def _end(service: Service, task: ZoneTask) -> ZoneTask:
    over = _over(task, service.now())
    service.table.write(store.end(over))
    return over


def _create(service: Service, task: ZoneTask, new: NewZone, end: Write) -> None:
    """The zone and the end of its task, or neither."""
    caller = Caller(task.user_id, "", group_id=task.group_id)
    zones.create(service, replace(new, id=task.new_zone_id), caller=caller, also=[end])


def _reason(error: RequestError) -> str:
    """Why an import failed, beginning as today's Designate does (contract `designate.md`, section 6)."""
    if isinstance(error, ZoneExists):
        return f"Duplicate zone. {error.message}"
    if isinstance(error, OverQuota):
        return f"Quota exceeded during zone import. {error.message}"
    return error.message
