from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, STRANGERS_TOKEN, call, event, refused
from zonewright.actions import recordset_lists, recordsets, zones
from zonewright.contents import differences
from zonewright.errors import PreconditionFailed, RecordSetChanged, RecordSetNotFound
from zonewright.model.recordset import Content
from zonewright.model.users import Caller
from zonewright.service import current
from zonewright.store import changes

from functions.designate import (
    create_recordset,
    delete_recordset,
    get_recordset,
    get_zone,
    list_recordsets,
    update_recordset,
    update_zone,
)

NOBODYS = "0c5b2a3e-5f6d-5a1b-8c7d-9e0f1a2b3c4d"


@pytest.fixture
def zone(service, zone):
    service.clock.now += timedelta(seconds=5)
    return zone


@pytest.fixture
def www(service, zone):
    made = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"])).json
    service.clock.now += timedelta(seconds=5)
    return made


def put(item, body, **headers):
    sent = event("designate_update_recordset", zone=item["zone_id"], part=item["id"], json=body, headers=headers)
    return call(update_recordset.handler, sent)


def delete(item, **headers):
    sent = event("designate_delete_recordset", zone=item["zone_id"], part=item["id"], headers=headers)
    return call(delete_recordset.handler, sent)


def get(item):
    return call(get_recordset.handler, event("designate_get_recordset", zone=item["zone_id"], part=item["id"]))


def of_type(zone, kind):
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    return next(each for each in listed if each["type"] == kind)


def serial(zone):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["serial"]


def get_zone_document(zone):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json


@pytest.fixture
def operator(service):
    """What a super user sends to edit what is managed."""
    return people.user(service, "op", GROUP, is_super=True) | {"x-designate-edit-managed-records": "true"}


def test_what_is_said_changes_and_the_id_stays(zone, www):
    before = serial(zone)

    answer = call(update_recordset.handler, event("designate_update_recordset", zone=zone["id"], part=www["id"]))

    changed = www | {
        "records": ["192.0.2.3"],
        "ttl": 60,
        "description": "The web server.",
        "version": 2,
        "updated_at": "2026-01-15T12:35:06.275934",
    }
    assert (answer.status, answer.json) == (200, changed)
    assert get(www).json == changed
    assert serial(zone) == before + 5


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        pytest.param({"ttl": None}, {"ttl": None}, id="the zone's TTL"),
        pytest.param({"ttl": 0}, {"ttl": 0}, id="TTL 0"),
        pytest.param({"description": None}, {"description": None}, id="no description"),
        pytest.param({"records": ["192.0.2.9"]}, {"records": ["192.0.2.9"]}, id="records"),
    ],
)
def test_what_is_not_said_stays(www, body, changed):
    answer = put(www, body)

    moved = {"version": 2, "updated_at": "2026-01-15T12:35:06.275934"}
    assert (answer.status, answer.json) == (200, www | changed | moved)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda _: {}, id="nothing"),
        pytest.param(lambda _: {"name": "WWW.example.org.", "type": "a"}, id="name and type as they are"),
        pytest.param(lambda www: www, id="all that is shown"),
        pytest.param(lambda www: {"recordset": www}, id="in its envelope"),
        pytest.param(lambda www: {"records": www["records"][::-1] + www["records"]}, id="in another order, and twice"),
        pytest.param(lambda _: {"name": r"\119WW.example.org.", "type": "TYPE1"}, id="another text of both"),
    ],
)
def test_a_change_to_what_is_there_already_writes_nothing(service, zone, www, body):
    before = get_zone_document(zone), len(list(changes.every(service.table, zone["id"])))

    answer = put(www, body(www))

    assert (answer.status, answer.json) == (200, www)
    assert (get_zone_document(zone), len(list(changes.every(service.table, zone["id"])))) == before


def test_another_text_of_the_same_value_is_shown_from_then_on(www):
    assert put(www, {"records": ["192.0.2.1", "192.0.2.2"]}).json["version"] == 1
    one = put(www, {"records": ["\\# 4 c0000201", "192.0.2.2"]})

    assert (one.json["records"], one.json["version"]) == (["\\# 4 c0000201", "192.0.2.2"], 2)


