"""Record sets of older versions, and zones that get the contents of one again."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import NOW, TOKEN, call, event
from zonewright.actions import edit
from zonewright.http import conditional
from zonewright.model.change import ChangeStatus, ChangeType, Counts
from zonewright.model.quotas import Quotas
from zonewright.model.states import State
from zonewright.model.zone import ZoneType
from zonewright.store import changes, keys, quotas, versions, zones
from zonewright.store.table import Put

from functions.designate import (
    create_recordset,
    create_zone,
    delete_recordset,
    get_zone,
    list_recordsets,
    restore_zone,
    update_recordset,
    update_zone,
)
from functions.designate.imports import create_import
from functions.vinyldns import show_zone_change

FILE = """\
$ORIGIN old.org.
$TTL 600
@ IN SOA ns joe 7 3600 600 86400 300
a IN A 192.0.2.1
b IN A 192.0.2.2
c IN A 192.0.2.3
"""


@pytest.fixture
def zone_id(service):
    """A zone: version 2 adds a record set, version 3 changes it, version 4 deletes it."""
    made = call(create_import.handler, event("designate_create_import", body=FILE)).json["zone_id"]
    ids = {each["name"]: each["id"] for each in shown(made).json["recordsets"]}

    def send(module, name, **changed):
        service.clock.now += timedelta(seconds=1)
        answer = call(module.handler, event(f"designate_{name}", zone=made, **changed))
        assert answer.status in (200, 201, 204), answer.body

    new = {"name": "new.old.org.", "type": "A", "records": ["192.0.2.7"], "ttl": 60, "description": "noted"}
    send(create_recordset, "create_recordset", json=new)
    send(update_recordset, "update_recordset", part=ids["b.old.org."], json={"records": ["192.0.2.8"]})
    send(delete_recordset, "delete_recordset", part=ids["c.old.org."])
    service.clock.now += timedelta(seconds=1)
    return made


def shown(zone_id, query="limit=max"):
    return call(list_recordsets.handler, event("designate_list_recordsets", zone=zone_id, rawQueryString=query))


def held(zone_id, number):
    """What a version holds besides its SOA."""
    return [each for each in shown(zone_id, f"version={number}").json["recordsets"] if each["type"] != "SOA"]


def text_of(zone_id, number):
    """A version's master file, without the serial."""
    sent = event("designate_get_zone", zone=zone_id, rawQueryString=f"version={number}", headers={"accept": "text/dns"})
    return re.sub(r"\d+ ; serial", "", call(get_zone.handler, sent).body)


def restored(zone_id, number, **changes):
    return call(
        restore_zone.handler, event("designate_restore_zone", zone=zone_id, json={"version": number}, **changes)
    )


def test_the_record_sets_of_an_older_version_are_read_as_they_were(zone_id):
    names = {number: [each["name"].split(".")[0] for each in held(zone_id, number)] for number in (1, 2, 3, 4)}

    assert names == {
        1: ["old", "a", "b", "c"],
        2: ["old", "a", "b", "c", "new"],
        3: ["old", "a", "b", "c", "new"],
        4: ["old", "a", "b", "new"],
    }
    assert [held(zone_id, number)[2]["records"] for number in (2, 3)] == [["192.0.2.2"], ["192.0.2.8"]]
    assert held(zone_id, 4) == [each for each in shown(zone_id).json["recordsets"] if each["type"] != "SOA"]


def test_they_are_filtered_counted_and_paged_as_all_are(zone_id):
    page = shown(zone_id, "version=2&type=A&limit=2").json
    rest = shown(zone_id, page["links"]["next"].partition("?")[2]).json

    assert "version=2" in page["links"]["next"]
    assert [each["name"] for each in (*page["recordsets"], *rest["recordsets"])] == [
        *("a.old.org.", "b.old.org.", "c.old.org.", "new.old.org.")
    ]
    assert page["metadata"] == {"total_count": 4}


