"""Types of the answers about VinylDNS's zones and their history."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import AbsoluteName, Count, Present, Serial
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize, Second
from zonewright.http.vinyldns.dialect import MOST_ITEMS
from zonewright.model.acl import AccessLevel
from zonewright.model.change import ChangeStatus, ChangeType
from zonewright.model.moves import LONGEST_COMMENT
from zonewright.model.zoneaccess import ZoneAccess
from zonewright.protocol.tsig import ALGORITHMS

Transfer = Annotated[str, Schema(enum=["AXFR", "IXFR"])]
Status = Literal["Active", "Syncing", "Deleted"]
Comment = Annotated[str, Schema(maxLength=LONGEST_COMMENT, description="What the caller said of the change")]


class RuleFields(TypedDict):
    """An access rule of a zone. Without a user and a group it is for everybody."""

    accessLevel: AccessLevel
    description: NotRequired[Present[str]]
    userId: NotRequired[Present[str]]
    groupId: NotRequired[Present[str]]
    recordMask: NotRequired[Present[str]]
    recordTypes: list[str]


class RuleInfoFields(RuleFields):
    """An access rule with the name of its user or group."""

    displayName: str


class Acl(TypedDict):
    """The access rules of a zone."""

    rules: list[RuleFields] | list[RuleInfoFields]


class ConnectionFields(TypedDict):
    """A connection to a name server."""

    name: str
    keyName: str
    key: str
    primaryServer: str
    algorithm: Annotated[str, Schema(enum=[name.upper() for name in ALGORITHMS])]


class CommonFields(TypedDict):
    """The common fields of all forms of a zone."""

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
    connection: NotRequired[Present[ConnectionFields]]
    transferConnection: NotRequired[Present[ConnectionFields]]
    backendId: NotRequired[Present[str]]


class ZoneFields(CommonFields):
    """A zone within another answer."""

    isTest: bool


class ZoneInfoFields(CommonFields):
    """A single zone, with the caller's access to it. VinylDNS itself has no `systemMessage` here."""

    adminGroupName: str
    accessLevel: ZoneAccess
    systemMessage: NotRequired[Present[str]]


class ZoneInfo(TypedDict):
    """A zone in its envelope."""

    zone: ZoneInfoFields


class DetailsFields(TypedDict):
    """What everybody may know of a zone."""

    name: AbsoluteName
    email: str
    status: Status
    adminGroupId: str
    adminGroupName: str


class ZoneDetails(TypedDict):
    """The details of a zone in their envelope."""

    zone: DetailsFields


class ZoneListFields(TypedDict):
    """A page of zones, by name."""

    zones: Annotated[list[ZoneInfoFields], Schema(maxItems=MOST_ITEMS)]
    nameFilter: NotRequired[Present[str]]
    startFrom: NotRequired[Present[str]]
    nextId: NotRequired[Present[str]]
    maxItems: PageSize
    ignoreAccess: bool
    includeReverse: bool


class SyncCounts(TypedDict):
    """Record sets that a finished sync changed, and the records of the zone."""

    created: Count
    updated: Count
    deleted: Count
    unchanged: Count
    records: Present[Count]
    serial: Present[Serial]
    seconds: Present[Annotated[float, Schema(minimum=0)]]
    transfer: NotRequired[Present[Transfer]]


class ChangeFields(TypedDict):
    """One change of a zone's history. VinylDNS itself has neither `sync` nor `comment`."""

    zone: ZoneFields
    userId: str
    changeType: ChangeType
    status: ChangeStatus
    created: Second
    systemMessage: NotRequired[Present[str]]
    id: str
    sync: NotRequired[Present[SyncCounts]]
    comment: NotRequired[Present[Comment]]


class DeletedFields(TypedDict):
    """A deleted zone: the change that deleted it, and who did."""

    zoneChange: ChangeFields
    adminGroupName: str
    userName: str
    accessLevel: ZoneAccess


class DeletedListFields(TypedDict):
    """A page of deleted zones, the last deleted first."""

    zonesDeletedInfo: Annotated[list[DeletedFields], Schema(maxItems=MOST_ITEMS)]
    zoneChangeFilter: NotRequired[Present[str]]
    nextId: NotRequired[Present[str]]
    startFrom: NotRequired[Present[str]]
    maxItems: PageSize
    ignoreAccess: bool


class HistoryFields(TypedDict):
    """A page of a zone's history."""

    zoneId: str
    zoneChanges: Annotated[list[ChangeFields], Schema(maxItems=MOST_ITEMS)]
    nextId: NotRequired[Present[str]]
    startFrom: NotRequired[Present[str]]
    maxItems: PageSize
