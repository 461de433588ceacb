"""Changes of record sets as VinylDNS has them: one by its id, those of a record set, those that failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from zonewright.actions import history, recordset_writes
from zonewright.actions.history import Moved, Page
from zonewright.actions.recordset_search import Contents
from zonewright.contents import differences
from zonewright.errors import RecordChangeNotFound
from zonewright.model import diff, ids, recordsetchange
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.diff import Move
from zonewright.model.recordset import origin
from zonewright.model.recordsetchange import RecordSetChange
from zonewright.model.recordsetid import id_of
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import names, rrset, types
from zonewright.service import Service
from zonewright.store import changes, versions

_LOOKED_AT = 1_000
"""Changes of a zone, newest first, among which one is looked for whose id does not say when it was."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record set whose history is asked for: by its zone, its FQDN in lower case, and its type."""

    zone_id: str
    fqdn: str
    type: str

    def within(self, zone: Zone) -> str | None:
        """Return the place in the zone, or None if the zone can have no such record set."""
        try:
            rdtype = types.type_of(self.type)
            key = names.key_of(names.absolute(self.fqdn), origin(zone.name))
        except ValueError:
            return None
        return f"{key}{rrset.TAB}{rdtype}{rrset.TAB}"


def get(service: Service, zone: Zone, record_set_id: str, change_id: str, *, caller: Caller) -> RecordSetChange:
    """Return a change of a record set that has ended.

    Raise RecordChangeNotFound, also while it waits, or RecordSetForbidden if the caller may not view the record set.
    """
    found = _by_moment(service, zone, change_id) or _by_place(service, zone, record_set_id, change_id)
    if found is None or id_of(zone.id, found.move.place) != record_set_id:
        raise RecordChangeNotFound(change=change_id, zone=zone.name)
    held = rrset.from_line(found.move.after or found.move.before or "")
    recordset_writes.check_view(service, zone, held, caller=caller)
    return found


def _by_moment(service: Service, zone: Zone, change_id: str) -> RecordSetChange | None:
    """Return the change whose id says when it was."""
    created = ids.moment_of(change_id)
    change = changes.get(service.table, zone.id, created, change_id) if created else None
    if change is None or change.status is ChangeStatus.PENDING:
        return None
    for move in _moves(service, change):
        if recordsetchange.id_of(change, move) == change_id:
            return RecordSetChange(zone, change, move)
    return None


def _by_place(service: Service, zone: Zone, record_set_id: str, change_id: str) -> RecordSetChange | None:
    """Return the change whose id was made of that of a zone's change and of the place of a record set that exists."""
    version = versions.get(service.table, zone.id, zone.version)
    if version is None or not (ids.is_uuid(record_set_id) and ids.is_uuid(change_id)):
        return None
    line = Contents(zone, version).line_of(service.bucket, record_set_id)
    if line is None:
        return None
    place = rrset.place(line)
    for change in islice(changes.newest(service.table, zone.id), _LOOKED_AT):
        if recordsetchange.made_id(change, place) == change_id:
            move = next((move for move in _moves(service, change) if move.place == place), None)
            return RecordSetChange(zone, change, move or Move(None, line))
    return None


def _moves(service: Service, change: Change) -> Iterator[Move]:
    if change.moved:
        yield from diff.read(change.moved)
    for key in change.differences:
        yield from differences.read(service.bucket, key)


def of_record_set(service: Service, zone: Zone, asked: Place, *, start: int, limit: int) -> Page:
    """Return a page of up to `limit` changes of a record set, newest first, from number `start`. Raise TooLarge."""
    place = asked.within(zone)
    return _paged(history.of_place(service, zone, place) if place else iter(()), start, limit)


def failed(service: Service, zone: Zone, *, start: int, limit: int) -> Page:
    """Return a page of up to `limit` changes of record sets that failed, newest first, from number `start`."""
    found = (
        Moved(move, change)
        for change in changes.newest(service.table, zone.id)
        if change.moved and change.status is ChangeStatus.FAILED
        for move in diff.read(change.moved)
    )
    return _paged(found, start, limit)


def _paged(found: Iterator[Moved], start: int, limit: int) -> Page:
    some = list(islice(found, start, start + limit + 1))
    return Page(some[:limit], start + limit if len(some) > limit else None)
