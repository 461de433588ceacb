from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.errors import GroupUnnamed, GroupWithoutMembers, Invalid
from zonewright.model.emails import Rules
from zonewright.model.groups import ChangeType, GroupChange, Wanted
from zonewright.model.users import Group

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
GROUP = Group("g", "dns", "dns@example.org", NOW, None, ("ada", "bob"), ("ada",), revision=3)
ADMIN, MEMBER = "Group admin/s with user name/s", "Group member/s with user name/s"
IDS = st.lists(st.sampled_from(["ada", "bob", "eve", "zoe", "me"])).map(tuple)


def wanted(members=(), admins=(), **changes):
    return replace(Wanted("dns", "dns@example.org", None, tuple(members), tuple(admins)), **changes)


@given(members=IDS, admins=IDS)
def test_a_new_group_has_everybody_once_and_its_creator_last(members, admins):
    group = wanted(members, admins).create("g", "me", NOW)

    assert group.member_ids == tuple(dict.fromkeys([*members, *admins, "me"]))
    assert group.admin_ids == tuple(dict.fromkeys([*admins, "me"]))
    assert set(group.admin_ids) <= set(group.member_ids)


@given(members=IDS, admins=IDS.filter(bool))
def test_an_update_adds_nobody(members, admins):
    group = wanted(members, admins, name="new", description="d").update(GROUP, LATER)

    assert group.member_ids == tuple(dict.fromkeys([*members, *admins]))
    assert group.admin_ids == tuple(dict.fromkeys(admins))
    assert (group.id, group.created, group.changed, group.description) == ("g", NOW, LATER, "d")


@pytest.mark.parametrize("members", [(), ("ada",)])
def test_an_update_needs_an_admin(members):
    with pytest.raises(GroupWithoutMembers):
        wanted(members).update(GROUP, LATER)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "\t "}, GroupUnnamed),
        ({"email": "\n"}, GroupUnnamed),
        ({"name": "x" * 256}, Invalid),
        ({"name": "\U0001f300" * 255}, Invalid),
        ({"description": "x" * 10_001}, Invalid),
        ({"admin_ids": tuple(map(str, range(2_001)))}, Invalid),
    ],
)
def test_what_the_table_has_no_room_for_is_refused(changes, error):
    with pytest.raises(error):
        wanted(**changes).check(Rules())


def test_what_just_fits_is_taken():
    wanted(map(str, range(2_000)), name="x" * 255, description="x" * 10_000).check(Rules())


def test_changes_of_one_moment_have_an_order():
    first = GROUP.moment(NOW)

    assert first > NOW
    assert replace(GROUP, changed=first).moment(NOW) > first
    assert GROUP.moment(LATER) == LATER


def message(new, old=GROUP, kind=ChangeType.UPDATE):
    return GroupChange("c", kind, "ada", NOW, new, old).message({"ada": "Ada", "bob": "Bob", "eve": "Eve {}"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"revision": 4, "changed": LATER}, ""),
        ({"name": "names"}, "Group name changed to 'names'."),
        ({"name": "DNS"}, "Group name changed to 'DNS'."),
        ({"description": ""}, "Group description changed to ''."),
        ({"admin_ids": ("ada", "bob")}, "Group admin/s with user name/s 'Bob' added."),
        ({"admin_ids": ("bob",)}, f"{ADMIN} 'Bob' added. {ADMIN} 'Ada' removed."),
        ({"member_ids": ("bob", "ada")}, ""),
        ({"member_ids": ("eve", "gone", "ada")}, f"{MEMBER} 'Eve {{}}','unknown user' added. {MEMBER} 'Bob' removed."),
    ],
)
def test_a_change_is_told_in_sentences(changes, said):
    assert message(replace(GROUP, **changes)) == said


def test_the_ends_of_a_group_are_told_shortly():
    assert message(GROUP, None, ChangeType.CREATE) == "Group Created."
    assert message(GROUP, None, ChangeType.DELETE) == "Group Deleted."


def test_a_change_concerns_who_made_it_and_who_moved():
    new = replace(GROUP, member_ids=("ada", "eve"))

    assert GroupChange("c", ChangeType.UPDATE, "root", NOW, new, GROUP).concerns() == {"root", "bob", "eve"}
