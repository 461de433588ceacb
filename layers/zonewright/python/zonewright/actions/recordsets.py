"""Record sets of PRIMARY zones: create, change and delete them.

A write publishes a new version (`edit.py`). A writer that loses a race retries on the new version. It fails only if the
RRset that it writes has changed.
"""

import itertools
from collections.abc import Callable
from datetime import datetime

from zonewright.actions import edit, zones
from zonewright.actions.recordset_search import Contents
from zonewright.contents.bucket import Bucket
from zonewright.errors import (
    InChildZone,
    NotAuthorized,
    PreconditionFailed,
    RecordSetChanged,
    RecordSetExists,
    RecordSetMisplaced,
    RecordSetNotFound,
)
from zonewright.model import policy
from zonewright.model.diff import Move
from zonewright.model.quotas import Quotas
from zonewright.model.recordset import Content, RecordSet, origin
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import names, placement, records, rrset
from zonewright.protocol.notes import Notes
from zonewright.protocol.types import AAAA, DNAME, NS, SOA, A, type_text
from zonewright.service import Service
from zonewright.store import claims, quotas, versions

_SHOWN = 10
"""Record sets that one error names."""


def create(service: Service, zone: Zone, name: str, rdtype: int, content: Content, *, caller: Caller) -> RecordSet:
    """Create an RRset in a zone, and return it.

    Raise Invalid if the RRset is outside the zone or in a child zone, or may not be (`protocol/placement.py`). Raise
    RecordSetExists, OverQuota, NotAuthorized for a SECONDARY zone, ZoneSyncing, UpdatePending, or ZoneChanged if others
    keep changing the zone.
    """
    _refuse_secondary(zone)
    key, spelling = placement.place_of(name, origin(zone.name))
    if rdtype == SOA:
        records.check_editable(key, rdtype, "created", may_managed=False)
    _check_content(name, rdtype, content, service.settings, caller)
    placement.check_place(name, key, rdtype)
    children = _children(service, zone, name)
    limits = quotas.get(service.table, service.settings, zone.group_id)

    def moves(contents: Contents, at: datetime) -> list[Move]:
        siblings = contents.of_owner(service.bucket, key)
        notes = Notes(content.description, created=at, written=content.written)
        made = rrset.to_line(key, rdtype, content.ttl, content.rdatas, spelling, notes_text=str(notes))
        if any(rrset.place(line) == rrset.place(made) for line in siblings):
            raise RecordSetExists(name=name, type=type_text(rdtype), zone=zone.name)
        _check_child(service.bucket, contents, (name, key, rdtype), children)
        placement.check_company(name, key, rdtype, [rrset.type_of(line) for line in siblings])
        _check_dnames(service.bucket, contents, (name, key, rdtype))
        _check_quotas(limits, service.bucket, contents, rrsets=1, added=len(content.rdatas))
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
    _refuse_secondary(found.zone)
    seen = found.rrset
    records.check_editable(seen.key, seen.type, "updated", may_managed=managed)
    _check_content(found.name, seen.type, content, service.settings, caller)
    placement.check_place(found.name, seen.key, seen.type)
    if content.is_of(seen):
        return found
    delegates = _delegates(service, found)
    limits = quotas.get(service.table, service.settings, found.zone.group_id)

    def moves(contents: Contents, at: datetime) -> list[Move]:
        before = _unchanged_line(service.bucket, contents, found, exactly=exactly)
        more = len(content.rdatas) - len(seen.rdatas)
        if more > 0 and not records.is_managed(seen.key, seen.type):
            _check_quotas(limits, service.bucket, contents, rrsets=0, added=more)
            limits.check("recordset_records", len(content.rdatas))
        was = seen.notes
        notes = Notes(content.description, was.created, at, was.version + 1, content.written)
        after = rrset.to_line(seen.key, seen.type, content.ttl, content.rdatas, seen.spelling, notes_text=str(notes))
        if delegates:
            _check_glue(service.bucket, contents, found, after)
        return [Move(before, after)]

    return _publish_move(service, found.zone, moves, caller=caller)


def delete(service: Service, found: RecordSet, *, caller: Caller, exactly: bool = False) -> RecordSet:
    """Delete the RRset `found`, and return it as it was. Raise as `update` does."""
    _refuse_secondary(found.zone)
    records.check_editable(found.rrset.key, found.rrset.type, "deleted", may_managed=False)
    delegates = _delegates(service, found)

    def moves(contents: Contents, _: datetime) -> list[Move]:
        before = _unchanged_line(service.bucket, contents, found, exactly=exactly)
        if delegates:
            _check_glue(service.bucket, contents, found, None)
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
        return RecordSet(changed, rrset.from_line(move.after or move.before or ""))

    return edit.retry_on_conflict(service, zone, attempt, reload=lambda: zones.usable(service, zone.id, caller=caller))


