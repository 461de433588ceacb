"""Groups in the table: several transactions, writers that meet, and what a broken off write leaves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.zones import put_items
from zonewright.errors import GroupExists, UserNotFound
from zonewright.model.groups import ChangeType, GroupChange
from zonewright.model.users import Group, User
from zonewright.store import groups, keys, users
from zonewright.store.table import ConditionFailed, Table, Update

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
SOME = ("ada", "bob", "eve")
CROWD = tuple(f"user-{number:03d}" for number in range(15))
TEAM = Group("team", "Team", "t@example.org", NOW, None, SOME[:2], SOME[:1])


@pytest.fixture
def populated(table):
    for name in SOME:
        users.create(table, User(name, name, name.upper(), b"sealed", NOW))
    return table


@pytest.fixture
def crowded(populated, monkeypatch):
    """Users enough for two transactions of fewer writes than DynamoDB takes. Moto takes long for many."""
    monkeypatch.setattr(groups, "MOST_WRITES", 10)
    like = populated.get(keys.user("ada"))
    put_items(populated, [like | keys.user(name) | {"id": name, "name": name} for name in CROWD])
    return populated


def change(new, old=None):
    return GroupChange("c", ChangeType.UPDATE if old else ChangeType.CREATE, "ada", NOW, new, old)


def update(table, **changes):
    old = users.group(table, "team")
    new = replace(old, **changes)
    groups.update(table, old, new, change(new, old))


def in_team(table):
    return {user.id for user in users.get_all(table, [*SOME, *CROWD]).values() if "team" in user.group_ids}


def test_a_group_reads_back_with_its_change(populated):
    groups.create(populated, TEAM, change(TEAM))

    assert users.group(populated, "team") == replace(TEAM, revision=1)
    assert groups.named(populated, "tEAM") == replace(TEAM, revision=1)
    assert groups.changes(populated, "team", 5) == [groups.change(populated, "c")] == [change(TEAM)]
    assert in_team(populated) == {"ada", "bob"}


def test_of_two_writers_one_is_first(populated):
    groups.create(populated, TEAM)
    old = users.group(populated, "team")
    update(populated, email="first@example.org")

    with pytest.raises(ConditionFailed):
        groups.update(populated, old, replace(old, member_ids=SOME), change(old, old))
    with pytest.raises(ConditionFailed):
        groups.delete(populated, old, change(old))

    assert users.group(populated, "team").email == "first@example.org"
    assert in_team(populated) == {"ada", "bob"}


def test_a_renamed_group_frees_its_name(populated):
    groups.create(populated, TEAM)

    update(populated, name="Crew")

    assert groups.named(populated, "team") is None
    groups.create(populated, replace(TEAM, id="other"))
    with pytest.raises(ConditionFailed):
        update(populated, name="TEAM")
    assert [each.name for each in groups.every(populated, step=10)] == ["Crew", "Team"]


def test_joining_shows_on_both_sides_and_once(populated):
    groups.create(populated, TEAM)

    groups.join(populated, "team", "eve")
    groups.join(populated, "team", "eve")

    assert users.group(populated, "team").member_ids == SOME
    assert users.get(populated, "eve").group_ids == ("team",)
    with pytest.raises(UserNotFound, match="user nobody"):
        groups.join(populated, "team", "nobody")


def test_a_crowd_enters_and_leaves(crowded):
    groups.create(crowded, replace(TEAM, member_ids=CROWD))
    assert in_team(crowded) == set(CROWD)

    update(crowded, member_ids=(*SOME, *CROWD[:1]))

    assert in_team(crowded) == {*SOME, CROWD[0]}
    assert users.group(crowded, "team").settled


class _BrokenOff(Exception):
    """The function was killed."""


@pytest.mark.parametrize("done", [0, 1, 2, 3])
def test_a_write_that_was_broken_off_gives_no_stranger_rights_and_is_made_good(crowded, monkeypatch, done):
    groups.create(crowded, replace(TEAM, member_ids=CROWD[:13]))
    everybody = set(CROWD)
    plain, calls = Table.write, []

    def write(table, *writes):
        if len(calls) == done:
            raise _BrokenOff
        calls.append(writes)
        plain(table, *writes)

    with monkeypatch.context() as patched:
        patched.setattr(Table, "write", write)
        with pytest.raises(_BrokenOff):
            update(crowded, member_ids=CROWD[11:])

    assert in_team(crowded) <= set(users.group(crowded, "team").member_ids)
    update(crowded, member_ids=CROWD[11:])
    assert in_team(crowded) == everybody - set(CROWD[:11])
    assert users.group(crowded, "team").settled


def test_a_user_who_enters_another_group_meanwhile_enters_both(crowded, monkeypatch):
    groups.create(crowded, replace(TEAM, id="other", name="Other", member_ids=()))
    plain, met = groups._entering, []  # noqa: SLF001 - the moment between reading and writing

    def entering(table, group_id, user_ids):
        writes = plain(table, group_id, user_ids)
        if not met and len(user_ids) == 10:
            met.append(True)
            table.write(Update(keys.user(CROWD[0]), append={"group_ids": ["team"]}))
        return writes

    monkeypatch.setattr(groups, "_entering", entering)
    groups.create(crowded, replace(TEAM, member_ids=CROWD))

    assert met
    assert in_team(crowded) == set(CROWD)
    assert users.get(crowded, CROWD[0]).group_ids == ("team",)


def test_taken_names_and_ids_are_told(populated):
    groups.create(populated, TEAM)

    with pytest.raises(GroupExists, match="there is a group with id team already"):
        groups.create(populated, TEAM)
    with pytest.raises(GroupExists, match="there is a group with name TEAM already"):
        groups.create(populated, replace(TEAM, id="other", name="TEAM"))
