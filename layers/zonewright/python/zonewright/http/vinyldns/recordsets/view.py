"""Render record sets and their changes in the VinylDNS API (contract `vinyldns.md`, sections 3.2 and 9).

The data of a type that VinylDNS knows has named fields. The data of any other type is one text.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import going_on, present, time
from zonewright.http.vinyldns.zones.view import zone_fields
from zonewright.model import access, ownership, recordnames
from zonewright.model.acl import Record
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.diff import Kind, Move
from zonewright.model.ownership import Transfer
from zonewright.model.payload import fitting
from zonewright.model.recordset import RecordSet
from zonewright.model.recordsetchange import RecordSetChange
from zonewright.model.recordsetchange import id_of as id_of_change
from zonewright.model.recordsetid import id_of
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import fields as rdata_fields
from zonewright.protocol import reverse, rrset
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import PTR

if TYPE_CHECKING:
    from zonewright.actions import history as actions_history
    from zonewright.actions.recordset_pages import Page as Page_
    from zonewright.http.vinyldns.recordsets.answer import (
        Author,
        ChangesFields,
        ChangeType,
        EchoFields,
        FailuresFields,
        FoundFields,
        ListedFields,
        ListFields,
        MoveFields,
        PageFields,
        RecordSetChangeFields,
        RecordSetFields,
        RecordSetInfo,
        RecordSetInfoFields,
        RecordSetStatus,
        SearchFields,
        SingleChangeFields,
        Status,
        TransferFields,
    )
    from zonewright.http.vinyldns.recordsets.query import Listed, Page

KINDS: "dict[Kind, ChangeType]" = {Kind.CREATED: "Create", Kind.UPDATED: "Update", Kind.DELETED: "Delete"}

PENDING: "dict[Kind, RecordSetStatus]" = {
    Kind.CREATED: "Pending",
    Kind.UPDATED: "PendingUpdate",
    Kind.DELETED: "PendingDelete",
}
"""The status of a record set whose change waits."""

_STATUS: "dict[ChangeStatus, Status]" = {
    ChangeStatus.PENDING: "Pending",
    ChangeStatus.SYNCED: "Complete",
    ChangeStatus.FAILED: "Failed",
}


def change_list(zone: Zone, page: "Page", found: "actions_history.Page", user_names: Mapping[str, str]) -> Response:
    """Return a page of the record set changes of a zone. `user_names` has names by user id."""
    since, until = found.versions or (None, None)
    shown = page_fields(zone, page, found, user_names)
    fields: ChangesFields = {
        "zoneId": shown["zoneId"],
        "recordSetChanges": shown["recordSetChanges"],
        "from": since,
        "to": until,
        **shown,
    }
    return going_on(Response.json(200, present(fields)), shown.get("nextId"))


def history(zone: Zone, page: "Page", found: "actions_history.Page", user_names: Mapping[str, str]) -> Response:
    """Return a page of the changes of one record set."""
    shown = page_fields(zone, page, found, user_names)
    return going_on(Response.json(200, shown), shown.get("nextId"))


def page_fields(
    zone: Zone, page: "Page", found: "actions_history.Page", user_names: Mapping[str, str] | None = None
) -> "PageFields":
    """Return the fields of a page, or of as much of it as fits into a response.

    Changes of the history have an author and a time.
    """
    shown = zone_fields(zone)
    entries: Iterator[RecordSetChangeFields] = (
        {
            "zone": shown,
            **record_set_change(zone, each.move, each.change),
            **_author(each, user_names or {}),
        }
        for each in found.items
    )
    items, _ = fitting(entries)
    fields: PageFields = {
        "zoneId": zone.id,
        "recordSetChanges": items,
        "nextId": found.first(len(items)).following,
        "startFrom": page.start_from,
        "maxItems": page.limit,
    }
    return present(fields)


def record_set_change(zone: Zone, move: Move, change: Change | None = None) -> "MoveFields":
    """Return the change of a record set: its state after (or when deleted) and before.

    `change` is the zone's change that it is a part of, if it ended.
    """
    before = None if move.before is None else record_set(zone, move.before)
    asked = change is not None and not change.transfer
    failed = change is not None and change.status is ChangeStatus.FAILED
    gone = move.kind is Kind.DELETED and not asked
    current = record_set(
        zone,
        move.after or move.before or "",
        "Inactive" if failed or gone else "Active",
        change.created if change and move.kind is Kind.CREATED else None,
    )
    if change is not None and (asked or move.kind is Kind.UPDATED):
        ended = time((change.finished if asked else None) or change.created)
        current["updated"] = (current.get("updated") if move.kind is Kind.UPDATED else None) or ended
    fields: MoveFields = {"changeType": KINDS[move.kind], "updates": before, "recordSet": present(current)}
    return present(fields)


def requested(asked: RecordSetChange) -> Response:
    """Return a change of a record set that was just asked for. Its outcome is polled by its id."""
    move = asked.move
    shown = record_set_change(asked.zone, move)
    shown["recordSet"] |= {"status": PENDING[move.kind]}
    if move.kind is not Kind.DELETED:
        shown["recordSet"].pop("fqdn")
    return Response.json(202, _single(asked, shown, "Pending"))


def change_of(found: RecordSetChange) -> Response:
    """Return a change of a record set that has ended."""
    shown = record_set_change(found.zone, found.move, found.change)
    return Response.json(200, _single(found, shown, _STATUS[found.change.status]))


def _single(found: RecordSetChange, shown: "MoveFields", status: "Status") -> "SingleChangeFields":
    change = found.change
    fields: SingleChangeFields = {
        "zone": zone_fields(found.zone),
        **shown,
        "userId": change.user_id,
        "status": status,
        "created": time(change.created),
        "systemMessage": None if status == "Pending" else _message(change),
        "id": id_of_change(change, found.move),
        "singleBatchChangeIds": [],
    }
    return present(fields)


def single(zone: Zone, found: RecordSet, owner_name: str | None) -> Response:
    """Return one record set, with the name of the group that owns it."""
    fields: RecordSetInfoFields = {**record_set(zone, found.rrset), "ownerGroupName": owner_name}
    answer: RecordSetInfo = {"recordSet": present(fields)}
    return Response.json(200, answer)


def listed(request: Request, wanted: "Listed", page: "Page_", owner_names: Mapping[str, str]) -> Response:
    """Return a page of the record sets of a zone, each with the caller's access to it."""
    entries, _ = fitting(_entry(request.caller, each, owner_names) for each in page.items)
    fields: ListFields = {"recordSets": entries, **_echo(wanted, page.first(len(entries)).following)}
    return going_on(Response.json(200, present(fields)), fields["nextId"])


