"""Types of the answers about record set changes."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import AbsoluteName, Count, Present, Ttl, Uuid, Version
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize, Second
from zonewright.http.vinyldns.dialect import MOST_ITEMS
from zonewright.http.vinyldns.zones.answer import Comment, ZoneFields

ChangeType = Literal["Create", "Update", "Delete"]
RecordData = Annotated[dict[str, str | int], Schema("RecordData")]
"""One record by its fields."""

_Versions = TypedDict(
    "_Versions",
    {"from": NotRequired[Present[Version]], "to": NotRequired[Present[Version]]},
)
"""The two versions of a difference. This form of TypedDict allows the key `from`, a keyword of Python."""


class RecordSetFields(TypedDict):
    """A record set, before or after a change."""

    type: Annotated[str, Schema(examples=["A", "TYPE65280"])]
    zoneId: str
    name: str
    ttl: Ttl
    status: Literal["Active", "Inactive"]
    created: Second
    updated: NotRequired[Present[Second]]
    records: Annotated[list[RecordData], Schema(minItems=1)]
    id: Uuid
    account: Literal["system"]
    fqdn: AbsoluteName


class MoveFields(TypedDict):
    """The change of one record set. `updates` is its state before."""

    changeType: ChangeType
    updates: NotRequired[Present[RecordSetFields]]
    recordSet: RecordSetFields


class Author(TypedDict, total=False):
    """The author and time of a change. Empty in a difference of two versions, and in a dry run."""

    userId: str
    userName: str
    status: Literal["Complete"]
    created: Second
    systemMessage: Present[str]
    comment: Present[Comment]
    id: Uuid


class RecordSetChangeFields(MoveFields, Author):
    """A record set change in a list."""

    zone: ZoneFields


class PageFields(TypedDict):
    """A page of record set changes."""

    zoneId: str
    recordSetChanges: Annotated[list[RecordSetChangeFields], Schema(maxItems=MOST_ITEMS)]
    nextId: NotRequired[Present[Count]]
    startFrom: NotRequired[Present[Count]]
    maxItems: PageSize


class ChangesFields(PageFields, _Versions):
    """A page of the record set changes of a zone's history, or of the difference of two versions."""
