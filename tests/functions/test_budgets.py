"""Requests beyond the budgets of a project: 429 with the seconds to wait, or 413, and nothing is changed."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, call, event
from support.imports import post_json
from support.zones import SECONDARY, refused
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import keys, zones
from zonewright.store.table import Put

from functions.designate import create_zone, get_zone, transfer_zone, update_zone
from functions.designate.imports import delete_import
from functions.vinyldns import sync_zone

COPY = Zone(
    "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "sync-test.",
    GROUP,
    ZoneType.SECONDARY,
    NOW - timedelta(days=1),
    primaries=(Primary("192.0.2.1"),),
    version=1,
    serial=7,
)
RUNNING = f"project {GROUP} has 1 syncs and dry runs running, the most at once; try again later"
BEGUN = f"project {GROUP} has begun 1 syncs and dry runs in this minute, the most that it may"


@pytest.fixture
def zone(service):
    """A zone, and a slot that another sync of its project has."""
    service.table.write(*zones.create(COPY))
    service.table.write(Put(keys.slot("RUNS", GROUP, 0) | {"holder": "other", "expires": 4_000_000_000}))
    return COPY


def create(**fields):
    return call(create_zone.handler, event("designate_create_zone", json=SECONDARY | fields))


def patch(zone, **fields):
    return call(update_zone.handler, event("designate_update_zone", zone=zone.id, json=fields))


def transfer(zone):
    return call(transfer_zone.handler, event("designate_transfer_zone", zone=zone.id))


def sync(zone, query="", **changes):
    return call(
        sync_zone.handler, signed(event("vinyldns_sync_zone", zone=zone.id, **changes)) | {"rawQueryString": query}
    )


def signed(sent):
    """Return the event with a token instead of its signature, which covers the path."""
    headers = {name: value for name, value in sent["headers"].items() if name != "authorization"}
    return sent | {"headers": headers | {"x-auth-token": "zw_0123456789abcdefghijklmnopqrstuv"}}


DESIGNATE = {
    "create": lambda _: create(),
    "patch": lambda zone: patch(zone, masters=["192.0.2.2"]),
    "transfer": transfer,
}
VINYLDNS = {"sync": sync, "dry run": lambda zone: sync(zone, "dryRun=true")}


@pytest.mark.parametrize("ask", DESIGNATE.values(), ids=DESIGNATE)
def test_designate_says_that_too_many_syncs_run(service, zone, monkeypatch, ask):
    monkeypatch.setenv("RUNNING_SYNCS", "1")

    answer = ask(zone)

    refused(answer, 429, "too_many_requests", RUNNING)
    assert answer.headers["retry-after"] == "60"
    assert zones.get(service.table, zone.id) == zone
    assert zones.named(service.table, SECONDARY["name"]) is None


@pytest.mark.parametrize("ask", VINYLDNS.values(), ids=VINYLDNS)
def test_vinyldns_says_that_too_many_syncs_run(service, zone, monkeypatch, ask):
    monkeypatch.setenv("RUNNING_SYNCS", "1")

    answer = ask(zone)

    assert (answer.status, answer.json, answer.headers["retry-after"]) == (429, RUNNING, "60")
    assert answer.headers["content-type"] == "application/json"
    assert zones.get(service.table, zone.id) == zone


@pytest.mark.parametrize("ask", (DESIGNATE | VINYLDNS).values(), ids=DESIGNATE | VINYLDNS)
def test_callers_that_begin_too_many_syncs_in_a_minute_wait_for_the_next(service, zone, monkeypatch, ask):
    monkeypatch.setenv("BEGINS_PER_MINUTE", "1")
    other = replace(zone, id="5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11", name="other.org.")
    service.table.write(*zones.create(other))
    assert transfer(other).status == 202

    answer = ask(zone)

    said = answer.json if isinstance(answer.json, str) else answer.json["message"]
    assert (answer.status, said, answer.headers["retry-after"]) == (429, BEGUN, "4")
    assert zones.get(service.table, zone.id) == zone
    service.clock.now += timedelta(seconds=4)
    assert ask(zone).status < 300


def test_uploads_beyond_those_that_a_project_awaits_are_refused_until_one_ends(service, monkeypatch):
    monkeypatch.setenv("OPEN_UPLOADS", "1")
    first = post_json()

    answer = post_json()

    refused(
        answer,
        429,
        "too_many_requests",
        f"project {GROUP} has 1 imports waiting for their uploads, the most at once; try again later",
    )
    assert answer.headers["retry-after"] == "60"
    call(delete_import.handler, event("designate_delete_import", part=first.json["id"], zone=first.json["id"]))
    assert post_json().status == 202


def test_a_file_in_the_request_awaits_no_upload(service, monkeypatch):
    monkeypatch.setenv("OPEN_UPLOADS", "1")
    post_json()

    assert post_json(zonefile="nonsense").json["status"] == "ERROR"


def test_a_refused_request_may_be_repeated_under_its_idempotency_key(service, zone, monkeypatch):
    monkeypatch.setenv("RUNNING_SYNCS", "1")
    sent = event("designate_create_zone", json=SECONDARY, headers={"idempotency-key": "one"})
    assert call(create_zone.handler, sent).status == 429

    service.table.delete([keys.slot("RUNS", GROUP, 0)])

    assert call(create_zone.handler, sent).status == 201


def test_a_zone_has_ten_masters_at_most(service, zone):
    many = [f"192.0.2.{n}" for n in range(1, 12)]
    text = "Quota exceeded for masters. 11, and a zone may have 10"

    refused(create(masters=many), 413, "over_quota", text)
    refused(patch(zone, masters=many), 413, "over_quota", text)
    assert zones.get(service.table, zone.id) == zone
    assert create(masters=many[:10]).status == 201


def attributes(octets):
    """Return attributes whose JSON has so many octets in UTF-8, most of them in letters of two."""
    made = {f"{n:04d}": "é" * 20 for n in range(octets // 60)}
    rest = octets - len(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode())
    return made | {"rest": "x" * (rest - len(',"rest":""'))}


def test_the_attributes_of_a_zone_have_a_size(service, zone, monkeypatch):
    monkeypatch.setenv("ATTRIBUTE_BYTES", "300")
    text = "Quota exceeded for attributes. they have 301 octets as JSON, and may have 300"

    refused(create(attributes=attributes(301)), 413, "over_quota", text)
    refused(patch(zone, attributes=attributes(301)), 413, "over_quota", text)
    refused(post_json(attributes=attributes(301)), 413, "over_quota", text)
    refused(post_json(attributes=attributes(301), zonefile="x"), 413, "over_quota", text)
    assert create(attributes=attributes(300)).status == 201
    assert patch(zone, attributes=attributes(300)).status == 200
    assert post_json(attributes=attributes(300)).status == 202


def test_a_zone_that_has_more_from_before_is_shown_changed_and_synced(service, zone, monkeypatch):
    monkeypatch.setenv("ZONE_MASTERS", "1")
    monkeypatch.setenv("ATTRIBUTE_BYTES", "2")
    old = replace(zone, primaries=(Primary("192.0.2.1"), Primary("192.0.2.2")), attributes={"a": "b"})
    service.table.write(Put(zones.to_item(old)))

    shown = call(get_zone.handler, event("designate_get_zone", zone=zone.id)).json

    assert (shown["masters"], shown["attributes"]) == (["192.0.2.1", "192.0.2.2"], {"a": "b"})
    same = patch(zone, description="x", masters=shown["masters"], attributes=shown["attributes"])
    assert (same.status, transfer(zone).status) == (200, 202)
