from dataclasses import replace
from datetime import UTC, datetime

import pytest
from zonewright.errors import (
    GroupExists,
    GroupNotFound,
    NotMember,
    UserExists,
    UserNotFound,
)
from zonewright.model.tokens import Token
from zonewright.model.users import Group, User
from zonewright.store import groups, users
from zonewright.store import tokens as token_store

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ADA = User("ada-id", "ada", "ADAKEY", b"sealed", NOW, email="ada@example.org", is_support=True)
BOB = User("bob-id", "bob", "BOBKEY", b"sealed", NOW)
DNS = Group("dns-id", "dns", "dns@example.org", NOW, "names", ("ada-id", "bob-id"), ("ada-id",))


@pytest.fixture
def populated(table):
    users.create(table, ADA)
    users.create(table, BOB)
    groups.create(table, DNS)
    return table


def member(user, *group_ids):
    return User(**{name: getattr(user, name) for name in User.__slots__} | {"group_ids": group_ids})


def test_what_is_created_reads_back(populated):
    assert users.get(populated, "ada-id") == member(ADA, "dns-id")
    assert users.by_access_key(populated, "BOBKEY") == member(BOB, "dns-id")
    assert users.group(populated, "dns-id") == replace(DNS, revision=1)


def test_what_is_not_there_reads_as_none(populated):
    assert users.get(populated, "eve-id") is None
    assert users.by_access_key(populated, "EVEKEY") is None
    assert users.group(populated, "other-id") is None
    assert token_store.get(populated, "0" * 64) is None


def test_lists_are_by_name(populated):
    users.create(populated, User("zoe-id", "Aaron", "ZOEKEY", b"sealed", NOW))
    groups.create(populated, Group("a-id", "Admins", "a@example.org", NOW))

    assert [user.name for user in users.listing(populated)] == ["Aaron", "ada", "bob"]
    assert [group.name for group in users.groups(populated)] == ["Admins", "dns"]


@pytest.mark.parametrize(
    ("user", "taken"),
    [
        pytest.param(User("ada-id", "new", "NEWKEY", b"s", NOW), "id ada-id", id="id"),
        pytest.param(User("new-id", "ADA", "NEWKEY", b"s", NOW), "name ADA", id="name"),
        pytest.param(User("new-id", "new", "ADAKEY", b"s", NOW), "access key ADAKEY", id="access key"),
    ],
)
def test_a_taken_id_name_or_access_key_is_refused_and_nothing_is_written(populated, user, taken):
    with pytest.raises(UserExists, match=f"there is a user with {taken} already"):
        users.create(populated, user)

    assert [user.name for user in users.listing(populated)] == ["ada", "bob"]
    assert users.by_access_key(populated, "NEWKEY") is None


def test_a_taken_group_name_is_refused_and_membership_is_as_before(populated):
    with pytest.raises(GroupExists, match="there is a group with name DNS already"):
        groups.create(populated, Group("new-id", "DNS", "x@example.org", NOW, member_ids=("ada-id",)))

    assert users.get(populated, "ada-id").group_ids == ("dns-id",)


def test_a_user_created_into_a_group_is_on_both_sides(populated):
    users.create(populated, User("zoe-id", "zoe", "ZOEKEY", b"sealed", NOW, group_ids=("dns-id",)))

    assert users.get(populated, "zoe-id").group_ids == ("dns-id",)
    assert users.group(populated, "dns-id").member_ids == ("ada-id", "bob-id", "zoe-id")


def test_joining_a_group_shows_on_both_sides_and_once(populated):
    users.create(populated, User("zoe-id", "zoe", "ZOEKEY", b"sealed", NOW))

    groups.join(populated, "dns-id", "zoe-id")
    groups.join(populated, "dns-id", "zoe-id")

    assert users.get(populated, "zoe-id").group_ids == ("dns-id",)
    assert users.group(populated, "dns-id").member_ids == ("ada-id", "bob-id", "zoe-id")


def test_unknown_members_and_groups_are_named(populated):
    with pytest.raises(UserNotFound, match="user eve-id"):
        groups.create(populated, Group("new-id", "new", "x@example.org", NOW, member_ids=("eve-id",)))
    with pytest.raises(GroupNotFound, match="group other-id"):
        users.create(populated, User("new-id", "new", "NEWKEY", b"s", NOW, group_ids=("other-id",)))


def test_a_locked_user_is_locked_until_unlocked(populated):
    users.set_locked(populated, "ada-id", locked=True)
    assert users.get(populated, "ada-id").locked

    users.set_locked(populated, "ada-id", locked=False)
    assert not users.get(populated, "ada-id").locked


def test_a_user_who_is_not_there_is_not_made_by_locking(populated):
    with pytest.raises(UserNotFound):
        users.set_locked(populated, "eve-id", locked=True)

    assert users.get(populated, "eve-id") is None


def test_a_token_stands_for_a_member(populated):
    token = Token("d" * 64, "ada-id", "dns-id", NOW)

    token_store.create(populated, token)

    assert token_store.get(populated, "d" * 64) == token


@pytest.mark.parametrize(("user_id", "group_id"), [("eve-id", "dns-id"), ("ada-id", "other-id")])
def test_no_token_for_who_is_no_member(populated, user_id, group_id):
    with pytest.raises(NotMember, match=f"user {user_id}, group {group_id}"):
        token_store.create(populated, Token("d" * 64, user_id, group_id, NOW))

    assert token_store.get(populated, "d" * 64) is None
