"""Groups, their members and their changes (contract `vinyldns-writes.md`, section 10).

Any caller may read a group. Its admins change it, its members and system administrators read its changes.
"""

import random
import time
import uuid
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from zonewright.actions import holdings
from zonewright.errors import (
    GroupChanged,
    GroupChangeUnknown,
    GroupExists,
    GroupNameTaken,
    GroupNotFound,
    MarkerNotFound,
    NotEntitled,
    UsersNotFound,
)
from zonewright.model.emails import Rules
from zonewright.model.groups import ChangeType, GroupChange, Wanted
from zonewright.model.ids import is_id
from zonewright.model.users import Caller, Group, User
from zonewright.service import Service
from zonewright.store import groups as store
from zonewright.store import users
from zonewright.store.table import ConditionFailed

T = TypeVar("T")

_TRIES = 10
"""Attempts of a write while others write the same group, or its members."""

_PAUSE = 0.1
"""Seconds, at most, to wait before the next attempt."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The groups that a list shows: the page behind a group, and a part of their names."""

    limit: int
    part: str | None = None
    start_from: str | None = None
    ignore_access: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """A page of the members of a group, by id. `next_id` is the last of them if there are more."""

    group: Group
    users: Sequence[User]
    next_id: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """A page of the changes of a group, newest first. `user_names` are by id. `more` tells whether others follow."""

    changes: Sequence[GroupChange]
    user_names: dict[str, str]
    more: bool = False


def email_rules(service: Service) -> Rules:
    """Return the operator's rules for e-mail addresses."""
    choices = service.choices()
    return Rules(choices.email_domains, choices.email_dots)


def get(service: Service, group_id: str) -> Group:
    """Return a group. Raise GroupNotFound."""
    found = users.group(service.table, group_id)
    if found is None:
        raise GroupNotFound(group=group_id)
    return found


def create(service: Service, wanted: Wanted, *, caller: Caller) -> Group:
    """Create a group. The caller becomes a member and an admin.

    Raise GroupUnnamed, EmailRefused, Invalid, GroupNameTaken, UsersNotFound, the first that applies, or GroupChanged.
    """
    wanted.check(email_rules(service))
    group = wanted.create(str(uuid.uuid4()), caller.user_id, service.now())
    change = GroupChange(str(uuid.uuid4()), ChangeType.CREATE, caller.user_id, group.created, group)

    def attempt() -> Group:
        _refuse_taken(service, group)
        _refuse_unknown(service, group.member_ids)
        store.create(service.table, group, change)
        return group

    return _in_peace(attempt, group.id)


def update(service: Service, group_id: str, wanted: Wanted, *, caller: Caller) -> Group:
    """Replace a group: what is not wanted is gone. Return the group afterwards.

    Raise GroupNotFound, GroupUnnamed, EmailRefused, Invalid, NotEntitled, GroupWithoutMembers, UsersNotFound,
    GroupNameTaken, the first that applies, or GroupChanged.
    """

    def attempt() -> Group:
        old = get(service, group_id)
        wanted.check(email_rules(service))
        _refuse_others(old, caller)
        moment = old.moment(service.now())
        new = wanted.update(old, moment)
        present = frozenset(old.member_ids)
        _refuse_unknown(service, [each for each in new.member_ids if each not in present])
        _refuse_taken(service, new)
        change = GroupChange(str(uuid.uuid4()), ChangeType.UPDATE, caller.user_id, moment, new, old)
        store.update(service.table, old, new, change)
        return new

    return _in_peace(attempt, group_id)


def delete(service: Service, group_id: str, *, caller: Caller) -> Group:
    """Delete a group on which nothing depends. Return it as it was.

    Raise GroupNotFound, NotEntitled, GroupInUse, the first that applies, or GroupChanged.
    """

    def attempt() -> Group:
        group = get(service, group_id)
        _refuse_others(group, caller)
        holdings.check(service, group)
        moment = group.moment(service.now())
        change = GroupChange(str(uuid.uuid4()), ChangeType.DELETE, caller.user_id, moment, group)
        store.delete(service.table, group, change)
        return group

    return _in_peace(attempt, group_id)