def _refuse_secondary(zone: Zone) -> None:
    if zone.type is not ZoneType.PRIMARY:
        raise NotAuthorized(
            f"zone {zone.name} is SECONDARY: its record sets are copied, and written at its primary only"
        )


def _check_content(name: str, rdtype: int, content: Content, settings: Settings, caller: Caller) -> None:
    """Raise TooManyRecords, InvalidTtl, or Invalid for a type that no caller writes, or for too many octets."""
    placement.check_type(rdtype)
    placement.check_count(rdtype, len(content.rdatas))
    if content.ttl is not None:
        policy.check_ttl(content.ttl, settings, caller)
    placement.check_size(name, content.rdatas)


def _children(service: Service, zone: Zone, name: str) -> list[str]:
    """Return the names of the zones below `zone` that a name is in, the nearest to the name first."""
    holding = claims.covering(service.table, name)
    return (
        list(itertools.takewhile(lambda each: holding[each] != zone.id, holding)) if zone.id in holding.values() else []
    )


def _check_child(bucket: Bucket, contents: Contents, place: tuple[str, str, int], children: list[str]) -> None:
    """Raise RecordSetMisplaced for an RRset in a child zone that is not of the child's delegation.

    `place` is the name, the key and the type of the RRset.
    """
    if not children:
        return
    name, key, rdtype = place
    zone = origin(contents.zone.name)
    cut = names.key_of(names.absolute(children[-1]), zone)
    ns = contents.at(bucket, f"{cut}{rrset.TAB}{NS}{rrset.TAB}") if rdtype in (A, AAAA) else None
    if not placement.in_delegation(key, rdtype, cut, placement.hosts_of(ns, zone)):
        raise InChildZone(placement.OF_DELEGATION, name=name, child=children[0])


def _delegates(service: Service, found: RecordSet) -> bool:
    """Return whether an RRset is the NS that stands here for a zone of the service below this one."""
    if found.rrset.type != NS:
        return False
    children = _children(service, found.zone, found.name)
    return bool(children) and names.fold(children[-1]) == names.fold(found.name)


def _check_glue(bucket: Bucket, contents: Contents, found: RecordSet, after: str | None) -> None:
    """Raise RecordSetMisplaced if the zone has addresses of servers that the NS of a child zone no longer names.

    They would be in the child zone. `after` is the line of the NS as it will be, or None.
    """
    zone = origin(contents.zone.name)
    left = placement.hosts_of(found.rrset.line(), zone) - placement.hosts_of(after, zone)
    kept = [
        f"{names.owner_of(key, zone)} {type_text(rdtype)}"
        for key in sorted(left)
        for rdtype in (A, AAAA)
        if _is_within(key, found.rrset.key) and contents.at(bucket, f"{key}{rrset.TAB}{rdtype}{rrset.TAB}")
    ]
    if kept:
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        why = f"delete {', '.join(kept[:_SHOWN])}{more} first: these addresses stand in this zone for its NS"
        raise RecordSetMisplaced(f"{found.name} delegates a zone of the service: {why}", name=found.name)


def _is_within(key: str, cut: str) -> bool:
    return key == cut or placement.is_below(key, cut)


def _check_dnames(bucket: Bucket, contents: Contents, place: tuple[str, str, int]) -> None:
    """Raise RecordSetMisplaced for an RRset below a DNAME, or a DNAME above others. `place` is as in `_check_child`."""
    name, key, rdtype = place
    zone = origin(contents.zone.name)
    labels = key.split(" ") if key else []
    for count in range(len(labels)):
        above = " ".join(labels[:count])
        if contents.at(bucket, f"{above}{rrset.TAB}{DNAME}{rrset.TAB}"):
            raise RecordSetMisplaced(placement.below_dname(names.owner_of(above, zone).to_text()), name=name)
    if rdtype == DNAME:
        names_below = itertools.chain.from_iterable(contents.lines(bucket, key))
        below = next((other for other in map(rrset.key, names_below) if other > key), None)
        if below is not None and placement.is_below(below, key):
            why = placement.below_dname(names.owner_of(key, zone).to_text())
            raise RecordSetMisplaced(f"{why}: the zone has {names.owner_of(below, zone)}", name=name)


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


def _check_quotas(limits: Quotas, bucket: Bucket, contents: Contents, *, rrsets: int, added: int) -> None:
    """Raise OverQuota if a zone cannot have more `rrsets` and `added` records. Managed record sets do not count."""
    own = [rrset.from_line(line) for line in contents.of_owner(bucket, "")]
    managed = [each for each in own if records.is_managed(each.key, each.type)]
    if rrsets:
        limits.check("zone_recordsets", contents.version.rrsets - len(managed) + rrsets)
    limits.check("zone_records", contents.version.records - sum(len(each.rdatas) for each in managed) + added)
