"""What a token lets its bearer do, on every route: one rule at the door (`http/rights.py`)."""

import json
import re
from dataclasses import replace

import pytest
from support import people
from support.calls import NOBODYS, TOKEN, call, event, sample
from support.entries import ANSWERING, event_name, handler
from support.logins import credential, headers, later, make_credential, make_reader, password, token
from zonewright.http.routes import ROUTES, dialect_of
from zonewright.model import tokens
from zonewright.store import credentials, keys, users
from zonewright.store import tokens as token_store
from zonewright.store.table import Update

from functions.designate import list_zones
from functions.vinyldns import get_zone

PUBLIC = {
    *("GET /", "GET /v2", "GET /v3", "POST /v3/auth/tokens", "GET /openapi.json", "GET /docs", "GET /docs/{asset}"),
    *("GET /ping", "GET /color", "GET /health", "GET /status", "GET /metrics/prometheus"),
}
PRIVATE = [
    pytest.param(each, id=f"{each.method} {each.path}") for each in ROUTES if f"{each.method} {each.path}" not in PUBLIC
]
WRITING = [each for each in PRIVATE if each.values[0].method not in ("GET", "HEAD")]
LOGOUT = "DELETE /v3/auth/tokens"


def asked(route, sent):
    """Call a route with some headers. Its path names nothing that there is."""
    module = ANSWERING[f"{route.method} {route.path}"]
    made = sample(event_name(module))
    made["routeKey"], made["rawPath"], made["pathParameters"] = f"{route.method} {route.path}", route.path, {}
    made["requestContext"]["http"]["method"] = route.method
    for parameter in re.findall(r"\{(\w+)\}", route.path):
        value = "ok" if parameter == "user_id" else NOBODYS
        made["rawPath"] = made["rawPath"].replace(f"{{{parameter}}}", value)
        made["pathParameters"][parameter] = value
    own = {"x-auth-token", "authorization", "x-amz-date"}
    made["headers"] = {name: value for name, value in made["headers"].items() if name not in own} | sent
    return call(handler(module), made, documented=False)


@pytest.mark.parametrize("route", PRIVATE)
def test_every_route_takes_every_kind_of_token_and_no_dead_one(service, route):
    make_credential(service)
    bought = [headers(), headers(credential()), headers(token(TOKEN))]
    bearer = {"authorization": f"Bearer {TOKEN}"}

    taken = [asked(route, each).status for each in (*bought, bearer) if f"{route.method} {route.path}" != LOGOUT]
    later(service, hours=1)
    dead = {asked(route, each).status for each in bought}

    assert not [each for each in taken if each in (401, 500)]
    assert dead == {401}


@pytest.mark.parametrize("route", WRITING)
def test_a_reader_writes_nowhere_and_is_told_so_in_the_dialects_words(service, route):
    answer = asked(route, make_reader(service))

    if f"{route.method} {route.path}" == LOGOUT:
        assert answer.status != 403
        return
    words = "user ok has the role reader here, and may only read"
    forms = {
        "designate": lambda: answer.json["message"],
        "keystone": lambda: answer.json["error"]["message"],
        "vinyldns": lambda: json.loads(answer.body),
    }
    assert answer.status == 403
    assert forms[dialect_of(route.path)]().endswith(words)


@pytest.mark.parametrize("route", [each for each in PRIVATE if dialect_of(each.values[0].path) != "keystone"])
def test_an_unscoped_token_has_no_rights_to_things_of_projects(service, route):
    unscoped = headers(password(scope="unscoped"))

    answer = asked(route, unscoped)

    assert answer.status == 403
    assert "the token is for no project: name a project at the login" in answer.body


def use(sent):
    """Return the statuses of a request in each of the older dialects."""
    return (
        call(list_zones.handler, event("designate_list_zones", headers=sent)).status,
        call(get_zone.handler, event("vinyldns_get_zone", headers={"authorization": None, **sent})).status,
    )


ALIVE, DEAD = (200, 404), (401, 401)


def test_who_leaves_a_group_loses_the_rights_of_every_token_at_once(service):
    make_credential(service)
    bought = [headers(), headers(credential()), headers(token(TOKEN)), {"x-auth-token": TOKEN}]
    before = [use(each) for each in bought]

    service.table.write(Update(keys.user("ok"), set={"group_ids": []}))

    assert (before, [use(each) for each in bought]) == ([ALIVE] * 4, [DEAD] * 4)


def test_a_deleted_credential_takes_its_tokens_with_it(service):
    made = make_credential(service)
    first = headers(credential())
    second = headers(token(first["x-auth-token"]))

    credentials.delete(service.table, made)

    assert (use(first), use(second)) == (DEAD, DEAD)


def test_a_locked_user_is_out_with_every_token(service):
    bought = headers()
    users.set_locked(service.table, "ok", locked=True)

    assert use(bought) == (401, 403)
    assert use({"x-auth-token": TOKEN}) == (401, 403)


def test_an_api_token_ends_when_the_operator_said(service):
    text = "zw_ends"
    token = token_store.get(service.table, tokens.digest(TOKEN))
    end = service.now().replace(microsecond=0)
    token_store.create(service.table, replace(token, digest=tokens.digest(text), expires=end))

    assert use({"x-auth-token": text}) == DEAD


def test_x_auth_token_wins_over_bearer(service):
    both = {"x-auth-token": "zw_wrong", "authorization": f"Bearer {TOKEN}"}

    assert call(list_zones.handler, event("designate_list_zones", headers=both)).status == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_bearer_token_is_as_good_as_x_auth_token(service, scheme):
    sent = {"x-auth-token": None, "authorization": f"{scheme} {TOKEN}"}

    assert call(list_zones.handler, event("designate_list_zones", headers=sent)).status == 200


@pytest.mark.parametrize("text", ["", "zw_wrong", "é" * 3000])
def test_a_wrong_bearer_token_is_a_401(service, text):
    sent = {"x-auth-token": None, "authorization": f"Bearer {text}"}

    assert call(list_zones.handler, event("designate_list_zones", headers=sent)).status == 401


def test_a_system_token_dies_when_its_user_is_no_operator_any_more(service):
    people.group(service, "red")
    people.user(service, "root", "red", is_super=True)
    bought = headers(password("root", "s", scope={"system": {"all": True}}))
    before = use(bought)

    service.table.write(Update(keys.user("root"), set={"is_super": False}))

    assert (before, use(bought)) == (ALIVE, DEAD)
