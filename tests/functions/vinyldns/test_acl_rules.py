import pytest
from support.calls import GROUP, NOBODYS, NOW, STRANGER, STRANGERS_GROUP, call, event
from support.zones import store
from zonewright.model.acl import MOST_READERS, AccessLevel, AclRule
from zonewright.model.states import State
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import changes, keys, places, vinyldnskeys, zones

from functions.vinyldns import (
    delete_acl_rule,
    get_zone,
    get_zone_by_name,
    get_zone_details,
    list_zone_changes,
    put_acl_rule,
)

ZONE = "621a13df-a2e3-4394-84c0-3eb3a664dff4"  # the one in events/
RULE = {
    "accessLevel": "Read",
    "description": "developers read",
    "groupId": STRANGERS_GROUP,
    "recordMask": "www.*",
    "recordTypes": ["A", "AAAA"],
}
STORED = AclRule(AccessLevel.READ, None, STRANGERS_GROUP, "developers read", "www.*", ("A", "AAAA"))
HANDLERS = {"put": put_acl_rule.handler, "delete": delete_acl_rule.handler}
both = pytest.mark.parametrize("verb", ["put", "delete"])


@pytest.fixture
def zone(service):
    made = Zone(ZONE, "sync-test.", GROUP, ZoneType.SECONDARY, NOW, email="ok@example.org", version=1)
    service.table.write(*zones.create(made))
    return made


def send(verb, rule=None, **changes):
    return call(HANDLERS[verb], event(f"vinyldns_{verb}_acl_rule", json=RULE if rule is None else rule, **changes))


def show(**changes):
    return call(get_zone.handler, event("vinyldns_get_zone", **{"headers": {}} | changes))


def stored(service):
    return zones.get(service.table, ZONE)


def seen_by(service, reader):
    return [place.zone_id for place in places.listing(service.table, reader)]


def test_a_rule_is_added_once_and_deleted(service, zone):
    first, second = send("put"), send("put", RULE | {"recordTypes": ["AAAA", "A"], "displayName": "x", "userId": None})

    assert (first.status, second.status) == (202, 202)
    assert first.json["zone"]["acl"] == {"rules": [RULE]} == second.json["zone"]["acl"]
    assert {name: first.json[name] for name in ("userId", "changeType", "status", "created")} == {
        "userId": "ok",
        "changeType": "Update",
        "status": "Pending",
        "created": first.json["zone"]["updated"],
    }
    assert stored(service).acl == (STORED,)
    assert seen_by(service, places.of_group(STRANGERS_GROUP)) == [ZONE]

    gone, again = send("delete"), send("delete")

    assert (gone.status, again.status) == (202, 202)
    assert gone.json["zone"]["acl"] == {"rules": []} == again.json["zone"]["acl"]
    assert stored(service).acl == ()
    assert seen_by(service, places.of_group(STRANGERS_GROUP)) == []
    assert seen_by(service, places.ALL) == seen_by(service, places.of_group(GROUP)) == [ZONE]
    history = changes.listing(service.table, ZONE, 10)
    assert [str(change.status) for change in history] == ["Synced"] * 4
    assert history[-1].id == first.json["id"]


@both
def test_the_first_thing_wrong_is_told(service, zone, verb):
    wrong = {"accessLevel": "Read", "userId": "ok", "groupId": GROUP, "recordMask": "*"}

    assert send(verb, wrong, headers={"x-auth-token": None}).status == 401
    both_ids = send(verb, wrong, zone=NOBODYS, headers=STRANGER)
    assert (both_ids.status, both_ids.json) == (400, {"errors": ["Cannot specify both a userId and a groupId"]})
    unknown = send(verb, RULE | {"recordMask": "*"}, zone=NOBODYS, headers=STRANGER)
    assert (unknown.status, unknown.json) == (404, f"Zone with id {NOBODYS} does not exists")
    foreign = send(verb, RULE | {"recordMask": "*"}, headers=STRANGER)
    why = f"because they are not in the Zone Admin Group '{GROUP}'"
    assert foreign.status == 403
    assert foreign.json == f"User 'stranger' cannot create or modify zone 'sync-test.' {why}"
    assert changes.listing(service.table, ZONE, 10) == []


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"accessLevel": "Read"}, "Invalid ACL rule: ACL rules must have a group or user id"),
        (RULE | {"recordMask": "*"}, "record mask * is an invalid regex"),
        (RULE | {"recordMask": "x{5,-3}"}, "record mask x{5,-3} is an invalid regex"),
        (
            RULE | {"recordTypes": ["PTR"]},
            "PTR types must have no mask or a valid CIDR mask: Invalid CIDR block",
        ),
        (RULE | {"recordTypes": ["PTR", "A"]}, "Multiple record types including PTR must have no mask"),
    ],
)
def test_a_rule_that_no_zone_may_have_is_refused(service, zone, rule, problem):
    answer = send("put", rule)

    assert (answer.status, answer.json) == (400, problem)
    assert stored(service).acl == ()
    assert send("delete", rule).status == 202


@pytest.mark.parametrize(
    ("rule", "errors"),
    [
        ({}, ["Missing ACLRule.accessLevel"]),
        ({"accessLevel": "None", "recordTypes": ["X"]}, ["Invalid AccessLevel", "Invalid RecordType"]),
        (
            {"accessLevel": "Read", "userId": True},
            ["Do not know how to convert JBool(true) into class java.lang.String"],
        ),
    ],
)
@both
def test_all_wrong_fields_are_told(zone, verb, rule, errors):
    sent = event(f"vinyldns_{verb}_acl_rule", json=rule)

    answer = call(HANDLERS[verb], sent, documented=False)

    assert (answer.status, answer.json) == (400, {"errors": errors})


