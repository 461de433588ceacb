"""What a request accepts (RFC 9110 section 12.5.1): JSON everywhere, a master file where one is offered."""

import pytest
from zonewright.errors import NotAcceptable
from zonewright.http.designate import dialect
from zonewright.http.message import Request
from zonewright.model.users import Caller

ZONE = "GET /v2/zones/{zone_id}"
FILE = "GET /v2/zones/tasks/exports/{export_id}/export"
LIST = "GET /v2/zones"


def asks(accept, route=ZONE):
    headers = {} if accept is None else {"accept": accept}
    return Request("r", "GET", "/v2/zones/x", route, headers=headers, identity=Caller("ok", "ok", group_id="group"))


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/dns", True),
        ("Text/DNS; charset=utf-8", True),
        ("text/*", True),
        ("text/dns, */*", True),
        ("*/*, text/dns;q=0.5", False),
        ("application/json, text/dns", False),
        ("application/json;q=0.1, text/dns", True),
        ("text/dns;q=0, */*", False),
        ("text/html, text/dns;q=0.2, application/json; q=0.100", True),
    ],
)
def test_a_zone_is_a_master_file_for_those_who_want_it_more(accept, text):
    dialect.admit(asks(accept))

    assert dialect.wants_text(asks(accept)) is text


@pytest.mark.parametrize(
    ("accept", "route"),
    [
        ("text/dns", LIST),
        ("text/html", ZONE),
        ("application/json;q=0", LIST),
        ("application/json;q=0.0, text/dns;q=0", ZONE),
        ("application/json", FILE),
    ],
)
def test_what_a_route_does_not_write_is_refused(accept, route):
    with pytest.raises(NotAcceptable, match="wanted"):
        dialect.admit(asks(accept, route))


@pytest.mark.parametrize("accept", ["*/*", "text/dns", "text/*", "application/json, */*;q=0.1"])
def test_an_export_is_a_master_file_whatever_else_is_wanted(accept):
    dialect.admit(asks(accept, FILE))