def listing(service: Service, wanted: Selection, *, caller: Caller) -> list[Group]:
    """Return the groups of a page by name, and one more if there is one.

    They are the caller's own, or all for system administrators and if access is ignored. Raise MarkerNotFound.
    """
    after = users.group(service.table, wanted.start_from) if wanted.start_from is not None else None
    if after is None and wanted.start_from is not None:
        raise MarkerNotFound(marker=wanted.start_from)
    step = wanted.limit + 1
    if caller.is_system_admin or wanted.ignore_access:
        found = store.every(service.table, wanted.part or "", after, step=step)
    else:
        found = store.of_ids(service.table, caller.group_ids, wanted.part or "", after, step=step)
    return list(islice(found, step))


def members(service: Service, group_id: str, limit: int, start_from: str | None = None) -> Members:
    """Return a page of the members of a group, behind the id `start_from`, which need not exist.

    Raise GroupNotFound.
    """
    group = get(service, group_id)
    ids = sorted(group.member_ids)
    first = bisect_right(ids, start_from) if start_from is not None else 0
    page, more = ids[first : first + limit], len(ids) > first + limit
    return Members(group, _users(service, page), page[-1] if more else None)


def admins(service: Service, group_id: str) -> list[User]:
    """Return the admins of a group, by id. Raise GroupNotFound."""
    return _users(service, sorted(get(service, group_id).admin_ids))


def activity(service: Service, group_id: str, limit: int, skip: int = 0, *, caller: Caller) -> Activity:
    """Return a page of the changes of a group, without the newest `skip`. Raise GroupNotFound, NotEntitled."""
    _refuse_strangers(get(service, group_id), caller)
    found = store.changes(service.table, group_id, skip + limit + 1)[skip:]
    page = found[:limit]
    return Activity(page, _names(service, page), len(found) > limit)


def change(service: Service, change_id: str, *, caller: Caller) -> Activity:
    """Return one change of any group. Raise GroupChangeUnknown, NotEntitled."""
    found = store.change(service.table, change_id) if is_id(change_id) else None
    if found is None:
        raise GroupChangeUnknown(change=change_id)
    _refuse_strangers(found.new, caller)
    return Activity([found], _names(service, [found]))


def _in_peace(attempt: Callable[[], T], group_id: str) -> T:
    """Call `attempt` until no other writer was first. Raise GroupChanged if others go on."""
    for tries in range(_TRIES):
        try:
            return attempt()
        except (ConditionFailed, GroupExists):
            time.sleep(_PAUSE * random.uniform(0, tries))  # noqa: S311 - spreads writers, protects no secret
    raise GroupChanged("others keep changing the group, or its members; try again", group=group_id)


def _refuse_others(group: Group, caller: Caller) -> None:
    """Raise NotEntitled unless the caller may change the group. A token acts for one group, and changes no other."""
    if not caller.is_super and not (caller.user_id in group.admin_ids and group.id in caller.group_ids):
        raise NotEntitled


def _refuse_strangers(group: Group, caller: Caller) -> None:
    if not caller.sees(group.id):
        raise NotEntitled


def _refuse_taken(service: Service, wanted: Group) -> None:
    found = store.named(service.table, wanted.name)
    if found and found.id != wanted.id:
        raise GroupNameTaken(name=wanted.name, email=found.email)


def _refuse_unknown(service: Service, user_ids: Iterable[str]) -> None:
    wanted = list(user_ids)
    found = users.get_all(service.table, wanted)
    unknown = [each for each in wanted if each not in found]
    if unknown:
        raise UsersNotFound(users=unknown)


def _users(service: Service, user_ids: Sequence[str]) -> list[User]:
    found = users.get_all(service.table, user_ids)
    return [found[each] for each in user_ids if each in found]


def _names(service: Service, changes: Sequence[GroupChange]) -> dict[str, str]:
    concerned = frozenset[str]().union(*(each.concerns() for each in changes))
    return {user.id: user.name for user in users.get_all(service.table, sorted(concerned)).values()}
