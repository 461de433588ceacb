"""The rules for new zones: quota, policy, and names above and below, in Designate's order."""

import pytest
from support.calls import GROUP, STRANGER, STRANGERS_GROUP, call, event
from support.zones import refused
from zonewright.actions import zones as verbs
from zonewright.errors import OverQuota
from zonewright.model.users import Caller
from zonewright.service import current
from zonewright.store import keys, quotas, zones
from zonewright.store.table import Update

from functions.designate import create_zone, delete_zone, update_zone


def create(name, headers=None, **fields):
    sent = {"name": name, "email": "joe@example.org"} | fields
    return call(create_zone.handler, event("designate_create_zone", json=sent, headers=headers or {}))


def delete(zone_id):
    return call(delete_zone.handler, event("designate_delete_zone", zone=zone_id))


@pytest.fixture
def meanwhile(service):
    """Let something happen while a zone is being made: between the look at everything and the commit."""
    events = service.bucket.client.meta.events

    def arrange(action):
        def hook(**_):
            events.unregister("before-call.s3.PutObject", hook)
            assert action().status == 201

        events.register("before-call.s3.PutObject", hook)

    return arrange


def test_a_project_has_as_many_zones_as_its_quota_lets_it(service):
    quotas.change(service.table, GROUP, {"zones": 1})
    first = create("a.org.").json

    refused(create("b.org."), 413, "over_quota", "Quota exceeded for zones.")
    assert zones.count(service.table, GROUP) == 1
    assert create("b.org.", STRANGER).status == 201
    delete(first["id"])
    assert create("c.org.").status == 201


def test_a_rival_among_many_that_becomes_a_zone_at_this_moment_is_no_quota(service):
    """The maker breaks 50 claims before its own transaction. The third of these becomes a zone just before."""
    for number in range(60):
        key = keys.zone_name(f"n{number:02}.example.org.")
        service.table.write(
            Update(key, set={"claim#of-the-slow": STRANGERS_GROUP, "name": f"n{number:02}.example.org."})
        )
    events = service.table.client.meta.events
    rivals = []

    def become_a_zone(params, **_):
        if not rivals and "claim#of-the-slow" in str(params["body"]):
            rivals.append("n12.example.org.")
            assert create(rivals[0], STRANGER).status == 201

    events.register("before-call.dynamodb.TransactWriteItems", become_a_zone)
    answer = create("example.org.")
    events.unregister("before-call.dynamodb.TransactWriteItems", become_a_zone)

    assert rivals
    refused(
        answer,
        403,
        "illegal_parent",
        "Unable to create zone because another tenant owns a subzone of the zone: example.org.",
    )
    assert zones.count(service.table, GROUP) == 0


@pytest.mark.parametrize(("quota", "status"), [("0", 413), ("1", 201), ("-1", 201)])
def test_the_deployments_quota_is_for_projects_without_their_own(service, monkeypatch, quota, status):
    monkeypatch.setenv("QUOTA_ZONES", quota)

    assert create("a.org.").status == status


def test_of_two_racers_for_the_last_place_one_wins(service, meanwhile):
    """The loser counts before the winner is made; only the transaction can tell."""
    quotas.change(service.table, GROUP, {"zones": 1})
    meanwhile(lambda: create("winner.org."))

    refused(create("loser.org."), 413, "over_quota", "Quota exceeded for zones.")
    assert zones.named(service.table, "loser.org.") is None
    assert [zone.name for zone in zones.every(service.table, GROUP)] == ["winner.org."]


def test_a_zone_below_another_projects_is_refused(service):
    create("example.org.", STRANGER)

    message = "Unable to create subzone in another tenants zone: www.Example.org."
    refused(create("www.Example.org."), 403, "illegal_child", message)
    assert create("www.example.org.", STRANGER).status == 201


def test_a_zone_above_another_projects_is_refused(service):
    create("a.www.example.org.", STRANGER)

    message = "Unable to create zone because another tenant owns a subzone of the zone: example.org."
    refused(create("example.org."), 403, "illegal_parent", message)
    assert create("example.org.", STRANGER).status == 201


@pytest.mark.parametrize(("first", "second"), [("example.org.", "a.example.org."), ("a.example.org.", "example.org.")])
def test_who_meets_a_maker_of_a_relative_is_told_when_it_is_made(service, meanwhile, first, second):
    meanwhile(lambda: create(first, STRANGER))

    answer = create(second)

    assert (answer.status, answer.json["type"]) == (403, "illegal_child" if second[:2] == "a." else "illegal_parent")
    assert zones.count(service.table, GROUP) == 0


