"""GET, HEAD and DELETE /v3/auth/tokens, and the catalog: contract `keystone.md`, sections 1 and 5."""

import pytest
from support import people
from support.calls import GROUP, STRANGER, STRANGERS_TOKEN, TOKEN, call, event
from support.logins import headers, later, login, make_credential, make_reader, signed
from zonewright.model import tokens
from zonewright.store import tokens as token_store
from zonewright.store import users

from functions.designate import list_zones
from functions.keystone import revoke_token, show_catalog, show_token

UNKNOWN = "Could not find token: it is unknown, over or revoked"


def ask(handler=show_token, name="keystone_show_token", *, of=TOKEN, **changes):
    return call(handler.handler, event(name, headers={"x-subject-token": of, **changes.pop("headers", {})}, **changes))


def revoke(text, **given):
    return ask(revoke_token, "keystone_revoke_token", of=text, headers=given)


def head(sent):
    sent["requestContext"]["http"]["method"] = "HEAD"
    return sent | {"routeKey": "HEAD /v3/auth/tokens"}


def error(answer):
    return answer.status, answer.json["error"]["message"]


def test_a_login_token_is_shown_as_at_the_login(service):
    made = login()
    text = made.headers["x-subject-token"]

    shown = ask(of=text, headers={"x-auth-token": text})

    assert (shown.status, shown.json, shown.headers["x-subject-token"]) == (200, made.json, text)


def test_an_api_token_is_said_to_end_a_life_from_now(service):
    later(service, hours=2)

    shown = ask().json["token"]

    assert (shown["methods"], shown["project"]["id"], shown["expires_at"]) == (
        ["token"],
        GROUP,
        "2026-01-15T15:34:56.000000Z",
    )
    assert ask().json["token"]["audit_ids"] == shown["audit_ids"]


def test_a_bearer_and_a_signature_ask_as_well(service):
    bearer = ask(headers={"x-auth-token": None, "authorization": f"Bearer {TOKEN}"})
    sent = event("keystone_show_token", headers={"x-subject-token": TOKEN})
    signature = call(show_token.handler, signed(sent, "okAccessKey", "okSecretKey", service.clock.now))

    assert (bearer.status, signature.status) == (200, 200)


def test_head_has_no_body(service):
    found = call(show_token.handler, head(event("keystone_show_token")))
    lost = call(show_token.handler, head(event("keystone_show_token", headers={"x-subject-token": "zw_x"})))

    assert (found.status, found.body, found.headers["x-subject-token"]) == (200, "", TOKEN)
    assert (lost.status, lost.body) == (404, "")


def test_a_token_that_is_dead_is_a_404_and_a_dead_caller_a_401(service):
    text = headers()["x-auth-token"]
    later(service, hours=1)

    assert error(ask(of=text)) == (404, UNKNOWN)
    assert error(ask(of="zwt_unknown")) == (404, UNKNOWN)
    assert ask(headers={"x-auth-token": text}).status == 401
    assert error(ask(of=None)) == (400, "the header X-Subject-Token is missing")


def test_another_users_token_is_a_403_but_for_super_users(service):
    people.group(service, "red")
    root = people.user(service, "root", "red", is_super=True)

    assert error(ask(of=STRANGERS_TOKEN)) == (403, "user ok may see tokens of its own only")
    assert revoke(STRANGERS_TOKEN).status == 403
    assert ask(of=STRANGERS_TOKEN, headers=root).json["token"]["user"]["id"] == "stranger"


def test_a_revoked_token_is_void_at_once(service):
    bought = headers()
    sent = event("designate_list_zones", headers=bought)
    before = call(list_zones.handler, sent)

    answer = revoke(bought["x-auth-token"], **bought)

    assert (before.status, answer.status, answer.body) == (200, 204, "")
    refused = call(list_zones.handler, sent)
    assert (refused.status, refused.json["error"]["code"]) == (401, 401)
    assert token_store.get(service.table, tokens.digest(bought["x-auth-token"])) is None


def test_a_reader_may_end_its_own_token(service):
    reader = make_reader(service)

    assert revoke(reader["x-auth-token"], **reader).status == 204


def test_an_unscoped_token_may_be_shown(service):
    make_credential(service)
    people.group(service, "red")
    people.group(service, "blue")
    people.user(service, "eve", "red", "blue")
    unscoped = headers({"auth": {"identity": {"methods": ["token"], "token": {"id": "zw_eve"}}, "scope": "unscoped"}})

    shown = ask(of=unscoped["x-auth-token"], headers=unscoped)

    assert (shown.status, "project" in shown.json["token"]) == (200, False)


def test_the_catalog_names_the_address_that_the_caller_used(service):
    changed = {"host": "127.0.0.1:8080", "x-forwarded-proto": "http"}

    answer = call(show_catalog.handler, event("keystone_show_catalog", headers=changed))

    urls = {each["type"]: {one["url"] for one in each["endpoints"]} for each in answer.json["catalog"]}
    assert urls == {"dns": {"http://127.0.0.1:8080"}, "identity": {"http://127.0.0.1:8080/v3"}}
    assert answer.json["links"] == {"self": "http://127.0.0.1:8080/v3/auth/catalog"}


def test_the_catalog_names_the_public_url_if_there_is_one(service, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://dns.example/")

    answer = call(show_catalog.handler, event("keystone_show_catalog"))

    assert answer.json["catalog"][0]["endpoints"][0]["url"] == "https://dns.example"


@pytest.mark.parametrize("sent", [{"x-auth-token": None}, {"x-auth-token": "zw_unknown"}])
def test_without_credentials_every_route_is_a_401_in_keystones_form(service, sent):
    answer = call(show_catalog.handler, event("keystone_show_catalog", headers=sent))

    assert answer.status == 401
    assert answer.json["error"]["title"] == "Unauthorized"
    assert answer.json["error"]["message"].startswith("The request you have made requires authentication: ")


def test_a_locked_user_is_a_401(service):
    users.set_locked(service.table, "stranger", locked=True)

    answer = call(show_catalog.handler, event("keystone_show_catalog", headers=STRANGER))

    assert error(answer) == (401, "Account with username stranger is locked")