def searched(request: Request, wanted: "Listed", page: "Page_", owner_names: Mapping[str, str]) -> Response:
    """Return a page of the record sets of all zones, each with its zone."""
    entries, _ = fitting(_found(request.caller, each, owner_names) for each in page.items)
    fields: SearchFields = {"recordSets": entries, **_echo(wanted, page.first(len(entries)).following)}
    return going_on(Response.json(200, present(fields)), fields["nextId"])


def _found(caller: Caller, each: RecordSet, owner_names: Mapping[str, str]) -> "FoundFields":
    return {**_entry(caller, each, owner_names), "zoneName": each.zone.name, "zoneShared": each.zone.shared}


def _entry(caller: Caller, each: RecordSet, owner_names: Mapping[str, str]) -> "ListedFields":
    shown, notes = record_set(each.zone, each.rrset), each.rrset.notes
    address = reverse.address(shown["name"], each.zone.name) if each.rrset.type == PTR else None
    record = Record(shown["name"], shown["type"], address)
    fields: ListedFields = {
        **shown,
        "accessLevel": str(access.listed_level(caller, each.zone, record, notes.owner)),
        "ownerGroupName": owner_names.get(notes.owner or ""),
    }
    return present(fields)


def _echo(wanted: "Listed", following: str | None) -> "EchoFields":
    """Return what a list repeats of the query."""
    return {
        "startFrom": wanted.start_from,
        "nextId": following,
        "maxItems": wanted.limit,
        "recordNameFilter": wanted.name,
        "recordTypeFilter": list(wanted.types) or None,
        "nameSort": "DESC" if wanted.descending else "ASC",
        "recordTypeSort": wanted.type_sort,
    }


def failures(zone: Zone, page: "Page", found: "actions_history.Page") -> Response:
    """Return a page of the changes of record sets that failed. `nextId` is 0 if there are no more."""
    entries, _ = fitting(
        _single(
            RecordSetChange(zone, each.change, each.move), record_set_change(zone, each.move, each.change), "Failed"
        )
        for each in found.items
        if each.change
    )
    fields: FailuresFields = {
        "failedRecordSetChanges": entries,
        "nextId": found.first(len(entries)).following or 0,
        "startFrom": page.start,
        "maxItems": page.limit,
    }
    return Response.json(200, fields)


def counted(number: int) -> Response:
    """Return how many record sets a zone has."""
    return Response.json(200, {"count": number})


def record_set(
    zone: Zone, held: RRset | str, status: "RecordSetStatus" = "Active", made: datetime | None = None
) -> "RecordSetFields":
    """Return the fields of a record set, which may be a stored line.

    The line may lack TTL and times. Then the zone's TTL and creation, or `made`, stand in.
    """
    held = rrset.from_line(held) if isinstance(held, str) else held
    notes, transfer = held.notes, ownership.of(held)
    name = recordnames.of(held, zone.name)
    fields: RecordSetFields = {
        "type": held.type_text(),
        "zoneId": zone.id,
        "name": name,
        "ttl": zone.ttl if held.ttl is None else held.ttl,
        "status": status,
        "created": time(notes.created or made or zone.created),
        "updated": time(notes.updated),
        "records": rdata_fields.shown(held),
        "id": id_of(zone.id, held.place),
        "account": notes.account or "system",
        "ownerGroupId": notes.owner,
        "recordSetGroupChange": None if transfer is None else _transfer(transfer),
        "fqdn": recordnames.absolute(name, zone.name),
    }
    return present(fields)


def _transfer(transfer: Transfer) -> "TransferFields":
    fields: TransferFields = {
        "ownershipTransferStatus": transfer.status,
        "requestedOwnerGroupId": transfer.group_id,
    }
    return present(fields)


def _author(moved: "actions_history.Moved", user_names: Mapping[str, str]) -> "Author":
    """Return the author, time and status of a change of the history."""
    change = moved.change
    if change is None:
        return {}
    fields: Author = {
        "userId": change.user_id,
        "userName": user_names.get(change.user_id, "unknown user"),
        "status": _STATUS[change.status],
        "created": time(change.created),
        "systemMessage": _message(change),
        "comment": change.comment,
        "id": id_of_change(change, moved.move),
    }
    return present(fields)


def _message(change: Change) -> str | None:
    """Return what the system says of a change of a record set: why it failed, or that it came by a sync."""
    if change.status is ChangeStatus.FAILED:
        return change.reason
    return "Change applied via zone sync" if change.transfer else None
