"""One id in the body, the header and the log line of an answer, whatever it is."""

from dataclasses import replace

import pytest
from support.calls import REQUEST_ID, call, event
from zonewright.http.endpoint import log

from functions.designate import create_zone, get_zone, update_zone
from functions.edge import unknown_route


def unknown_path():
    return call(unknown_route.handler, event("edge_unknown_route", rawPath="/v2/nothing"))


def wrong_method():
    return call(unknown_route.handler, event("edge_unknown_route", method="PUT", rawPath="/v2/zones"))


def wrong_body():
    return call(create_zone.handler, event("designate_create_zone", json={"name": 5}))


def nobody():
    return call(get_zone.handler, event("designate_get_zone", headers={"x-auth-token": "zw_nobody"}))


def no_zone():
    return call(get_zone.handler, event("designate_get_zone"))


def stale():
    zone = call(create_zone.handler, event("designate_create_zone")).json
    return call(update_zone.handler, event("designate_update_zone", zone=zone["id"], headers={"if-match": '"9-json"'}))


def reused():
    for ttl in (60, 90):
        body = {"name": "a.org.", "email": "joe@example.org", "ttl": ttl}
        answer = call(create_zone.handler, event("designate_create_zone", json=body, headers={"idempotency-key": "k"}))
    return answer


def broken():
    return call(replace(create_zone.handler, function=lambda *_: 1 / 0), event("designate_create_zone"))


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (wrong_body, 400),
        (nobody, 401),
        (no_zone, 404),
        (unknown_path, 404),
        (wrong_method, 405),
        (stale, 412),
        (reused, 422),
        (broken, 500),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_an_error_is_found_by_its_id_in_body_header_and_log(service, monkeypatch, act, status):
    lines = []
    monkeypatch.setattr(log(), "info", lambda _, extra: lines.append(extra))

    answer = act()

    assert answer.status == status
    assert answer.json["request_id"] == answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"
    assert (lines[-1]["request_id"], lines[-1]["status"]) == (REQUEST_ID, status)
