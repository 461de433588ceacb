"""Rotation of an access key, with an overlap, as callers see it."""

from datetime import timedelta

import pytest
from support.calls import call, event
from support.logins import credential, headers, later, login, password, signed
from zonewright.errors import UserExists
from zonewright.store import users
from zonewright.store.vault import Purpose

from functions.designate import list_zones

OLD, NEW = ("okAccessKey", "okSecretKey"), ("newKey", "newSecret")


def rotate(service, key=NEW, overlap=timedelta(hours=1)):
    """Give the user `ok` another access key."""
    user = users.get(service.table, "ok")
    sealed = service.vault.seal(key[1], "ok", Purpose.USER)
    users.rotate(service.table, user, key[0], sealed, service.now() + overlap)


def status(service, key):
    """Return the status of a request that is signed with a key."""
    return call(list_zones.handler, signed(event("designate_list_zones"), *key, service.clock.now)).status


def test_both_keys_are_valid_for_the_overlap(service):
    rotate(service)
    during = [status(service, each) for each in (OLD, NEW)]
    later(service, hours=1)
    after = [status(service, each) for each in (OLD, NEW)]

    assert (during, after) == ([200, 200], [401, 200])


def test_a_login_takes_either_secret_for_the_overlap(service):
    rotate(service)
    during = [
        login(each).status
        for each in (password(secret="okSecretKey"), password(secret="newSecret"), credential(*OLD), credential(*NEW))
    ]
    later(service, hours=1)
    after = [login(each).status for each in (password(secret="okSecretKey"), password(secret="newSecret"))]

    assert (during, after) == ([201] * 4, [401, 201])


def test_a_token_dies_with_the_key_that_bought_it(service):
    sent = {"old": headers(password("okAccessKey"))}
    rotate(service, overlap=timedelta(minutes=10))
    sent["new"] = headers(password("newKey", "newSecret"))

    def statuses():
        return [
            call(list_zones.handler, event("designate_list_zones", headers=sent[each])).status
            for each in ("old", "new")
        ]

    during = statuses()
    later(service, minutes=10)

    assert (during, statuses()) == ([200, 200], [401, 200])


def test_a_second_rotation_ends_the_overlap_of_the_first(service):
    rotate(service)
    rotate(service, ("third", "thirdSecret"))

    assert [status(service, each) for each in (OLD, NEW, ("third", "thirdSecret"))] == [401, 200, 200]


def test_an_overlap_may_end_early(service):
    rotate(service)

    users.retire(service.table, users.get(service.table, "ok"))
    users.retire(service.table, users.get(service.table, "ok"))

    assert [status(service, each) for each in (OLD, NEW)] == [401, 200]


def test_of_two_who_rotate_at_once_one_is_refused(service):
    user = users.get(service.table, "ok")
    rotate(service)

    with pytest.raises(UserExists, match="changed meanwhile"):
        users.rotate(service.table, user, "other", b"sealed", service.now())
    with pytest.raises(UserExists, match="access key strangerAccessKey"):
        users.rotate(service.table, users.get(service.table, "ok"), "strangerAccessKey", b"s", service.now())


def test_secrets_of_an_overlap_are_sealed_anew_too(service):
    before = users.get(service.table, "ok")
    plain = {"KeyId": service.vault.key_id, "Plaintext": b"okSecretKey", "EncryptionContext": {"owner": "ok"}}
    sealed = service.vault.client.encrypt(**plain)["CiphertextBlob"]
    users.rotate(service.table, before, "newKey", sealed, service.now() + timedelta(hours=1))
    users.rotate(service.table, users.get(service.table, "ok"), "third", sealed, service.now() + timedelta(hours=1))

    assert users.renew_secrets(service.table, service.vault) == 1
    assert users.renew_secrets(service.table, service.vault) == 0
    user = users.get(service.table, "ok")
    opened = [
        service.vault.matches(each, "ok", Purpose.USER, "okSecretKey") for each in user.keys(service.now()).values()
    ]
    assert opened == [True, True]
