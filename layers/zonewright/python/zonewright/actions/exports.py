"""Exports: a zone's contents as a master file, in the response or by a task that keeps the text.

The text is written chunk by chunk. A text that is too large for one response becomes an object in S3, and the caller
gets a link to it. Exports of the same version share one object, if the object outlives the new link.

The text of a task is an object of its own, written before the task. Both expire: the task first, the object a day
later. So a task that is listed has its text, also after its version was swept, and after its zone was deleted or handed
over.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from zonewright.actions import history, zones
from zonewright.actions.recordset_search import Contents, Deadline
from zonewright.contents.bucket import Bucket, ObjectMissing
from zonewright.errors import ExportNotFound
from zonewright.model import payload
from zonewright.model.users import Caller
from zonewright.model.version import Version
from zonewright.model.zone import Zone
from zonewright.model.zonetask import TaskKind, TaskStatus, ZoneTask
from zonewright.service import Service
from zonewright.store import quotas
from zonewright.store import zonetasks as store

INLINE_BYTES = payload.PAGE
"""Size limit of a text in a response, in octets of the response (`payload.py`)."""

LINK_SECONDS = 300
"""Seconds that a link to a text is valid, if its caller's token does not end before. S3 cannot take a link back."""

KEPT = timedelta(days=30)
"""Lifetime of a task. S3 deletes its text a day later (`exported/` in template.yaml), when no link is valid."""

REUSED = timedelta(hours=22)
"""Highest age of an object that a new link may use. S3 deletes it after a day, and a link must stay valid."""


@dataclass(frozen=True, slots=True)
class Export:
    """Master file of a zone: its `text`, or a `link` to it if it is large."""

    text: str = ""
    link: str | None = None


def version(service: Service, zone: Zone, number: int | None = None) -> Version:
    """Return a version of the zone to export: version `number`, or the current one.

    Raise VersionNotFound, or OverQuota if it has more record sets than an export may have.
    """
    found = history.version(service, zone, number)
    quotas.get(service.table, service.settings, zone.group_id).check("api_export_size", found.rrsets)
    return found


def export(service: Service, zone: Zone, found: Version, *, until: datetime | None = None) -> Export:
    """Return the master file of the version `found`, as text or as a link that ends at `until`. Raise TooLarge."""
    ttl = _ttl(zone, found)
    pieces = _pieces(service.bucket, zone, found, ttl)
    begun: list[str] = []
    size = 0
    for piece in pieces:
        begun.append(piece)
        size += payload.octets(piece)
        if size > INLINE_BYTES:
            break
    else:
        return Export("".join(begun))
    key = f"exports/{zone.id}/{found.number}-{ttl}"
    written = service.bucket.modified(key)
    if written is None or service.now() - written > REUSED:
        _store(service.bucket, key, chain(begun, pieces))
    return Export(link=_link(service, key, until))


def begin(service: Service, zone: Zone, *, caller: Caller) -> ZoneTask:
    """Store the text of the zone's current version, and a task for it. Return the task, which is COMPLETE at once.

    Raise VersionNotFound, OverQuota, TooLarge.
    """
    found, now = version(service, zone), service.now()
    task = ZoneTask(
        id=str(uuid.uuid4()),
        kind=TaskKind.EXPORT,
        group_id=zone.group_id,
        user_id=caller.user_id,
        created=now,
        status=TaskStatus.COMPLETE,
        zone_id=zone.id,
        contents=found.number,
        expires=now + KEPT,
    )
    _store(service.bucket, task.text_key, _pieces(service.bucket, zone, found, _ttl(zone, found)))
    service.table.write(store.put(task))
    return task


def exported(service: Service, task: ZoneTask, *, caller: Caller, everywhere: bool) -> Export:
    """Return the text of a task, or a link to it. Raise ExportNotFound if an operator deleted the text.

    A task of an older deployment has no text. It shows the version of its zone, and needs both. For such a task, raise
    ZoneNotFound, VersionNotFound or OverQuota.
    """
    if task.expires is None:
        assert task.zone_id is not None
        zone = zones.visible(service, task.zone_id, caller=caller, everywhere=everywhere)
        return export(service, zone, version(service, zone, task.contents), until=caller.until)
    try:
        octets = service.bucket.get_small(task.text_key, INLINE_BYTES)
    except ObjectMissing as error:
        raise ExportNotFound("its text is gone", task=task.id) from error
    text = None if octets is None else octets.decode("ascii")
    if text is None or payload.octets(text) > INLINE_BYTES:
        return Export(link=_link(service, task.text_key, caller.until))
    return Export(text)


def _link(service: Service, key: str, until: datetime | None) -> str:
    """Return a link to an object. It does not outlive the token of its caller, which ends at `until`."""
    left = LINK_SECONDS if until is None else int((until - service.now()).total_seconds())
    return service.bucket.link(key, max(1, min(left, LINK_SECONDS)))


def _ttl(zone: Zone, found: Version) -> int:
    """Return the TTL of RRsets without one."""
    return zone.ttl if found.ttl is None else found.ttl


def _store(bucket: Bucket, key: str, pieces: Iterable[str]) -> None:
    """Write a text as an object for links."""
    bucket.put_stream(key, (piece.encode("ascii") for piece in pieces), "text/dns; charset=UTF-8")


def _pieces(bucket: Bucket, zone: Zone, found: Version, ttl: int) -> Iterator[str]:
    """Return the text in pieces. A few chunks at a time are in memory.

    Raise TooLarge if that takes too long.
    """
    from zonewright.protocol.zonefile import writer

    contents = Contents(zone, found, Deadline("read the record sets page by page, or transfer the zone"))
    return writer.write(chain.from_iterable(contents.lines(bucket)), zone.name, ttl)
