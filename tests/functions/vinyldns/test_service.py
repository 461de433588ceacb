import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, NOW, STRANGER, STRANGERS_GROUP, call, event
from support.places import ROOT
from zonewright.actions import zones as verbs
from zonewright.http.vinyldns.service import view
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import changes, status, zones

from functions.vinyldns import list_backend_ids, list_deleted_zones
from functions.vinyldns.service import routes

HEADERS = {"x-auth-token": "zw_admin"}


def get(name, **changes):
    return call(routes.handler, event(f"vinyldns_{name}", **changes))


def test_the_service_answers_everybody(service):
    assert (get("ping").status, get("ping").body) == (200, "PONG")
    assert (get("color").status, get("color").body) == (200, "green")
    assert (get("health").status, get("health").body) == (200, "")
    assert get("get_status").json == {"processingDisabled": False, "color": "green", "keyName": "", "version": "0.1.0"}
    metrics = get("prometheus")
    assert metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "\nzonewright_processing_disabled 0\n" in metrics.body


def test_the_version_is_that_of_the_package():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == view.VERSION


@pytest.mark.parametrize("rights", [{"is_super": True}, {"is_support": True}])
def test_a_system_administrator_stops_the_processing(service, rights):
    people.user(service, "admin", GROUP, **rights)
    before = service.processing_disabled()

    stopped = get("set_status", headers=HEADERS)
    shown = get("get_status"), get("prometheus")
    going = get("set_status", headers=HEADERS, rawQueryString="processingDisabled=False")

    assert (stopped.status, stopped.json["processingDisabled"], going.json["processingDisabled"]) == (200, True, False)
    assert shown[0].json["processingDisabled"] is True
    assert "\nzonewright_processing_disabled 1\n" in shown[1].body
    assert before is False


def test_a_process_learns_of_the_switch_within_seconds(service, monkeypatch):
    monkeypatch.setattr("zonewright.service.CHOICES_SECONDS", 0)
    status.write(service.table, disabled=True)
    assert service.processing_disabled() is True

    monkeypatch.setattr("zonewright.service.CHOICES_SECONDS", 60)
    status.write(service.table, disabled=False)
    assert service.processing_disabled() is True


def test_the_first_thing_wrong_with_the_switch_is_told(service):
    nobody = {"x-auth-token": None}

    missing = call(routes.handler, event("vinyldns_set_status", rawQueryString="", headers=nobody), documented=False)
    unreadable = get("set_status", rawQueryString="processingDisabled=x", headers=nobody)
    ordinary = get("set_status")

    assert (missing.status, missing.body) == (
        404,
        "Request is missing required query parameter 'processingDisabled'",
    )
    assert unreadable.status == 400
    assert get("set_status", headers=nobody).status == 401
    assert (ordinary.status, ordinary.json) == (
        403,
        "Not authorized. User 'ok' cannot make the requested change.",
    )
    assert status.disabled(service.table) is False


def test_without_backends_there_are_no_ids(service):
    assert call(list_backend_ids.handler, event("vinyldns_list_backend_ids")).json == []


# --- Failed changes


def failed(service, zone, n, state=ChangeStatus.FAILED):
    change = Change(f"c{n}", zone.id, ChangeType.SYNC, "ok", NOW + timedelta(seconds=n))
    service.table.write(changes.put(change))
    service.table.write(changes.end(replace(change, status=state, reason=f"reason {n}")))


