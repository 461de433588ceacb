"""Writes of groups in the table, their lists by name, and their changes. `users.py` reads single groups.

A group's name is unique. It is claimed by an item of its own, and another lists the group by name. All are written with
the group and its change in one transaction, which also changes the lists of groups of its members.

A transaction has 100 writes. If a change concerns more members, those who leave are written before the group, and those
who enter behind it. So whoever has the rights of a group is among its members at any moment. A group whose last members
were not written is not settled, and its next change writes them all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from zonewright import clock
from zonewright.errors import GroupChanged, GroupExists, GroupNotFound, Invalid, UserNotFound
from zonewright.model.groups import MOST_GROUPS, ChangeType, GroupChange
from zonewright.model.users import Group, User
from zonewright.store import groupkeys, keys, users
from zonewright.store.conditions import ABSENT, Condition, below, equal
from zonewright.store.table import MOST_WRITES, Check, ConditionFailed, Delete, Item, Put, Table, Update, Write

TRIES = 8
"""Attempts to write members of a group whose lists of groups others change."""

_FEW = 100
"""Groups that a caller's own list reads at once. One request reads so many items."""


# --- Writes


def create(table: Table, group: Group, change: GroupChange | None = None) -> None:
    """Store a new group with its members. Raise Invalid, UserNotFound for a member that is not there, or GroupExists.

    The operator's command makes groups without a change, for it is no user.
    """
    writes = [
        Put(keys.group_name(group.name) | {"group_id": group.id}, ABSENT),
        Put(groupkeys.entry(group.name, group.id)),
        *_recorded(change),
    ]
    try:
        _write(table, replace(group, revision=1), ABSENT, writes, entering=group.member_ids)
    except ConditionFailed as error:
        taken = (f"id {group.id}", f"name {group.name}")
        raise GroupExists(users.first_taken("a group", taken, error)) from error


def update(table: Table, old: Group, new: Group, change: GroupChange) -> None:
    """Store `new` in place of the unchanged `old`, and its change. Raise ConditionFailed if another was first."""
    writes: list[Write] = []
    if groupkeys.entry(old.name, old.id) != groupkeys.entry(new.name, new.id):
        writes += [Put(keys.group_name(new.name) | {"group_id": new.id}, ABSENT), Delete(keys.group_name(old.name))]
        writes += [Put(groupkeys.entry(new.name, new.id)), Delete(groupkeys.entry(old.name, old.id))]
    before, after = frozenset(old.member_ids), frozenset(new.member_ids)
    entering = new.member_ids if not old.settled else [each for each in new.member_ids if each not in before]
    leaving = [each for each in old.member_ids if each not in after]
    new = replace(new, revision=old.revision + 1, settled=True)
    _write(table, new, users.as_read(old), [*writes, *_recorded(change)], leaving=leaving, entering=entering)


def delete(table: Table, group: Group, change: GroupChange) -> None:
    """Delete an unchanged group without zones, and store its change. Its name is free. Raise ConditionFailed."""
    writes: list[Write] = [
        Delete(keys.group(group.id), users.as_read(group)),
        Check(keys.tally(group.id), below("zones", 1)),
        Delete(keys.group_name(group.name)),
        Delete(groupkeys.entry(group.name, group.id)),
        Delete(keys.quotas(group.id)),
        *_recorded(change),
    ]
    leaving = _leaving(table, group.id, group.member_ids)
    if len(writes) + len(leaving) > MOST_WRITES:
        _in_turn(table, group, group.member_ids, _leaving)
        leaving = []
    table.write(*writes, *leaving)


def join(table: Table, group_id: str, user_id: str) -> None:
    """Make a user a member of a group, unless it is one. Raise GroupNotFound, UserNotFound, GroupExists."""
    group = users.group(table, group_id)
    if group is None:
        raise GroupNotFound(group=group_id)
    if user_id in group.member_ids and group.settled:
        return
    members = tuple(dict.fromkeys([*group.member_ids, user_id]))
    joined = replace(group, member_ids=members, revision=group.revision + 1, settled=True)
    entering = [user_id] if group.settled else members
    try:
        _write(table, joined, users.as_read(group), [], entering=entering)
    except ConditionFailed as error:
        raise GroupExists(f"group {group.name} or user {user_id} changed meanwhile; try again") from error


