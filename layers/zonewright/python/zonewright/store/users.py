"""Users, groups and tokens in the table.

A user's name and access key, and a group's name, are unique. Each is claimed by an item of its own, written in the same
transaction. Membership is stored twice. The user has it for authorization without a second read, and the group has it
for lists. Both change in one transaction, on the condition that the lists are unchanged.
"""

from collections.abc import Sequence
from typing import Any

from zonewright import clock
from zonewright.errors import GroupExists, GroupNotFound, Invalid, NotMember, UserExists, UserNotFound
from zonewright.model.ids import is_id
from zonewright.model.users import Group, Token, User
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, PRESENT, Condition, equal
from zonewright.store.table import Check, ConditionFailed, Item, Put, Table, Update
from zonewright.store.vault import Purpose, Vault

MOST_AT_ONCE = 96
"""Memberships that one transaction writes. It takes 100 writes, and a few are the item and its claims."""


def get(table: Table, user_id: str) -> User | None:
    """Return the user of an id, or None."""
    item = table.get(keys.user(user_id))
    return _user(item) if item else None


def by_ids(table: Table, user_ids: Sequence[str]) -> dict[str, User]:
    """Return the users that there are among `user_ids`, none of which may occur twice, by id."""
    found = table.get_all([keys.user(user_id) for user_id in user_ids])
    return {item["id"]: _user(item) for item in found if item}


def by_access_key(table: Table, access_key: str) -> User | None:
    """Return the user who signs with `access_key`, or None."""
    claim = table.get(keys.access_key(access_key)) if is_id(access_key, keys.LONGEST_ACCESS_KEY) else None
    return get(table, claim["user_id"]) if claim else None


def listing(table: Table) -> list[User]:
    """Return all users, by name."""
    return [_user(item) for item in table.query(keys.USERS, index=keys.INDEX)]


def create(table: Table, user: User) -> None:
    """Store a new user as a member of its `group_ids`.

    Raise Invalid for too many groups, GroupNotFound, UserExists.
    """
    groups = [_existing_group(table, group_id) for group_id in _limited(user.group_ids)]
    owned = {"user_id": user.id}
    try:
        table.write(
            Put(_user_item(user), ABSENT),
            Put(keys.user_name(user.name) | owned, ABSENT),
            Put(keys.access_key(user.access_key) | owned, ABSENT),
            *[_add(keys.group(group.id), "member_ids", group.member_ids, user.id) for group in groups],
        )
    except ConditionFailed as error:
        taken = (f"id {user.id}", f"name {user.name}", f"access key {user.access_key}")
        raise UserExists(_first_taken("a user", taken, error)) from error


def renew_secrets(table: Table, vault: Vault) -> int:
    """Seal the secrets of users as this release does. Return how many earlier releases had sealed."""
    renewed = 0
    for user in listing(table):
        secret = vault.renew(user.secret, user.id, Purpose.USER)
        if secret is not None:
            table.write(Update(keys.user(user.id), set={"secret": secret}, condition=equal(secret=user.secret)))
            renewed += 1
    return renewed


def set_locked(table: Table, user_id: str, *, locked: bool) -> None:
    """Lock a user out of every route, or unlock it. Raise UserNotFound."""
    try:
        table.write(Update(keys.user(user_id), set={"locked": locked}, condition=PRESENT))
    except ConditionFailed as error:
        raise UserNotFound(user=user_id) from error


def group(table: Table, group_id: str) -> Group | None:
    """Return the group of an id, or None."""
    item = table.get(keys.group(group_id))
    return _group(item) if item else None


def groups(table: Table) -> list[Group]:
    """Return all groups, by name."""
    return [_group(item) for item in table.query(keys.GROUPS, index=keys.INDEX)]


def groups_by_id(table: Table, group_ids: Sequence[str]) -> dict[str, Group]:
    """Return the groups that there are among `group_ids`, none of which may occur twice, by id."""
    found = table.get_all([keys.group(group_id) for group_id in group_ids])
    return {item["id"]: _group(item) for item in found if item}


