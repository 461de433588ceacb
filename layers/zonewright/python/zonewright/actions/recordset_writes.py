"""Writes of record sets by VinylDNS's rules (`model/recordsetrules.py`).

A zone kept here publishes the write at once. A copied zone whose primary takes updates lets it wait (`queue.py`): then
it is judged by what those before it lead to, so callers need not wait for one before they ask for the next.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from zonewright.actions import edit, placing, queue, zones
from zonewright.actions.recordset_search import Contents, Deadline
from zonewright.errors import Invalid, RecordSetNotFound, ZoneOfPathDiffers
from zonewright.model import ids, ownership, recordnames, recordsetrules
from zonewright.model.change import Change, ChangeType
from zonewright.model.diff import Move
from zonewright.model.recordset import Content, origin
from zonewright.model.recordsetchange import RecordSetChange
from zonewright.model.recordsetrules import CREATE, DELETE, KEEPS, UPDATE, Around, Case
from zonewright.model.sentrecordset import SentRecordSet
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import fields, placement, records, rrset
from zonewright.protocol.notes import Notes, Written
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import NS, SOA
from zonewright.service import Service
from zonewright.store import quotas, users, versions
from zonewright.store import zones as store

_WAY_OUT = "ask again"
_ACCOUNT = "system"
"""VinylDNS's account of a record set whose caller names none."""

Decide = Callable[[Contents, datetime], Move]
"""Returns the move of a write in some contents, or raises why there is none."""


def create(service: Service, sent: SentRecordSet, *, caller: Caller) -> RecordSetChange:
    """Create a record set. Return its change, which a copied zone has not made yet.

    Raise ZoneNotFound, or the error of the first rule that forbids it, or as `_write` does.
    """
    zone = zones.get(service, sent.zone_id)

    def decide(contents: Contents, at: datetime) -> Move:
        case = _case(service, contents, sent, caller=caller)
        recordsetrules.judge(case, CREATE)
        transfer = (sent.transfer.status, sent.transfer.group_id) if sent.transfer else None
        rdatas, written = _data(sent)
        notes = Notes(created=at, written=written, owner=sent.owner_group_id, account=_account(sent), transfer=transfer)
        after = _line(case, rdatas, notes)
        _check_kept(service, contents, case, None, after)
        return Move(None, after)

    return _write(service, zone, decide, caller=caller)


def update(
    service: Service, zone_id: str, record_set_id: str, sent: SentRecordSet, *, caller: Caller
) -> RecordSetChange:
    """Replace a record set of the zone in the path. The body's id counts, if it has one. Return the change.

    Raise as `create` does, and RecordSetNotFound.
    """
    if sent.zone_id != zone_id:
        raise ZoneOfPathDiffers
    zone = zones.get(service, sent.zone_id)

    def decide(contents: Contents, at: datetime) -> Move:
        stored = _stored(service, contents, sent.id or record_set_id)
        case = replace(_case(service, contents, sent, caller=caller), stored=stored, verb="update")
        recordsetrules.judge(case, KEEPS)
        asked = recordsetrules.asked_of(case)
        decided = ownership.decide(asked)
        case = replace(case, asked=asked, owner=decided.owner)
        recordsetrules.judge(case, UPDATE)
        rdatas, written = _data(sent)
        notes = _updated(stored.notes, written, sent, decided, at)
        after = _line(case, rdatas, notes)
        _check_kept(service, contents, case, stored, after)
        return Move(stored.line(), after)

    return _write(service, zone, decide, caller=caller)


def delete(service: Service, zone_id: str, record_set_id: str, *, caller: Caller) -> RecordSetChange:
    """Delete a record set of a zone. Return the change. Raise as `update` does."""
    zone = zones.get(service, zone_id)

    def decide(contents: Contents, _: datetime) -> Move:
        stored = _stored(service, contents, record_set_id)
        case = _bodiless(service, contents.zone, stored, caller=caller, verb="delete")
        recordsetrules.judge(case, DELETE)
        _check_kept(service, contents, case, stored, None)
        return Move(stored.line(), None)

    return _write(service, zone, decide, caller=caller)


def check_view(service: Service, zone: Zone, held: RRset, *, caller: Caller) -> None:
    """Raise RecordSetForbidden if a caller may not view a record set."""
    recordsetrules.view(_bodiless(service, zone, held, caller=caller, verb="view"))


def _bodiless(service: Service, zone: Zone, stored: RRset, *, caller: Caller, verb: str) -> Case:
    """Return the case of a write, or of a look, that has no body."""
    name = recordnames.of(stored, zone.name)
    return Case(caller, zone, name, stored.type, service.choices(), stored=stored, verb=verb)


def _case(service: Service, contents: Contents, sent: SentRecordSet, *, caller: Caller) -> Case:
    zone = contents.zone
    name = recordnames.stored(sent.name, zone.name)
    try:
        key, _ = recordnames.place_of(name, zone.name)
        beside = tuple(map(rrset.from_line, contents.of_owner(service.bucket, key)))
    except ValueError:  # a rule says so, behind others
        beside = ()
    around = Around(
        group_exists=lambda group_id: users.group(service.table, group_id) is not None,
        group_names=lambda: _group_names(service, caller),
        elsewhere=lambda absolute, rdtype: _elsewhere(service, zone, absolute, rdtype),
    )
    return Case(
        caller, zone, name, sent.type, service.choices(), beside, sent, owner=sent.owner_group_id, around=around
    )


