"""What a zone tells of syncs that fail, in both APIs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, TOKEN, call, event
from zonewright import clock
from zonewright.model.change import ChangeType
from zonewright.model.failure import Failure
from zonewright.model.order import Order
from zonewright.model.schedule import Timers
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import changes, zones
from zonewright.sync.lifecycle import Sync

from functions.designate import create_zone, get_zone, list_zones
from functions.vinyldns import get_zone as vinyldns_zone

WHY = "192.0.2.1: the primary answered REFUSED"
DAY = timedelta(days=1)
COPY = Zone(
    "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "copy.org.",
    GROUP,
    ZoneType.SECONDARY,
    NOW - 3 * DAY,
    primaries=(Primary("192.0.2.1"),),
    version=1,
    serial=7,
    synced=NOW - 3 * DAY,
    timers=Timers(7200, 900, 86400),
)
LATELY = Failure(WHY, NOW - timedelta(minutes=5), NOW - DAY)
FRESH = replace(COPY, confirmed=NOW - timedelta(hours=1), failure=LATELY)
EXPIRED = replace(COPY, confirmed=NOW - DAY, failure=LATELY)
TOLD = f"{WHY} (at 2026-01-15T12:29:56Z, failing since 2026-01-14T12:34:56Z)"
TOLD_EXPIRED = f"expired: no primary has confirmed it since 2026-01-14T12:34:56Z (EXPIRE 86400 s); {TOLD}"


@pytest.fixture
def stored(service):
    """Return a function that stores a zone."""
    return lambda zone: service.table.write(*zones.create(zone))


def shown():
    return call(get_zone.handler, event("designate_get_zone", zone=COPY.id)).json


def vinyldns():
    asked = event("vinyldns_get_zone", zone=COPY.id, headers={"x-auth-token": TOKEN})
    return call(vinyldns_zone.handler, asked).json["zone"]


def listed(query):
    return call(list_zones.handler, event("designate_list_zones", rawQueryString=query)).json["zones"]


@pytest.mark.parametrize(
    ("zone", "status", "action", "message"),
    [
        pytest.param(COPY, "ACTIVE", "NONE", None, id="none"),
        pytest.param(FRESH, "ACTIVE", "NONE", TOLD, id="lasting"),
        pytest.param(replace(FRESH, failure=Failure(WHY)), "ACTIVE", "NONE", WHY, id="of an older deployment"),
        pytest.param(EXPIRED, "ERROR", "UPDATE", TOLD_EXPIRED, id="expired"),
        pytest.param(replace(EXPIRED, failure=None), "ACTIVE", "NONE", None, id="unconfirmed without a failure"),
        pytest.param(
            replace(COPY, version=0, serial=None, synced=None, state=State.ERROR, failure=LATELY),
            "ERROR",
            "CREATE",
            TOLD,
            id="never loaded",
        ),
        pytest.param(
            replace(EXPIRED, state=State.SYNCING, holder="sync", lease=2_000_000_000),
            "PENDING",
            "UPDATE",
            TOLD_EXPIRED,
            id="syncing",
        ),
    ],
)
def test_a_zone_shows_its_last_failure(stored, zone, status, action, message):
    stored(zone)

    body, entry = shown(), listed("")[0]

    assert [body[name] for name in ("status", "action", "status_message")] == [status, action, message]
    assert entry == body["zone"]
    assert vinyldns().get("systemMessage") == message
    assert vinyldns()["status"] == ("Syncing" if status == "PENDING" else "Active")


@pytest.mark.parametrize(("schedule", "error"), [("refresh", WHY), (None, None)])
def test_the_error_of_a_schedule_is_the_same_failure(stored, schedule, error):
    stored(replace(FRESH, schedule=schedule))

    assert shown()["schedule_error"] == error


@pytest.mark.parametrize(("zone", "status"), [(FRESH, "ACTIVE"), (EXPIRED, "ERROR")], ids=["fresh", "expired"])
def test_an_expired_zone_is_listed_as_one_in_error(stored, zone, status):
    stored(zone)

    found = {each: [entry["id"] for entry in listed(f"status={each}")] for each in ("ACTIVE", "ERROR", "PENDING")}

    assert found == {"ACTIVE": [], "ERROR": [], "PENDING": []} | {status: [zone.id]}


def test_expired_zones_are_sorted_as_those_in_error(stored):
    stored(EXPIRED)
    call(create_zone.handler, event("designate_create_zone", json={"name": "a.org.", "email": "j@a.org"}))

    assert [each["status"] for each in listed("sort_key=status&sort_dir=desc")] == ["ERROR", "ACTIVE"]


def test_a_sync_that_fails_is_told_by_the_zone(service, stored):
    held = replace(COPY, state=State.SYNCING, holder="sync", lease=2_000_000_000, held_since=NOW)
    stored(held)
    order = Order(COPY.id, "sync", clock.to_text(NOW))
    service.table.write(changes.put(changes.Change("sync", COPY.id, ChangeType.SYNC, "joe", NOW)))

    Sync(service, order).fail(WHY)

    body = shown()
    assert body["status_message"].endswith(f"; {WHY} (at 2026-01-15T12:34:56Z)")
    assert body["status"] == "ERROR"  # the last confirmation is three days old
