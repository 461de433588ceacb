"""Moves of a zone in the VinylDNS format: of a change, of all changes, between two versions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, STRANGERS_TOKEN, TOKEN, call, event
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.recordsetid import id_of
from zonewright.store import changes, keys, zones
from zonewright.store.table import Put

from functions.designate import create_recordset, delete_recordset, update_recordset, update_zone
from functions.designate.imports import create_import
from functions.vinyldns import list_recordset_changes, list_zone_changes, show_zone_change

FILE = """\
$ORIGIN moving.org.
$TTL 600
@ IN SOA ns joe 7 3600 600 86400 300
@ IN MX 10 mail
a IN A 192.0.2.1
b IN TXT "one"
_x IN TYPE65280 \\# 1 ff
"""


@pytest.fixture
def zone_id(service):
    """A zone with a history: made of a file, a record set created, changed and deleted, the zone's TTL changed."""
    made = call(create_import.handler, event("designate_create_import", body=FILE)).json["zone_id"]

    def send(module, name, **changed):
        service.clock.now += timedelta(seconds=1)
        answer = call(module.handler, event(f"designate_{name}", zone=made, **changed))
        assert answer.status in (200, 201, 204), answer.body
        return answer

    new = {"name": "www.moving.org.", "type": "A", "records": ["192.0.2.7"], "ttl": 60}
    part = send(create_recordset, "create_recordset", json=new).json["id"]
    send(update_recordset, "update_recordset", part=part, json={"records": ["192.0.2.8"]})
    send(delete_recordset, "delete_recordset", part=part)
    send(update_zone, "update_zone", json={"ttl": 60})
    return made


def listed(zone_id, query="", **headers):
    headers = {"authorization": None, "x-auth-token": TOKEN} | headers
    sent = event("vinyldns_list_recordset_changes", zone=zone_id, rawQueryString=query, headers=headers)
    return call(list_recordset_changes.handler, sent)


def shown(zone_id, change_id, query="", **headers):
    headers = {"authorization": None, "x-auth-token": TOKEN} | headers
    sent = event("vinyldns_show_zone_change", zone=zone_id, part=change_id, rawQueryString=query, headers=headers)
    return call(show_zone_change.handler, sent)


def entries(zone_id):
    headers = {"authorization": None, "x-auth-token": TOKEN}
    sent = event("vinyldns_list_zone_changes", zone=zone_id, rawQueryString="", headers=headers)
    return call(list_zone_changes.handler, sent).json["zoneChanges"]


def moved(answer):
    """What moved, briefly: how, which, and what it has now and had before."""
    return [
        (
            each["changeType"],
            each["recordSet"]["name"],
            each["recordSet"]["type"],
            each["recordSet"]["records"],
            each.get("updates", {}).get("records"),
        )
        for each in answer.json["recordSetChanges"]
        if each["recordSet"]["type"] != "SOA"
    ]


SEVEN, EIGHT = [{"address": "192.0.2.7"}], [{"address": "192.0.2.8"}]
FIRST = [
    ("Create", "moving.org.", "MX", [{"preference": 10, "exchange": "mail.moving.org."}], None),
    ("Create", "moving.org.", "NS", [{"nsdname": "ns1.example.net."}, {"nsdname": "ns2.example.net."}], None),
    ("Create", "_x", "TYPE65280", [{"text": r"\# 1 ff"}], None),
    ("Create", "a", "A", [{"address": "192.0.2.1"}], None),
    ("Create", "b", "TXT", [{"text": "one"}], None),
]


def test_all_that_moved_is_read_newest_first(zone_id):
    answer = listed(zone_id)

    assert answer.status == 200
    assert moved(answer) == [
        ("Delete", "www", "A", EIGHT, EIGHT),
        ("Update", "www", "A", EIGHT, SEVEN),
        ("Create", "www", "A", SEVEN, None),
        *FIRST,
    ]
    assert {"zoneId": zone_id, "maxItems": 100} == {
        name: value for name, value in answer.json.items() if name != "recordSetChanges"
    }
    serials = [
        (each["recordSet"]["records"][0]["serial"], each.get("updates", {}).get("records", [{}])[0].get("serial"))
        for each in answer.json["recordSetChanges"]
        if each["recordSet"]["type"] == "SOA"
    ]
    assert [before for _, before in serials] == [after for after, _ in serials[1:]] + [None]