def test_changed_records_are_shown_in_the_order_of_the_change(zone, www):
    backwards = ["192.0.2.9", *www["records"][::-1]]

    changed = put(www, {"records": backwards})
    described = put(www, {"description": "other"})
    same = put(www, {"records": sorted(backwards)})

    assert (changed.json["records"], same.json) == (backwards, described.json)
    assert described.json["records"] == get(www).json["records"] == of_type(zone, "A")["records"] == backwards


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        pytest.param({"name": "x.example.org."}, [["name"]], id="name"),
        pytest.param({"type": "AAAA"}, [["type"]], id="type"),
        pytest.param({"name": "a b.example.org.", "type": "x"}, [["name"], ["type"]], id="no name and no type"),
        pytest.param({"records": []}, [["records"]], id="no records"),
        pytest.param({"records": ["x", "192.0.2.1", "y"]}, [["records", 0], ["records", 2]], id="records"),
        pytest.param({"records": None, "ttl": "1"}, [["records"], ["ttl"]], id="types"),
        pytest.param({"id": NOBODYS, "zone_id": "x"}, [["id"], ["zone_id"]], id="read-only keys"),
        pytest.param({"colour": "red"}, [[]], id="unknown key"),
    ],
)
def test_what_cannot_be_is_refused_and_the_record_set_is_as_before(www, body, paths):
    answer = put(www, body)

    refused(answer, "invalid_object", "")
    assert [each["path"] for each in answer.json["errors"]["errors"]] == paths
    assert get(www).json == www


def test_a_cname_stays_one(zone, www):
    body = {"name": "a.example.org.", "type": "CNAME", "records": ["b."]}
    made = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body)).json

    refused(put(made, {"records": ["b.", "c."]}), "bad_request", "may not have more than 1 record")


def test_todays_release_answers_202_and_shows_what_is_gone(www, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")
    current.cache_clear()

    changed, gone = put(www, {"ttl": 60}), delete(www)

    assert (changed.status, gone.status) == (202, 202)
    assert gone.json == changed.json | {"status": "PENDING", "action": "DELETE"}
    refused(get(www), "recordset_not_found", www["id"], 404)


def test_a_deleted_record_set_is_gone_and_may_come_again(service, zone, www):
    answer = delete(www)

    again = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"])).json
    assert (answer.status, answer.body) == (204, "")
    assert again == www | {"created_at": again["created_at"]}
    assert again["created_at"] > www["created_at"]
    kinds = [
        [move.kind for move in differences.read(service.bucket, each.differences[0])]
        for each in changes.listing(service.table, zone["id"], 3)
    ]
    assert kinds == [["updated", "created"], ["updated", "deleted"], ["updated", "created"]]


def test_what_is_not_there_cannot_be_changed(zone, www):
    delete(www)

    for nothing in (www, {"zone_id": zone["id"], "id": NOBODYS}):
        refused(put(nothing, {"ttl": 60}), "recordset_not_found", nothing["id"], 404)
        refused(delete(nothing), "recordset_not_found", nothing["id"], 404)
    refused(put({"zone_id": zone["id"], "id": "x"}, {}), "invalid_uuid", "recordset_id")


def test_a_strangers_record_set_is_not_there(zone, www):
    headers = {"x-auth-token": STRANGERS_TOKEN}

    refused(put(www, {"ttl": 60}, **headers), "zone_not_found", zone["id"], 404)
    refused(delete(www, **headers), "zone_not_found", zone["id"], 404)
    assert get(www).json == www


@pytest.mark.parametrize("kind", ["SOA", "NS"])
def test_managed_record_sets_are_not_the_callers(zone, kind):
    managed = of_type(zone, kind)

    refused(put(managed, {"ttl": 60}), "bad_request", "Managed records may not be updated")
    deleted = {"NS": "Managed records may not be deleted", "SOA": "Deleting a SOA recordset is not allowed"}
    refused(delete(managed), "bad_request", deleted[kind])
    assert of_type(zone, kind) == managed


def test_who_is_no_super_user_may_not_ask_for_managed_ones(zone):
    ns = of_type(zone, "NS")

    answer = put(ns, {"ttl": 60}, **{"x-designate-edit-managed-records": "true"})

    refused(answer, "forbidden", "may not edit managed records", 403)


def test_a_super_user_may_change_the_apex_ns_and_no_more(zone, operator):
    ns, soa = of_type(zone, "NS"), of_type(zone, "SOA")

    changed = put(ns, {"records": ["ns.example.com."]}, **operator)

    body = {"email": "ada@example.org"}
    call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json=body))
    assert (changed.status, of_type(zone, "NS")["records"]) == (200, ["ns.example.com."])
    assert of_type(zone, "SOA")["records"] != soa["records"]
    refused(put(ns, {"ttl": 60}, **{"x-auth-token": "zw_op"}), "bad_request", "may not be updated")
    refused(put(soa, {"ttl": 60}, **operator), "bad_request", "Updating SOA recordsets is not allowed")
    refused(delete(ns, **operator), "bad_request", "may not be deleted")
    refused(delete(soa, **operator), "bad_request", "Deleting a SOA recordset is not allowed")


