"""Render zones and their history in the VinylDNS API (contract `vinyldns.md`, sections 3 and 6)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import release
from zonewright.http.vinyldns.dialect import going_on, present, time
from zonewright.model import schedule, zoneaccess
from zonewright.model.acl import AclRule
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.payload import fitting
from zonewright.model.states import State
from zonewright.model.users import Group
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import changes, lost_zones, seen_zones
    from zonewright.actions.access_rules import Names
    from zonewright.http.vinyldns.zones.answer import (
        ChangeFields,
        CommonFields,
        ConnectionFields,
        DeletedFields,
        DeletedListFields,
        DetailsFields,
        HistoryFields,
        RuleFields,
        RuleInfoFields,
        Status,
        SyncCounts,
        ZoneDetails,
        ZoneFields,
        ZoneInfo,
        ZoneInfoFields,
        ZoneListFields,
    )
    from zonewright.http.vinyldns.zones.query import DeletedList, List, Page
    from zonewright.model.connection import Connection

# Any other state is shown as Active, because VinylDNS's clients know no word for it.
_STATUS: "dict[State, Status]" = {State.SYNCING: "Syncing", State.DELETED: "Deleted"}


def zone_info(request: Request, zone: Zone, group: Group | None, names: "Names") -> Response:
    """Return a zone, with the caller's access to it. Rules whose user or group is gone are left out."""
    shown = ((rule, names.of(rule)) for rule in zone.acl)
    rules: list[RuleInfoFields] = [{**_rule(rule), "displayName": name} for rule, name in shown if name is not None]
    answer: ZoneInfo = {"zone": {**_info_fields(request, zone, group), "acl": {"rules": rules}}}
    return Response.json(200, answer)


def zone_list(request: Request, wanted: "List", found: "seen_zones.Page") -> Response:
    """Return a page of zones, or as much of it as fits into a response."""
    entries, _ = fitting(_info_fields(request, zone, found.groups.get(zone.group_id)) for zone in found.zones)
    following = found.next_id if len(entries) == len(found.zones) else entries[-1]["name"]
    fields: ZoneListFields = {
        "zones": entries,
        "nameFilter": wanted.name_filter,
        "startFrom": wanted.start_from,
        "nextId": following,
        "maxItems": wanted.limit,
        "ignoreAccess": wanted.ignore_access,
        "includeReverse": wanted.reverse,
    }
    return going_on(Response.json(200, present(fields)), following)


def zone_details(zone: Zone, group: Group | None) -> Response:
    """Return what everybody may know of a zone."""
    fields: DetailsFields = {
        "name": zone.name,
        "email": zone.email,
        "status": _status(zone),
        "adminGroupId": zone.group_id,
        "adminGroupName": _name(group),
    }
    answer: ZoneDetails = {"zone": fields}
    return Response.json(200, answer)


def deleted_zones(request: Request, wanted: "DeletedList", found: "lost_zones.Deleted") -> Response:
    """Return a page of deleted zones, or as much of it as fits into a response."""
    entries, _ = fitting(_deleted(request, zone, change, found) for zone, change in found.zones)
    following = found.next_id if len(entries) == len(found.zones) else found.zones[len(entries) - 1][0].id
    fields: DeletedListFields = {
        "zonesDeletedInfo": entries,
        "zoneChangeFilter": wanted.name_filter,
        "nextId": following,
        "startFrom": wanted.start_from,
        "maxItems": wanted.limit,
        "ignoreAccess": wanted.ignore_access,
    }
    return going_on(Response.json(200, present(fields)), following)


def _deleted(request: Request, zone: Zone, change: Change, found: "lost_zones.Deleted") -> "DeletedFields":
    user = found.users.get(change.user_id)
    return {
        "zoneChange": change_fields(zone, change),
        "adminGroupName": _name(found.groups.get(zone.group_id)),
        "userName": user.name if user else "unknown user",
        "accessLevel": zoneaccess.level(zone, request.caller),
    }


def sync_begun(zone: Zone, change: Change) -> Response:
    """Return the change of a sync that has begun."""
    return Response.json(release.chosen().synced, change_fields(zone, change))


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


def _info_fields(request: Request, zone: Zone, group: Group | None) -> "ZoneInfoFields":
    fields: ZoneInfoFields = {
        **_common_fields(zone),
        "adminGroupName": _name(group),
        "accessLevel": zoneaccess.level(zone, request.caller),
        "systemMessage": zone.trouble(request.received),
    }
    return present(fields)


def _status(zone: Zone) -> "Status":
    return _STATUS.get(zone.state, "Active")


def _name(group: Group | None) -> str:
    return group.name if group else "Unknown group name"


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
        "status": _status(zone),
        "created": time(zone.created),
        "updated": time(zone.updated),
        "id": zone.id,
        "account": release.chosen().account_of(zone),
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