def test_an_entry_has_the_fields_of_the_contract(service, zone_id):
    zone = zones.get(service.table, zone_id)
    updated = listed(zone_id, "startFrom=4&maxItems=1").json["recordSetChanges"][0]
    record_set = {
        "type": "A",
        "zoneId": zone_id,
        "name": "www",
        "ttl": 60,
        "status": "Active",
        "created": "2026-01-15T12:34:57Z",
        "records": SEVEN,
        "id": id_of(zone_id, "www\t1\t"),
        "account": "system",
        "fqdn": "www.moving.org.",
    }

    change_id = entries(zone_id)[2]["id"]
    assert updated == {
        "zone": entries(zone_id)[0]["zone"],
        "recordSet": record_set | {"records": EIGHT, "updated": "2026-01-15T12:34:58Z"},
        "updates": record_set,
        "userId": "ok",
        "userName": "ok",
        "changeType": "Update",
        "status": "Complete",
        "created": "2026-01-15T12:34:58Z",
        "id": updated["id"],
    }
    assert updated == shown(zone_id, change_id).json["recordSetChanges"][1]
    ids = [each["id"] for each in listed(zone_id).json["recordSetChanges"]]
    assert len(set(ids)) == len(ids)
    assert zone.group_id == GROUP


def test_one_change_shows_what_it_moved(zone_id):
    found = entries(zone_id)

    assert [each["changeType"] for each in found] == ["Update"] * 4 + ["Create"]
    assert [moved(shown(zone_id, each["id"])) for each in found] == [
        [],
        [("Delete", "www", "A", EIGHT, EIGHT)],
        [("Update", "www", "A", EIGHT, SEVEN)],
        [("Create", "www", "A", SEVEN, None)],
        FIRST,
    ]
    counts = [each["sync"]["created"] + each["sync"]["updated"] + each["sync"]["deleted"] for each in found]
    assert counts == [len(shown(zone_id, each["id"]).json["recordSetChanges"]) for each in found] == [1, 2, 2, 2, 6]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_any_size_are_together_the_whole(zone_id, limit):
    whole = listed(zone_id).json["recordSetChanges"]
    first = entries(zone_id)[-1]["id"]

    for read, expected in (
        (lambda query: listed(zone_id, query), whole),
        (lambda query: shown(zone_id, first, query), whole[-6:]),
        (
            lambda query: listed(zone_id, f"from=1&to=3&{query}"),
            listed(zone_id, "from=1&to=3").json["recordSetChanges"],
        ),
    ):
        items, start = [], 0
        while start is not None:
            page = read(f"maxItems={limit}&startFrom={start}").json
            assert (page["startFrom"], page["maxItems"]) == (start, limit)
            assert len(page["recordSetChanges"]) == limit or "nextId" not in page
            items += page["recordSetChanges"]
            start = page.get("nextId")
        assert items == expected


def test_a_sync_says_so_and_a_user_who_is_gone_is_unknown(service, zone_id):
    zone = zones.get(service.table, zone_id)
    change = changes.listing(service.table, zone_id, 2)[1]
    service.table.write(changes.put(replace(change, user_id="gone", type=ChangeType.AUTOMATED_SYNC, transfer="IXFR")))

    (deleted,) = [each for each in shown(zone_id, change.id).json["recordSetChanges"] if each["changeType"] == "Delete"]

    assert (deleted["userId"], deleted["userName"]) == ("gone", "unknown user")
    assert deleted["systemMessage"] == "Change applied via zone sync"
    assert deleted["recordSet"]["status"] == "Inactive"
    assert zone.version == 5


def test_a_change_that_moved_nothing_has_an_empty_list(service, zone_id):
    failed = Change("failed", zone_id, ChangeType.SYNC, "ok", service.clock.now, ChangeStatus.FAILED, reason="no")
    service.table.write(changes.put(failed))

    assert shown(zone_id, "failed").json == {"zoneId": zone_id, "recordSetChanges": [], "maxItems": 100}


def test_a_first_load_that_was_swept_is_left_out_and_asked_for_is_a_404(service, zone_id):
    first = entries(zone_id)[-1]["id"]
    service.table.delete([keys.version(zone_id, 1)])

    answer = shown(zone_id, first)

    reason = "what it made is version 1 of the contents, which is kept no longer"
    assert (answer.status, answer.json) == (404, f"Change {first} is the first of zone moving.org.: {reason}")
    rest = [listed(zone_id, query).json for query in ("", "maxItems=7", "startFrom=7")]
    assert [len(each["recordSetChanges"]) for each in rest] == [7, 7, 0]
    assert not any("nextId" in each for each in rest)


def test_two_versions_are_compared_in_either_direction(zone_id):
    forward, back = listed(zone_id, "from=1&to=3"), listed(zone_id, "from=3&to=1")

    assert moved(forward) == [("Create", "www", "A", EIGHT, None)]
    assert moved(back) == [("Delete", "www", "A", EIGHT, EIGHT)]
    same = {"zoneId": zone_id, "recordSetChanges": [], "maxItems": 100, "from": 2, "to": 2}
    assert listed(zone_id, "from=2&to=2").json == same
    assert (back.json["from"], back.json["to"]) == (3, 1)
    assert listed(zone_id, "from=1").json == listed(zone_id, "from=1&to=5").json
    assert [moved(listed(zone_id, f"from={number}")) for number in (1, 3)] == [
        [],
        [("Delete", "www", "A", EIGHT, EIGHT)],
    ]


