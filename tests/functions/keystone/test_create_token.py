"""Logins: every body and every error of the contract `keystone.md`, sections 2, 3 and 6."""

from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, HOST, NOBODYS, NOW, REQUEST_ID, TOKEN, call, event
from support.logins import (
    WRONG,
    body,
    credential,
    headers,
    later,
    login,
    make_credential,
    make_reader,
    password,
    project,
    token,
)
from zonewright.model import tokens
from zonewright.store import tokens as token_store
from zonewright.store import users

from functions.designate import list_zones
from functions.keystone import create_token

DOMAIN = {"id": "default", "name": "Default"}


def endpoints(service, url):
    return [
        {
            "id": f"{service}-{interface}",
            "interface": interface,
            "region": "RegionOne",
            "region_id": "RegionOne",
            "url": url,
        }
        for interface in ("public", "internal", "admin")
    ]


def refused(answer, message, status=401):
    titles = {400: "Bad Request", 401: "Unauthorized", 413: "Request Entity Too Large", 429: "Too Many Requests"}
    assert (answer.status, answer.json) == (
        status,
        {"error": {"code": status, "title": titles[status], "message": message}},
    )
    assert answer.headers["content-type"].startswith("application/json")


def test_a_login_returns_a_token_that_ends_and_what_it_is_for(service):
    answer = login()

    shown = answer.json["token"]
    text = answer.headers.pop("x-subject-token")
    assert (answer.status, answer.headers) == (
        201,
        {
            "content-type": "application/json",
            "vary": "X-Auth-Token",
            "cache-control": "no-store",
            "x-openstack-request-id": f"req-{REQUEST_ID}",
        },
    )
    assert text.startswith("zwt_")
    assert len(shown["audit_ids"][0]) == 22
    assert shown == {
        "methods": ["password"],
        "user": {"id": "ok", "name": "ok", "domain": DOMAIN, "password_expires_at": None},
        "audit_ids": shown["audit_ids"],
        "issued_at": "2026-01-15T12:34:56.275934Z",
        "expires_at": "2026-01-15T13:34:56.000000Z",
        "is_domain": False,
        "project": {"id": GROUP, "name": "ok-group", "domain": DOMAIN},
        "roles": [{"id": "member", "name": "member"}, {"id": "reader", "name": "reader"}],
        "catalog": [
            {"id": "dns", "name": "zonewright", "type": "dns", "endpoints": endpoints("dns", HOST)},
            {
                "id": "identity",
                "name": "keystone",
                "type": "identity",
                "endpoints": endpoints("identity", f"{HOST}/v3"),
            },
        ],
    }
    stored = token_store.get(service.table, tokens.digest(text))
    assert (stored.user_id, stored.group_id, stored.access_key) == ("ok", GROUP, "okAccessKey")
    assert text not in str(service.table.client.scan(TableName=service.table.name))


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(password(), id="name and domain"),
        pytest.param(password(name="OK", domain={"name": "dEFAULT"}), id="other case"),
        pytest.param(password(name="ok"), id="no domain"),
        pytest.param(password(name="ok", domain=None), id="null domain"),
        pytest.param(password(id="ok"), id="id"),
        pytest.param(password(name="okAccessKey"), id="access key"),
        pytest.param(password(scope=project()), id="project by id"),
        pytest.param(
            password(scope={"project": {"name": "ok-group", "domain": {"name": "Default"}}}), id="project by name"
        ),
        pytest.param(password(scope={}), id="empty scope"),
        pytest.param(password(scope=project()) | {"other": 1}, id="unknown keys"),
        pytest.param(credential("okAccessKey", "okSecretKey"), id="access key as credential"),
        pytest.param(credential(), id="credential"),
        pytest.param(credential(name="ci", user={"name": "ok", "domain": {"id": "default"}}), id="credential by name"),
        pytest.param(credential(name="ci", user={"id": "ok"}), id="credential by name and id of the user"),
        pytest.param(credential(scope=project()), id="credential with its project"),
        pytest.param(
            credential(scope={"project": {"name": "ok-group", "domain": {"id": "default"}}}),
            id="credential with its project by name",
        ),
        pytest.param(token(TOKEN), id="API token"),
        pytest.param(token(TOKEN, scope=project()), id="API token with its project"),
    ],
)
def test_each_form_of_a_login_is_for_the_project(service, asked):
    make_credential(service)

    answer = login(asked)

    assert answer.status == 201, answer.body
    shown = answer.json["token"]
    assert (shown["user"]["id"], shown["project"]["id"]) == ("ok", GROUP)
    assert shown["methods"] == asked["auth"]["identity"]["methods"]
    sent = event("designate_list_zones", headers={"x-auth-token": answer.headers["x-subject-token"]})
    assert call(list_zones.handler, sent).status == 200


