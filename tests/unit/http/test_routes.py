import json
import re

import pytest
from support.places import ROOT
from zonewright.errors import MethodNotAllowed, PathNotFound
from zonewright.http import routes


def test_the_template_has_the_same_routes():
    template = (ROOT / "template.yaml").read_text()
    functions = re.split(r"^  \w+:\n    Type: AWS::Serverless::Function\n", template, flags=re.MULTILINE)[1:]
    found = set()
    for text in functions:
        module = re.search(r"Handler: (\S+)\.handler", text)[1]
        for method, quoted, bare in re.findall(r'Method: (\w+), Path: (?:"([^"]+)"|([^}]+))\}', text):
            found.add((method, quoted or bare, module))

    assert found == {(route.method, route.path, route.function) for route in routes.ROUTES}


@pytest.mark.parametrize("name", sorted({route.function for route in routes.ROUTES} | {"edge/unknown_route"}))
def test_every_route_has_a_function_and_an_event_of_its_own_shape(name):
    event = json.loads((ROOT / "events" / f"{name.replace('/', '_')}.json").read_text())

    assert (ROOT / "functions" / f"{name}.py").is_file()
    keys = {f"{route.method} {route.path}" for route in routes.ROUTES if route.function == name} or {"$default"}
    assert event["routeKey"] in keys


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
    ("path", "designate"),
    [
        ("/", True),
        ("/v2", True),
        ("/v2/x", True),
        ("/v2x", False),
        ("/zones", False),
        ("/docs", True),
        ("/docs/x", True),
        ("/openapi.json", True),
    ],
)
def test_a_path_belongs_to_one_dialect(path, designate):
    assert routes.speaks_designate(path) is designate
