"""The operator's commands about tokens, application credentials and access keys."""

import json

import pytest
from support.calls import GROUP, STRANGERS_GROUP, call, event
from support.logins import credential, headers, login, password
from zonewright import command

from functions.designate import create_zone, list_zones

OK = ("--user", "ok", "--group", GROUP)


@pytest.fixture
def zonewright(service, capsys, monkeypatch):
    """The command, for the service of the tests: its output as JSON, or its complaint."""
    monkeypatch.setattr(command, "deployed", lambda _: service)

    def run(*arguments):
        capsys.readouterr()
        status = command.main(arguments)
        printed = capsys.readouterr()
        return printed.err.strip() if status else json.loads(printed.out)

    return run


def status(text):
    return call(list_zones.handler, event("designate_list_zones", headers={"x-auth-token": text})).status


def test_a_token_is_made_listed_and_deleted(zonewright):
    made = zonewright("token", "create", *OK, "--role", "reader", "--expires", "2027-01-01T00:00:00Z")
    before = status(made["token"])
    listed = {each["id"]: each for each in zonewright("token", "list", "--user", "ok")}
    gone = zonewright("token", "delete", made["id"])

    assert made.keys() == {"token", "id", "userId", "groupId"}
    assert listed[made["id"]] == {
        "id": made["id"],
        "kind": "api",
        "groupId": GROUP,
        "role": "reader",
        "methods": [],
        "auditIds": listed[made["id"]]["auditIds"],
        "credentialId": None,
        "created": "2026-01-15T12:34:56.275934Z",
        "expires": "2027-01-01T00:00:00.000000Z",
    }
    assert made["token"] not in str(listed)
    assert (gone, before, status(made["token"])) == ({"id": made["id"]}, 200, 401)


def test_login_tokens_are_in_the_list_and_a_token_may_be_deleted_by_its_text(zonewright):
    text = headers()["x-auth-token"]

    (found,) = [each for each in zonewright("token", "list", "--user", "ok") if each["kind"] == "login"]
    zonewright("token", "delete", text)

    assert (found["methods"], found["role"]) == (["password"], "member")
    assert status(text) == 401
    assert zonewright("token", "delete", text).endswith("is not there")


def test_a_reader_of_the_command_may_only_read(zonewright):
    made = zonewright("token", "create", *OK, "--role", "reader")

    refused = call(create_zone.handler, event("designate_create_zone", headers={"x-auth-token": made["token"]}))

    assert (status(made["token"]), refused.status) == (200, 403)


def test_a_credential_is_made_listed_and_deleted(zonewright):
    made = zonewright("credential", "create", *OK, "--name", "ci", "--role", "reader")
    secret = made.pop("secret")
    text = login(credential(made["id"], secret)).headers["x-subject-token"]
    listed = zonewright("credential", "list", "--user", "ok")
    before = status(text)
    gone = zonewright("credential", "delete", made["id"])

    assert made == {
        "id": made["id"],
        "name": "ci",
        "userId": "ok",
        "groupId": GROUP,
        "role": "reader",
        "created": "2026-01-15T12:34:56.275934Z",
        "expires": None,
    }
    assert (listed, gone, before, status(text)) == ([made], {"id": made["id"]}, 200, 401)
    assert login(credential(made["id"], secret)).status == 401
    assert "credential" in zonewright("credential", "delete", made["id"])


@pytest.mark.parametrize("thing", ["token", "credential"])
def test_access_is_given_to_members_and_until_a_time_to_come(zonewright, thing):
    foreign = zonewright(thing, "create", "--user", "ok", "--group", STRANGERS_GROUP)
    past = zonewright(thing, "create", *OK, "--expires", "2020-01-01T00:00:00Z")

    assert "not member" in foreign
    assert "2020-01-01T00:00:00.000000Z is not in the future" in past


def test_a_name_of_a_credential_is_taken_once(zonewright):
    zonewright("credential", "create", *OK, "--name", "ci")

    assert "credential exists" in zonewright("credential", "create", *OK, "--name", "ci")


def test_a_key_is_rotated_and_retired(zonewright):
    made = zonewright("user", "rotate", "ok", "--overlap", "2")
    during = [login(password(secret=each)).status for each in ("okSecretKey", made["secretKey"])]
    retired = zonewright("user", "retire", "ok")
    after = [login(password(secret=each)).status for each in ("okSecretKey", made["secretKey"])]

    assert made["old"] == {"accessKey": "okAccessKey", "validUntil": "2026-01-15T14:34:56.275934Z"}
    assert retired == {"id": "ok", "accessKey": made["accessKey"]}
    assert (during, after) == ([201, 201], [401, 201])
    assert "nobody" in zonewright("user", "rotate", "nobody")


def test_hours_that_are_none_are_refused(zonewright, capsys):
    with pytest.raises(SystemExit):
        zonewright("user", "rotate", "ok", "--overlap", "-1")

    assert "must be hours" in capsys.readouterr().err