def _write(
    table: Table,
    group: Group,
    condition: Condition,
    others: Sequence[Write],
    *,
    leaving: Sequence[str] = (),
    entering: Sequence[str] = (),
) -> None:
    """Write a group, if `condition` is true of it, with `others`, and its members' lists of groups.

    The group is the first write of its transaction, and `others` follow.
    """
    leave, enter = _leaving(table, group.id, leaving), _entering(table, group.id, entering)
    if 1 + len(others) + len(leave) + len(enter) <= MOST_WRITES:
        table.write(Put(_item(group), condition), *others, *leave, *enter)
        return
    if leave:
        table.write(Update(keys.group(group.id), set={"unsettled": True}, condition=condition))
        _in_turn(table, group, leaving, _leaving)
    table.write(Put(_item(replace(group, settled=False)), condition), *others)
    _in_turn(table, group, entering, _entering)
    settled = Update(keys.group(group.id), remove=("unsettled",), condition=equal(revision=group.revision))
    with suppress(ConditionFailed):  # a later change settles the group, or deleted it
        table.write(settled)


def _in_turn(
    table: Table, group: Group, user_ids: Iterable[str], writes: Callable[[Table, str, Sequence[str]], list[Write]]
) -> None:
    """Make these writes of users, some at a time. Repeat those that other writers of the same users prevent.

    Raise GroupChanged if others keep changing them.
    """
    ids = iter(dict.fromkeys(user_ids))
    while some := list(islice(ids, MOST_WRITES)):
        for _ in range(TRIES):
            left = writes(table, group.id, some)
            with suppress(ConditionFailed):
                if left:
                    table.write(*left)
                break
        else:
            raise GroupChanged("the groups of its members keep changing; try again", group=group.id)


def _entering(table: Table, group_id: str, user_ids: Sequence[str]) -> list[Write]:
    """Return the writes that add a group to the lists of users that lack it. Raise UserNotFound, Invalid."""
    found = users.get_all(table, user_ids)
    gone = next((each for each in user_ids if each not in found), None)
    if gone is not None:
        raise UserNotFound(user=gone)
    return [_enters(each, group_id) for each in found.values() if group_id not in each.group_ids]


def _enters(user: User, group_id: str) -> Update:
    if len(user.group_ids) >= MOST_GROUPS:
        raise Invalid(f"User {user.name} is in {MOST_GROUPS} groups, and no user may be in more")
    lacking = Condition(
        "attribute_exists(pk) AND NOT contains(#groups, :group)", {"#groups": "group_ids"}, {":group": group_id}
    )
    return Update(keys.user(user.id), append={"group_ids": [group_id]}, condition=lacking)


def _leaving(table: Table, group_id: str, user_ids: Sequence[str]) -> list[Write]:
    """Return the writes that remove a group from the lists of users that have it."""
    having = [each for each in users.get_all(table, user_ids).values() if group_id in each.group_ids]
    return [_leaves(each, group_id) for each in having]


def _leaves(user: User, group_id: str) -> Update:
    unchanged = Condition("#groups = :groups", {"#groups": "group_ids"}, {":groups": list(user.group_ids)})
    left = [each for each in user.group_ids if each != group_id]
    return Update(keys.user(user.id), set={"group_ids": left}, condition=unchanged)


# --- Lists by name


def named(table: Table, name: str) -> Group | None:
    """Return the group of a name, in any case of letters, or None."""
    claim = table.get(keys.group_name(name))
    return users.group(table, claim["group_id"]) if claim else None


def of_ids(
    table: Table, group_ids: frozenset[str], part: str = "", after: Group | None = None, *, step: int
) -> Iterator[Group]:
    """Yield the groups of some ids whose names contain `part`, by name, behind `after`, as last written.

    A few groups are read at once. Many are found in the list of all, `step` of them at a time.
    """
    if len(group_ids) > _FEW:
        return _walk(table, lambda group_id: group_id in group_ids, part, after, step)
    found = sorted(users.groups_of(table, group_ids), key=_place)
    return (each for each in found if _holds(each.name, part) and (after is None or _place(each) > _place(after)))


