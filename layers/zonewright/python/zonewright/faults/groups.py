"""Errors about groups and users (the whole tree: `errors.py`)."""

from collections.abc import Sequence

from zonewright.faults.callers import NotAuthorized
from zonewright.faults.conflicts import Exists
from zonewright.faults.invalid import Invalid
from zonewright.faults.meaning import RequestError
from zonewright.faults.missing import NotFound


class NotEntitled(NotAuthorized):
    """The caller is not an admin or a member of the group, or not a super user, as this takes."""


class UserNotFound(NotFound):
    """No user has this id or name."""

    user: str


class UserIdNotFound(UserNotFound):
    """No user has this id."""


class UsersNotFound(NotFound):
    """Some of the users that a group would have do not exist. `users` are their ids."""

    users: Sequence[str]


class NotMember(NotFound):
    """No such user is a member of the group."""

    user: str
    group: str


class GroupNotFound(NotFound):
    """No such group."""

    group: str


class UserExists(Exists):
    """The user's name, id or access key is taken."""


class GroupExists(Exists):
    """The group's id is taken."""


class GroupNameTaken(Exists):
    """Another group has this name. `email` is where to ask its members."""

    name: str
    email: str


class GroupChanged(RequestError):
    """Other writers keep changing the group, or its members. A retry may succeed."""

    group: str


class GroupUnnamed(Invalid):
    """The group's name or e-mail address is blank."""


class GroupWithoutMembers(Invalid):
    """The group has no member, or no admin."""


class GroupChangeUnknown(Invalid):
    """No group has a change of this id."""

    change: str


class GroupInUse(RequestError):
    """The group cannot be deleted, because others depend on it. `name` is the group's."""

    name: str


class GroupOwnsZone(GroupInUse):
    """The group administers a zone."""
