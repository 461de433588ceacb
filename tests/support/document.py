"""Check the requests and answers of tests against the OpenAPI document."""

import base64
import functools
import json
import re
from urllib.parse import parse_qsl, unquote

from jsonschema import Draft202012Validator
from zonewright.http.openapi import document
from zonewright.http.routes import ROUTES, dialect_of

DOCUMENT = json.loads(document.document("https://zonewright.example"))


def operation(event):
    """Return the operation that an event calls."""
    method = event["requestContext"]["http"]["method"]
    fitting = [route.path for route in ROUTES if route.method == method and route.covers(event["rawPath"])]
    keyed = event["routeKey"].partition(" ")[2]
    path = keyed if keyed in fitting or not fitting else fitting[0]
    return DOCUMENT["paths"][path][method.lower()]


def check(event, status, headers, body):
    """Assert that the operation documents this answer, and that it allows the request if that was accepted."""
    if event["routeKey"] == "$default":
        dialect = dialect_of(event["rawPath"])
        check_answer(DOCUMENT["components"]["responses"][f"{dialect}-{status}"], headers, body)
        return
    asked = operation(event)
    assert str(status) in asked["responses"], f"{asked['operationId']} answers {status}, which is not documented"
    check_answer(asked["responses"][str(status)], headers, body)
    if status < 300:
        check_parameters(asked.get("parameters", []), event)
        if "requestBody" in asked and (asked["requestBody"]["required"] or decoded(event).strip()):
            sent = {name.lower(): value for name, value in event["headers"].items()}
            check_content(asked["requestBody"]["content"], sent.get("content-type"), decoded(event))


def check_answer(documented, headers, body):
    """Assert that headers and body are as documented."""
    check_headers(documented["headers"], headers)
    check_content(documented.get("content", {}), headers.get("content-type"), body)


def check_headers(documented, headers):
    """Assert that every header is documented, and that no required one is missing."""
    assert headers.keys() - {"content-type"} <= documented.keys(), "a header that is not documented"
    for name, each in documented.items():
        rule = resolved(each)
        assert name in headers or not rule.get("required"), f"no header {name}"
        if name in headers:
            validate(rule["schema"], headers[name])


def check_content(documented, content_type, body):
    """Assert that the body has a documented media type and matches its schema."""
    if not documented:
        assert body == ""
        return
    media = content_type.partition(";")[0].strip().lower()
    assert media in documented, f"{media} is not documented"
    validate(documented[media]["schema"], json.loads(body) if media == "application/json" else body)


def check_parameters(documented, event):
    """Assert that path, query and documented headers match their schemas, and that no parameter is unknown."""
    sent = {("path", name): unquote(value) for name, value in event.get("pathParameters", {}).items()}
    sent |= {("query", name): value for name, value in parse_qsl(event.get("rawQueryString", ""))}
    rules = {(each["in"], each["name"].lower()): each["schema"] for each in documented}
    for (place, name), value in sent.items():
        assert (place, name.lower()) in rules, f"the parameter {name} of the {place} is not documented"
        validate(rules[place, name.lower()], value, as_text=True)
    for name, value in event["headers"].items():
        if ("header", name.lower()) in rules:
            validate(rules["header", name.lower()], value, as_text=True)


def resolved(value):
    """Return the part of the document that a reference names, or the value itself if it is none."""
    while "$ref" in value:
        value = functools.reduce(lambda part, key: part[key], value["$ref"].split("/")[1:], DOCUMENT)
    return value


def validate(schema, value, *, as_text=False):
    """Assert that a value matches a schema of the document. With `as_text`, a text may stand for an integer."""
    rules = validator(json.dumps(schema))
    if as_text and re.fullmatch(r"-?\d+", value) and rules.is_valid(int(value)):
        return
    rules.validate(value)


@functools.cache
def validator(schema):
    """Return the validator of a schema in JSON. References are resolved in the document."""
    return Draft202012Validator(
        json.loads(schema) | {"components": DOCUMENT["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def decoded(event):
    """Return the body of an event as text."""
    body = event.get("body") or ""
    return base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