@pytest.mark.parametrize(
    ("query", "status", "kind", "message"),
    [
        ("version=5", 404, "not_found", "Zone old.org. has versions 1 to 4, not 5"),
        ("version=0", 404, "not_found", "Zone old.org. has versions 1 to 4, not 0"),
        ("version=2", 404, "not_found", "Zone old.org. no longer has version 2"),
        ("version=x", 400, "bad_request", "version 'x' is not the number of a version"),
    ],
)
def test_a_version_that_is_not_there_has_no_record_sets(service, zone_id, query, status, kind, message):
    service.table.delete([keys.version(zone_id, 2)])

    answer = shown(zone_id, query)

    assert (answer.status, answer.json["type"], answer.json["message"]) == (status, kind, message)


def test_a_zone_gets_an_older_version_again_as_its_next(service, zone_id):
    before = zones.get(service.table, zone_id)

    answer = restored(zone_id, 1)

    zone = zones.get(service.table, zone_id)
    assert (answer.status, answer.headers["etag"]) == (202, conditional.tag("5", shown=answer.body))
    assert answer.json == {**answer.json["zone"], "zone": answer.json["zone"]}
    assert answer.json["serial"] == zone.serial > before.serial
    assert (zone.version, zone.records, zone.rrsets) == (5, 6, 5)
    assert held(zone_id, 5) == held(zone_id, 1)
    assert text_of(zone_id, 5) == text_of(zone_id, 1) != text_of(zone_id, 4)
    assert held(zone_id, 4) != held(zone_id, 1)


def test_what_a_restore_moved_is_in_the_history(service, zone_id):
    restored(zone_id, 1)

    newest, *_ = changes.listing(service.table, zone_id, 1)
    headers = {"authorization": None, "x-auth-token": TOKEN}
    sent = event("vinyldns_show_zone_change", zone=zone_id, part=newest.id, rawQueryString="", headers=headers)
    moved = call(show_zone_change.handler, sent).json["recordSetChanges"]
    assert (newest.type, newest.status, newest.user_id) == (ChangeType.UPDATE, ChangeStatus.SYNCED, "ok")
    assert (newest.base, newest.version, newest.records) == (4, 5, 6)
    assert newest.counts == Counts(created=1, updated=2, deleted=1, unchanged=2)
    assert [(each["changeType"], each["recordSet"]["name"]) for each in moved] == [
        ("Update", "old.org."),
        ("Update", "b"),
        ("Create", "c"),
        ("Delete", "new"),
    ]


def test_the_version_that_is_shown_stays(service, zone_id):
    before = zones.get(service.table, zone_id)

    answer = restored(zone_id, 4)

    assert (answer.status, answer.json["serial"]) == (202, before.serial)
    assert zones.get(service.table, zone_id) == before


def test_a_restore_is_undone_by_another(zone_id):
    restored(zone_id, 1)
    restored(zone_id, 4)
    restored(zone_id, 5)

    assert held(zone_id, 6) == held(zone_id, 4)
    assert held(zone_id, 7) == held(zone_id, 1)


def test_what_is_the_services_own_stays(service, zone_id):
    call(
        update_zone.handler, event("designate_update_zone", zone=zone_id, json={"email": "jane@example.org", "ttl": 42})
    )
    service.clock.now += timedelta(seconds=1)

    answer = restored(zone_id, 1)

    (soa,) = shown(zone_id, "type=SOA").json["recordsets"]
    assert (answer.json["email"], answer.json["ttl"]) == ("jane@example.org", 42)
    assert soa["records"] == [f"ns1.example.net. jane.example.org. {answer.json['serial']} 3600 600 86400 3600"]
    assert held(zone_id, 6) == held(zone_id, 1)


def test_the_same_key_restores_once(service, zone_id):
    answers = [restored(zone_id, 1, headers={"idempotency-key": "again"}) for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert zones.get(service.table, zone_id).version == 5


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({}, ["'version' is a required property"]),
        ({"version": 0}, ["Value must be >= 1 for field version: 0 is less than 1"]),
        ({"version": 10**9}, ["Value too high for version: 1000000000 is more than 999999999"]),
        ({"version": "1"}, ["version: '1' is not of type 'integer'"]),
        (
            {"version": True, "x": 1},
            ["Keys ['x'] are not valid for restore", "version: true is not of type 'integer'"],
        ),
    ],
)
def test_a_body_that_says_no_version_is_refused(service, zone_id, body, messages):
    answer = call(restore_zone.handler, event("designate_restore_zone", zone=zone_id, json=body))

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert [each["message"] for each in answer.json["errors"]["errors"]] == messages
    assert zones.get(service.table, zone_id).version == 4


