"""Zones and their history as the VinylDNS API shows them (contract `vinyldns.md`, sections 3 and 6)."""

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import AbsoluteName, Count, Present, Schema, Serial
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import PageSize, Second, present, time
from zonewright.model import schedule
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.states import State
from zonewright.model.users import Group
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.http.vinyldns.zones.query import Page

Transfer = Annotated[str, Schema(enum=["AXFR", "IXFR"])]
Status = Literal["Active", "Syncing", "Deleted"]

# A zone that failed to load, or waits for an update, is Active to VinylDNS's clients: they know no other word.
_STATUS: dict[State, Status] = {State.SYNCING: "Syncing", State.DELETED: "Deleted"}


class Acl(TypedDict):
    """The access rules of a zone. There are none."""

    rules: Annotated[list[object], Schema(maxItems=0)]


class CommonFields(TypedDict):
    """The fields that every rendering of a zone has."""

    name: AbsoluteName
    email: str
    status: Status
    created: Second
    updated: NotRequired[Present[Second]]
    id: str
    account: str
    shared: bool
    acl: Acl
    adminGroupId: str
    recurrenceSchedule: NotRequired[Present[str]]
    scheduleRequestor: NotRequired[Present[str]]
    latestSync: NotRequired[Present[Second]]


class ZoneFields(CommonFields):
    """A zone within another answer."""

    isTest: bool


class ZoneInfoFields(CommonFields):
    """A single zone, with the caller's access to it."""

    adminGroupName: str
    accessLevel: Literal["Delete", "Read", "NoAccess"]


class ZoneInfo(TypedDict):
    """A zone in its envelope."""

    zone: ZoneInfoFields


class SyncCounts(TypedDict):
    """Record sets that a finished sync changed, and the zone's records. All values are known at the same time."""

    created: Count
    updated: Count
    deleted: Count
    unchanged: Count
    records: Present[Count]
    serial: Present[Serial]
    seconds: Present[Annotated[float, Schema(minimum=0)]]
    transfer: NotRequired[Present[Transfer]]


class ChangeFields(TypedDict):
    """One change of a zone's history. `sync` is an addition to VinylDNS's fields."""

    zone: ZoneFields
    userId: str
    changeType: ChangeType
    status: ChangeStatus
    created: Second
    systemMessage: NotRequired[Present[str]]
    id: str
    sync: NotRequired[Present[SyncCounts]]


class HistoryFields(TypedDict):
    """A page of a zone's history."""

    zoneId: str
    zoneChanges: Annotated[list[ChangeFields], Schema(maxItems=100)]
    nextId: NotRequired[Present[str]]
    startFrom: NotRequired[Present[str]]
    maxItems: PageSize


def zone_info(request: Request, zone: Zone, group: Group | None) -> Response:
    """A zone, with what the caller may do to it."""
    fields: ZoneInfoFields = {
        **_common_fields(zone),
        "adminGroupName": group.name if group else "Unknown group name",
        "accessLevel": "Delete" if request.caller.administers(zone.group_id) else "Read",
    }
    answer: ZoneInfo = {"zone": fields}
    return Response.json(200, answer)


def zone_change(zone: Zone, change: Change) -> Response:
    """A change as it was asked for."""
    return Response.json(200, change_fields(zone, change))


def zone_changes(zone: Zone, page: "Page", found: "history.ChangePage") -> Response:
    """A page of a zone's history, newest first."""
    fields: HistoryFields = {
        "zoneId": zone.id,
        "zoneChanges": [change_fields(zone, change) for change in found.changes],
        "nextId": found.next_id,
        "startFrom": page.start_from,
        "maxItems": page.limit,
    }
    return Response.json(200, present(fields))


def zone_fields(zone: Zone) -> ZoneFields:
    """Return the fields of a zone within another answer."""
    return {**_common_fields(zone), "isTest": False}


def change_fields(zone: Zone, change: Change) -> ChangeFields:
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
    }
    return present(fields)


def sync_counts(change: Change) -> SyncCounts | None:
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


def _common_fields(zone: Zone) -> CommonFields:
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
        "acl": {"rules": []},
        "adminGroupId": zone.group_id,
        "recurrenceSchedule": calendar,
        "scheduleRequestor": zone.requestor if calendar else None,
        "latestSync": time(zone.synced),
    }
    return present(fields)
