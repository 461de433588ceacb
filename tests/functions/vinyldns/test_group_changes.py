"""The changes of groups in the VinylDNS API: their sentences, their order, and who reads them."""

from datetime import timedelta

import pytest
from support import people
from support.calls import NOBODYS, STRANGER, call, event

from functions.vinyldns.groups import (
    create_group,
    delete_group,
    get_group_change,
    list_group_activity,
    update_group,
)

PEOPLE = ("ada", "bob", "eve")
EVERYTHING = (
    "Group name changed to 'crew'. Group email changed to 'c@example.org'. Group description changed to '{}'. "
    "Group member/s with user name/s 'bob','ada' added."
)


@pytest.fixture
def root(service):
    """The headers of a super user. There are some users of whom to make groups."""
    people.group(service, "elsewhere")
    for name in PEOPLE:
        people.user(service, name, "elsewhere")
    return people.user(service, "root", "elsewhere", is_super=True)


@pytest.fixture
def group(root):
    sent = {"name": "team", "email": "t@example.org", "members": [], "admins": []}
    return call(create_group.handler, event("vinyldns_create_group", json=sent, headers=root)).json


def ids(*names):
    return [{"id": name} for name in names]


def change(group, headers, **changes):
    sent = {name: group[name] for name in ("id", "name", "email", "members", "admins") if name in group}
    answer = call(update_group.handler, event("vinyldns_update_group", json=sent | changes, headers=headers))
    assert answer.status == 200, answer.body
    return answer.json


def activity(group, headers, query=""):
    sent = event("vinyldns_list_group_activity", zone=group["id"], rawQueryString=query, headers=headers)
    return call(list_group_activity.handler, sent)


def messages(answer):
    return [each["groupChangeMessage"] for each in answer.json["changes"]]


def one(change_id, headers):
    return call(get_group_change.handler, event("vinyldns_get_group_change", zone=change_id, headers=headers))


def test_a_creation_is_the_first_change(service, root, group):
    answer = activity(group, root)

    (made,) = answer.json["changes"]
    assert (answer.status, answer.json) == (
        200,
        {
            "changes": [
                {
                    "newGroup": group,
                    "changeType": "Create",
                    "userId": "root",
                    "id": made["id"],
                    "created": "2026-01-15T12:34:56.275Z",
                    "userName": "root",
                    "groupChangeMessage": "Group Created.",
                }
            ],
            "maxItems": 100,
        },
    )
    assert one(made["id"], root).json == made


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "crew"}, "Group name changed to 'crew'."),
        ({"email": "c@example.org"}, "Group email changed to 'c@example.org'."),
        ({"description": "ours"}, "Group description changed to 'ours'."),
        ({"members": ids("ada")}, "Group member/s with user name/s 'ada' added."),
        (
            {"admins": ids("root", "eve", "bob")},
            "Group admin/s with user name/s 'eve','bob' added. Group member/s with user name/s 'eve','bob' added.",
        ),
        ({}, ""),
        (
            {"name": "crew", "email": "c@example.org", "description": "{}", "members": ids("bob", "ada")},
            EVERYTHING,
        ),
    ],
)
def test_an_update_tells_what_it_changed(root, group, changes, message):
    after = change(group, root, **changes)

    newest = activity(group, root).json["changes"][0]
    assert newest["groupChangeMessage"] == message
    assert (newest["changeType"], newest["newGroup"], newest["oldGroup"]) == ("Update", after, group)


def test_who_was_removed_is_told_too(root, group):
    change(group, root, members=ids("ada", "bob"), admins=ids("root", "ada"), description="ours")

    change(group, root, members=ids("bob"), admins=ids("root"))

    assert messages(activity(group, root))[0] == (
        "Group description changed to ''. Group admin/s with user name/s 'ada' removed. "
        "Group member/s with user name/s 'ada' removed."
    )


def test_changes_are_newest_first_even_at_one_moment(root, group):
    for number in range(9):
        change(group, root, description=f"number {number}")

    told = messages(activity(group, root))

    assert told == [*(f"Group description changed to 'number {8 - number}'." for number in range(9)), "Group Created."]


@pytest.mark.parametrize("step", [1, 3, 4, 5, 100])
def test_pages_are_by_number(root, group, step):
    for number in range(7):
        change(group, root, description=f"number {number}")
    shown, skip = [], None
    while True:
        page = activity(group, root, f"maxItems={step}" + ("" if skip is None else f"&startFrom={skip}"))
        shown += [each["id"] for each in page.json["changes"]]
        assert page.json.get("startFrom") == skip
        assert page.json["maxItems"] == step
        skip = page.json.get("nextId")
        if skip is None:
            break
        assert skip == len(shown)

    assert shown == [each["id"] for each in activity(group, root).json["changes"]]
    assert len(set(shown)) == 8


@pytest.mark.parametrize("skip", ["-1", "x", "99999999999"])
def test_a_number_that_is_none_is_refused(root, group, skip):
    assert activity(group, root, f"startFrom={skip}").status == 400
    assert activity(group, root, "startFrom=2147483647").json["changes"] == []


def test_members_and_administrators_read_changes_and_others_do_not(service, root, group):
    people.user(service, "helper", "elsewhere", is_support=True)
    change(group, root, members=ids("ada"))
    (newest, _) = activity(group, root).json["changes"]

    for headers in ({"x-auth-token": "zw_helper"}, people.token(service, "ada", group["id"])):
        assert activity(group, headers).status == 200
        assert one(newest["id"], headers).json == newest
    for headers in (STRANGER, {"x-auth-token": "zw_bob"}):
        for refused in (activity(group, headers), one(newest["id"], headers)):
            assert (refused.status, refused.json) == (403, "Not authorized")


@pytest.mark.parametrize("change_id", [NOBODYS, "x", "x" * 200])
def test_an_unknown_change_is_a_bad_request(root, group, change_id):
    answer = call(
        get_group_change.handler,
        event("vinyldns_get_group_change", zone=change_id, headers=root),
        documented=len(change_id) < 37,
    )

    assert (answer.status, answer.json) == (400, "Invalid Group Change ID")


def test_the_change_of_a_deletion_is_told_by_its_id(service, root, group):
    service.clock.now += timedelta(seconds=1)
    call(delete_group.handler, event("vinyldns_delete_group", zone=group["id"], headers=root))
    *_, made = service.table.query(f"GROUP#{group['id']}", prefix="CHANGE#")

    answer = one(made["id"], root)

    assert answer.json == {
        "newGroup": group | {"status": "Deleted"},
        "changeType": "Delete",
        "userId": "root",
        "id": made["id"],
        "created": "2026-01-15T12:34:57.275Z",
        "userName": "root",
        "groupChangeMessage": "Group Deleted.",
    }
