import json

import pytest
from support import template
from support.entries import ANSWERING, TABLES, event_name, handler
from support.places import ROOT
from support.template import MODULES
from zonewright.errors import MethodNotAllowed, PathNotFound
from zonewright.http import routes
from zonewright.http.routes import ROUTES


def test_the_template_has_the_same_routes():
    known = [f"{route.method} {route.path}" for route in ROUTES]

    assert sorted(ANSWERING) == sorted([*known, "$default"])


@pytest.mark.parametrize("name", [name for name, module in MODULES.items() if module in TABLES])
def test_a_resource_has_the_routes_that_the_template_sends_to_it(name):
    assert sorted(TABLES[MODULES[name]]) == sorted(template.routes(name))


@pytest.mark.parametrize("key", ANSWERING)
def test_every_route_has_an_endpoint_and_an_event_of_its_own_shape(key):
    module = ANSWERING[key]
    event = json.loads((ROOT / "events" / f"{event_name(module)}.json").read_text())

    assert (ROOT / "functions" / f"{module}.py").is_file()
    assert callable(handler(module))
    assert event["routeKey"] in {each for each, answering in ANSWERING.items() if answering == module}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/", ("GET",)),
        ("GET", "/zones/x/sync", ("POST",)),
        ("PUT", "/v2/zones/x", ("DELETE", "GET", "PATCH")),
    ],
)
def test_a_known_path_says_which_methods_it_takes(method, path, allowed):
    refusal = routes.refusal(method, path)

    assert isinstance(refusal, MethodNotAllowed)
    assert refusal.allowed == allowed


@pytest.mark.parametrize("path", ["", "/x", "/zones//sync", "/zones/", "/zones/x/sync/", "/v2/zones/a/b", "//"])
def test_an_unknown_path_is_not_found(path):
    assert isinstance(routes.refusal("GET", path), PathNotFound)


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("/", "designate"),
        ("/v2", "designate"),
        ("/v2/x", "designate"),
        ("/v2x", "vinyldns"),
        ("/zones", "vinyldns"),
        ("/docs", "designate"),
        ("/docs/x", "designate"),
        ("/openapi.json", "designate"),
        ("/v3", "keystone"),
        ("/v3/", "keystone"),
        ("/v3/x", "keystone"),
        ("/v3x", "vinyldns"),
        ("/v2/tokens", "keystone"),
        ("/v2/tokens/", "keystone"),
        ("/v2.0/tokens", "keystone"),
        ("/v2/tokens/x", "designate"),
    ],
)
def test_a_path_belongs_to_one_dialect(path, dialect):
    assert routes.dialect_of(path) == dialect