def test_the_body_may_come_in_an_envelope(zone_id):
    sent = event("designate_restore_zone", zone=zone_id, json={"restore": {"version": 1}})

    assert call(restore_zone.handler, sent).status == 202


@pytest.mark.parametrize(
    ("number", "message"),
    [(5, "Zone old.org. has versions 1 to 4, not 5"), (2, "Zone old.org. no longer has version 2")],
)
def test_a_version_that_is_not_there_is_not_restored(service, zone_id, number, message):
    service.table.delete([keys.version(zone_id, 2)])

    answer = restored(zone_id, number)

    assert (answer.status, answer.json["type"], answer.json["message"]) == (404, "not_found", message)
    assert zones.get(service.table, zone_id).version == 4


def test_a_copy_is_restored_at_its_primary_only(service, zone_id):
    copy = replace(zones.get(service.table, zone_id), type=ZoneType.SECONDARY)
    service.table.write(Put(zones.to_item(copy)))

    answer = restored(zone_id, 1)

    assert (answer.status, answer.json["type"]) == (400, "bad_request")
    assert (
        answer.json["message"]
        == "zone old.org. is SECONDARY: its contents are copied, and restored at its primary only"
    )
    assert zones.get(service.table, zone_id) == copy


def test_a_zone_that_is_held_is_not_restored(service, zone_id):
    zone = zones.get(service.table, zone_id)
    syncing = replace(zone, state=State.SYNCING, holder="h", lease=4_000_000_000, held_since=NOW)
    service.table.write(Put(zones.to_item(syncing)))

    answer = restored(zone_id, 1)

    assert (answer.status, answer.json["type"]) == (409, "zone_busy")
    assert zones.get(service.table, zone_id) == syncing


@pytest.mark.parametrize(
    ("limits", "number", "status"),
    [
        (Quotas(zone_recordsets=3), 2, 413),
        (Quotas(zone_records=3), 2, 413),
        (Quotas(zone_recordsets=4, zone_records=4), 2, 202),
        (Quotas(zone_recordsets=1, zone_records=1), 1, 202),
    ],
    ids=["more record sets", "more records", "as many as it may", "no more than it has"],
)
def test_a_restore_is_within_the_quotas(service, zone_id, monkeypatch, limits, number, status):
    monkeypatch.setattr(quotas, "get", lambda *_: limits)

    assert restored(zone_id, number).status == status


def test_who_is_second_restores_over_what_the_first_one_made(service, zone_id, monkeypatch):
    plain, raced = edit.commit, []

    def commit(*arguments, **named):
        if not raced:
            raced.append(True)
            new = {"name": "raced.old.org.", "type": "A", "records": ["192.0.2.9"]}
            answer = call(create_recordset.handler, event("designate_create_recordset", zone=zone_id, json=new))
            assert answer.status == 201
        return plain(*arguments, **named)

    monkeypatch.setattr(edit, "commit", commit)

    assert restored(zone_id, 1).status == 202

    assert zones.get(service.table, zone_id).version == 6
    assert held(zone_id, 6) == held(zone_id, 1)
    assert "raced.old.org." in [each["name"] for each in held(zone_id, 5)]
    assert versions.get(service.table, zone_id, 6).serial != versions.get(service.table, zone_id, 5).serial


def test_a_zone_of_nothing_but_its_own_is_restored(service):
    made = call(create_zone.handler, event("designate_create_zone")).json["id"]
    service.clock.now += timedelta(seconds=1)
    call(update_zone.handler, event("designate_update_zone", zone=made, json={"ttl": 60}))

    assert (restored(made, 1).status, zones.get(service.table, made).version) == (202, 3)