def test_a_credential_is_named_in_the_token_that_it_bought(service):
    make_credential(service, reader=True)

    shown = login(credential()).json["token"]

    assert shown["application_credential"] == {"id": "ci", "name": "ci", "restricted": True}
    assert [each["name"] for each in shown["roles"]] == ["reader"]


def test_without_a_catalog_the_answer_has_none(service):
    answer = login(rawQueryString="nocatalog")

    assert "catalog" not in answer.json["token"]


@pytest.mark.parametrize("asked", [password(scope="unscoped"), password(scope={"unscoped": {}})])
def test_an_unscoped_token_has_no_project(service, asked):
    shown = login(asked).json["token"]

    assert shown.keys() == {"methods", "user", "audit_ids", "issued_at", "expires_at"}


def test_a_user_of_several_projects_gets_an_unscoped_token_unless_it_names_one(service):
    for name in ("red", "blue"):
        people.group(service, name)
    people.user(service, "eve", "red", "blue")

    without, named = login(password("eve", "s")), login(password("eve", "s", scope=project("blue")))

    assert "project" not in without.json["token"]
    assert named.json["token"]["project"]["name"] == "blue"


def test_an_admin_of_the_group_and_operators_are_told_their_roles(service):
    people.group(service, "red")
    people.user(service, "root", "red", is_super=True, is_support=True)

    shown = login(password("root", "s")).json["token"]

    assert [each["name"] for each in shown["roles"]] == ["member", "reader", "admin", "support"]


def test_operators_may_log_in_to_the_system(service):
    people.group(service, "red")
    people.user(service, "root", "red", is_super=True)

    answer = login(password("root", "s", scope={"system": {"all": True}}))

    shown = answer.json["token"]
    assert (shown["system"], "project" in shown, len(shown["catalog"])) == ({"all": True}, False, 2)
    sent = event("designate_list_zones", rawQueryString="all_projects=true")
    sent["headers"]["x-auth-token"] = answer.headers["x-subject-token"]
    assert call(list_zones.handler, sent).status == 200


