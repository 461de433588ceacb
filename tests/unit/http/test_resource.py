"""A function with several routes: each request is answered by its route's module, which is loaded then."""

import sys

import pytest
from zonewright.http.endpoint import Endpoint
from zonewright.http.resource import Resource

ROUTE = '''
"""A route of a test."""

from zonewright.http.designate import dialect
from zonewright.http.message import Response


@dialect.endpoint(public=True)
def handler(_, request):
    """Say which route it is."""
    return Response.text(200, f"{__name__} {request.path}")
'''
CONTEXT = type("Context", (), {"aws_request_id": "r"})


@pytest.fixture
def resource(tmp_path, monkeypatch):
    """A package with the modules of two routes."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "animals" / "cats"
    folder.mkdir(parents=True)
    for name in ("list_cats", "create_cat"):
        (folder / f"{name}.py").write_text(ROUTE)
    yield Resource("animals.cats", {"GET /cats": "list_cats", "POST /cats": "create_cat"})
    for name in [name for name in sys.modules if name.partition(".")[0] == "animals"]:
        del sys.modules[name]


def sent(key):
    method, _, path = key.partition(" ")
    return {"routeKey": key, "rawPath": path, "requestContext": {"http": {"method": method}}}


def test_a_request_is_answered_by_the_module_of_its_route(resource):
    answers = [resource(sent(key), CONTEXT) for key in ("GET /cats", "POST /cats", "GET /cats")]

    assert [each["statusCode"] for each in answers] == [200] * 3
    assert [each["body"] for each in answers] == [
        "animals.cats.list_cats /cats",
        "animals.cats.create_cat /cats",
        "animals.cats.list_cats /cats",
    ]


def test_a_module_is_loaded_by_its_first_request_only(resource):
    assert "animals.cats.list_cats" not in sys.modules

    resource(sent("GET /cats"), CONTEXT)
    first = sys.modules["animals.cats.list_cats"]
    resource(sent("GET /cats"), CONTEXT)

    assert sys.modules["animals.cats.list_cats"] is first
    assert isinstance(first.handler, Endpoint)
    assert "animals.cats.create_cat" not in sys.modules


def test_a_route_that_the_table_lacks_is_a_fault_that_names_it(resource):
    with pytest.raises(LookupError, match=r"^animals\.cats has no route DELETE /cats$"):
        resource(sent("DELETE /cats"), CONTEXT)
