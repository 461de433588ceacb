"""The OpenAPI document agrees with the code: routes, queries, errors, bodies."""

import ast
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError
from openapi_spec_validator import validate
from support import document
from support.calls import event
from support.entries import ANSWERING
from support.places import ROOT
from zonewright.errors import Invalid
from zonewright.http.designate import dialect, doc, lists
from zonewright.http.designate.recordsets import body as recordsets
from zonewright.http.designate.recordsets import filters as recordset_filters
from zonewright.http.designate.shares import filters as share_filters
from zonewright.http.designate.tasks import body as imports
from zonewright.http.designate.tasks import filters as task_filters
from zonewright.http.designate.transfers import filters as transfer_filters
from zonewright.http.designate.tsigkeys import filters as key_filters
from zonewright.http.designate.zones import body as bodies
from zonewright.http.designate.zones import filters as zone_filters
from zonewright.http.message import Request
from zonewright.http.routes import ROUTES
from zonewright.model import policy
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType

DOCUMENT = document.DOCUMENT
ZONE = Zone(
    "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "a.org.", "group", ZoneType.PRIMARY, datetime(2026, 1, 15, tzinfo=UTC)
)
OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def named(operation, place):
    return {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == place}


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_the_server_is_the_one_asked():
    assert DOCUMENT["servers"] == [{"url": "https://zonewright.example"}]


def test_every_route_is_documented_and_no_other():
    assert OPERATIONS.keys() == {(route.method, route.path) for route in ROUTES}


def test_operations_have_names_of_their_own():
    assert len({operation["operationId"] for operation in OPERATIONS.values()}) == len(OPERATIONS)


