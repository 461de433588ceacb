"""Users in the table, and groups as they are read; `groups.py` writes them.

A user's name and access key are unique. Each is claimed by an item of its own, written in the same transaction.
Membership is stored twice. The user has it for authorization without a second read, and the group has it for lists.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.errors import GroupNotFound, Invalid, UserExists, UserIdNotFound
from zonewright.model.ids import is_id
from zonewright.model.users import Group, OldKey, User
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, PRESENT, Condition, equal
from zonewright.store.table import ConditionFailed, Delete, Item, Put, Table, Update
from zonewright.store.vault import Purpose, Vault

MOST_AT_ONCE = 96
"""Memberships that one transaction writes. It takes 100 writes, and a few are the item and its claims."""


def get(table: Table, user_id: str) -> User | None:
    """Return the user of an id, or None."""
    item = table.get(keys.user(user_id))
    return of_item(item) if item else None


def get_all(table: Table, user_ids: Iterable[str]) -> dict[str, User]:
    """Return the users of some ids, by id, as last written. Ids of nobody are left out."""
    wanted = [keys.user(each) for each in dict.fromkeys(user_ids) if is_id(each)]
    return {item["id"]: of_item(item) for item in table.get_all(wanted) if item}


def find(table: Table, id_or_name: str) -> User | None:
    """Return the user of an id, or else of a name in any case of letters, or None."""
    found = get(table, id_or_name) if is_id(id_or_name) else None
    if found or not is_id(id_or_name, keys.LONGEST_NAME):
        return found
    claim = table.get(keys.user_name(id_or_name))
    return get(table, claim["user_id"]) if claim else None


def by_access_key(table: Table, access_key: str) -> User | None:
    """Return the user who signs with `access_key`, or None."""
    claim = table.get(keys.access_key(access_key)) if is_id(access_key, keys.LONGEST_ACCESS_KEY) else None
    return get(table, claim["user_id"]) if claim else None


def listing(table: Table) -> list[User]:
    """Return all users, by name."""
    return [of_item(item) for item in table.query(keys.USERS, index=keys.INDEX)]


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
            *[_joined(group, user) for group in groups],
        )
    except ConditionFailed as error:
        taken = (f"id {user.id}", f"name {user.name}", f"access key {user.access_key}")
        raise UserExists(first_taken("a user", taken, error)) from error


def renew_secrets(table: Table, vault: Vault) -> int:
    """Seal the secrets of users as this release does. Return how many users had one that an earlier release sealed."""
    renewed = 0
    for user in listing(table):
        secret = vault.renew(user.secret, user.id, Purpose.USER)
        old = vault.renew(user.old_key.secret, user.id, Purpose.USER) if user.old_key else None
        changes: dict[str, Any] = {} if secret is None else {"secret": secret}
        if user.old_key and old is not None:
            changes["old_key"] = _old_key_item(replace(user.old_key, secret=old))
        if changes:
            table.write(Update(keys.user(user.id), set=changes, condition=equal(secret=user.secret)))
            renewed += 1
    return renewed


def rotate(table: Table, user: User, access_key: str, secret: bytes, ends: datetime) -> None:
    """Give a user a new access key. The present one stays valid until `ends`; one from before ends now.

    Raise UserExists if another user has the new key, or the user changed meanwhile.
    """
    old = _old_key_item(OldKey(user.access_key, user.secret, ends))
    forgotten = [Delete(keys.access_key(user.old_key.access_key))] if user.old_key else []
    try:
        table.write(
            Put(keys.access_key(access_key) | {"user_id": user.id}, ABSENT),
            Update(
                keys.user(user.id),
                set={"access_key": access_key, "secret": secret, "old_key": old},
                condition=equal(access_key=user.access_key),
            ),
            Put(keys.access_key(user.access_key) | {"user_id": user.id, "expires": clock.epoch(ends)}),
            *forgotten,
        )
    except ConditionFailed as error:
        raise UserExists(first_taken("a user", (f"access key {access_key}",), error)) from error


def retire(table: Table, user: User) -> None:
    """End the access key that a user had before. Raise UserExists if the user changed meanwhile."""
    if user.old_key is None:
        return
    same = equal(access_key=user.access_key)
    try:
        table.write(
            Delete(keys.access_key(user.old_key.access_key)),
            Update(keys.user(user.id), remove=("old_key",), condition=same),
        )
    except ConditionFailed as error:
        raise UserExists(f"user {user.name} changed meanwhile; try again") from error


def set_locked(table: Table, user_id: str, *, locked: bool) -> User:
    """Lock a user out of every route, or unlock it. Return the user. Raise UserIdNotFound."""
    if not is_id(user_id):
        raise UserIdNotFound(user=user_id)
    try:
        return of_item(table.update(Update(keys.user(user_id), set={"locked": locked}, condition=PRESENT)))
    except ConditionFailed as error:
        raise UserIdNotFound(user=user_id) from error


def group(table: Table, group_id: str) -> Group | None:
    """Return the group of an id, or None."""
    item = table.get(keys.group(group_id)) if is_id(group_id) else None
    return group_of_item(item) if item else None


def groups_of(table: Table, group_ids: Iterable[str]) -> list[Group]:
    """Return the groups of some ids, as last written. Those that are gone are left out."""
    wanted = [keys.group(each) for each in dict.fromkeys(group_ids) if is_id(each)]
    return [group_of_item(item) for item in table.get_all(wanted) if item]


def groups_by_id(table: Table, group_ids: Iterable[str]) -> dict[str, Group]:
    """Return what `groups_of` returns, by id."""
    return {group.id: group for group in groups_of(table, group_ids)}


def groups(table: Table) -> list[Group]:
    """Return all groups, by name."""
    return [group_of_item(item) for item in table.query(keys.GROUPS, index=keys.INDEX)]


def _joined(group: Group, user: User) -> Update:
    """Return the write that makes a new user a member of an unchanged group."""
    members = {"member_ids": [*group.member_ids, user.id]}
    return Update(keys.group(group.id), set=members, add={"revision": 1}, condition=as_read(group))


def as_read(group: Group) -> Condition:
    """Return the condition that a group is as it was read. Earlier releases stored no revision."""
    return equal(revision=group.revision or None)


def first_taken(kind: str, taken: tuple[str, ...], error: ConditionFailed) -> str:
    """Return what the first failed write says: these are taken, or else something changed meanwhile."""
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
            "is_test": user.is_test,
            "locked": user.locked,
            "group_ids": list(user.group_ids),
        }
    )


def _old_key_item(key: OldKey) -> Item:
    return {"access_key": key.access_key, "secret": key.secret, "ends": clock.epoch(key.ends)}


def of_item(item: Item) -> User:
    """Return the user of an item."""
    fields = {name: value for name, value in item.items() if name not in ("pk", "sk", "gsi1pk", "gsi1sk")}
    lists = {"created": clock.from_text(item["created"]), "group_ids": tuple(item["group_ids"])}
    old = item.get("old_key")
    keys_before = {"old_key": OldKey(**old | {"ends": clock.from_epoch(old["ends"])})} if old else {}
    return User(**fields | lists | keys_before)


def group_of_item(item: Item) -> Group:
    """Return the group of an item. Earlier releases stored neither revision nor time of the last change."""
    changed = item.get("changed")
    return Group(
        id=item["id"],
        name=item["name"],
        email=item["email"],
        created=clock.from_text(item["created"]),
        description=item["description"],
        member_ids=tuple(item["member_ids"]),
        admin_ids=tuple(item["admin_ids"]),
        revision=item.get("revision", 0),
        changed=clock.from_text(changed) if changed else None,
        settled=not item.get("unsettled", False),
    )