def test_a_zone_has_room_for_so_many_readers(service, zone):
    rules = tuple(AclRule(AccessLevel.READ, user_id=str(n)) for n in range(MOST_READERS))
    store(service, zone, acl=rules)

    assert send("put").status == 400
    assert send("delete", {"accessLevel": "Read", "userId": "3"}).status == 202
    assert send("put").status == 202


@both
def test_a_syncing_zone_keeps_its_rules(service, zone, verb):
    store(service, zone, state=State.SYNCING, holder="sync", lease=2_000_000_000, held_since=NOW)

    assert send(verb).status == 409


def test_a_zone_of_an_earlier_release_gets_its_places(service, zone):
    service.table.delete([vinyldnskeys.place(each, zone.name) for each in (places.ALL, places.of_group(GROUP))])
    service.table.client.update_item(
        TableName=service.table.name,
        Key={"pk": {"S": f"GROUP#{GROUP}"}, "sk": {"S": "TALLY"}},
        UpdateExpression="SET placed = :none",
        ExpressionAttributeValues={":none": {"N": "0"}},
    )

    assert send("put").status == 202

    assert seen_by(service, places.ALL) == [ZONE]
    assert service.table.get(keys.tally(GROUP))["placed"] == 1


# --- Who sees a zone


@pytest.mark.parametrize(
    ("changes", "status", "level"),
    [
        ({}, 403, None),
        ({"shared": True}, 200, "Read"),
        ({"acl": (AclRule(AccessLevel.NO_ACCESS, user_id="stranger"),)}, 200, "Read"),
        ({"acl": (AclRule(AccessLevel.DELETE, group_id=STRANGERS_GROUP),)}, 200, "Read"),
        ({"acl": (AclRule(AccessLevel.READ),)}, 200, "Read"),
        ({"acl": (AclRule(AccessLevel.DELETE, user_id="other"),)}, 403, None),
        ({"group_id": STRANGERS_GROUP}, 200, "Delete"),
    ],
)
def test_a_zone_is_seen_by_its_group_by_rules_and_if_shared(service, zone, changes, status, level):
    store(service, zone, **changes)

    answer = show(headers=STRANGER | {"authorization": None})
    history = call(list_zone_changes.handler, event("vinyldns_list_zone_changes", headers=STRANGER))

    assert answer.status == status
    if status == 200:
        assert answer.json["zone"]["accessLevel"] == level
    else:
        assert answer.json == "User stranger cannot access zone 'sync-test.'"
    assert history.status == (403 if "acl" in changes or status == 403 else 200)


def test_a_rule_is_shown_with_a_name_unless_its_user_or_group_is_gone(service, zone):
    gone = (AclRule(AccessLevel.READ, user_id="gone"), AclRule(AccessLevel.READ, group_id="gone"))
    rules = (STORED, AclRule(AccessLevel.WRITE, user_id="stranger"), AclRule(AccessLevel.NO_ACCESS), *gone)
    store(service, zone, acl=rules)

    shown = show().json["zone"]["acl"]["rules"]
    by_name = call(get_zone_by_name.handler, event("vinyldns_get_zone_by_name")).json["zone"]["acl"]["rules"]

    assert (
        shown
        == by_name
        == [
            RULE | {"displayName": "stranger-group"},
            {"accessLevel": "Write", "userId": "stranger", "recordTypes": [], "displayName": "stranger"},
            {"accessLevel": "NoAccess", "recordTypes": [], "displayName": "All Users"},
        ]
    )


@pytest.mark.parametrize("name", ["sync-test.", "sync-test", "Sync-TEST."])
def test_a_zone_is_found_by_name_even_by_a_stranger(service, zone, name):
    answer = call(get_zone_by_name.handler, event("vinyldns_get_zone_by_name", zone=name, headers=STRANGER))

    assert answer.status == 200
    assert (answer.json["zone"]["id"], answer.json["zone"]["accessLevel"]) == (ZONE, "NoAccess")


def test_a_zone_with_a_slash_in_its_name_is_found(service):
    part = Zone("part", "0/26.2.0.192.in-addr.arpa.", GROUP, ZoneType.SECONDARY, NOW)
    service.table.write(*zones.create(part))

    answer = call(get_zone_by_name.handler, event("vinyldns_get_zone_by_name", zone="0%2F26.2.0.192.in-addr.arpa."))

    assert answer.json["zone"]["id"] == "part"


def test_an_unknown_name_is_told_with_its_dot(zone):
    answer = call(get_zone_by_name.handler, event("vinyldns_get_zone_by_name", zone="nobody"))

    assert (answer.status, answer.json) == (404, "Zone with name nobody. does not exists")


def test_details_are_for_everybody(service, zone):
    answer = call(get_zone_details.handler, event("vinyldns_get_zone_details", headers=STRANGER))

    assert answer.status == 200
    assert answer.json == {
        "zone": {
            "name": "sync-test.",
            "email": "ok@example.org",
            "status": "Active",
            "adminGroupId": GROUP,
            "adminGroupName": "ok-group",
        }
    }
    unknown = call(get_zone_details.handler, event("vinyldns_get_zone_details", zone=NOBODYS))
    assert (unknown.status, unknown.json) == (404, f"Zone with id {NOBODYS} does not exists")


@pytest.mark.parametrize(("release", "account"), [("seed", GROUP), ("current", "system")])
def test_the_account_is_that_of_the_release(zone, monkeypatch, release, account):
    monkeypatch.setenv("VINYLDNS_RELEASE", release)

    assert show().json["zone"]["account"] == account
