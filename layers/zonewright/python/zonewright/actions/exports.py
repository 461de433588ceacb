"""Exports: a zone's contents as a master file, in the response or by a task that names a version.

The text is written chunk by chunk. A text that is too large for one response becomes an object in S3, and the caller
gets a link to it. Exports of the same version share one object, if the object outlives the new link.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from zonewright.actions import history
from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.model.users import Caller
from zonewright.model.version import Version
from zonewright.model.zone import Zone
from zonewright.model.zonetask import TaskKind, TaskStatus, ZoneTask
from zonewright.service import Service
from zonewright.store import quotas
from zonewright.store import zonetasks as store

INLINE_BYTES = 5_000_000
"""Size limit of a text in a response, in bytes after JSON escapes. The response of a function has at most 6 MB."""

LINK_SECONDS = 3600
"""Seconds that a link to a text is valid."""

REUSED = timedelta(hours=22)
"""Highest age of an object that a new link may use. S3 deletes it after a day, and a link must stay valid."""

_PIECE = 1 << 16
"""About the characters of one piece of text."""


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


def export(service: Service, zone: Zone, found: Version) -> Export:
    """Return the master file of the version `found`, as text or as a link."""
    ttl = zone.ttl if found.ttl is None else found.ttl
    pieces = _pieces(service.bucket, zone, found, ttl)
    begun: list[str] = []
    size = 0
    for piece in pieces:
        begun.append(piece)
        size += len(piece) + piece.count("\n") + piece.count('"') + piece.count("\\")
        if size > INLINE_BYTES:
            break
    else:
        return Export("".join(begun))
    key = f"exports/{zone.id}/{found.number}-{ttl}"
    written = service.bucket.modified(key)
    if written is None or service.now() - written > REUSED:
        octets = (piece.encode("ascii") for piece in chain(begun, pieces))
        service.bucket.put_stream(key, octets, "text/dns; charset=UTF-8")
    return Export(link=service.bucket.link(key, LINK_SECONDS))


def begin(service: Service, zone: Zone, *, caller: Caller) -> ZoneTask:
    """Store and return a task that names the zone's current version. Raise VersionNotFound, OverQuota.

    The task is COMPLETE at once, because a version never changes.
    """
    found = version(service, zone)
    task = ZoneTask(
        id=str(uuid.uuid4()),
        kind=TaskKind.EXPORT,
        group_id=zone.group_id,
        user_id=caller.user_id,
        created=service.now(),
        status=TaskStatus.COMPLETE,
        zone_id=zone.id,
        contents=found.number,
    )
    service.table.write(store.put(task))
    return task


def _pieces(bucket: Bucket, zone: Zone, found: Version, ttl: int) -> Iterator[str]:
    """Yield the text in pieces of about `_PIECE` characters. One chunk at a time is in memory."""
    from zonewright.protocol.zonefile import writer

    held: list[str] = []
    size = 0
    for text in writer.write(chunks.lines(bucket, zone.id, found.chunks), zone.name, ttl):
        held.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
