"""Render record sets and their changes in the VinylDNS API (contract `vinyldns.md`, sections 3.2 and 9).

The data of a type that VinylDNS knows has named fields. The data of any other type is one text.
"""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from zonewright.http.message import Response
from zonewright.http.vinyldns.dialect import going_on, present, time
from zonewright.http.vinyldns.zones.view import zone_fields
from zonewright.model.diff import Kind, Move
from zonewright.model.payload import fitting
from zonewright.model.recordsetid import id_of
from zonewright.model.zone import Zone
from zonewright.protocol import fields as rdata_fields
from zonewright.protocol import names, rrset

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.http.vinyldns.recordsets.answer import (
        Author,
        ChangesFields,
        ChangeType,
        MoveFields,
        PageFields,
        RecordSetChangeFields,
        RecordSetFields,
    )
    from zonewright.http.vinyldns.recordsets.query import Page

KINDS: "dict[Kind, ChangeType]" = {Kind.CREATED: "Create", Kind.UPDATED: "Update", Kind.DELETED: "Delete"}

_CHANGES = uuid.UUID("6f1f3a0e-8a57-5c0d-9f0c-0b8f6f3f6a52")
"""Name space of the ids of record set changes (RFC 9562 section 5.5)."""


def change_list(zone: Zone, page: "Page", found: "history.Page", user_names: Mapping[str, str]) -> Response:
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


def page_fields(
    zone: Zone, page: "Page", found: "history.Page", user_names: Mapping[str, str] | None = None
) -> "PageFields":
    """Return the fields of a page, or of as much of it as fits into a response.

    Changes of the history have an author and a time.
    """
    shown = zone_fields(zone)
    entries: Iterator[RecordSetChangeFields] = (
        {
            "zone": shown,
            **record_set_change(zone, each.move, each.change.created if each.change else None),
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


def record_set_change(zone: Zone, move: Move, at: datetime | None = None) -> "MoveFields":
    """Return the change of a record set: its state now (or when deleted) and before. `at` is the time."""
    made, updated = (at if move.kind is kind else None for kind in (Kind.CREATED, Kind.UPDATED))
    before = None if move.before is None else record_set(zone, move.before)
    if move.after is not None:
        current = record_set(zone, move.after, made, updated)
    else:
        assert before is not None, "a move has a side"
        current = {**before, "status": "Inactive"}
    fields: MoveFields = {"changeType": KINDS[move.kind], "updates": before, "recordSet": current}
    return present(fields)


def record_set(
    zone: Zone, line: str, made: datetime | None = None, updated: datetime | None = None
) -> "RecordSetFields":
    """Return the fields of a record set in a stored line.

    The line may lack TTL and times. Then the zone's TTL, `made` and `updated` stand in.
    """
    held = rrset.from_line(line)
    origin = names.absolute(zone.name)
    owner, kind, notes = held.owner(origin), held.type_text(), held.notes
    fields: RecordSetFields = {
        "type": kind,
        "zoneId": zone.id,
        "name": owner.relativize(origin).to_text() if held.key else zone.name,
        "ttl": zone.ttl if held.ttl is None else held.ttl,
        "status": "Active",
        "created": time(notes.created or made or zone.created),
        "updated": time(notes.updated or updated),
        "records": rdata_fields.shown(held),
        "id": id_of(zone.id, held.place),
        "account": "system",
        "fqdn": owner.to_text(),
    }
    return present(fields)


def _author(moved: "history.Moved", user_names: Mapping[str, str]) -> "Author":
    """Return the author, time and status of a change of the history."""
    change = moved.change
    if change is None:
        return {}
    fields: Author = {
        "userId": change.user_id,
        "userName": user_names.get(change.user_id, "unknown user"),
        "status": "Complete",
        "created": time(change.created),
        "systemMessage": "Change applied via zone sync" if change.transfer else None,
        "comment": change.comment,
        "id": str(uuid.uuid5(_CHANGES, f"{change.id} {moved.move.place}")),
    }
    return present(fields)
