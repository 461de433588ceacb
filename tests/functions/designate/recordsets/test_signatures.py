"""RRSIG record sets: one for each type that the signatures of an owner cover, with a TTL and an id of its own."""

from datetime import timedelta

import pytest
from support.calls import GROUP, TOKEN, call, event, refused
from support.zonetexts import show
from zonewright.actions import zones
from zonewright.model.users import Caller
from zonewright.protocol import records, rrset, types

from functions.designate import (
    create_recordset,
    delete_recordset,
    get_recordset,
    list_recordsets,
    update_recordset,
)
from functions.vinyldns import list_recordset_changes

NAME = "www.example.org."
CALLER = Caller("ok", "ok", frozenset({GROUP}), GROUP)


def signature(covered, digits="AAAA"):
    return f"{covered} 13 3 300 20300101000000 20260101000000 12345 example.org. {digits}"


@pytest.fixture
def made(zone):
    """The signatures of an A and of an AAAA RRset, which differ in their TTL."""
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    return [each for each in listed if each["type"] == "RRSIG"]


@pytest.fixture
def zone(service):
    """A zone with signatures, as an earlier release took them. Today nobody writes them here."""
    rdatas = {covered: records.rdata_of(types.RRSIG, signature(covered)) for covered in ("A", "AAAA")}
    stored = [rrset.to_line("www", types.RRSIG, ttl, [rdatas[covered]]) for covered, ttl in (("A", 300), ("AAAA", 60))]
    new = zones.NewZone("example.org.", email="joe@example.org", contents=zones.Contents(stored, 1))
    return {"id": zones.create(service, new, caller=CALLER).id}


def test_signatures_of_two_types_are_two_record_sets(zone, made):
    sent = event("designate_list_recordsets", zone=zone["id"], rawQueryString="type=RRSIG")
    listed = call(list_recordsets.handler, sent).json

    assert (listed["recordsets"], listed["metadata"]["total_count"]) == (made, 2)
    assert [(each["records"], each["ttl"]) for each in made] == [([signature("A")], 300), ([signature("AAAA")], 60)]
    assert made[0]["id"] != made[1]["id"]
    for each in made:
        found = call(get_recordset.handler, event("designate_get_recordset", zone=zone["id"], part=each["id"]))
        assert found.json == each


def test_nobody_writes_signatures(service, zone, made):
    service.clock.now += timedelta(seconds=5)
    body = {"name": NAME, "type": "RRSIG", "records": [signature("TXT")]}
    new = call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body))
    sent = event("designate_update_recordset", zone=zone["id"], part=made[1]["id"], json={"ttl": 5})
    changed = call(update_recordset.handler, sent)

    for answer in (new, changed):
        refused(answer, "invalid_object", "RRSIG is a type that only the program makes that signs a zone")
        assert [each["path"] for each in answer.json["errors"]["errors"]] == [["type"]]


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
    assert shown == [(each["id"], each["ttl"], [{"text": each["records"][0]}]) for each in made]
