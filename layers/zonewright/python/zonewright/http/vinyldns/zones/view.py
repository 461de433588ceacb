"""Render zones and their history in the VinylDNS API (contract `vinyldns.md`, sections 3 and 6)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import going_on, present, time
from zonewright.model import schedule
from zonewright.model.acl import AclRule
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.payload import fitting
from zonewright.model.states import State
from zonewright.model.users import Group
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import changes
    from zonewright.http.vinyldns.zones.answer import (
        ChangeFields,
        CommonFields,
        ConnectionFields,
        HistoryFields,
        RuleFields,
        Status,
        SyncCounts,
        ZoneFields,
        ZoneInfo,
        ZoneInfoFields,
    )
    from zonewright.http.vinyldns.zones.query import Page
    from zonewright.model.connection import Connection

# Any other state is shown as Active, because VinylDNS's clients know no word for it.
_STATUS: "dict[State, Status]" = {State.SYNCING: "Syncing", State.DELETED: "Deleted"}


def zone_info(request: Request, zone: Zone, group: Group | None) -> Response:
    """Return a zone, with the caller's access to it."""
    fields: ZoneInfoFields = {
        **_common_fields(zone),
        "adminGroupName": group.name if group else "Unknown group name",
        "accessLevel": "Delete" if request.caller.administers(zone.group_id) else "Read",
        "systemMessage": zone.trouble(request.received),
    }
    answer: ZoneInfo = {"zone": present(fields)}
    return Response.json(200, answer)


def zone_change(zone: Zone, change: Change) -> Response:
    """Return a change that has just been requested."""
    return Response.json(200, change_fields(zone, change))


def accepted(zone: Zone, change: Change) -> Response:
    """Return a change of a zone, as VinylDNS does before its worker has done it."""
    return Response.json(202, change_fields(zone, replace(change, status=ChangeStatus.PENDING)))


def zone_changes(zone: Zone, page: "Page", found: "changes.Page") -> Response:
    """Return a page of a zone's history, newest first, or as much of it as fits into a response."""
    entries, _ = fitting(change_fields(zone, change) for change in found.changes)
    fields: HistoryFields = {
        "zoneId": zone.id,
        "zoneChanges": entries,
        "nextId": found.first(len(entries)).next_id,
        "startFrom": page.start_from,
        "maxItems": page.limit,
    }
    return going_on(Response.json(200, present(fields)), fields["nextId"])


def zone_fields(zone: Zone) -> "ZoneFields":
    """Return the fields of a zone within another answer."""
    return {**_common_fields(zone), "isTest": zone.is_test}


def change_fields(zone: Zone, change: Change) -> "ChangeFields":
    """Return the fields of a change."""
    fields: ChangeFields = {
        "zone": zone_fields(zone),
        "userId": change.user_id,
        "changeType": change.type,
        "status": change.status,
        "created": time(change.created),
        "systemMessage": change.reason,
        "id": change.id,
        "sync": sync_counts(change),
        "comment": change.comment,
    }
    return present(fields)


def sync_counts(change: Change) -> "SyncCounts | None":
    """Return the counts of a sync, or None until it has finished."""
    if change.counts is None:
        return None
    fields: SyncCounts = {
        "created": change.counts.created,
        "updated": change.counts.updated,
        "deleted": change.counts.deleted,
        "unchanged": change.counts.unchanged,
        "records": change.records,
        "serial": change.serial,
        "seconds": change.seconds,
        "transfer": change.transfer,
    }
    return present(fields)


def _rule(rule: AclRule) -> "RuleFields":
    fields: RuleFields = {
        "accessLevel": rule.access_level,
        "description": rule.description,
        "userId": rule.user_id,
        "groupId": rule.group_id,
        "recordMask": rule.record_mask,
        "recordTypes": list(rule.record_types),
    }
    return present(fields)


def _common_fields(zone: Zone) -> "CommonFields":
    calendar = schedule.recurrence(zone.schedule)
    fields: CommonFields = {
        "name": zone.name,
        "email": zone.email,
        "status": _STATUS.get(zone.state, "Active"),
        "created": time(zone.created),
        "updated": time(zone.updated),
        "id": zone.id,
        "account": zone.group_id,  # as in the seed's example
        "shared": zone.shared,
        "acl": {"rules": list(map(_rule, zone.acl))},
        "adminGroupId": zone.group_id,
        "recurrenceSchedule": calendar,
        "scheduleRequestor": zone.requestor if calendar else None,
        "latestSync": time(zone.synced),
        "connection": _connection(zone.connection),
        "transferConnection": _connection(zone.transfer_connection),
        "backendId": zone.backend_id or None,
    }
    return present(fields)


def _connection(connection: "Connection | None") -> "ConnectionFields | None":
    """Return a connection, with a stand-in for its key."""
    if connection is None:
        return None
    return {
        "name": connection.name,
        "keyName": connection.key_name,
        "key": connection.stand_in,
        "primaryServer": connection.server,
        "algorithm": connection.algorithm.upper(),
    }
