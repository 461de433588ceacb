"""Hostile logins: any JSON, any text and any headers get a documented status, tell nothing, and change nothing."""

import base64
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calls import TOKEN, call, event
from support.logins import credential, password, token

from functions.keystone import create_credential, create_token, show_token

FEW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["", "ok", "okAccessKey", "default", "\x00", "\ud800", "é" * 300, "a" * 5000, "../..", "USER#ok", TOKEN]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
NAMES = st.sampled_from(
    ["auth", "identity", "methods", "password", "user", "domain", "id", "name", "scope", "project", "system", "secret"]
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=5), max_leaves=12
)
SHAPES = [
    password(scope={"project": {"name": "ok-group", "domain": {"name": "Default"}}}),
    credential(name="ci", user={"name": "ok"}, scope={"project": {"id": "x"}}),
    token(TOKEN, scope={"system": {"all": True}}),
]
LEAKS = ("Traceback", "botocore", 'File "', "zonewright.", "okSecretKey")


def places(value, path=()):
    """Yield the path of each part of a JSON value."""
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places(part, (*path, name))


def put(value, path, new):
    """Return a copy of a value with another part."""
    if not path:
        return new
    return {**value, path[0]: put(value[path[0]], path[1:], new)}


SPOILT = st.sampled_from(SHAPES).flatmap(
    lambda shape: st.builds(lambda path, new: put(shape, path, new), st.sampled_from(sorted(places(shape))), JSON)
)


def sent(name, body, **headers):
    return event(name, headers={"content-type": "application/json", **headers}) | {"body": json.dumps(body)}


def stored(service):
    items = service.table.client.scan(TableName=service.table.name)["Items"]
    return sorted(str(each) for each in items if not each["pk"]["S"].startswith(("GUESS#", "TOKEN#")))


@given(body=JSON | SPOILT)
@FEW
def test_any_body_of_a_login_gets_a_documented_status(service, body):
    before = stored(service)

    answer = call(create_token.handler, sent("keystone_create_token", body))

    assert answer.status in (201, 400, 401, 429), answer
    assert not [leak for leak in LEAKS if leak in answer.body]
    assert stored(service) == before


@given(octets=st.binary(max_size=200) | st.sampled_from([b"[" * 60_000, b"\xff{}", b'{"auth":' * 9000, b"9" * 9000]))
@FEW
def test_any_octets_get_a_documented_status(service, octets):
    made = event("keystone_create_token") | {"body": base64.b64encode(octets).decode(), "isBase64Encoded": True}

    assert call(create_token.handler, made).status in (400, 401)


@given(body=JSON | st.builds(lambda fields: {"application_credential": fields}, JSON))
@FEW
def test_any_body_of_a_credential_gets_a_documented_status(service, body):
    answer = call(create_credential.handler, sent("keystone_create_credential", body), documented=False)

    assert answer.status in (201, 400, 403, 409), answer
    assert not [leak for leak in LEAKS if leak in answer.body]


@pytest.mark.parametrize("header", ["x-auth-token", "x-subject-token", "authorization", "host", "x-forwarded-proto"])
@given(text=st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=60))
@FEW
def test_any_header_gets_a_documented_status(service, header, text):
    answer = call(show_token.handler, event("keystone_show_token", headers={header: text}), documented=False)

    assert answer.status in (200, 400, 401, 403, 404), answer
