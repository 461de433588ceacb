"""Record sets of a copied zone whose primary takes updates: they wait, and a change tells how that ended."""

from dataclasses import replace

import pytest
from support.calls import BASE, STRANGER, call, event, refused
from zonewright.model import recordchange
from zonewright.model.change import ChangeStatus
from zonewright.model.connection import Connection
from zonewright.model.zone import ZoneType
from zonewright.store import changes, connections, keys, recordchanges, zones
from zonewright.store.table import Delete, Update

from functions.designate import create_recordset, get_change, get_zone, list_recordsets, move_recordsets, transfer_zone
from functions.vinyldns import list_recordset_changes, sync_zone

A = {"name": "www.example.org.", "type": "A", "records": ["192.0.2.1"], "ttl": 300}
B = A | {"records": ["192.0.2.2"]}
CLOSED = Connection("primary", "key.", "hmac-sha256", b"sealed", "zone-id", "192.0.2.53")


@pytest.fixture
def zone(service, zone):
    """A copy of a zone with an A record set at `www`, whose primary takes updates."""
    call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=A))
    copied = {"type": str(ZoneType.SECONDARY), "primaries": ["192.0.2.53"], **connections.attributes(CLOSED, None)}
    service.table.write(Update(keys.zone(zone["id"]), set=copied, remove=("delivered",)))
    return zone


def patch(zone, *moves, query="", headers=None, **fields):
    sent = event(
        "designate_move_recordsets",
        zone=zone["id"],
        json={"moves": [{"before": before, "after": after} for before, after in moves], **fields},
        headers=headers or {},
        rawQueryString=query,
    )
    return call(move_recordsets.handler, sent)


def show(zone, change_id, **changed):
    return call(get_change.handler, event("designate_get_change", zone=zone["id"], part=change_id, **changed))


def shown(zone):
    found = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    return {each["name"]: each["records"] for each in found if each["type"] == "A"}


def end(service, zone, change_id, **ending):
    """End a record change as the function that delivers does."""
    (waits,) = recordchanges.waiting_of(service.table, zone["id"], 1)
    item = recordchanges.put(waits).item
    ended = replace(waits.change, finished=waits.change.created, **ending)
    service.table.write(Delete({"pk": item["pk"], "sk": item["sk"]}), changes.put(ended))


def test_moves_wait_for_the_primary_and_the_answer_says_where_to_look(service, zone):
    answer = patch(zone, (A, B), comment="Ticket 4711")

    assert (answer.status, answer.json["status"]) == (202, "PENDING")
    change_id = answer.json["change_id"]
    assert answer.headers["location"] == answer.json["links"]["change"] == f"{BASE}/{zone['id']}/changes/{change_id}"
    (move,) = answer.json["moves"]
    assert (move["before"]["records"], move["after"]["records"]) == (["192.0.2.1"], ["192.0.2.2"])
    assert (move["after"]["status"], move["after"]["action"]) == ("PENDING", "UPDATE")
    assert shown(zone) == {"www.example.org.": ["192.0.2.1"]}
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).json["status"] == "PENDING"
    waits = show(zone, change_id).json
    assert (waits["status"], waits["comment"], waits["version"], waits["updated_at"]) == (
        "PENDING",
        "Ticket 4711",
        None,
        None,
    )
    assert waits["links"]["self"] == answer.json["links"]["change"]


def test_a_failed_change_says_why_and_what_differs(service, zone):
    change_id = patch(zone, (A, B)).json["change_id"]
    why = {"reason": recordchange.OUT_OF_SYNC, "differing": "www.example.org. A: DNS has nothing"}
    end(service, zone, change_id, status=ChangeStatus.FAILED, **why)

    found = show(zone, change_id).json
    assert (found["status"], found["message"], found["differing"]) == ("ERROR", why["reason"], why["differing"])
    assert [(each["before"]["records"], each["after"]["records"]) for each in found["moves"]] == [
        (["192.0.2.1"], ["192.0.2.2"])
    ]
    listed = call(list_recordset_changes.handler, event("vinyldns_list_recordset_changes", zone=zone["id"]))
    assert change_id not in str(listed.json)


def test_the_next_moves_follow_those_that_wait(service, zone):
    assert patch(zone, (A, B)).status == 202

    refused(patch(zone, (A, B)), 409, "recordset_changed")
    assert patch(zone, (B, None)).status == 202
    assert patch(zone, (B, None), query="dryRun=true").json["conflicts"][0]["recordset"] is None
    assert patch(zone, (None, A)).status == 202
    assert zones.get(service.table, zone["id"]).pending == 3


def test_moves_that_change_nothing_do_not_wait(service, zone):
    answer = patch(zone, (A, A))

    assert (answer.status, "change_id" in answer.json) == (200, False)
    assert zones.get(service.table, zone["id"]).pending == 0


def test_a_sync_is_refused_while_a_change_waits(service, zone):
    patch(zone, (A, B))

    answer = call(sync_zone.handler, event("vinyldns_sync_zone", zone=zone["id"]))
    assert (answer.status, "has a pending update since" in answer.json) == (409, True)
    refused(call(transfer_zone.handler, event("designate_transfer_zone", zone=zone["id"])), 409, "zone_busy")


def test_what_cannot_be_found_is_not_there(service, zone):
    change_id = patch(zone, (A, B)).json["change_id"]

    refused(show(zone, "019bc1b5-8a10-7c4c-8f11-3b8c5d1e7a90"), 404, "not_found")
    refused(show(zone, zone["id"]), 404, "not_found")
    refused(show(zone, "x"), 400, "invalid_uuid")
    refused(show(zone, change_id, headers=STRANGER), 404, "zone_not_found")


def test_a_copy_whose_primary_takes_no_updates_is_read_only(service, zone):
    service.table.write(Update(keys.zone(zone["id"]), remove=("connection",)))

    refused(patch(zone, (A, B)), 403, "forbidden")


def test_who_saw_the_zone_before_another_change_came_is_refused(service, zone):
    tag = call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).headers["etag"]
    assert patch(zone, (None, A | {"name": "x.example.org."}), headers={"if-match": tag}).status == 202

    refused(patch(zone, (A, B), headers={"if-match": tag}), 412, "precondition_failed")
