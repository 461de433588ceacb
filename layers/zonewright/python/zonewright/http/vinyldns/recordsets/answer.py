"""Types of the answers about record set changes."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import AbsoluteName, Count, Present, Ttl, Uuid, Version
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize, Second
from zonewright.http.vinyldns.dialect import MOST_ITEMS
from zonewright.http.vinyldns.zones.answer import Comment, ZoneFields
from zonewright.model import ownership
from zonewright.model.acl import AccessLevel

ChangeType = Literal["Create", "Update", "Delete"]
Status = Literal["Pending", "Complete", "Failed"]
RecordSetStatus = Literal["Active", "Inactive", "Pending", "PendingUpdate", "PendingDelete"]
RecordData = Annotated[dict[str, str | int], Schema("RecordData")]
"""One record by its fields."""

_Versions = TypedDict(
    "_Versions",
    {"from": NotRequired[Present[Version]], "to": NotRequired[Present[Version]]},
)
"""The two versions of a difference. This form of TypedDict allows the key `from`, a keyword of Python."""


class TransferFields(TypedDict):
    """A transfer of a record set to another owner group."""

    ownershipTransferStatus: Annotated[str, Schema(enum=[str(each) for each in ownership.Status])]
    requestedOwnerGroupId: NotRequired[Present[str]]


class RecordSetFields(TypedDict):
    """A record set."""

    type: Annotated[str, Schema(examples=["A", "TYPE65280"])]
    zoneId: str
    name: str
    ttl: Ttl
    status: RecordSetStatus
    created: Second
    updated: NotRequired[Present[Second]]
    records: Annotated[list[RecordData], Schema(minItems=1)]
    id: Uuid
    account: str
    ownerGroupId: NotRequired[Present[str]]
    recordSetGroupChange: NotRequired[Present[TransferFields]]
    fqdn: NotRequired[AbsoluteName]


class RecordSetInfoFields(RecordSetFields):
    """A record set, with the name of the group that owns it."""

    ownerGroupName: NotRequired[Present[str]]


class RecordSetInfo(TypedDict):
    """A record set in its envelope."""

    recordSet: RecordSetInfoFields


class ListedFields(RecordSetInfoFields):
    """A record set of a list, with the caller's access to it."""

    accessLevel: Annotated[str, Schema(enum=[str(each) for each in AccessLevel])]


class FoundFields(ListedFields):
    """A record set of a search over all zones."""

    zoneName: AbsoluteName
    zoneShared: bool


class EchoFields(TypedDict):
    """What a list repeats of the query, and where it goes on."""

    startFrom: NotRequired[Present[str]]
    nextId: NotRequired[Present[str]]
    maxItems: PageSize
    recordNameFilter: NotRequired[Present[str]]
    recordTypeFilter: NotRequired[Present[list[str]]]
    nameSort: Literal["ASC", "DESC"]
    recordTypeSort: Annotated[str, Schema(enum=["ASC", "DESC", "NONE"])]


class ListFields(EchoFields):
    """A page of the record sets of a zone."""

    recordSets: Annotated[list[ListedFields], Schema(maxItems=MOST_ITEMS)]


class SearchFields(EchoFields):
    """A page of the record sets of all zones."""

    recordSets: Annotated[list[FoundFields], Schema(maxItems=MOST_ITEMS)]


class CountFields(TypedDict):
    """The number of record sets of a zone."""

    count: Count


class MoveFields(TypedDict):
    """The change of one record set. `updates` is its state before."""

    changeType: ChangeType
    updates: NotRequired[Present[RecordSetFields]]
    recordSet: RecordSetFields


class Author(TypedDict, total=False):
    """The author and time of a change. Empty in a difference of two versions, and in a dry run."""

    userId: str
    userName: str
    status: Status
    created: Second
    systemMessage: Present[str]
    comment: Present[Comment]
    id: Uuid


class RecordSetChangeFields(MoveFields, Author):
    """A record set change in a list."""

    zone: ZoneFields


class SingleChangeFields(MoveFields):
    """A record set change by itself."""

    zone: ZoneFields
    userId: str
    status: Status
    created: Second
    systemMessage: NotRequired[Present[str]]
    id: Uuid
    singleBatchChangeIds: list[str]


class FailuresFields(TypedDict):
    """A page of the record set changes of a zone that failed."""

    failedRecordSetChanges: Annotated[list[SingleChangeFields], Schema(maxItems=MOST_ITEMS)]
    nextId: Count
    startFrom: Count
    maxItems: PageSize


class PageFields(TypedDict):
    """A page of record set changes."""

    zoneId: str
    recordSetChanges: Annotated[list[RecordSetChangeFields], Schema(maxItems=MOST_ITEMS)]
    nextId: NotRequired[Present[Count]]
    startFrom: NotRequired[Present[Count]]
    maxItems: PageSize


class ChangesFields(PageFields, _Versions):
    """A page of the record set changes of a zone's history, or of the difference of two versions."""
