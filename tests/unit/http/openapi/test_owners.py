"""The OpenAPI document agrees with the code on transfers, shares, quotas, TSIG keys and conditional requests."""

import contextlib
import json
import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from support import document
from zonewright.errors import Invalid, PreconditionFailed
from zonewright.http import conditional, idempotency
from zonewright.http.designate.quotas import body as quotas
from zonewright.http.designate.shares import body as shares
from zonewright.http.designate.transfers import body as handovers
from zonewright.http.designate.tsigkeys import body as tsigkeys
from zonewright.http.message import Request
from zonewright.model.users import Caller
from zonewright.protocol import tsig

OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in document.DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
POSTS = [path for method, path in OPERATIONS if method == "POST" and path.startswith("/v2")]


def operation(operation_id):
    (found,) = (each for each in OPERATIONS.values() if each["operationId"] == operation_id)
    return found


def parameter(documented, name):
    """Return the schema of a parameter of an operation, or None if it has no such parameter."""
    return next((each["schema"] for each in documented["parameters"] if each["name"] == name), None)


ID, UPPER_ID, NO_ID = "794ccc2c-d751-44fe-b57f-8894c9f5c842", "794CCC2C-D751-44FE-B57F-8894C9F5C842", "794ccc2c"
PROJECTS = ["group", "g" * 36, "", "g" * 37, 5]
TRANSFER_REQUEST = {
    "target_project_id": [*PROJECTS, None],
    "description": ["", None, "x" * 160, "x" * 161, 5],
}
TRANSFER_ACCEPT = {"key": ["Q7ZK2M9T", "", 5, None], "zone_transfer_request_id": [ID, UPPER_ID, NO_ID, "", 5, None]}
SHARE = {"target_project_id": [*PROJECTS, None]}
QUOTA = {
    name: [0, -1, 2**31 - 1, 2**31, -2, 1.5, "1", True, None]
    for name in ("zones", "zone_recordsets", "zone_records", "recordset_records", "api_export_size")
}
TSIG_KEY = {
    "name": ["a.example.", "key", ".", "a..b", "k" * 63, "k" * 64, "", ".".join("abcdefgh" * 10), "k." * 81, 5, None],
    "algorithm": [*tsig.ALGORITHMS, "hmac-sha3", "HMAC-SHA256", 5, None],
    "secret": ["c2VjcmV0", "c2VjcmU=", "c2VjcgAA", "YQ==", "a", "YQ=", "YQ", "=", "", "YQ==YQ==", "A" * 256, 5, None],
    "scope": ["POOL", "ZONE", "zone", 5, None],
    "resource_id": [ID, UPPER_ID, NO_ID, 5, None],
    "primaries": [["192.0.2.1"], [], ["tls://a"] * 100, ["a"] * 101, ["a:b"], [5], [None], "a", None],
    "zones": [["a.org."], [], ["a.org."] * 100, ["a.org."] * 101, ["a.org"], [5], "a.org.", None],
}
READERS = [
    pytest.param("create_transfer_request", "transfer_request", TRANSFER_REQUEST, handovers.new_request, id="offer"),
    pytest.param(
        "update_transfer_request", "transfer_request", TRANSFER_REQUEST, handovers.request_edit, id="re-offer"
    ),
    pytest.param("create_transfer_accept", "transfer_accept", TRANSFER_ACCEPT, handovers.accept, id="accept"),
    pytest.param("create_share", "shared_zone", SHARE, shares.target, id="share"),
    pytest.param("update_quotas", "quota", QUOTA, quotas.quota_changes, id="quotas"),
    pytest.param("create_tsig_key", "tsigkey", TSIG_KEY, tsigkeys.new_key, id="new key"),
    pytest.param("update_tsig_key", "tsigkey", TSIG_KEY, tsigkeys.key_edit, id="key"),
]


def request_with(body):
    headers = {"content-type": "application/json"}
    caller = Caller("user", "user", frozenset({"group"}), "group")
    return Request("r", "POST", "/v2", headers=headers, body=json.dumps(body).encode(), identity=caller)


def taken(read, body):
    """Whether a body is read as right."""
    try:
        read(request_with(body))
    except Invalid:
        return False
    return True


def documented(operation_id, body):
    """Whether the document allows a body."""
    content = operation(operation_id)["requestBody"]["content"]
    return document.validator(json.dumps(content["application/json"]["schema"])).is_valid(body)


