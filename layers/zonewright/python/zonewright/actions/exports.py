"""What a caller does with a zone's contents as a master file: read it at once, or by a task that names their version.

The text is made chunk by chunk. What is too large for one answer becomes an object that the caller is sent to; the
same version is written once and then found again, as long as the object will be there for the life of the link.
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
"""Octets of text, as JSON writes it, that one answer holds; a function's answer has at most 6 MB."""

LINK_SECONDS = 3600
"""How long a link to a text serves."""

REUSED = timedelta(hours=22)
"""Until what age an object is found again: a day old it may be gone, and its link must serve."""

_PIECE = 1 << 16
"""Characters of text that are handled as one."""


@dataclass(frozen=True, slots=True)
class Export:
    """A zone's contents as a master file: the `text`, or a `link` to it where it is large."""

    text: str = ""
    link: str | None = None


def version(service: Service, zone: Zone, number: int | None = None) -> Version:
    """A version of the zone's contents, the newest unless `number` names one.

    Raises VersionNotFound, OverQuota.
    """
    found = history.version(service, zone, number)
    quotas.get(service.table, service.settings, zone.group_id).check("api_export_size", found.rrsets)
    return found


def export(service: Service, zone: Zone, found: Version) -> Export:
    """The text of a version of the zone's contents."""
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
    """A task that names the zone's contents as they are now: it is complete at once, for a version never changes."""
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
    """The text, in pieces of some size; a chunk at a time is in memory."""
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
