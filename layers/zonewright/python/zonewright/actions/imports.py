"""Imports: create a zone from a master file, at once or after an upload.

        POST, file in the body ──▶ zone and task COMPLETE, or task ERROR, in one transaction
        POST, no file ──▶ task PENDING, a form to upload with
                            └── file in the bucket ──event──▶ zone and task COMPLETE, or task ERROR

One transaction creates the zone and ends its task, and it needs a PENDING task. The id of the zone is derived from the
id of the task. So an event that comes twice creates one zone, and a retry is safe after a try that died.

A form may be used again while the file is read. Each upload has an event of its own, and is read only if it is the
present one. One upload is used wholly: the first that comes to an end. The tries of each upload are counted apart, so
many uploads of a good file do not look like tries that died. S3 holds an upload to the largest size. A file is deleted
when its import has ended, and so is one that arrives later.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zonewright import clock
from zonewright.actions import bearers, uploads, zones
from zonewright.actions.zones import NewZone
from zonewright.errors import NotAuthenticated, NotAuthorized, RequestError, TooLarge, ZoneBusy
from zonewright.model import policy
from zonewright.model.users import Caller
from zonewright.model.zonetask import UPLOADS, TaskKind, TaskStatus, ZoneTask
from zonewright.protocol.zonefile import reader
from zonewright.protocol.zonefile.reader import ZoneFile
from zonewright.service import Service
from zonewright.store import slots, tokens, users
from zonewright.store import zonetasks as store
from zonewright.store.table import ConditionFailed, Delete, Write

_FORGOTTEN = timedelta(days=1)
"""Lifetime of a PENDING task. All tries of the event are over by then, and S3 has deleted the file."""

READING = 900
"""Seconds that one upload may be read, while other uploads of the import wait. That is what its function may run."""

_TRIES = 2
"""Tries of an import. The next try, Lambda's last, only records the failure."""

Check = Callable[[ZoneFile, Mapping[str, str]], NewZone]
"""Return the new zone of a file and attributes. Raise the same errors as for a zone in JSON."""

Words = Callable[[RequestError], str]
"""Return the message of an import that failed with an error."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was uploaded under an S3 `key`. `etag` has no quotes. `sequencer` is S3's name for this upload."""

    key: str
    etag: str
    sequencer: str


def at_once(
    service: Service, source: bytes, attributes: Mapping[str, str], check: Check, *, words: Words, caller: Caller
) -> ZoneTask:
    """Import a file from the body of a request. Return the task, COMPLETE or ERROR.

    Raise OverQuota for too many attributes, or ZoneBusy if other transactions blocked this one; then nothing is stored.
    """
    policy.check_attributes(attributes, service.settings)
    task = _new_task(caller, attributes, service.now())
    try:
        new = check(reader.read(source, limits=reader.AT_ONCE), attributes)
        done = _complete(task, new)
        _create(service, task, new, store.put(done))
    except ZoneBusy:
        raise
    except RequestError as error:
        done = _failed(task, words(error))
        service.table.write(store.put(done))
    return done


def await_upload(service: Service, attributes: Mapping[str, str], *, caller: Caller) -> uploads.Upload:
    """Begin an import of a file that the caller will upload. Return its PENDING task and its form.

    Raise OverQuota for too many attributes, TooManyRequests for too many PENDING imports.
    """
    now, settings = service.now(), service.settings
    policy.check_attributes(attributes, settings)
    until = now + _FORGOTTEN
    task = replace(_new_task(caller, attributes, now), expires=until)
    taker = slots.Taker(slots.Kind.UPLOADS, task.group_id, task.id, until, settings.open_uploads)
    slots.take(service.table, taker, now, lambda slot: [store.put(replace(task, slot=slot))])
    return uploads.form_of(service, task)


def finish(service: Service, arrived: Arrival, check: Check, words: Words) -> ZoneTask | None:
    """Import a file that was uploaded, and delete the file. Return the task, COMPLETE or ERROR.

    Return None if no import waits for the file, if another try ended it, or if another upload replaced the file. The
    last is kept, because its own event follows. Raise ZoneBusy if another upload of the import is being read, or if
    other transactions blocked this one; then a retry may succeed.
    """
    from zonewright.contents.bucket import ObjectMissing

    try:
        task = _finish(service, arrived, check, words)
    except ObjectMissing:
        return None
    service.bucket.delete([arrived.key])
    return task