def test_failed_changes_of_live_zones_are_listed_newest_first(service):
    live = [Zone(f"z{n}", f"z{n}.example.", GROUP, ZoneType.SECONDARY, NOW) for n in range(3)]
    for zone in live:
        service.table.write(*zones.create(zone))
    for n in range(6):
        failed(service, live[n % 3], n)
    failed(service, live[0], 6, ChangeStatus.SYNCED)
    failed(service, replace(live[0], id="gone"), 7)

    first = get("list_failed_changes", rawQueryString="maxItems=4", headers=STRANGER).json
    second = get("list_failed_changes", rawQueryString="maxItems=4&startFrom=4").json
    none = get("list_failed_changes", rawQueryString="startFrom=9").json

    assert [each["id"] for each in first["failedZoneChanges"]] == ["c5", "c4", "c3", "c2"]
    assert first["failedZoneChanges"][0]["systemMessage"] == "reason 5"
    assert (first["nextId"], first["startFrom"], first["maxItems"]) == (4, 0, 4)
    assert [each["id"] for each in second["failedZoneChanges"]] == ["c1", "c0"]
    assert (second["nextId"], second["startFrom"]) == (0, 4)
    assert (none["failedZoneChanges"], none["nextId"], none["maxItems"]) == ([], 0, 100)


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_of_failures_has_a_size(service, limit):
    answer = get("list_failed_changes", rawQueryString=f"maxItems={limit}")

    assert answer.json == f"maxItems was {limit}, maxItems must be between 0 exclusive and 100 inclusive"


# --- Deleted zones


def deleted(query="", headers=None):
    return call(
        list_deleted_zones.handler, event("vinyldns_list_deleted_zones", rawQueryString=query, headers=headers or {})
    ).json


def names(page):
    return [each["zoneChange"]["zone"]["name"] for each in page["zonesDeletedInfo"]]


@pytest.fixture
def lost(service):
    """Deleted zones: b.example. twice, c.example., which lives again, and one of the stranger."""
    for name, user, group in (
        ("a.example.", "ok", GROUP),
        ("b.example.", "ok", GROUP),
        ("c.example.", "ok", GROUP),
        ("b.example.", "ok", GROUP),
        ("theirs.example.", "stranger", STRANGERS_GROUP),
    ):
        service.clock.now += timedelta(seconds=1)
        zone = Zone(f"{name}{service.now():%S}", name, group, ZoneType.SECONDARY, service.now(), version=1)
        service.table.write(*zones.create(zone))
        verbs.delete(service, zone, caller=Caller(user, user, frozenset({group}), group))
    service.table.write(*zones.create(Zone("alive", "c.example.", GROUP, ZoneType.SECONDARY, NOW)))
    people.user(service, "admin", STRANGERS_GROUP, is_support=True)
    return service


def test_deleted_zones_are_listed_once_a_name_while_it_is_free(lost):
    page = deleted()

    assert names(page) == ["b.example.", "a.example."]
    first = page["zonesDeletedInfo"][0]
    assert (first["adminGroupName"], first["userName"], first["accessLevel"]) == ("ok-group", "ok", "Delete")
    change = first["zoneChange"]
    assert (change["changeType"], change["status"], change["zone"]["status"]) == ("Delete", "Synced", "Deleted")
    assert change["zone"]["id"] == "b.example.00"
    assert {key: value for key, value in page.items() if key != "zonesDeletedInfo"} == {
        "maxItems": 100,
        "ignoreAccess": False,
    }


@pytest.mark.parametrize(("query", "headers"), [("ignoreAccess=true", None), ("", HEADERS)])
def test_all_deleted_zones_are_listed_for_who_may_see_all(lost, query, headers):
    assert names(deleted(query, headers)) == ["theirs.example.", "b.example.", "a.example."]


def test_deleted_zones_come_in_pages_and_by_name(lost):
    first = deleted("maxItems=2&ignoreAccess=true")
    second = deleted(f"maxItems=2&ignoreAccess=true&startFrom={first['nextId']}")
    own = deleted("maxItems=1")
    rest = deleted(f"maxItems=1&startFrom={own['nextId']}")
    named = deleted("nameFilter=*a.example.")

    assert names(first) + names(second) == ["theirs.example.", "b.example.", "a.example."]
    assert names(own) + names(rest) == ["b.example.", "a.example."]
    assert "nextId" not in second
    assert "nextId" not in rest
    assert (names(named), named["zoneChangeFilter"]) == (["a.example."], "*a.example.")