def _group_names(service: Service, caller: Caller) -> list[str]:
    found = (users.group(service.table, each) for each in caller.group_ids)
    return [group.name for group in found if group]


def _elsewhere(service: Service, zone: Zone, name: str, rdtype: int) -> bool:
    """Return whether another zone has a record set of an absolute name and a type."""
    for other in store.covering(service.table, name):
        version = versions.get(service.table, other.id, other.version)
        if other.id == zone.id or version is None:
            continue
        key, _ = placement.place_of(name, origin(other.name))
        if Contents(other, version).at(service.bucket, f"{key}{rrset.TAB}{rdtype}{rrset.TAB}"):
            return True
    return False


def _stored(service: Service, contents: Contents, record_set_id: str) -> RRset:
    """Return the record set with an id, as it will be, or as it is as long as it waits for its deletion.

    Raise RecordSetNotFound.
    """
    shown = Contents(contents.zone, contents.version, contents.deadline)
    if ids.is_uuid(record_set_id):
        for each in (contents, shown) if isinstance(contents, queue.Queued) else (contents,):
            line = each.line_of(service.bucket, record_set_id)
            if line is not None:
                return rrset.from_line(line)
    raise RecordSetNotFound(record_set=record_set_id)


def _data(sent: SentRecordSet) -> tuple[tuple[bytes, ...], Written]:
    """Return the rdatas of a body, and how they were written. Raise Invalid if a name server would not take them."""
    try:
        return fields.written(sent.records)
    except ValueError as error:
        raise Invalid(f"RecordSet Data is not valid: {error}") from error


def _account(sent: SentRecordSet) -> str | None:
    return None if sent.account == _ACCOUNT else sent.account


def _updated(was: Notes, written: Written, sent: SentRecordSet, decided: ownership.Outcome, at: datetime) -> Notes:
    transfer = (decided.transfer.status, decided.transfer.group_id) if decided.transfer else None
    rewritten = was.rewritten(was.description, written, at)
    return replace(rewritten, owner=decided.owner, account=_account(sent), transfer=transfer)


def _line(case: Case, rdatas: tuple[bytes, ...], notes: Notes) -> str:
    assert case.sent is not None, "a write of data has a body"
    key, spelling = recordnames.place_of(case.name, case.zone.name)
    return rrset.to_line(key, case.type, case.sent.ttl, rdatas, spelling, notes_text=str(notes))


def _check_kept(service: Service, contents: Contents, case: Case, before: RRset | None, after: str | None) -> None:
    """Raise the error of the first rule that forbids a write in a zone whose contents are kept here.

    They are those of writes below /v2: what name servers do not load, child zones, quotas. The primary of a copied zone
    has rules of its own.
    """
    zone = contents.zone
    if zone.updatable:
        return
    placing.refuse_secondary(zone)
    around = placing.Stored(service.bucket, contents)
    name = recordnames.absolute(case.name, zone.name)
    key, _ = recordnames.place_of(case.name, zone.name)
    verb = "deleted" if after is None else "updated" if before else "created"
    if case.type == SOA:
        records.check_editable(key, case.type, verb, may_managed=False)
    if before is not None and case.type == NS and placing.is_cut(name, placing.children(service, zone, [name])[0]):
        placing.check_glue(around, name, before.line(), after)
    if after is None:
        return
    held = rrset.from_line(after)
    placing.check_content(name, case.type, Content(held.rdatas, held.ttl), service.settings, case.caller)
    placement.check_place(name, key, case.type)
    if before is None:
        placing.check(around, (name, key, case.type), placing.children(service, zone, [name])[0])
    added = len(held.rdatas) - (len(before.rdatas) if before else 0)
    limits = quotas.get(service.table, service.settings, zone.group_id)
    placing.check_quotas(
        limits, contents, contents.of_owner(service.bucket, ""), rrsets=0 if before else 1, added=added
    )
    if added > 0:
        limits.check("recordset_records", len(held.rdatas))


def _write(service: Service, zone: Zone, decide: Decide, *, caller: Caller) -> RecordSetChange:
    """Make the move that `decide` returns, now or in the queue.

    Raise ZoneSyncing or UpdatePending for a zone that is held, TooManyRequests if too many changes wait, ZoneChanged if
    others keep changing the zone, and NotAuthorized for a copy whose primary takes no updates.
    """

    def attempt(zone: Zone, at: datetime) -> RecordSetChange:
        if zone.updatable:
            waiting = queue.contents(service, zone, _WAY_OUT, at)
            move = decide(waiting, at)
            zone, change = queue.add(service, zone, [move], caller=caller, now=at, exact=False)
            return RecordSetChange(zone, change, move)
        version = versions.get(service.table, zone.id, zone.version)
        if version is None:
            placing.refuse_secondary(zone)
        assert version is not None, "a zone kept here has contents from the beginning"
        move = decide(Contents(zone, version, Deadline(_WAY_OUT)), at)
        made = Change(
            ids.timed(at, secrets.randbits(64)), zone.id, ChangeType.UPDATE, caller.user_id, at, base=zone.version
        )
        changed = edit.publish(service, zone, version, [move], caller=caller, now=at, change_id=made.id)
        return RecordSetChange(changed, made, move)

    return edit.retry_on_conflict(service, zone, attempt, reload=lambda: zones.get(service, zone.id))