SYSTEM = "the system is for super users and support users, without a credential of a project"
OWN = "the credential is for its own project only"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param(password(secret="wrong"), WRONG, id="wrong secret"),
        pytest.param(password(secret=""), WRONG, id="empty secret"),
        pytest.param(password("nobody"), WRONG, id="unknown user"),
        pytest.param(password("n" * 3000), WRONG, id="long name"),
        pytest.param(password("\ud800"), WRONG, id="no character"),
        pytest.param(password("a\nb"), WRONG, id="line feed"),
        pytest.param(password(secret="\ud800"), WRONG, id="no character in the secret"),
        pytest.param(password(name="ok", domain={"id": "other"}), WRONG, id="unknown domain"),
        pytest.param(password(scope=project(NOBODYS)), WRONG, id="unknown project"),
        pytest.param(password(scope=project("p" * 3000)), WRONG, id="long project"),
        pytest.param(password(scope={"project": {"name": "stranger-group"}}), WRONG, id="foreign project"),
        pytest.param(
            password(scope={"project": {"name": "ok-group", "domain": {"id": "other"}}}), WRONG, id="project elsewhere"
        ),
        pytest.param(credential("nobody"), WRONG, id="unknown credential"),
        pytest.param(credential("c" * 3000), WRONG, id="long credential"),
        pytest.param(credential(secret="wrong"), WRONG, id="wrong secret of a credential"),
        pytest.param(credential(name="ci", user={"name": "stranger"}), WRONG, id="foreign credential"),
        pytest.param(credential(name="other", user={"name": "ok"}), WRONG, id="unknown name of a credential"),
        pytest.param(credential(name="ci", user={"name": "nobody"}), WRONG, id="credential of nobody"),
        pytest.param(
            credential(name="ci", user={"name": "ok", "domain": {"id": "x"}}), WRONG, id="credential elsewhere"
        ),
        pytest.param(credential("okAccessKey", "wrong"), WRONG, id="access key with a wrong secret"),
        pytest.param(credential(scope=project(NOBODYS)), OWN, id="credential with another project"),
        pytest.param(credential(scope={"system": {"all": True}}), SYSTEM, id="credential with the system"),
        pytest.param(token("zw_nobody"), WRONG, id="unknown token"),
        pytest.param(token(TOKEN, scope=project(NOBODYS)), OWN, id="API token with another project"),
        pytest.param(
            password(scope={"domain": {"id": "default"}}),
            "there are no rights to a domain: name a project",
            id="domain",
        ),
        pytest.param(password(scope={"system": {"all": True}}), SYSTEM, id="system"),
        pytest.param(body("totp", {}), "Authentication method 'totp' is not offered", id="other method"),
        pytest.param(
            {"auth": {"identity": {"methods": ["password", "totp"]}}},
            "Authentication method 'totp' is not offered",
            id="other method beside",
        ),
        pytest.param(
            {"auth": {"identity": {"methods": ["password", "token"]}}},
            "Authentication method 'password with token' is not offered",
            id="two methods",
        ),
    ],
)
def test_what_is_not_right_is_a_401(service, asked, message):
    make_credential(service)

    refused(login(asked), message)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "the body.auth is missing"),
        ([], "the body must be an object"),
        ({"auth": 1}, "the body.auth must be an object"),
        ({"auth": {}}, "auth.identity is missing"),
        ({"auth": {"identity": {}}}, "auth.identity.methods must list a method"),
        ({"auth": {"identity": {"methods": []}}}, "auth.identity.methods must list a method"),
        ({"auth": {"identity": {"methods": [1]}}}, "auth.identity.methods must be a text"),
        ({"auth": {"identity": {"methods": ["password"]}}}, "auth.identity.password is missing"),
        (body("password", {}), "auth.identity.password.user is missing"),
        (password(name="", domain={}), "auth.identity.password.user needs id or name"),
        (password(name=7), "auth.identity.password.user.name must be a text"),
        (password(secret=None), "auth.identity.password.user.password is missing"),
        (password(scope={"project": {}}), "auth.scope.project needs id or name"),
        (password(scope=7), "auth.scope must be an object"),
        (password(scope={"system": {}}), "auth.scope.system must be all"),
        (password(scope={"system": {"all": True}, **project()}), "auth.scope names more than one thing"),
        (body("application_credential", {"secret": "s"}), "auth.identity.application_credential needs id or name"),
        (credential(name="ci"), "auth.identity.application_credential.user is missing"),
        (body("token", {}), "auth.identity.token.id is missing"),
    ],
)
def test_a_body_of_the_wrong_shape_is_a_400(service, asked, message):
    refused(login(asked), message, 400)


@pytest.mark.parametrize("text", ["{", "[" * 50_000, "9" * 5000, '"\\ud800', "\x00", "nul"])
def test_what_is_not_json_is_a_400(service, text):
    answer = call(create_token.handler, event("keystone_create_token") | {"body": text})

    assert (answer.status, set(answer.json)) == (400, {"error"})


def test_an_empty_body_is_a_400(service):
    answer = call(create_token.handler, event("keystone_create_token") | {"body": ""})

    refused(
        answer, "empty body: the request needs a body" if "empty" in answer.body else "the request needs a body", 400
    )


