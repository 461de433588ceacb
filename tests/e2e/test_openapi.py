"""The deployed service held to its OpenAPI document.

What the document allows is sent and what it forbids, made by Schemathesis from the schemas, always the same; the
answers are checked for status, headers, media type and body. Where a schema cannot say what is right, `settle` does.
"""

import itertools
import json
import os
import uuid

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from zonewright.http import openapi

pytestmark = [pytest.mark.e2e]

URL = os.environ.get("ZONEWRIGHT_URL", "http://127.0.0.1:8080")
DOCUMENT = json.loads(openapi.document(URL))
SCHEMA = schemathesis.openapi.from_dict(
    DOCUMENT,
    config=SchemathesisConfig.from_dict(
        {
            "generation": {"with-security-parameters": False},
            "phases": {"coverage": {"unexpected-methods": ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]}},
        }
    ),
)
SUDO = ("X-Auth-Sudo-Project-ID", "X-Auth-Sudo-Tenant-ID")
FIXED = ("name", "type", "masters", "project_id")
"""What a change may say of a zone only as it is."""


@pytest.fixture(scope="session")
def session(api):
    """Connections that are kept, as the first tenant."""
    with requests.Session() as session:
        session.headers["X-Auth-Token"] = api.token
        yield session


@pytest.fixture(scope="session")
def zones(api):
    """New PRIMARY zones, deleted in the end."""
    run, numbers, made = uuid.uuid4().hex[:8], itertools.count(), []

    def new():
        answer = api.call("POST", "/v2/zones", {"name": f"z{next(numbers)}.{run}.example.", "email": "joe@example.org"})
        made.append(answer.body["id"])
        return made[-1]

    yield new
    for zone_id in made:
        api.call("DELETE", f"/v2/zones/{zone_id}")


@pytest.fixture(scope="session")
def zone(zones):
    """A zone that no test deletes."""
    return zones()


def settle(case, zone, zones):
    """Make a request right in what no schema can say, where it is meant to be right: what is there, and whose it is."""
    right = {place for place in ParameterLocation if not case.meta.is_negative_at(place)}
    if ParameterLocation.PATH in right and case.method in ("GET", "PATCH", "DELETE"):
        for name in {"zone_id", "zoneId"} & set(case.path_parameters):
            case.path_parameters[name] = zones() if case.method == "DELETE" else zone
    if ParameterLocation.QUERY in right and case.query:
        case.query.pop("marker", None)
        case.query.pop("startFrom", None)
    if ParameterLocation.HEADER in right and case.headers:
        for name in SUDO:
            case.headers.pop(name, None)
    if ParameterLocation.BODY in right and isinstance(case.body, dict):
        body = case.body.get("zone", case.body)
        for name in FIXED if case.method == "PATCH" else ("project_id",):
            body.pop(name, None)
        if isinstance(body.get("ttl"), float):  # 300.0 is an integer to JSON Schema, and none to the service
            body["ttl"] = int(body["ttl"])


@SCHEMA.parametrize()
@settings(max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_an_operation_answers_as_documented(case, session, zone, zones):
    settle(case, zone, zones)

    case.call_and_validate(URL, session)


def test_the_document_is_the_one_that_is_served(session):
    assert session.get(f"{URL}/openapi.json").json() == DOCUMENT


def test_the_page_and_all_it_loads_are_served(session):
    page = session.get(f"{URL}/docs")

    assert page.headers["content-type"] == "text/html; charset=UTF-8"
    for name in ("start.js", "swagger-ui.min.css", "swagger-ui-bundle.min.js"):
        assert f'"/docs/{name}"' in page.text
        assert session.get(f"{URL}/docs/{name}").status_code == 200