def test_every_schema_is_used():
    text = json.dumps(DOCUMENT)

    assert [name for name in DOCUMENT["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text] == []


def examples():
    """Yield each schema that has examples, with its examples. Bodies and answers are included."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if "examples" in schema:
            yield pytest.param(schema, schema["examples"], id=name)
    for operation in OPERATIONS.values():
        for content in operation.get("requestBody", {"content": {}})["content"].values():
            values = [each["value"] for each in content.get("examples", {}).values()]
            yield pytest.param(content["schema"], values, id=operation["operationId"])
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                if "example" in content:
                    name = f"{operation['operationId']}-{status}"
                    yield pytest.param(content["schema"], [content["example"]], id=name)


@pytest.mark.parametrize(("schema", "values"), list(examples()))
def test_examples_are_what_they_are_examples_of(schema, values):
    for value in values:
        document.validate(schema, value)


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        pytest.param("/v2/zones", zone_filters.FILTERS, id="zones"),
        pytest.param(
            "/v2/zones/{zone_id}/recordsets", {*recordset_filters.FILTERS, "version"}, id="record sets of a zone"
        ),
        pytest.param("/v2/recordsets", {*recordset_filters.FILTERS, "zone_id"}, id="all record sets"),
        pytest.param("/v2/zones/tasks/imports", task_filters.FILTERS, id="imports"),
        pytest.param("/v2/zones/tasks/exports", task_filters.FILTERS, id="exports"),
        pytest.param("/v2/zones/tasks/transfer_requests", transfer_filters.OFFER_FILTERS, id="transfer requests"),
        pytest.param("/v2/zones/tasks/transfer_accepts", transfer_filters.ACCEPTANCE_FILTERS, id="accepts"),
        pytest.param("/v2/zones/{zone_id}/shares", share_filters.FILTERS, id="shares"),
        pytest.param("/v2/tsigkeys", key_filters.FILTERS, id="keys"),
    ],
)
def test_a_list_takes_the_parameters_it_is_documented_with(path, filters):
    assert named(OPERATIONS["GET", path], "query").keys() == set(filters) | lists.PAGING


def test_the_types_of_errors_are_those_that_are_raised():
    raised = {kind: status for status, kind in dialect.ERRORS.values()}

    assert {kind: status for kind, (status, _) in doc.ERRORS.items()} == raised | {"unknown": 500}


def reads_body(path):
    """Return whether an entry point imports a module that reads a body."""
    named = [
        name.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    ]
    return any(name.endswith("body") for name in named)


def test_a_route_that_reads_a_body_documents_it_and_no_other():
    reading = {
        (route.method, route.path)
        for route in ROUTES
        if reads_body(ROOT / "functions" / f"{ANSWERING[f'{route.method} {route.path}']}.py")
    }

    assert {key for key, operation in OPERATIONS.items() if "requestBody" in operation} == reading


SHOWN = DOCUMENT["components"]["schemas"]["ZoneDocument"]["examples"][0]
HEADERS = {
    "content-type": "application/json",
    "etag": '"1-json"',
    "cache-control": "private, no-cache",
    "vary": "Accept",
    "x-openstack-request-id": "req-1",
}


def checked(status=200, headers=HEADERS, body=SHOWN, **changes):
    document.check(event("designate_get_zone", **changes), status, headers, json.dumps(body))


def test_an_answer_as_documented_passes():
    checked()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": 201}, id="status"),
        pytest.param({"status": 404}, id="another status's body"),
        pytest.param({"body": SHOWN | {"colour": "red"}}, id="unknown field"),
        pytest.param({"body": {"zone": SHOWN["zone"]}}, id="missing fields"),
        pytest.param({"body": SHOWN | {"ttl": "7200"}}, id="type"),
        pytest.param({"body": SHOWN | {"created_at": "2026-01-15T12:34:56Z"}}, id="form"),
        pytest.param({"headers": HEADERS | {"content-type": "text/plain"}}, id="media type"),
        pytest.param({"headers": HEADERS | {"x-colour": "red"}}, id="unknown header"),
        pytest.param({"headers": HEADERS | {"x-openstack-request-id": "1"}}, id="wrong header"),
        pytest.param({"headers": HEADERS | {"etag": "5"}}, id="no entity tag"),
        pytest.param({"headers": {name: HEADERS[name] for name in HEADERS if name != "etag"}}, id="missing header"),
        pytest.param({"zone": "example.org."}, id="wrong parameter accepted"),
        pytest.param({"rawQueryString": "colour=red"}, id="unknown parameter accepted"),
    ],
)
def test_an_answer_that_is_not_documented_fails(changes):
    with pytest.raises((AssertionError, ValidationError)):
        checked(**changes)


GOOD_NAME, OTHER = "a.org.", {"zone": 5}
VALUES = {
    "name": [
        GOOD_NAME,
        "A_1.b-c.org.",
        "org.",
        "a-.org.",
        "-a.org.",
        "a.org",
        "a..",
        ".",
        "",
        "*.org.",
        "ü.org.",
        5,
        None,
    ],
    "type": ["PRIMARY", "SECONDARY", "CATALOG", "primary", None, 5],
    "email": ["joe@a.org", "joe.x@a", "joe@@a.org", "joe+x@a.org", "a.org", "@a.org", "", 5, None],
    "ttl": [0, 300, 2**31 - 1, 2**31, -1, 1.5, "300", True, None],
    "description": ["", None, "x" * 160, "x" * 161, "\U0001f600" * 160, 5],
    "masters": [
        [],
        ["192.0.2.1"],
        ["ns.a.org:5300", "::1", "[::1]:53"],
        ["tls://ns.a.org", "TLS://[::1]:853"],
        ["tls://"],
        ["https://ns.a.org"],
        [""],
        ["a b"],
        ["a@b"],
        ["a/b"],
        [5],
        "a",
        None,
    ],
    "attributes": [{}, {"a": "b"}, {"a": 1}, {"a" * 51: "b"}, {"a": "b" * 51}, [], None],
    "project_id": ["group", "g" * 37, 5, None],
    "pool_id": ["any", "p" * 37, 5, None],
    "serial": [5],
}
"""Valid and invalid values of each field. Valid ones come first, so that bodies are often valid."""


def bodies_of(**required):
    """Return bodies with valid, invalid and missing fields. The `required` fields are valid more often."""
    fields = {name: st.one_of(st.sampled_from(values[:2]), st.sampled_from(values)) for name, values in VALUES.items()}
    flat = st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(
        {name: st.just(value) for name, value in required.items()},
        optional={name: st.sampled_from(VALUES[name]) for name in VALUES.keys() - required.keys() - {"serial"}},
    )
    return st.one_of(flat, flat.map(lambda body: {"zone": body}), st.sampled_from([[], 5, None, OTHER]))


def taken(read):
    """Return whether a body is accepted."""
    try:
        read()
    except Invalid:
        return False
    return True


def request_with(body):
    headers = {"content-type": "application/json"}
    caller = Caller("user", "user", frozenset({"group"}), "group")
    return Request("r", "POST", "/v2/zones", headers=headers, body=json.dumps(body).encode(), identity=caller)


def new_zone(body):
    """Read the zone in a body, and check its name. Raise Invalid."""
    request, settings = request_with(body), Settings("t", "b")
    new = bodies.new_zone(request, settings)
    policy.check_name(new.name, settings, request.caller, slow=pytest.fail)


def documented(operation_id, body):
    """Return whether the document allows a body."""
    (operation,) = (each for each in OPERATIONS.values() if each["operationId"] == operation_id)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return document.validator(json.dumps(schema)).is_valid(body)


@given(
    bodies_of(name=GOOD_NAME, email="joe@a.org") | bodies_of(name=GOOD_NAME, type="SECONDARY", masters=["192.0.2.1"])
)
def test_a_new_zone_is_read_exactly_if_the_document_allows_it(body):
    assert documented("create_zone", body) == taken(lambda: new_zone(body))


@given(st.from_regex(r"\A[aZ0_.-]{0,8}(@[aZ0_.-]{0,6})?\.?\Z", fullmatch=True))
def test_names_and_addresses_are_read_exactly_if_the_document_allows_them(text):
    for field, body in (("name", {"name": text, "email": "j@a"}), ("email", {"name": GOOD_NAME, "email": text})):
        read = taken(lambda body=body: new_zone(body))
        assert documented("create_zone", body) == read, field


@given(bodies_of(name=GOOD_NAME, type="PRIMARY"))
def test_a_change_is_read_only_if_the_document_allows_it(body):
    shown = {"name": ZONE.name, "type": ZONE.type, "project_id": ZONE.group_id}
    if taken(lambda: bodies.zone_edit(request_with(body), ZONE, Settings("t", "b"), shown)):
        assert documented("update_zone", body)


RECORD_SET = {
    "name": ["www.a.org.", "*.A_1.org.", "org.", "a.*.org.", "-a.org.", "a.org", "a..", ".", "", "*.", 5, None],
    "type": ["A", "a", "CNAME", "TYPE1", "FOO", "ANY", "", "1", 5, None],
    "records": [["192.0.2.1"], ["192.0.2.1", "192.0.2.2"], ["192.0.2.1", "192.0.2.1"], ["x"], [], [5], "x", None],
    "ttl": [300, None, 0, 2**31 - 1, 2**31, -1, 1.5, "300", True],
    "description": ["", None, "x" * 160, "x" * 161, 5],
    "status": ["ACTIVE"],
}
NO_DATA = ["CNAME", "FOO", "ANY", ["x"]]
"""Invalid types and records that a schema cannot tell from valid ones."""


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in RECORD_SET.items()}))
def test_a_new_record_set_is_read_only_if_the_document_allows_it(body):
    if taken(lambda: recordsets.new_recordset(request_with(body))):
        assert documented("create_recordset", body)


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in RECORD_SET.items() for value in values]
)
def test_a_field_of_a_record_set_is_read_exactly_if_the_document_allows_it_and_it_is_data(field, value):
    body = {"name": "www.a.org.", "type": "A", "records": ["192.0.2.1"], field: value}

    read = taken(lambda: recordsets.new_recordset(request_with(body)))

    assert (documented("create_recordset", body) and value not in NO_DATA) == read


FILES = {
    "zonefile": ["", "$ORIGIN a.org.", 5, None],
    "attributes": [{}, {"a": "b"}, {"a": 1}, {"a" * 51: "b"}, {"a": "b" * 51}, [], None],
    "zone": ["a.org."],
}


@given(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FILES.items()}),
    st.booleans(),
)
def test_an_import_is_read_exactly_if_the_document_allows_it(body, wrapped):
    sent = {"import": body} if wrapped else body

    assert documented("create_import", sent) == taken(lambda: imports.new_import(request_with(sent)))