def test_a_body_over_112_kb_is_a_413(service):
    answer = call(create_token.handler, event("keystone_create_token") | {"body": " " * 114_689})

    refused(answer, "the body has 114689 octets, and may have 114688", 413)


def test_a_locked_user_is_told_so_only_with_the_right_secret(service):
    users.set_locked(service.table, "ok", locked=True)

    refused(login(), "Account with username ok is locked")
    refused(login(password(secret="wrong")), WRONG)
    make_credential(service)
    refused(login(credential()), "Account with username ok is locked")
    refused(login(token(TOKEN)), "Account with username ok is locked")


def test_password_login_can_be_turned_off(service, monkeypatch):
    make_credential(service)
    monkeypatch.setenv("PASSWORD_LOGIN", "DISABLED")

    refused(login(), "Authentication method 'password' is not offered")
    refused(login(credential("okAccessKey", "okSecretKey")), WRONG)
    assert login(credential()).status == 201


def test_an_access_key_is_no_credential_for_a_user_of_several_projects(service):
    for name in ("red", "blue"):
        people.group(service, name)
    people.user(service, "eve", "red", "blue")

    refused(login(credential("EVE", "s")), WRONG)


def test_a_credential_that_is_over_lets_nobody_in_and_its_tokens_end_with_it(service):
    make_credential(service, expires=NOW + timedelta(minutes=5))

    answer = login(credential())
    later(service, minutes=5)

    assert answer.json["token"]["expires_at"] == "2026-01-15T12:39:56.000000Z"
    refused(login(credential()), WRONG)
    sent = event("designate_list_zones", headers={"x-auth-token": answer.headers["x-subject-token"]})
    assert call(list_zones.handler, sent).status == 401


# --- Rescoping


def test_a_token_buys_one_for_another_project_with_the_same_end(service):
    for name in ("red", "blue"):
        people.group(service, name)
    people.user(service, "eve", "red", "blue")
    first = login(password("eve", "s"))
    later(service, minutes=10)

    second = login(token(first.headers["x-subject-token"], scope=project("blue")))
    third = login(token(second.headers["x-subject-token"], scope=project("red")))

    old, new, newest = (each.json["token"] for each in (first, second, third))
    assert (new["expires_at"], new["methods"]) == (old["expires_at"], ["password", "token"])
    assert new["issued_at"] == "2026-01-15T12:44:56.275934Z"
    assert (new["project"]["id"], newest["project"]["id"]) == ("blue", "red")
    assert (new["audit_ids"][1:], newest["audit_ids"][1:]) == (old["audit_ids"], old["audit_ids"])
    assert newest["methods"] == ["password", "token"]


def test_a_token_of_a_credential_buys_one_for_its_own_project_only(service):
    for name in ("red", "blue"):
        people.group(service, name)
    people.user(service, "eve", "red", "blue")
    make_credential(service, "eves", "eve", "red", reader=True)
    text = login(credential("eves")).headers["x-subject-token"]

    again = login(token(text))

    assert again.json["token"]["project"]["id"] == "red"
    assert [each["name"] for each in again.json["token"]["roles"]] == ["reader"]
    refused(login(token(text, scope=project("blue"))), OWN)


def test_what_an_api_token_bought_has_its_role_and_dies_with_it(service):
    reader = make_reader(service)["x-auth-token"]
    answer = login(token(reader))
    sent = event("designate_list_zones", headers={"x-auth-token": answer.headers["x-subject-token"]})

    before = call(list_zones.handler, sent)
    token_store.delete(service.table, tokens.digest(reader))

    assert [each["name"] for each in answer.json["token"]["roles"]] == ["reader"]
    assert (before.status, call(list_zones.handler, sent).status) == (200, 401)


# --- Cost and time


def test_a_login_is_two_reads_and_one_write(service, reads):
    make_credential(service)
    reads.clear()

    for asked in (password(scope=project()), credential()):
        login(asked)
        assert (reads.batches, reads.gets, reads.queries) == (2, 0, 0)
        reads.clear()


