"""RRSIG record sets: one for each type that the signatures of an owner cover, with a TTL and an id of its own."""

from datetime import timedelta

import pytest
from support.calls import TOKEN, call, event, refused
from support.zonetexts import show

from functions.designate import (
    create_recordset,
    delete_recordset,
    get_recordset,
    list_recordsets,
    update_recordset,
)
from functions.vinyldns import list_recordset_changes

NAME = "www.example.org."


def signature(covered, digits="AAAA"):
    return f"{covered} 13 3 300 20300101000000 20260101000000 12345 example.org. {digits}"


def post(zone, *records, ttl=300):
    body = {"name": NAME, "type": "RRSIG", "records": list(records), "ttl": ttl}
    return call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body))


@pytest.fixture
def made(service, zone):
    """The signatures of an A and of an AAAA RRset, which differ in their TTL."""
    answers = []
    for covered, ttl in (("A", 300), ("AAAA", 60)):
        service.clock.now += timedelta(seconds=5)
        answers.append(post(zone, signature(covered), ttl=ttl))
    assert [answer.status for answer in answers] == [201, 201], answers[-1].body
    return [answer.json for answer in answers]


def test_signatures_of_two_types_are_two_record_sets(zone, made):
    sent = event("designate_list_recordsets", zone=zone["id"], rawQueryString="type=RRSIG")
    listed = call(list_recordsets.handler, sent).json

    assert (listed["recordsets"], listed["metadata"]["total_count"]) == (made, 2)
    assert [(each["records"], each["ttl"]) for each in made] == [([signature("A")], 300), ([signature("AAAA")], 60)]
    assert made[0]["id"] != made[1]["id"]
    for each in made:
        found = call(get_recordset.handler, event("designate_get_recordset", zone=zone["id"], part=each["id"]))
        assert found.json == each


def test_a_second_record_set_of_one_type_covered_is_refused(zone, made):
    refused(post(zone, signature("AAAA", "BBBB")), "duplicate_recordset", "RRSIG already", 409)


def test_signatures_of_two_types_in_one_record_set_are_refused(zone):
    answer = post(zone, signature("A"), signature("TXT"))

    refused(answer, "invalid_object", "it covers TXT, and this record set is of signatures that cover A")


def test_an_update_keeps_the_type_covered(service, zone, made):
    def put(item, *records):
        service.clock.now += timedelta(seconds=5)
        sent = event("designate_update_recordset", zone=zone["id"], part=item["id"], json={"records": list(records)})
        return call(update_recordset.handler, sent)

    refused(put(made[1], signature("A")), "invalid_object", "this record set is of signatures that cover AAAA")
    changed = put(made[1], signature("AAAA", "BBBB"), signature("AAAA", "CCCC"))

    assert (changed.status, changed.json["id"], len(changed.json["records"])) == (200, made[1]["id"], 2)


def test_the_others_stay_if_one_is_deleted(service, zone, made):
    service.clock.now += timedelta(seconds=5)
    gone = call(delete_recordset.handler, event("designate_delete_recordset", zone=zone["id"], part=made[0]["id"]))
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]

    assert gone.status == 204
    assert [each["id"] for each in listed if each["type"] == "RRSIG"] == [made[1]["id"]]


def test_an_export_writes_each_with_its_ttl(zone, made):
    text = show(zone["id"]).body

    assert [line.split()[:5] for line in text.splitlines() if "RRSIG" in line] == [
        [NAME, "300", "IN", "RRSIG", "A"],
        [NAME, "60", "IN", "RRSIG", "AAAA"],
    ]


def test_vinyldns_shows_each_with_its_ttl_and_id(zone, made):
    headers = {"authorization": None, "x-auth-token": TOKEN}
    sent = event("vinyldns_list_recordset_changes", zone=zone["id"], rawQueryString="", headers=headers)
    found = [each["recordSet"] for each in call(list_recordset_changes.handler, sent).json["recordSetChanges"]]

    shown = [(each["id"], each["ttl"], each["records"]) for each in found if each["type"] == "RRSIG"]
    assert shown == [(each["id"], each["ttl"], [{"text": each["records"][0]}]) for each in reversed(made)]
