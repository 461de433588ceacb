import pytest
from support.calls import REQUEST_ID, call, event

from functions.edge import unknown_route


def answer_to(method, path):
    return call(unknown_route.handler, event("edge_unknown_route", method=method, rawPath=path))


@pytest.mark.parametrize("path", ["/no-existo", "/zones", "/zones/x/sync/", "/zones//sync", "/v1/zones"])
def test_an_unknown_path_is_a_404_in_bare_text(path):
    answer = answer_to("GET", path)

    assert answer.status == 404
    assert answer.body == f"The requested path [{path}] does not exist."
    assert answer.headers == {"content-type": "text/plain; charset=UTF-8", "x-request-id": REQUEST_ID}


@pytest.mark.parametrize("path", ["/v2/ptrs", "/v2/zones/a/b", "/v2/ptrs/"])
def test_an_unknown_path_below_v2_is_a_404_in_json(path):
    answer = answer_to("GET", path)

    assert answer.status == 404
    assert answer.json == {
        "code": 404,
        "type": "not_found",
        "message": f"resource not found: {path}",
        "request_id": f"req-{REQUEST_ID}",
    }


def test_an_unknown_path_is_a_404_for_a_post_with_an_idempotency_key_too():
    sent = event("edge_unknown_route", method="POST", rawPath="/v2/ptrs", headers={"idempotency-key": "k"})

    answer = call(unknown_route.handler, sent)

    assert (answer.status, answer.json["type"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/v2/", "/v2"),
        ("/v2/zones/", "/v2/zones"),
        ("/v2/zones//", "/v2/zones"),
        ("/v2/zones/a%2Fb/", "/v2/zones/a%2Fb"),
        ("/v2/zones/x/recordsets/", "/v2/zones/x/recordsets"),
        ("/docs/", "/docs"),
        ("/v3/zones", "/v2/zones"),  # openstacksdk asks so if it is given the root as its endpoint
        ("/v3/zones/x/recordsets/", "/v2/zones/x/recordsets"),
    ],
)
def test_the_path_that_is_meant_is_where_a_request_is_sent(method, path, plain):
    sent = event("edge_unknown_route", method=method, rawPath=path, rawQueryString="limit=2&name=a%20b")

    answer = call(unknown_route.handler, sent)

    assert (answer.status, answer.body) == (308, "")
    assert answer.headers["location"] == f"http://localhost:9000{plain}?limit=2&name=a%20b"
    assert answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"


def test_a_wrong_method_is_a_405_that_lists_the_right_ones():
    answer = answer_to("PUT", "/zones/621a13df-a2e3-4394-84c0-3eb3a664dff4/sync")

    assert answer.status == 405
    assert answer.body == "HTTP method not allowed, supported methods: POST"
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "DELETE, GET, PATCH"),
        ("DELETE", "/v2/zones", "GET, POST"),
        ("POST", "/", "GET"),
        ("POST", "/openapi.json", "GET"),
    ],
)
def test_a_wrong_method_below_v2_is_a_405_in_json(method, path, allowed):
    answer = answer_to(method, path)

    assert (answer.status, answer.json["type"], answer.headers["allow"]) == (405, "method_not_allowed", allowed)


@pytest.mark.parametrize("path", ["/v3/x", "/v3/auth", "/v3/users/u/v/w"])
def test_an_unknown_path_below_v3_is_a_404_in_keystones_form(path):
    answer = answer_to("GET", path)

    error = {"code": 404, "title": "Not Found", "message": f"The path {path} does not exist"}
    assert (answer.status, answer.json) == (404, {"error": error})


@pytest.mark.parametrize("path", ["/v2/tokens", "/v2.0/tokens", "/v2.0/tokens/"])
def test_who_logs_in_as_to_keystone_v2_is_told_the_auth_url(path):
    answer = answer_to("POST", path)

    message = "This is Identity v3: set the auth URL to http://localhost:9000/v3"
    assert (answer.status, answer.json) == (404, {"error": {"code": 404, "title": "Not Found", "message": message}})


def test_a_wrong_method_below_v3_is_a_405_in_keystones_form():
    answer = answer_to("PUT", "/v3/auth/tokens")

    assert (answer.status, answer.headers["allow"]) == (405, "DELETE, GET, HEAD, POST")
    assert answer.json["error"]["title"] == "Method Not Allowed"


def test_a_slash_too_many_below_v3_is_sent_to_the_path_without():
    answer = answer_to("GET", "/v3/")

    assert (answer.status, answer.headers["location"]) == (308, "http://localhost:9000/v3")
