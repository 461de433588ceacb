"""Render record sets below /v2 (contract `designate.md`, section 9)."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from zonewright.http import conditional
from zonewright.http.designate.views import CREATED, UPDATED, listing, time, zone_url
from zonewright.http.message import Request, Response
from zonewright.model import diff
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.diff import Kind
from zonewright.model.payload import fitting
from zonewright.model.recordset import RecordSet
from zonewright.model.settings import Settings
from zonewright.model.zone import Zone
from zonewright.protocol import rrset

if TYPE_CHECKING:
    from zonewright.actions import judging, recordset_lists
    from zonewright.http.designate.recordsets.answer import MovesFields, RecordChangeFields, RecordSetFields
    from zonewright.http.designate.zones.answer import Action, Status


_CHANGE_STATUSES: "dict[ChangeStatus, Literal['PENDING', 'COMPLETE', 'ERROR']]" = {
    ChangeStatus.PENDING: "PENDING",
    ChangeStatus.SYNCED: "COMPLETE",
    ChangeStatus.FAILED: "ERROR",
}

_ACTIONS: "dict[Kind, Action]" = {Kind.CREATED: "CREATE", Kind.UPDATED: "UPDATE", Kind.DELETED: "DELETE"}


def recordset_list(request: Request, found: "recordset_lists.Page") -> Response:
    """Return a page of record sets, or as much of it as fits into a response."""
    documents, _ = fitting(recordset_fields(request, item) for item in found.items)
    found = found.first(len(documents))
    return listing(request, "recordsets", documents, found.total, found.next_marker)


def tag(request: Request, item: RecordSet) -> str:
    """Return the entity tag of a record set: of its state, and of all that is shown of it."""
    return _tag(item, recordset(request, item))


def _tag(item: RecordSet, response: Response) -> str:
    return conditional.tag(item.fingerprint, shown=response.body)


def _tagged(item: RecordSet, response: Response) -> Response:
    return replace(response, headers={**response.headers, "etag": _tag(item, response)})


def recordset(request: Request, found: RecordSet) -> Response:
    """Return a record set."""
    return Response.json(200, recordset_fields(request, found))


def elsewhere(request: Request, found: RecordSet) -> Response:
    """Return a redirect to a record set in its zone."""
    return Response(301, headers={"location": _url(request, found)})


def created(request: Request, settings: Settings, made: RecordSet) -> Response:
    """Return a new record set, with its URL in `Location`."""
    location = {"location": _url(request, made)}
    return _tagged(made, Response.json(CREATED[settings.designate_release], recordset_fields(request, made), location))


def updated(request: Request, settings: Settings, changed: RecordSet) -> Response:
    """Return a changed record set."""
    return _tagged(changed, Response.json(UPDATED[settings.designate_release], recordset_fields(request, changed)))


def moved(request: Request, outcome: "judging.Outcome", tag: str) -> Response:
    """Return the moves of one request. `tag` is the entity tag of the zone, which they changed.

    Moves that wait for the primary of the zone come with a link to their change.
    """
    fields = _moves_fields(request, outcome)
    if outcome.change is None:
        return Response.json(200, fields, {"etag": tag})
    where = _change_url(request, outcome.zone, outcome.change)
    waiting: MovesFields = {**fields, "change_id": outcome.change.id, "status": "PENDING"}
    waiting["links"] = {**fields["links"], "change": where}
    return Response.json(202, waiting, {"location": where})


def record_change(request: Request, zone: Zone, change: Change) -> Response:
    """Return a record change: what moves, and how it ended."""
    moves = diff.read(change.moved)
    fields: RecordChangeFields = {
        "id": change.id,
        "zone_id": zone.id,
        "zone_name": zone.name,
        "project_id": zone.group_id,
        "status": _CHANGE_STATUSES[change.status],
        "message": change.reason,
        "differing": change.differing,
        "comment": change.comment,
        "moves": [
            {"before": _line(request, zone, move.before), "after": _line(request, zone, move.after)} for move in moves
        ],
        "version": change.version,
        "serial": change.serial,
        "created_at": time(change.created),
        "updated_at": time(change.finished),
        "links": {"self": _change_url(request, zone, change)},
    }
    return Response.json(200, fields)


def _line(request: Request, zone: Zone, line: str | None) -> "RecordSetFields | None":
    return recordset_fields(request, RecordSet(zone, rrset.from_line(line))) if line else None


def _change_url(request: Request, zone: Zone, change: Change) -> str:
    return f"{zone_url(request, zone.id)}/changes/{change.id}"


def would_move(request: Request, outcome: "judging.Outcome") -> Response:
    """Return the moves that a request would make, and everything that forbids them."""
    from zonewright.http.designate.recordsets import refused

    fields: MovesFields = {
        **_moves_fields(request, outcome),
        "conflicts": refused.conflicts(request, outcome.conflicts),
        "refusals": refused.reasons(outcome.refusals),
    }
    return Response.json(200, fields)


def _moves_fields(request: Request, outcome: "judging.Outcome") -> "MovesFields":
    zone = outcome.zone
    assert zone.serial is not None, "a zone that takes moves has contents"
    return {
        "moves": [
            {"before": _side(request, each.before), "after": _side(request, each.after)} for each in outcome.made
        ],
        "version": zone.version,
        "serial": zone.serial,
        "links": {"self": f"{zone_url(request, zone.id)}/recordsets"},
    }


def _side(request: Request, item: RecordSet | None) -> "RecordSetFields | None":
    return None if item is None else recordset_fields(request, item)


def deleted(request: Request, settings: Settings, gone: RecordSet) -> Response:
    """Return the answer to a deletion: no body in the release `seed`, the deleted record set in `current`."""
    if settings.designate_release == "seed":
        return Response(204)
    fields: RecordSetFields = {**recordset_fields(request, gone), "status": "PENDING", "action": "DELETE"}
    return Response.json(202, fields)


def recordset_fields(request: Request, item: RecordSet) -> "RecordSetFields":
    """Return the fields of a record set. One that name servers lack is pending, or in error as its zone is."""
    zone, notes = item.zone, item.rrset.notes
    lacking: Status = "ERROR" if zone.delivered and zone.delivered.failure else "PENDING"
    return {
        "id": item.id,
        "zone_id": zone.id,
        "zone_name": zone.name,
        "project_id": zone.group_id,
        "name": item.name,
        "type": item.rrset.type_text(),
        "records": item.rrset.written(),
        "ttl": item.rrset.ttl,
        "description": notes.description,
        "status": lacking if item.moved else "ACTIVE",
        "action": _ACTIONS[item.moved] if item.moved else "NONE",
        "version": notes.version,
        "created_at": time(notes.created or zone.created),
        "updated_at": time(notes.updated),
        "links": {"self": _url(request, item)},
    }


def _url(request: Request, item: RecordSet) -> str:
    return f"{zone_url(request, item.zone.id)}/recordsets/{item.id}"