def test_what_another_changed_since_is_not_overwritten(service, zone, www):
    stored = recordset_lists.get(service, zones.get(service, zone["id"]), www["id"])
    content = Content(stored.rrset.rdatas, 77)
    caller = Caller("ok", "ok", frozenset({GROUP}), GROUP)

    put(www, {"ttl": 60})
    with pytest.raises(RecordSetChanged, match="A was changed by another"):
        recordsets.update(service, stored, content, caller=caller)
    with pytest.raises(RecordSetChanged):
        recordsets.delete(service, stored, caller=caller)
    delete(www)
    with pytest.raises(RecordSetNotFound, match="another deleted it"):
        recordsets.delete(service, stored, caller=caller)


# --- Entity tags


def one(www, handler=get_recordset.handler, name="designate_get_recordset", **changes):
    return call(handler, event(name, zone=www["zone_id"], part=www["id"], **changes))


def test_a_record_set_has_an_entity_tag_and_is_sent_again_only_if_it_changed(www):
    shown = one(www)
    again = one(www, headers={"if-none-match": shown.headers["etag"]})
    changed = put(www, {"ttl": 7})

    assert (again.status, again.body, again.headers["etag"]) == (304, "", shown.headers["etag"])
    assert changed.headers["etag"] != shown.headers["etag"]
    assert one(www, headers={"if-none-match": shown.headers["etag"]}).headers["etag"] == changed.headers["etag"]
    assert one(www, headers={"if-match": shown.headers["etag"]}).status == 412


@pytest.mark.parametrize("act", [update_recordset, delete_recordset])
def test_a_write_with_the_tag_of_another_state_is_refused(www, act):
    name = f"designate_{act.__name__.rpartition('.')[2]}"
    before = one(www).headers["etag"]
    put(www, {"ttl": 7})
    now = one(www)

    refused(one(www, act.handler, name, headers={"if-match": before}), "precondition_failed", "If-Match", 412)
    refused(one(www, act.handler, name, headers={"if-none-match": "*"}), "precondition_failed", "If-None-Match", 412)
    assert one(www).json == now.json
    assert one(www, act.handler, name, headers={"if-match": now.headers["etag"]}).status in (200, 204)


def test_a_write_with_a_tag_that_loses_a_race_is_a_failed_precondition(service, zone, www):
    stored = recordset_lists.get(service, zones.get(service, zone["id"]), www["id"])
    caller = Caller("ok", "ok", frozenset({GROUP}), GROUP)
    put(www, {"ttl": 60})

    with pytest.raises(PreconditionFailed, match="was changed by another"):
        recordsets.update(service, stored, Content(stored.rrset.rdatas, 77), caller=caller, exactly=True)
    with pytest.raises(PreconditionFailed, match="was changed by another"):
        recordsets.delete(service, stored, caller=caller, exactly=True)
    assert get(www).json["ttl"] == 60
