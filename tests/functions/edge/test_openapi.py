import json

import pytest
from support.calls import REQUEST_ID, call, event

from functions.edge.service import docs, openapi


def test_anyone_may_read_the_document():
    answer = call(openapi.handler, event("edge_openapi"))

    assert answer.status == 200
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"}]
    assert {name: value for name, value in answer.headers.items() if name != "etag"} == {
        "content-type": "application/json",
        "cache-control": "public, max-age=300",
        "vary": "Accept",
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }


def test_the_server_is_where_the_caller_found_it():
    local = {"host": "127.0.0.1:8080", "x-forwarded-proto": None}

    answer = call(openapi.handler, event("edge_openapi", headers=local))

    assert answer.json["servers"] == [{"url": "http://127.0.0.1:8080"}]


@pytest.mark.parametrize(("form", "status"), [("{}", 304), ("W/{}", 304), ('"x", {}', 304), ("*", 304), ('"x"', 200)])
def test_what_the_caller_has_already_is_not_sent_again(form, status):
    first = call(openapi.handler, event("edge_openapi"))

    sent = {"if-none-match": form.format(first.headers["etag"])}
    answer = call(openapi.handler, event("edge_openapi", headers=sent))

    assert (answer.status, answer.body) == (status, first.body if status == 200 else "")
    assert answer.headers["etag"] == first.headers["etag"]


def test_another_server_is_another_document():
    here, there = (call(openapi.handler, event("edge_openapi", headers={"host": host})) for host in ("a.org", "b.org"))

    assert here.headers["etag"] != there.headers["etag"]


def test_the_page_loads_from_nowhere_else():
    answer = call(docs.handler, event("edge_docs"))

    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert "://" not in answer.body
    policy = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")


def asset(name):
    sent = event("edge_docs", routeKey="GET /docs/{asset}", rawPath=f"/docs/{name}", pathParameters={"asset": name})
    return call(docs.handler, sent)


@pytest.mark.parametrize(
    ("name", "media", "part"),
    [
        ("start.js", "text/javascript", 'url: "/openapi.json"'),
        ("swagger-ui-bundle.min.js", "text/javascript", "SwaggerUIBundle"),
        ("swagger-ui.min.css", "text/css", ".swagger-ui"),
    ],
)
def test_every_file_that_the_page_names_is_there(name, media, part):
    page = call(docs.handler, event("edge_docs")).body

    answer = asset(name)

    assert f'"/docs/{name}"' in page
    assert (answer.status, answer.headers["content-type"]) == (200, f"{media}; charset=UTF-8")
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert part in answer.body
    assert len(json.dumps(answer.body)) < 6_000_000  # what Lambda may answer


@pytest.mark.parametrize("name", ["x.js", "..", "__init__.py", "../../../settings.py"])
def test_no_other_file_is_there(name):
    answer = asset(name)

    assert (answer.status, answer.json["type"]) == (404, "not_found")