def bodies_of(values, envelope):
    """Bodies whose fields are right or wrong, there or not, in an envelope or not; right ones first, and often."""
    right = st.fixed_dictionaries({name: st.just(each[0]) for name, each in values.items()})
    mixed = st.fixed_dictionaries({}, optional={name: st.sampled_from(each) for name, each in values.items()})
    one_changed = st.builds(lambda whole, part: whole | part, right, mixed)
    flat = st.one_of(right, one_changed, mixed, mixed.map(lambda body: body | {"colour": "red"}))
    return st.one_of(flat, flat.map(lambda body: {envelope: body}), st.sampled_from([[], 5, None, {envelope: 5}]))


@pytest.mark.parametrize(("operation_id", "envelope", "values", "read"), READERS)
@given(data=st.data())
def test_a_body_is_read_exactly_if_the_document_allows_it(operation_id, envelope, values, read, data):
    body = data.draw(bodies_of(values, envelope))

    assert documented(operation_id, body) == taken(read, body)


@pytest.mark.parametrize(("operation_id", "envelope", "values", "read"), READERS)
def test_every_value_of_a_field_is_read_exactly_if_the_document_allows_it(operation_id, envelope, values, read):
    right = {name: each[0] for name, each in values.items()}

    for name, each in values.items():
        for value in each:
            body = {envelope: right | {name: value}}
            assert documented(operation_id, body) == taken(read, body), (name, value)


@given(st.text("a0.\\é@ -", max_size=70) | st.from_regex(r"\A([a.]|\\[0-9]{0,3}){0,6}\Z", fullmatch=True))
@example("a\\.b")
@example("a\\255")
@example("a\\256")
@example("a\\25")
@example("a\\")
def test_the_name_of_a_key_is_read_only_if_the_document_allows_it(name):
    body = {"name": name}

    if taken(tsigkeys.key_edit, body):
        assert documented("update_tsig_key", body)
    if name.isascii():
        assert documented("update_tsig_key", body) == taken(tsigkeys.key_edit, body)


def test_an_offer_may_be_made_without_a_body_and_a_share_may_not():
    assert operation("create_transfer_request")["requestBody"]["required"] is False
    assert "empty_request_body" not in types(operation("create_transfer_request"), 400)
    assert operation("create_share")["requestBody"]["required"] is True
    assert "empty_request_body" in types(operation("create_share"), 400)


def types(documented, status):
    """The types of the errors of one status."""
    schema = documented["responses"][str(status)]["content"]["application/json"]["schema"]
    return schema["properties"]["type"]["enum"]


@pytest.mark.parametrize("path", POSTS)
def test_every_post_takes_a_key_to_be_done_once(path):
    documented = OPERATIONS["POST", path]

    assert parameter(documented, "Idempotency-Key")
    assert "idempotency_key_reused" in types(documented, 422)
    assert "idempotency_key_in_use" in types(documented, 409)
    assert "bad_request" in types(documented, 400)


def test_a_post_and_the_patch_of_many_take_a_key_to_be_done_once_and_nothing_else():
    keyed = {
        key for key, documented in OPERATIONS.items() if parameter({"parameters": [], **documented}, "Idempotency-Key")
    }

    assert keyed == {("POST", path) for path in POSTS} | {("PATCH", "/v2/zones/{zone_id}/recordsets")}


@given(st.text(string.printable, max_size=5) | st.sampled_from(["k" * 255, "k" * 256, "é"]))
def test_a_key_of_a_post_is_taken_exactly_if_the_document_allows_it(key):
    assume(key == key.strip())  # HTTP takes the space around it away
    schema = parameter(operation("create_zone"), "Idempotency-Key")
    request = Request("r", "POST", "/v2/zones", headers={idempotency.HEADER: key})

    def read(_):
        idempotency._key(request)  # noqa: SLF001 - the one place that reads it

    assert document.validator(json.dumps(schema)).is_valid(key) == taken(read, {})


TAGS = st.lists(
    st.sampled_from(['"5-json"', 'W/"5-json"', '""', '"a b"', "5-json", "*", ",", ", ", " ", '"\xff"', "w/"]),
    max_size=4,
).map("".join)


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("operation_id", ["get_zone", "update_zone", "delete_zone"])
@given(tags=TAGS)
@example(tags='"5-json", "6-json"')
def test_a_condition_is_read_exactly_if_the_document_allows_it(operation_id, name, tags):
    schema = parameter(operation(operation_id), name)
    request = Request("r", "PATCH", "/v2/zones/z", headers={name.lower(): tags})

    def read(_):
        with contextlib.suppress(PreconditionFailed):
            conditional.expected(request, '"5-json"')

    assert document.validator(json.dumps(schema)).is_valid(tags) == taken(read, {})
