"""Users in the VinylDNS API: anybody sees them, super users lock them."""

import pytest
from support import people
from support.calls import GROUP, NOBODYS, STRANGER, call, event
from support.signing import signed

from functions.vinyldns.users import get_user, lock_user, unlock_user


def get(user, headers=None):
    return call(get_user.handler, event("vinyldns_get_user", zone=user, headers=headers or {}))


def lock(user, headers, *, module=lock_user):
    return call(module.handler, event(f"vinyldns_{module.__name__.rpartition('.')[2]}", zone=user, headers=headers))


@pytest.fixture
def root(service):
    people.group(service, "elsewhere")
    return people.user(service, "root", "elsewhere", is_super=True)


@pytest.mark.parametrize("headers", [{}, STRANGER])
@pytest.mark.parametrize("asked", ["probe-id", "Probe Joe", "probe joe"])
def test_a_user_is_found_by_id_and_by_name(service, root, asked, headers):
    people.named_user(service, "probe-id", "Probe Joe", GROUP, "elsewhere")

    answer = get(asked, headers)

    assert (answer.status, answer.json) == (
        200,
        {"id": "probe-id", "userName": "Probe Joe", "groupId": [GROUP, "elsewhere"]},
    )


def test_a_signed_caller_sees_a_user(service):
    assert call(get_user.handler, signed(event("vinyldns_get_user"))).json["id"] == "ok"


@pytest.mark.parametrize("asked", [NOBODYS, "nobody", "x" * 300])
def test_an_unknown_user_is_not_found(service, asked):
    answer = get(asked)

    assert (answer.status, answer.json) == (404, f"User {asked} was not found")


def test_a_super_user_locks_and_unlocks(service, root):
    locked = lock("ok", root)

    shown = {"id": "ok", "userName": "ok", "created": "2026-01-15T12:34:56Z"}
    assert (locked.status, locked.json) == (200, shown | {"lockStatus": "Locked"})
    refused = get("ok")
    assert (refused.status, refused.body) == (403, "Authentication Failed: Account with username ok is locked")
    assert lock("ok", root, module=unlock_user).json == shown | {"lockStatus": "Unlocked"}
    assert get("ok").status == 200


@pytest.mark.parametrize("module", [lock_user, unlock_user])
def test_others_lock_nobody_and_are_told_nothing(service, root, module):
    helper = people.user(service, "helper", "elsewhere", is_support=True)

    for user in ("ok", NOBODYS):
        for headers in ({}, STRANGER, helper):
            answer = lock(user, headers, module=module)
            assert (answer.status, answer.json) == (403, "Not authorized")


@pytest.mark.parametrize("module", [lock_user, unlock_user])
@pytest.mark.parametrize("user", [NOBODYS, "x" * 300])
def test_an_unknown_user_cannot_be_locked(service, root, user, module):
    answer = lock(user, root, module=module)

    assert (answer.status, answer.json) == (404, f"User with ID {user} was not found")
