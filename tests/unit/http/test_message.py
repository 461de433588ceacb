import pytest
from zonewright.http.message import Request, Response

EVENT = {"rawPath": "/x", "requestContext": {"http": {"method": "GET"}}}


def test_the_least_event_is_a_request():
    assert Request.from_event(EVENT, "r") == Request("r", "GET", "/x")


def test_header_names_are_lower_case_and_a_base64_body_is_octets():
    event = EVENT | {"headers": {"X-Auth-Token": "t"}, "body": "/wA=", "isBase64Encoded": True}

    request = Request.from_event(event, "r")

    assert request.headers == {"x-auth-token": "t"}
    assert request.body == b"\xff\x00"


def test_a_query_keeps_every_value_in_order():
    request = Request("r", "GET", "/x", query_string="a=1&b=&a=%20%2B+2&c")

    assert request.query == {"a": ["1", " + 2"], "b": [""], "c": [""]}


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        pytest.param(
            {"host": "api.example.net", "x-forwarded-proto": "https"}, "https://api.example.net", id="gateway"
        ),
        pytest.param({"host": "api.example.net"}, "https://api.example.net", id="no scheme"),
        pytest.param({"host": "127.0.0.1:8080"}, "http://127.0.0.1:8080", id="loopback"),
        pytest.param({"host": "[::1]:8080"}, "http://[::1]:8080", id="loopback of IPv6"),
        pytest.param({"host": "localhost:1", "x-forwarded-proto": "https"}, "https://localhost:1", id="said to be"),
        pytest.param({"host": "a.example", "x-forwarded-proto": "HTTP"}, "http://a.example", id="upper case"),
        pytest.param({"host": "a.example", "x-forwarded-proto": "javascript"}, "https://a.example", id="another"),
        pytest.param({"host": "a.example", "x-forwarded-proto": "https://b/x?"}, "https://a.example", id="more"),
        pytest.param({"host": "a.example", "x-forwarded-proto": ""}, "https://a.example", id="empty"),
    ],
)
def test_links_begin_where_the_caller_found_us(headers, url):
    assert Request("r", "GET", "/x", headers=headers).base_url == url


def test_a_request_without_credentials_has_no_caller():
    with pytest.raises(AssertionError):
        _ = Request("r", "GET", "/x").caller


def test_a_response_is_what_api_gateway_takes():
    response = Response.json(201, {"a": "ü"}, {"location": "/a"})

    assert response.to_event() == {
        "statusCode": 201,
        "headers": {
            "strict-transport-security": "max-age=31536000",
            "content-type": "application/json",
            "location": "/a",
        },
        "body": '{"a": "\\u00fc"}',
        "isBase64Encoded": False,
    }