def _finish(service: Service, arrived: Arrival, check: Check, words: Words) -> ZoneTask | None:
    """Import a file. Return as `finish` does. Raise ObjectMissing for a replaced file, and ZoneBusy."""
    task = store.get(service.table, TaskKind.IMPORT, arrived.key.removeprefix(UPLOADS))
    if task is None or task.status is not TaskStatus.PENDING or not store.alive(task, service.now()):
        return None
    size, lines = service.bucket.lines(arrived.key, arrived.etag)
    try:
        if store.count_try(service.table, task, arrived.sequencer, service.now(), READING) > _TRIES:
            return _end(service, _failed(task, f"the import did not come to its end in {_TRIES} tries"))
        try:
            _refuse_revoked(service, task)
            new = check(_read_upload(service, size, lines), task.attributes)
            done = _ended(_complete(task, new), service.now())
            _create(service, task, new, store.end(done), store.slot(task))
        except ZoneBusy:
            raise
        except RequestError as error:
            return _end(service, _failed(task, words(error)))
    except ConditionFailed:  # the task has ended already, or was deleted
        return None
    return done


def _refuse_revoked(service: Service, task: ZoneTask) -> None:
    """Raise NotAuthorized if the caller of an import could not ask for it any more.

    The end of its token by time alone is none: the upload may take longer. DynamoDB deletes such a token later.
    """
    user = users.get(service.table, task.user_id)
    token = tokens.get(service.table, task.token) if task.token else None
    ended = task.token_ends is not None and task.token_ends <= service.now()
    revoked = task.token is not None and token is None and not ended
    member = user is not None and (user.is_super or task.group_id in user.group_ids)
    if user is None or user.locked or not member or revoked:
        raise NotAuthorized("its caller lost the right to it before the file came")
    if token is not None:
        try:
            bearers.check(service, token)
        except NotAuthenticated as error:
            raise NotAuthorized("what its caller logged in with was revoked before the file came") from error


def _read_upload(service: Service, size: int, lines: Iterable[bytes]) -> ZoneFile:
    """Return the uploaded master file of `size` bytes. Raise TooLarge, or MalformedZoneFile."""
    most = service.settings.import_bytes
    if size > most:
        raise TooLarge(f"the file has {size} octets, more than {most}")
    return reader.read(lines)


def _new_task(caller: Caller, attributes: Mapping[str, str], now: datetime) -> ZoneTask:
    assert caller.group_id is not None
    task_id = str(uuid.uuid4())
    return ZoneTask(
        id=task_id,
        kind=TaskKind.IMPORT,
        group_id=caller.group_id,
        user_id=caller.user_id,
        created=now,
        attributes=dict(attributes),
        token=caller.token.digest if caller.token else None,
        token_ends=caller.until,
    )


def _complete(task: ZoneTask, new: NewZone) -> ZoneTask:
    return replace(task, status=TaskStatus.COMPLETE, zone_id=task.new_zone_id, message=f"{new.name} imported")


def _failed(task: ZoneTask, message: str) -> ZoneTask:
    return replace(task, status=TaskStatus.ERROR, message=message)


def _ended(task: ZoneTask, now: datetime) -> ZoneTask:
    """Return a PENDING task as it ends at `now`. It no longer expires, and has neither slot nor token."""
    revision, updated = task.revision + 1, clock.after(task.created, now)
    return replace(task, revision=revision, updated=updated, expires=None, slot=None, token=None, token_ends=None)


def _end(service: Service, task: ZoneTask) -> ZoneTask:
    ended = _ended(task, service.now())
    slots.write(service.table, [store.end(ended)], store.slot(task))
    return ended


def _create(service: Service, task: ZoneTask, new: NewZone, end: Write, ends: Sequence[Delete] = ()) -> None:
    """Create the zone, write the end of its task, and free its slot, all or nothing."""
    caller = Caller(task.user_id, "", group_id=task.group_id)
    zones.create(service, replace(new, id=task.new_zone_id), caller=caller, also=[end], ends=ends)