def create_group(table: Table, group: Group) -> None:
    """Store a new group with its members. Raise Invalid for too many members, UserNotFound, GroupExists."""
    members = [_existing_user(table, user_id) for user_id in _limited(group.member_ids)]
    try:
        table.write(
            Put(_group_item(group), ABSENT),
            Put(keys.group_name(group.name) | {"group_id": group.id}, ABSENT),
            *[_add(keys.user(user.id), "group_ids", user.group_ids, group.id) for user in members],
        )
    except ConditionFailed as error:
        raise GroupExists(_first_taken("a group", (f"id {group.id}", f"name {group.name}"), error)) from error


def join(table: Table, group_id: str, user_id: str) -> None:
    """Make a user a member of a group, unless it is one. Raise GroupNotFound, UserNotFound, GroupExists."""
    group, user = _existing_group(table, group_id), _existing_user(table, user_id)
    if user.id in group.member_ids:
        return
    try:
        table.write(
            _add(keys.group(group.id), "member_ids", group.member_ids, user.id),
            _add(keys.user(user.id), "group_ids", user.group_ids, group.id),
        )
    except ConditionFailed as error:
        raise GroupExists(f"group {group.name} or user {user.name} changed meanwhile; try again") from error


def token(table: Table, digest: str) -> Token | None:
    """Return the token of a digest, or None."""
    item = table.get(keys.token(digest))
    return Token(digest, item["user_id"], item["group_id"], clock.from_text(item["created"])) if item else None


def create_token(table: Table, token: Token) -> None:
    """Store a token. Raise NotMember if its user is not a member of its group."""
    member = Condition("contains(#groups, :group)", {"#groups": "group_ids"}, {":group": token.group_id})
    item = keys.token(token.digest) | {
        "user_id": token.user_id,
        "group_id": token.group_id,
        "created": clock.to_text(token.created),
    }
    try:
        table.write(Put(item, ABSENT), Check(keys.user(token.user_id), member))
    except ConditionFailed as error:
        raise NotMember(user=token.user_id, group=token.group_id) from error


def _add(key: keys.ItemKey, name: str, old: tuple[str, ...], member: str) -> Update:
    unchanged = Condition("#list = :old", {"#list": name}, {":old": list(old)})
    return Update(key, set={name: [*old, member]}, condition=unchanged)


def _first_taken(kind: str, taken: tuple[str, ...], error: ConditionFailed) -> str:
    for text, failed in zip(taken, error.failed, strict=False):
        if failed:
            return f"there is {kind} with {text} already"
    return "a member or group changed meanwhile; try again"


def _limited(ids: tuple[str, ...]) -> tuple[str, ...]:
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(
            f"{len(ids)} memberships at once are too many: {MOST_AT_ONCE} are the most; add the rest afterwards"
        )
    return ids


def _existing_user(table: Table, user_id: str) -> User:
    found = get(table, user_id)
    if found is None:
        raise UserNotFound(user=user_id)
    return found


def _existing_group(table: Table, group_id: str) -> Group:
    found = group(table, group_id)
    if found is None:
        raise GroupNotFound(group=group_id)
    return found


def _user_item(user: User) -> Item:
    return (
        keys.user(user.id)
        | keys.user_listing(user.name, user.id)
        | {
            "id": user.id,
            "name": user.name,
            "access_key": user.access_key,
            "secret": user.secret,
            "created": clock.to_text(user.created),
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "is_super": user.is_super,
            "is_support": user.is_support,
            "locked": user.locked,
            "group_ids": list(user.group_ids),
        }
    )


def _user(item: Item) -> User:
    return User(**_fields(item, "group_ids"))


def _group_item(group: Group) -> Item:
    return (
        keys.group(group.id)
        | keys.group_listing(group.name, group.id)
        | {
            "id": group.id,
            "name": group.name,
            "email": group.email,
            "created": clock.to_text(group.created),
            "description": group.description,
            "member_ids": list(group.member_ids),
            "admin_ids": list(group.admin_ids),
        }
    )


def _group(item: Item) -> Group:
    return Group(**_fields(item, "member_ids", "admin_ids"))


def _fields(item: Item, *lists: str) -> dict[str, Any]:
    own = {name: value for name, value in item.items() if name not in ("pk", "sk", "gsi1pk", "gsi1sk")}
    return own | {"created": clock.from_text(item["created"])} | {name: tuple(item[name]) for name in lists}
