"""Types of the answers about VinylDNS's groups, and of the bodies that make them."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import Count, Present
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import Second
from zonewright.http.vinyldns.groups.query import MOST_CHANGES, MOST_GROUPS, MOST_MEMBERS
from zonewright.http.vinyldns.users.answer import PersonFields
from zonewright.model.groups import ChangeType

Status = Literal["Active", "Deleted"]
Millisecond = Annotated[
    str,
    Schema(
        "Millisecond",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        description="A time in UTC",
        examples=["2026-01-15T12:34:56.275Z"],
    ),
]


class MemberId(TypedDict):
    """A user, as groups name it."""

    id: str


class CommonFields(TypedDict):
    """The common fields of all forms of a group."""

    id: str
    name: str
    email: str
    description: NotRequired[Present[str]]
    members: list[MemberId]
    admins: list[MemberId]


class GroupFields(CommonFields):
    """A group."""

    created: Second
    status: Status


class ListedFields(CommonFields):
    """A group of a list. The abridged one has neither time nor status, and of its people only the caller."""

    created: NotRequired[Present[Second]]
    status: NotRequired[Present[Status]]


class GroupListFields(TypedDict):
    """A page of groups."""

    groups: Annotated[list[ListedFields], Schema(maxItems=MOST_GROUPS)]
    groupNameFilter: NotRequired[Present[str]]
    startFrom: NotRequired[Present[str]]
    nextId: NotRequired[Present[str]]
    maxItems: Annotated[int, Schema(minimum=1, maximum=MOST_GROUPS)]
    ignoreAccess: bool


class MemberFields(PersonFields):
    """A member of a group."""

    isAdmin: bool  # noqa: N815 - the name of the field


class MemberListFields(TypedDict):
    """A page of the members of a group."""

    members: Annotated[list[MemberFields], Schema(maxItems=MOST_MEMBERS)]
    startFrom: NotRequired[Present[str]]
    nextId: NotRequired[Present[str]]
    maxItems: Annotated[int, Schema(minimum=1, maximum=MOST_MEMBERS)]


class AdminListFields(TypedDict):
    """The admins of a group."""

    admins: list[PersonFields]


class GroupChangeFields(TypedDict):
    """A change of a group."""

    newGroup: GroupFields
    changeType: ChangeType
    userId: str
    oldGroup: NotRequired[Present[GroupFields]]
    id: str
    created: Millisecond
    userName: NotRequired[Present[str]]
    groupChangeMessage: str


class ActivityFields(TypedDict):
    """A page of the changes of a group."""

    changes: Annotated[list[GroupChangeFields], Schema(maxItems=MOST_CHANGES)]
    startFrom: NotRequired[Present[Count]]
    nextId: NotRequired[Present[Count]]
    maxItems: Annotated[int, Schema(minimum=1, maximum=MOST_CHANGES)]
