"""Zones and their history as the VinylDNS API shows them (contract `vinyldns.md`, sections 3 and 6)."""

from typing import TYPE_CHECKING, Any

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import present, time
from zonewright.model import schedule
from zonewright.model.change import Change
from zonewright.model.states import State
from zonewright.model.users import Group
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.http.vinyldns.zones.query import Page

# A zone that failed to load, or waits for an update, is Active to VinylDNS's clients: they know no other word.
_STATUS = {State.SYNCING: "Syncing", State.DELETED: "Deleted"}


def zone_info(request: Request, zone: Zone, group: Group | None) -> Response:
    """A zone, with what the caller may do to it."""
    fields = zone_fields(zone)
    del fields["isTest"]
    fields["adminGroupName"] = group.name if group else "Unknown group name"
    fields["accessLevel"] = "Delete" if request.caller.administers(zone.group_id) else "Read"
    return Response.json(200, {"zone": fields})


def zone_change(zone: Zone, change: Change) -> Response:
    """A change as it was asked for."""
    return Response.json(200, change_fields(zone, change))


def zone_changes(zone: Zone, page: "Page", found: "history.ChangePage") -> Response:
    """A page of a zone's history, newest first."""
    fields: dict[str, Any] = {
        "zoneId": zone.id,
        "zoneChanges": [change_fields(zone, change) for change in found.changes],
        "nextId": found.next_id,
        "startFrom": page.start_from,
        "maxItems": page.limit,
    }
    return Response.json(200, present(fields))


def zone_fields(zone: Zone) -> dict[str, Any]:
    """A zone in the plain rendering."""
    fields: dict[str, Any] = {
        "name": zone.name,
        "email": zone.email,
        "status": _STATUS.get(zone.state, "Active"),
        "created": time(zone.created),
        "updated": time(zone.updated),
        "id": zone.id,
        "account": zone.group_id,  # as in the seed's example
        "shared": zone.shared,
        "acl": {"rules": []},
        "adminGroupId": zone.group_id,
        "recurrenceSchedule": schedule.recurrence(zone.schedule),
        "scheduleRequestor": zone.requestor if schedule.recurrence(zone.schedule) else None,
        "latestSync": time(zone.synced),
        "isTest": False,
    }
    return present(fields)


def change_fields(zone: Zone, change: Change) -> dict[str, Any]:
    """A change; `sync` is ours: what a finished one moved."""
    fields = {
        "zone": zone_fields(zone),
        "userId": change.user_id,
        "changeType": str(change.type),
        "status": str(change.status),
        "created": time(change.created),
        "systemMessage": change.reason,
        "id": change.id,
        "sync": sync_counts(change),
    }
    return present(fields)


def sync_counts(change: Change) -> dict[str, Any] | None:
    """What a sync moved, and how it came by it; None where that is not known."""
    if change.counts is None:
        return None
    fields = {
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
