"""Types of the answers about VinylDNS's users."""

from typing import Literal, NotRequired, TypedDict

from zonewright.http.formats import Present
from zonewright.http.vinyldns.answers import Second


class UserFields(TypedDict):
    """A user, and the groups that it is in."""

    id: str
    userName: str
    groupId: list[str]


class PersonFields(TypedDict):
    """A user as an admin of a group, or as it was locked."""

    id: str
    userName: str
    firstName: NotRequired[Present[str]]
    lastName: NotRequired[Present[str]]
    email: NotRequired[Present[str]]
    created: Second
    lockStatus: Literal["Locked", "Unlocked"]
