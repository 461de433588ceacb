"""Types of the answers about VinylDNS's zones and their history."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import AbsoluteName, Count, Present, Serial
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize, Second
from zonewright.http.vinyldns.dialect import MOST_ITEMS
from zonewright.model.acl import AccessLevel
from zonewright.model.change import ChangeStatus, ChangeType
from zonewright.model.moves import LONGEST_COMMENT
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


class Acl(TypedDict):
    """The access rules of a zone."""

    rules: list[RuleFields]


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
    accessLevel: Literal["Delete", "Read", "NoAccess"]
    systemMessage: NotRequired[Present[str]]


class ZoneInfo(TypedDict):
    """A zone in its envelope."""

    zone: ZoneInfoFields


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


class HistoryFields(TypedDict):
    """A page of a zone's history."""

    zoneId: str
    zoneChanges: Annotated[list[ChangeFields], Schema(maxItems=MOST_ITEMS)]
    nextId: NotRequired[Present[str]]
    startFrom: NotRequired[Present[str]]
    maxItems: PageSize
