"""Record sets of PRIMARY zones: create, change and delete them.

A write publishes a new version (`edit.py`). A writer that loses a race retries on the new version. It fails only if the
RRset that it writes has changed.
"""

from collections.abc import Callable
from datetime import datetime

from zonewright.actions import awaited, edit, placing, zones
from zonewright.actions.recordset_search import Contents
from zonewright.contents.bucket import Bucket
from zonewright.errors import (
    PreconditionFailed,
    RecordSetChanged,
    RecordSetExists,
    RecordSetNotFound,
)
from zonewright.model.diff import Move
from zonewright.model.recordset import Content, RecordSet, origin
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import placement, records, rrset
from zonewright.protocol.notes import Notes
from zonewright.protocol.types import SOA, type_text
from zonewright.service import Service
from zonewright.store import quotas, versions


def create(service: Service, zone: Zone, name: str, rdtype: int, content: Content, *, caller: Caller) -> RecordSet:
    """Create an RRset in a zone, and return it.

    Raise Invalid if the RRset is outside the zone or in a child zone, or may not be (`protocol/placement.py`). Raise
    RecordSetExists, OverQuota, NotAuthorized for a SECONDARY zone, ZoneSyncing, UpdatePending, or ZoneChanged if others
    keep changing the zone.
    """
    placing.refuse_secondary(zone)
    key, spelling = placement.place_of(name, origin(zone.name))
    if rdtype == SOA:
        records.check_editable(key, rdtype, "created", may_managed=False)
    placing.check_content(name, rdtype, content, service.settings, caller)
    placing.check_targets(placing.untaken(service, zone)(rdtype))
    placement.check_place(name, key, rdtype)
    (children,) = placing.children(service, zone, [name])
    limits = quotas.get(service.table, service.settings, zone.group_id)

    def moves(contents: Contents, at: datetime) -> list[Move]:
        around = placing.Stored(service.bucket, contents)
        notes = Notes(content.description, created=at, written=content.written)
        made = rrset.to_line(key, rdtype, content.ttl, content.rdatas, spelling, notes_text=str(notes))
        if around.at(rrset.place(made)) is not None:
            raise RecordSetExists(name=name, type=type_text(rdtype), zone=zone.name)
        placing.check(around, (name, key, rdtype), children)
        apex = contents.of_owner(service.bucket, "")
        placing.check_quotas(limits, contents, apex, rrsets=1, added=len(content.rdatas))
        limits.check("recordset_records", len(content.rdatas))
        return [Move(None, made)]

    return _publish_move(service, zone, moves, caller=caller)


def update(
    service: Service,
    found: RecordSet,
    content: Content,
    *,
    caller: Caller,
    managed: bool = False,
    exactly: bool = False,
) -> RecordSet:
    """Change the content of the RRset `found`, and return it. `managed` allows a change of the apex NS.

    An RRset that has this content already is returned as it is, and nothing is written.

    Raise as `create` does. Raise RecordSetChanged or RecordSetNotFound if it was changed or deleted since it was read.
    If `exactly`, raise PreconditionFailed if it was changed.
    """
    placing.refuse_secondary(found.zone)
    seen = found.rrset
    records.check_editable(seen.key, seen.type, "updated", may_managed=managed)
    placing.check_content(found.name, seen.type, content, service.settings, caller)
    placement.check_place(found.name, seen.key, seen.type)
    if content.is_of(seen):
        return found
    delegates = placing.delegates(service, found)
    limits = quotas.get(service.table, service.settings, found.zone.group_id)

    def moves(contents: Contents, at: datetime) -> list[Move]:
        before = _unchanged_line(service.bucket, contents, found, exactly=exactly)
        more = len(content.rdatas) - len(seen.rdatas)
        if more > 0 and not records.is_managed(seen.key, seen.type):
            apex = contents.of_owner(service.bucket, "")
            placing.check_quotas(limits, contents, apex, rrsets=0, added=more)
            limits.check("recordset_records", len(content.rdatas))
        was = seen.notes
        notes = was.rewritten(content.description, content.written, at)
        after = rrset.to_line(seen.key, seen.type, content.ttl, content.rdatas, seen.spelling, notes_text=str(notes))
        if delegates:
            placing.check_glue(placing.Stored(service.bucket, contents), found.name, found.rrset.line(), after)
        return [Move(before, after)]

    return _publish_move(service, found.zone, moves, caller=caller)


def delete(service: Service, found: RecordSet, *, caller: Caller, exactly: bool = False) -> RecordSet:
    """Delete the RRset `found`, and return it as it was. Raise as `update` does."""
    placing.refuse_secondary(found.zone)
    records.check_editable(found.rrset.key, found.rrset.type, "deleted", may_managed=False)
    delegates = placing.delegates(service, found)

    def moves(contents: Contents, _: datetime) -> list[Move]:
        before = _unchanged_line(service.bucket, contents, found, exactly=exactly)
        if delegates:
            placing.check_glue(placing.Stored(service.bucket, contents), found.name, found.rrset.line(), None)
        return [Move(before, None)]

    return _publish_move(service, found.zone, moves, caller=caller)


def _publish_move(
    service: Service, zone: Zone, moves: Callable[[Contents, datetime], list[Move]], *, caller: Caller
) -> RecordSet:
    """Publish the one move that `moves` returns. Return its RRset, or the deleted one.

    Each retry calls `moves` with the new version. An error of `moves` ends the write.
    """

    def attempt(zone: Zone, at: datetime) -> RecordSet:
        version = versions.get(service.table, zone.id, zone.version)
        assert version is not None, "a PRIMARY zone has contents from the beginning"
        (move,) = moves(Contents(zone, version), at)
        changed = edit.publish(service, zone, version, [move], caller=caller, now=at)
        return RecordSet(changed, rrset.from_line(move.after or move.before or ""), awaited.of(changed, move.kind))

    return edit.retry_on_conflict(service, zone, attempt, reload=lambda: zones.usable(service, zone.id, caller=caller))


def _unchanged_line(bucket: Bucket, contents: Contents, found: RecordSet, *, exactly: bool) -> str:
    """Return the line of an RRset to change.

    Raise RecordSetNotFound if it is gone. Raise RecordSetChanged if it is not as `found`, or PreconditionFailed if
    `exactly`.
    """
    line = contents.at(bucket, found.rrset.place)
    which = f"{found.name} {found.rrset.type_text()}"
    if line is None:
        raise RecordSetNotFound("another deleted it at this moment", record_set=which)
    if line != found.rrset.line():
        changed = f"Record set {which} was changed by another at this moment; read it again"
        raise PreconditionFailed(changed) if exactly else RecordSetChanged(changed)
    return line