def test_of_a_difference_nobody_is_named_who_made_it(zone_id):
    (created,) = [
        each for each in listed(zone_id, "from=1&to=2").json["recordSetChanges"] if each["changeType"] == "Create"
    ]

    assert created.keys() == {"zone", "recordSet", "changeType"}


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("from=6", 404, "Zone moving.org. has versions 1 to 5, not 6"),
        ("from=1&to=6", 404, "Zone moving.org. has versions 1 to 5, not 6"),
        ("from=0", 404, "Zone moving.org. has versions 1 to 5, not 0"),
        ("from=-1", 404, "Zone moving.org. has versions 1 to 5, not -1"),
        ("from=2", 404, "Zone moving.org. no longer has version 2"),
        ("startFrom=-1", 400, "startFrom was -1, startFrom must not be negative"),
        ("maxItems=101", 400, "maxItems was 101, maxItems must be between 0 exclusive and 100 inclusive"),
    ],
)
def test_what_is_not_there_and_what_cannot_be_is_said_in_a_json_string(service, zone_id, query, status, message):
    service.table.delete([keys.version(zone_id, 2)])

    answer = listed(zone_id, query)

    assert (answer.status, answer.json) == (status, message)


@pytest.mark.parametrize(
    ("query", "name", "problem"),
    [
        ("from=x", "from", "'x' is not a valid 32-bit signed integer value"),
        ("from=", "from", "'' is not a valid 32-bit signed integer value"),
        ("from=1&to=4294967296", "to", "'4294967296' is not a valid 32-bit signed integer value"),
        ("to=1", "to", "it needs a 'from' to be compared with"),
        ("startFrom=x", "startFrom", "'x' is not a valid 32-bit signed integer value"),
        ("startFrom=4294967296", "startFrom", "'4294967296' is not a valid 32-bit signed integer value"),
        ("from=1&startFrom=1e3", "startFrom", "'1e3' is not a valid 64-bit signed integer value"),
        ("maxItems=many", "maxItems", "'many' is not a valid 32-bit signed integer value"),
    ],
)
def test_a_number_that_cannot_be_read_is_said_before_who_asks(service, query, name, problem):
    for answer in (
        listed("any", query, **{"x-auth-token": None}),
        shown("any", "any", query, **{"x-auth-token": None}),
    ):
        assert (answer.status, answer.body) == (400, f"The query parameter '{name}' was malformed:\n{problem}")
        assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_behind_the_end_is_nothing(zone_id):
    for query in ("startFrom=1000", "from=1&to=2&startFrom=4294967296000"):
        page = listed(zone_id, query).json
        assert (page["recordSetChanges"], "nextId" in page) == ([], False)


def test_a_change_that_is_not_there_is_a_404(zone_id):
    answer = shown(zone_id, "other")

    assert (answer.status, answer.json) == (404, "Zone moving.org. has no change with id other")


def test_who_may_read_the_history_may_read_what_moved(service, zone_id):
    change = entries(zone_id)[0]["id"]
    stranger = {"x-auth-token": STRANGERS_TOKEN}

    refused = [listed(zone_id, **stranger), shown(zone_id, change, **stranger), listed(zone_id, "from=1", **stranger)]
    service.table.write(Put(zones.to_item(replace(zones.get(service.table, zone_id), shared=True))))
    read = [listed(zone_id, **stranger), shown(zone_id, change, **stranger), listed(zone_id, "from=1", **stranger)]

    message = "User stranger cannot access zone 'moving.org.'"
    assert [(each.status, each.json) for each in refused] == [
        (403, f"{message}{part}") for part in ("", " changes", "")
    ]
    assert [each.status for each in read] == [200] * 3


def test_a_zone_that_is_not_there_has_no_changes(service):
    nobodys = "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"

    for answer in (listed(nobodys), shown(nobodys, "any")):
        assert (answer.status, answer.json) == (404, f"Zone with id {nobodys} does not exists")


def test_a_signed_request_is_as_good_as_a_token(service):
    answer = call(list_recordset_changes.handler, event("vinyldns_list_recordset_changes"))
    change = call(show_zone_change.handler, event("vinyldns_show_zone_change"))

    assert [each.json for each in (answer, change)] == [
        "Zone with id 621a13df-a2e3-4394-84c0-3eb3a664dff4 does not exists"
    ] * 2