def test_a_zone_with_zones_below_it_is_not_deleted(service):
    parent = create("example.org.").json
    child = create("a.b.example.org.").json

    answer = delete(parent["id"])

    message = "Please delete any subzones before deleting this zone: example.org. has a.b.example.org. for one"
    refused(answer, 400, "zone_has_sub_zone", message)
    assert delete(child["id"]).status == 204
    assert delete(parent["id"]).status == 204


@pytest.mark.parametrize(
    ("variable", "value", "fields", "kind", "message"),
    [
        pytest.param(
            "TLDS", "org net", {"name": "a.com."}, "invalid_zone_name",
            "Invalid TLD: a.com. ends in none of ['net', 'org']", id="no TLD",
        ),
        pytest.param(
            "TLDS", "co.uk", {"name": "co.uk."}, "invalid_zone_name",
            "Zone name cannot be the same as a TLD: co.uk.", id="a TLD",
        ),
        pytest.param(
            "BLACKLIST", "bank evil", {"name": "myBank.org."}, "invalid_zone_name",
            "Blacklisted zone name: myBank.org.", id="blacklist",
        ),
        pytest.param(
            "MIN_TTL", "300", {"ttl": 299}, "invalid_ttl",
            "TTL is below the minimum: 300, and this one is 299", id="TTL",
        ),
    ],
)  # fmt: skip
def test_the_operator_says_what_a_zone_may_be(service, monkeypatch, variable, value, fields, kind, message):
    monkeypatch.setenv(variable, value)

    refused(create(**{"name": "a.org."} | fields), 400, kind, message)
    assert create("b.org.", ttl=300).status == (400 if value == "co.uk" else 201)


def test_a_ttl_below_the_minimum_is_refused_on_update_too(service, monkeypatch):
    zone = create("a.org.", ttl=60).json
    monkeypatch.setenv("MIN_TTL", "300")
    current.cache_clear()

    low = call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": 299}))
    other = call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"description": "x"}))
    high = call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": 300}))

    refused(low, 400, "invalid_ttl", "TTL is below the minimum: 300, and this one is 299")
    assert (other.status, other.json["ttl"], other.json["version"]) == (200, 60, 2)
    assert (high.status, high.json["ttl"]) == (200, 300)


def test_a_ttl_nobody_gave_is_not_below_the_minimum(service, monkeypatch):
    monkeypatch.setenv("MIN_TTL", "86400")

    primary = create("a.org.")
    secondary = {"name": "b.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
    copied = call(create_zone.handler, event("designate_create_zone", json=secondary))

    assert (primary.status, primary.json["ttl"]) == (201, 86400)
    assert copied.status == 201


def test_a_blacklist_that_cannot_be_read_is_our_fault_and_the_log_names_the_entry(service, monkeypatch, caplog):
    monkeypatch.setenv("BLACKLIST", "evil (bank")

    answer = create("a.org.")

    assert (answer.status, answer.json["type"]) == (500, "unknown")
    assert "Blacklist cannot be read: '(bank' is no regular expression" in caplog.text
    assert zones.count(service.table, GROUP) == 0


def test_what_is_wrong_is_said_in_designates_order(service, monkeypatch):
    """Body, quota, name, TTL, name taken, zone above, zone below: each is mended in turn."""
    monkeypatch.setenv("TLDS", "org")
    monkeypatch.setenv("MIN_TTL", "300")
    create("a.example.org.", STRANGER)
    create("c.b.example.org.", STRANGER)
    create("up.org.", STRANGER)
    create("x.a.up.org.", STRANGER)
    quotas.change(service.table, GROUP, {"zones": 0})
    wrong = {"ttl": 299, "serial": 1}

    said = [create("up.com.", **wrong).json["type"], create("up.com.", ttl=299).json["type"]]
    quotas.change(service.table, GROUP, {"zones": -1})
    said += [create("up.com.", ttl=299).json["type"], create("up.org.", ttl=299).json["type"]]
    said += [create("up.org.").json["type"], create("a.up.org.").json["type"], create("b.example.org.").json["type"]]

    assert said == [
        "invalid_object",
        "over_quota",
        "invalid_zone_name",
        "invalid_ttl",
        "duplicate_zone",
        "illegal_child",
        "illegal_parent",
    ]


def test_every_way_to_make_a_zone_keeps_the_rules(service):
    """The verb applies them, for every reader of a request."""
    stranger = Caller("stranger", "stranger", group_id=STRANGERS_GROUP)
    quotas.change(service.table, STRANGERS_GROUP, {"zones": 0})
    new = verbs.NewZone("a.org.", email="joe@example.org")

    with pytest.raises(OverQuota):
        verbs.create(service, new, caller=stranger)


def test_a_zone_is_made_with_a_handful_of_reads(service, reads):
    for number in range(30):
        create(f"{number}.below.org.")
    reads.clear()

    create(f"{'a.' * 30}org.")

    assert (reads.gets, reads.queries, reads.items) == (4, 2, 0)