def test_a_request_with_a_login_token_takes_as_many_reads_as_one_with_an_api_token(service, reads):
    make_credential(service)
    bought = [headers(), headers(credential()), {"x-auth-token": TOKEN}]

    counts = []
    for each in bought:
        reads.clear()
        assert call(list_zones.handler, event("designate_list_zones", headers=each)).status == 200
        counts.append(reads.gets + reads.batches)

    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (password(secret="wrong"), password("nobody")),
        (credential(name="ci", secret="w", user={"name": "ok"}), credential(name="ci", user={"name": "nobody"})),
        (credential("okAccessKey", "wrong"), credential("nobody")),
    ],
)
def test_a_refusal_does_the_same_whether_or_not_there_is_such_a_user(service, reads, one, other):
    make_credential(service)
    opened = []
    service.vault.client.meta.events.register("after-call.kms", lambda model, **_: opened.append(model.name))
    login(password("nobody"))  # the first one makes the decoy

    seen = []
    for asked in (one, other):
        reads.clear()
        opened.clear()
        assert login(asked).status == 401
        seen.append((reads.gets, reads.batches, tuple(opened)))

    assert seen[0] == seen[1]


# --- Guessing


def test_too_many_guesses_are_a_429_until_the_window_is_over(service):
    for _ in range(10):
        refused(login(password(secret="wrong")), WRONG)

    answer = login(password())
    elsewhere = login(password(), source="192.0.2.99")
    later(service, minutes=14)
    still = login(password())
    later(service, minutes=1)

    refused(answer, "too many logins failed: try again in 900 s", 429)
    assert answer.headers["retry-after"] == "900"
    assert (elsewhere.status, still.status, login(password()).status) == (201, 429, 201)


def test_logins_that_succeed_are_not_counted(service):
    for _ in range(20):
        assert login().status == 201

    items = service.table.client.scan(TableName=service.table.name)["Items"]
    assert not [each for each in items if each["pk"]["S"].startswith("GUESS#")]


def test_guesses_for_many_users_from_one_address_are_bounded_too(service):
    for number in range(100):
        assert login(password(f"user{number}")).status == 401

    assert login(password()).status == 429
    assert login(password(), source="2001:db8::1").status == 201


def test_addresses_of_one_ipv6_network_count_together(service):
    for number in range(10):
        assert login(password(secret="wrong"), source=f"2001:db8::{number + 1:x}").status == 401

    assert login(password(), source="2001:db8::ffff").status == 429
    assert login(password(), source="2001:db8:0:1::1").status == 201


# --- What is told


def test_a_login_and_a_refusal_are_each_one_line_without_secrets(service, caplog):
    caplog.set_level("INFO")
    made = login()
    login(password(secret="hunter2"))

    (line,) = [vars(each) for each in caplog.records if each.getMessage() == "login"]
    (refusal,) = [vars(each) for each in caplog.records if each.getMessage() == "login refused"]
    assert line["audit_id"] == made.json["token"]["audit_ids"][0]
    assert (line["user_id"], line["group_id"], line["method"], line["source"]) == (
        "ok",
        GROUP,
        "password",
        "192.0.2.10",
    )
    assert (refusal["method"], refusal["source"], refusal["why"]) == ("password", "192.0.2.10", "LoginRefused")
    told = str([vars(each) for each in caplog.records])
    for secret in ("hunter2", "okSecretKey", made.headers["x-subject-token"]):
        assert secret not in told


def test_the_life_of_a_token_is_the_operators(service, monkeypatch):
    monkeypatch.setenv("TOKEN_LIFE", "300")
    monkeypatch.setenv("REGION_NAME", "eu-1")

    shown = login().json["token"]

    assert shown["expires_at"] == "2026-01-15T12:39:56.000000Z"
    assert {each["region"] for each in shown["catalog"][0]["endpoints"]} == {"eu-1"}