def every(table: Table, part: str = "", after: Group | None = None, *, step: int) -> Iterator[Group]:
    """Yield all groups whose names contain `part`, by name, behind `after`, as last written, `step` at a time."""
    return _walk(table, lambda _: True, part, after, step)


def _walk(table: Table, wanted: Callable[[str], bool], part: str, after: Group | None, step: int) -> Iterator[Group]:
    """Yield groups in the order of the list of all, whose small items say which groups to read."""
    _complete(table)
    start = groupkeys.entry(after.name, after.id) if after else None
    entries = table.query(groupkeys.GROUP_NAMES, start=start, step=None if part else step)
    places = (entry["sk"].rpartition("#") for entry in entries)
    found = (place for place in places if part.casefold() in place[0] and wanted(place[2]))
    while some := {group_id: f"{name}#{group_id}" for name, _, group_id in islice(found, step)}:
        groups = users.groups_of(table, some)
        yield from sorted((each for each in groups if _place(each) == some[each.id]), key=_place)


def _complete(table: Table) -> None:
    """List the groups of earlier releases, which had no such list, once for all."""
    if table.get(groupkeys.ALL_LISTED) is None:
        entries = (Put(groupkeys.entry(group.name, group.id)) for group in users.groups(table))
        while some := list(islice(entries, MOST_WRITES)):
            table.write(*some)
        table.write(Put(groupkeys.ALL_LISTED))


def _place(group: Group) -> str:
    return keys.group_place(group.name, group.id)


def _holds(name: str, part: str) -> bool:
    return part.casefold() in name.casefold()


# --- Changes


def changes(table: Table, group_id: str, most: int) -> list[GroupChange]:
    """Return up to `most` changes of a group, the newest first."""
    pk = keys.group_partition(group_id)
    return [_change(item) for item in table.query(pk, prefix=keys.CHANGES, limit=most, newest_first=True)]


def change(table: Table, change_id: str) -> GroupChange | None:
    """Return the change of an id, or None."""
    item = table.get(groupkeys.change_id(change_id))
    found = table.get({"pk": keys.group_partition(item["group_id"]), "sk": item["change"]}) if item else None
    return _change(found) if found else None


def _recorded(made: GroupChange | None) -> list[Write]:
    """Return the writes that store a change, and where it is."""
    if made is None:
        return []
    key = groupkeys.change(made.new.id, made.created, made.id)
    where = {"group_id": made.new.id, "change": key["sk"]}
    return [Put(key | _change_item(made)), Put(groupkeys.change_id(made.id) | where)]


def _change_item(made: GroupChange) -> Item:
    old = {"old": _state(made.old)} if made.old else {}
    created = clock.to_text(made.created)
    return {
        "id": made.id,
        "type": str(made.type),
        "user_id": made.user_id,
        "created": created,
        "new": _state(made.new),
        **old,
    }


def _change(item: Item) -> GroupChange:
    return GroupChange(
        id=item["id"],
        type=ChangeType(item["type"]),
        user_id=item["user_id"],
        created=clock.from_text(item["created"]),
        new=_stated(item["new"]),
        old=_stated(item["old"]) if "old" in item else None,
    )


def _state(group: Group) -> Item:
    """Return the attributes of a group, which its item and its changes have."""
    return {
        "id": group.id,
        "name": group.name,
        "email": group.email,
        "created": clock.to_text(group.created),
        "description": group.description,
        "member_ids": list(group.member_ids),
        "admin_ids": list(group.admin_ids),
    }


def _stated(state: Item) -> Group:
    lists = {name: tuple(state[name]) for name in ("member_ids", "admin_ids")}
    return Group(**state | lists | {"created": clock.from_text(state["created"])})


def _item(group: Group) -> Item:
    item = keys.group(group.id) | keys.group_listing(group.name, group.id) | _state(group)
    changed = {"changed": clock.to_text(group.changed)} if group.changed else {}
    return {**item, **changed, "revision": group.revision, **({} if group.settled else {"unsettled": True})}
