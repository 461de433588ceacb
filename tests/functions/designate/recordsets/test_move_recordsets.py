"""Several record sets written at once: all or nothing, as one version."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support import people
from support.calls import BASE, GROUP, STRANGERS_TOKEN, TOKEN, call, event, refused
from zonewright.http.designate.recordsets import moves_body
from zonewright.model import quotas
from zonewright.model.change import Counts
from zonewright.model.states import State
from zonewright.service import current
from zonewright.store import changes, zones
from zonewright.store import quotas as quota_store
from zonewright.store.table import Put

from functions.designate import create_recordset, create_zone, get_zone, list_recordsets, move_recordsets
from functions.vinyldns import list_recordset_changes, list_zone_changes

A = {"name": "www.example.org.", "type": "A", "records": ["192.0.2.1", "192.0.2.2"], "ttl": 300}
B = {"name": "mail.example.org.", "type": "A", "records": ["192.0.2.3"]}
CNAME = {"name": "www.example.org.", "type": "CNAME", "records": ["web.example.net."]}


@pytest.fixture
def zone(service, zone):
    service.clock.now += timedelta(seconds=5)
    return zone


def patch(zone, moves, query="", headers=None, **fields):
    sent = event(
        "designate_move_recordsets",
        zone=zone["id"],
        json={"moves": [{"before": before, "after": after} for before, after in moves], **fields},
        headers=headers or {},
        rawQueryString=query,
    )
    return call(move_recordsets.handler, sent)


def post(zone, body):
    return call(create_recordset.handler, event("designate_create_recordset", zone=zone["id"], json=body)).json


def shown(zone):
    found = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    return {(each["name"], each["type"]): each["records"] for each in found if each["type"] not in ("SOA", "NS")}


def zone_now(zone):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"]))


def told(answer):
    return [(each["path"], each["validator"]) for each in answer.json["errors"]["errors"]]


def test_what_is_created_changed_and_deleted_at_once_is_one_version(service, zone):
    www, mail = post(zone, A), post(zone, B | {"description": "stays"})
    service.clock.now += timedelta(seconds=5)
    before = zone_now(zone).json["zone"]
    txt = {"name": "Txt.example.org.", "type": "TXT", "records": ["a"]}

    answer = patch(zone, [(A, None), (None, CNAME), (B, B | {"records": ["192.0.2.9"], "ttl": 60}), (None, txt)])

    now = zone_now(zone)
    newest, *older = changes.listing(service.table, zone["id"], 9)
    first, second, third, fourth = answer.json["moves"]
    assert answer.status == 200
    assert answer.json == {
        "moves": [first, second, third, fourth],
        "version": 4,
        "serial": now.json["zone"]["serial"],
        "links": {"self": f"{BASE}/{zone['id']}/recordsets"},
    }
    assert first == {"before": www, "after": None}
    assert (second["before"], second["after"]["records"], second["after"]["version"]) == (None, CNAME["records"], 1)
    changed = {"records": ["192.0.2.9"], "ttl": 60, "version": 2, "updated_at": "2026-01-15T12:35:06.275934"}
    assert third == {"before": mail, "after": mail | changed}
    assert fourth["after"]["name"] == "Txt.example.org."
    assert answer.headers["etag"].startswith(now.headers["etag"].partition(".")[0])
    assert now.json["zone"]["serial"] > before["serial"]
    assert shown(zone) == {
        ("www.example.org.", "CNAME"): CNAME["records"],
        ("mail.example.org.", "A"): ["192.0.2.9"],
        ("Txt.example.org.", "TXT"): ["a"],
    }
    assert (len(older), newest.base, newest.version, newest.counts) == (3, 3, 4, Counts(2, 2, 1, 1))


def test_the_comment_stands_in_the_history(zone):
    patch(zone, [(None, A)], comment="Ticket 4711: é")
    post(zone, B)

    def history(module, name):
        sent = event(name, zone=zone["id"], rawQueryString="", headers={"authorization": None, "x-auth-token": TOKEN})
        return call(module.handler, sent).json

    listed = history(list_zone_changes, "vinyldns_list_zone_changes")["zoneChanges"]
    moved = history(list_recordset_changes, "vinyldns_list_recordset_changes")["recordSetChanges"]
    assert [each.get("comment") for each in listed] == [None, "Ticket 4711: é", None]
    assert {each["recordSet"]["fqdn"]: each.get("comment") for each in moved} == {
        "mail.example.org.": None,
        "www.example.org.": "Ticket 4711: é",
        "example.org.": None,
    }


def test_every_record_set_that_is_not_as_it_was_seen_is_told_and_nothing_is_written(zone):
    www, mail = post(zone, A), post(zone, B)
    stored = zone_now(zone).json
    moves = [
        (A | {"records": ["192.0.2.1"]}, A | {"records": ["192.0.2.7"]}),
        (None, B),
        (B | {"type": "AAAA", "records": ["::1"]}, None),
        (None, B | {"name": "new.example.org."}),
    ]

    answer = patch(zone, moves)

    refused(answer, "recordset_changed", "www.example.org. A is another one now, and 2 others are not", 409)
    assert answer.json["conflicts"] == [
        {
            "path": ["moves", 0, "before"],
            "message": "Record set www.example.org. A is another one now",
            "recordset": www,
        },
        {
            "path": ["moves", 1, "before"],
            "message": "Record set mail.example.org. A exists already",
            "recordset": mail,
        },
        {
            "path": ["moves", 2, "before"],
            "message": "Record set mail.example.org. AAAA does not exist",
            "recordset": None,
        },
    ]
    assert zone_now(zone).json == stored


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        ({"records": ["192.0.2.2", "\\# 4 c0000201", "192.0.2.1"]}, 200),
        ({"name": "WWW.example.org.", "type": "TYPE1"}, 200),
        ({"ttl": 301}, 409),
        ({"ttl": None}, 409),
        ({"ttl": ...}, 200),
        ({"description": None}, 200),
        ({"description": "other"}, 409),
    ],
)
def test_what_was_seen_is_compared_as_data_and_only_as_far_as_it_is_said(zone, seen, status):
    post(zone, A)
    before = {name: value for name, value in (A | seen).items() if value is not ...}

    assert patch(zone, [(before, None)]).status == status


def test_names_in_data_are_compared_without_their_case(zone):
    post(zone, CNAME)

    assert patch(zone, [(CNAME | {"records": ["WEB.Example.NET."]}, None)]).status == 200


def test_fields_that_are_left_out_stay(zone):
    post(zone, A | {"description": "The web server"})
    seen = {name: A[name] for name in ("name", "type", "records")}

    after = patch(zone, [(seen, seen | {"records": ["192.0.2.9"]})]).json["moves"][0]["after"]

    assert (after["ttl"], after["description"], after["records"]) == (300, "The web server", ["192.0.2.9"])


def test_what_changes_nothing_makes_no_version(zone):
    post(zone, A)
    stored = zone_now(zone).json

    answer = patch(zone, [(A, A | {"records": A["records"][::-1]})])

    (move,) = answer.json["moves"]
    assert (answer.status, answer.json["version"], move["before"]) == (200, 2, move["after"])
    assert zone_now(zone).json == stored


def test_rules_hold_for_the_result_of_all_moves(zone):
    dname = {"name": "d.example.org.", "type": "DNAME", "records": ["x.example.net."]}
    below = {"name": "b.d.example.org.", "type": "A", "records": ["192.0.2.1"]}
    post(zone, below)

    early = patch(zone, [(None, dname)])
    both = patch(zone, [(None, dname), (below, None), (None, below | {"name": "c.d.example.org."})])
    good = patch(zone, [(None, dname), (below, None)])
    back = patch(zone, [(None, below), (dname, None)])

    refused(early, "invalid_recordset_location", "nothing may stand below the DNAME d.example.org.")
    assert told(both) == [
        (["moves", 0, "after", "name"], "invalid_recordset_location"),
        (["moves", 2, "after", "name"], "invalid_recordset_location"),
    ]
    assert (good.status, back.status) == (200, 200)
    assert shown(zone) == {("b.d.example.org.", "A"): ["192.0.2.1"]}


def test_a_delegation_and_its_addresses_come_and_go_together(service, zone):
    child = {"name": "sub.example.org.", "email": "joe@example.org"}
    assert call(create_zone.handler, event("designate_create_zone", json=child)).status == 201
    ns = {"name": "sub.example.org.", "type": "NS", "records": ["ns.sub.example.org."]}
    glue = {"name": "ns.sub.example.org.", "type": "A", "records": ["192.0.2.53"]}

    alone = patch(zone, [(None, glue)])
    together = patch(zone, [(None, glue), (None, ns)])

    refused(alone, "invalid_recordset_location", "belongs in a child zone")
    assert told(alone)[0][0] == ["moves", 0, "after", "name"]
    assert together.status == 200


def test_everything_that_forbids_the_moves_is_said_at_once(zone, monkeypatch):
    monkeypatch.setenv("MIN_TTL", "60")
    current.cache_clear()
    soa = {"name": "example.org.", "type": "SOA", "records": ["a. b. 1 2 3 4 5"]}
    moves = [
        (None, A | {"ttl": 59}),
        (None, B | {"name": "www.example.com."}),
        (None, CNAME | {"name": "example.org."}),
        (None, CNAME | {"name": "two.example.org.", "records": ["a.", "b."]}),
        (soa, None),
        (None, B),
        (
            None,
            A | {"name": "big.example.org.", "type": "TXT", "records": [f'"{n:03}{"x" * 250}"' for n in range(300)]},
        ),
    ]

    answer = patch(zone, moves)

    assert answer.status == 409  # no such SOA
    moves[4] = (None, soa | {"name": "soa.example.org."})
    answer = patch(zone, moves)
    refused(answer, "invalid_ttl", "TTL is below the minimum: 60, and this one is 59")
    assert told(answer) == [
        (["moves", 0, "after", "ttl"], "invalid_ttl"),
        (["moves", 1, "after", "name"], "invalid_recordset_location"),
        (["moves", 2, "after", "name"], "invalid_recordset_location"),
        (["moves", 3, "after", "records"], "bad_request"),
        (["moves", 4, "after"], "bad_request"),
        (["moves", 6, "after", "records"], "maxLength"),
    ]
    assert shown(zone) == {}


def test_the_apex_ns_is_for_super_users_as_with_one_record_set(service, zone):
    listed = call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"])).json["recordsets"]
    (ns,) = ({name: each[name] for name in ("name", "type", "records")} for each in listed if each["type"] == "NS")
    moves = [(ns, ns | {"records": ["ns9.example.net."]})]

    plain = patch(zone, moves)
    asked = patch(zone, moves, query="edit_managed_records=true")
    operator = people.user(service, "op", GROUP, is_super=True) | {"x-designate-edit-managed-records": "true"}
    done = patch(zone, moves, headers=operator)
    gone = patch(zone, [(moves[0][1], None)], headers=operator)

    refused(plain, "bad_request", "Managed records may not be updated")
    refused(asked, "forbidden", "may not edit managed records", 403)
    assert done.json["moves"][0]["after"]["records"] == ["ns9.example.net."]
    refused(gone, "bad_request", "Managed records may not be deleted")


@pytest.mark.parametrize(
    ("quota", "limit", "path"),
    [
        ("zone_recordsets", 1, ["moves"]),
        ("zone_records", 2, ["moves"]),
        ("recordset_records", 1, ["moves", 0, "after", "records"]),
    ],
)
def test_quotas_count_the_result(zone, monkeypatch, quota, limit, path):
    post(zone, B)
    monkeypatch.setattr(quota_store, "get", lambda *_: replace(quotas.Quotas(), **{quota: limit}))

    over = patch(zone, [(None, A)])
    instead = patch(zone, [(B, None), (None, A | {"records": ["192.0.2.1"]})])

    refused(over, "over_quota", f"Quota exceeded for {quota}", 413)
    assert told(over) == [(path, "over_quota")]
    assert instead.status == 200


@pytest.mark.parametrize(
    ("moves", "path", "message"),
    [
        ([], ["moves"], "fewer than 1 entries"),
        ([5], ["moves", 0], "not of type 'object'"),
        ([{"before": None}], ["moves", 0, "after"], "'after' is a required property"),
        ([{"before": None, "after": None}], ["moves", 0], "a move has 'before', 'after' or both"),
        ([{"before": None, "after": A, "id": 1}], ["moves", 0], "Keys ['id'] are not valid"),
        ([{"before": None, "after": "x"}], ["moves", 0, "after"], "not of type 'object'"),
        ([{"before": None, "after": A | {"id": 1}}], ["moves", 0, "after"], "Keys ['id'] are not valid"),
        ([{"before": A | {"ttl": "x"}, "after": None}], ["moves", 0, "before", "ttl"], "ttl"),
        ([{"before": None, "after": A | {"records": ["x"]}}], ["moves", 0, "after", "records", 0], "'x' is not a 'A'"),
        ([{"before": A, "after": B}], ["moves", 0, "after", "name"], "'name' is that of 'before'"),
        ([{"before": A, "after": CNAME}], ["moves", 0, "after", "type"], "'type' is that of 'before'"),
        (
            [{"before": None, "after": A}, {"before": A | {"name": "WWW.example.org."}, "after": None}],
            ["moves", 1],
            "that of move 0",
        ),
        ([{"before": None, "after": A}] * 1001, ["moves"], "more than 1000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(zone, moves, path, message):
    answer = call(move_recordsets.handler, event("designate_move_recordsets", zone=zone["id"], json={"moves": moves}))

    refused(answer, "invalid_object", message)
    assert told(answer)[0][0] == path


def test_more_than_a_body_may_have_is_refused(zone):
    sent = event("designate_move_recordsets", zone=zone["id"], body=" " * (moves_body.LARGEST_BODY + 1))

    refused(call(move_recordsets.handler, sent), "over_quota", "Larger than 1000000", 413)


def test_a_dry_run_shows_what_would_be_and_writes_nothing(service, zone):
    post(zone, A)
    stored = zone_now(zone).json
    service.clock.now += timedelta(seconds=5)
    moves = [(A, A | {"records": ["192.0.2.9"]}), (None, B)]

    answer = patch(zone, moves, query="dryRun=true")

    assert (answer.status, answer.json["conflicts"], answer.json["refusals"]) == (200, [], [])
    assert zone_now(zone).json == stored
    done = patch(zone, moves)
    assert {name: answer.json[name] for name in done.json} == done.json


def test_a_dry_run_shows_everything_that_forbids_the_moves(zone):
    post(zone, A)

    outside = B | {"name": "www.example.com."}
    answer = patch(zone, [(None, A), (None, CNAME), (None, outside), (None, B)], query="dryRun=TRUE")

    assert (answer.status, answer.json["version"]) == (200, 2)
    assert [each["path"] for each in answer.json["conflicts"]] == [["moves", 0, "before"]]
    assert [each["path"][:2] for each in answer.json["refusals"]] == [["moves", 1], ["moves", 2]]
    names = [each["after"] and each["after"]["name"] for each in answer.json["moves"]]
    assert names == [A["name"], CNAME["name"], None, B["name"]]
    assert shown(zone) == {("www.example.org.", "A"): A["records"]}


@pytest.mark.parametrize("query", ["dryRun=maybe", "dryrun=true", "dryRun=true&dryRun=true", "dryRun="])
def test_a_parameter_that_may_mean_a_dry_run_is_no_write(zone, query):
    refused(patch(zone, [(None, A)], query=query), "bad_request", "dryRun" if "R" in query else "unknown parameter")

    assert shown(zone) == {}


def test_if_match_takes_the_entity_tag_of_the_zone(zone):
    tag = zone_now(zone).headers["etag"]

    first = patch(zone, [(None, A)], headers={"if-match": tag})
    again = patch(zone, [(None, B)], headers={"if-match": tag})
    chained = patch(zone, [(None, B)], headers={"if-match": first.headers["etag"]})

    assert (first.status, chained.status) == (200, 200)
    refused(again, "precondition_failed", "If-Match does not hold", 412)


def test_a_request_that_is_repeated_with_its_key_is_done_once(service, zone):
    key = {"idempotency-key": "5f0c8f6e"}

    first, again = (patch(zone, [(None, A)], headers=key) for _ in range(2))

    assert (first.status, again) == (200, first)
    assert len(changes.listing(service.table, zone["id"], 9)) == 2
    assert patch(zone, [(None, B)], headers=key).status == 422


def test_a_copy_a_held_zone_and_a_strangers_zone_are_not_written(service, zone):
    copied = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    copy = call(create_zone.handler, event("designate_create_zone", json=copied)).json["zone"]

    refused(patch(copy, [(None, A | {"name": "a.copy.org."})]), "forbidden", "zone copy.org. is SECONDARY", 403)
    stranger = patch(zone, [(None, A)], headers={"x-auth-token": STRANGERS_TOKEN})
    refused(stranger, "zone_not_found", zone["id"], 404)
    stored = zones.get(service.table, zone["id"])
    held = replace(stored, state=State.SYNCING, holder="h", lease=4_000_000_000, held_since=service.clock.now)
    service.table.write(Put(zones.to_item(held)))
    for query in ("", "dryRun=true"):
        refused(patch(zone, [(None, A)], query=query), "zone_busy", "is read-only: it is syncing", 409)


def test_todays_release_answers_the_same(zone, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")
    current.cache_clear()

    assert patch(zone, [(None, A)]).status == 200
