import pytest
from support import people
from support.calls import GROUP, STRANGERS_GROUP, STRANGERS_TOKEN, TOKEN, call, event

from functions.designate import delete_zone, get_recordset, get_zone, list_recordsets, transfer_zone, update_zone
from functions.designate.pools import list_nameservers

ROUTES = [
    pytest.param(get_zone, "designate_get_zone", id="get"),
    pytest.param(update_zone, "designate_update_zone", id="update"),
    pytest.param(delete_zone, "designate_delete_zone", id="delete"),
    pytest.param(list_recordsets, "designate_list_recordsets", id="recordsets"),
    pytest.param(get_recordset, "designate_get_recordset", id="recordset"),
    pytest.param(list_nameservers, "designate_list_nameservers", id="nameservers"),
    pytest.param(transfer_zone, "designate_transfer_zone", id="xfr"),
]


def test_a_zone_is_shown_flat_and_wrapped(zone):
    answer = call(get_zone.handler, event("designate_get_zone", zone=zone["id"]))

    assert answer.status == 200
    assert answer.json == {**zone, "zone": zone}
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(("route", "name"), ROUTES)
def test_another_tenants_zone_is_as_if_it_were_not_there(zone, route, name):
    headers = {"x-auth-token": STRANGERS_TOKEN}
    unknown = "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"

    theirs = call(route.handler, event(name, zone=zone["id"], headers=headers))
    nobodys = call(route.handler, event(name, zone=unknown, headers=headers))

    assert (theirs.status, theirs.json["type"]) == (404, "zone_not_found")
    assert theirs.body.replace(zone["id"], unknown) == nobodys.body


@pytest.mark.parametrize("zone_id", ["example.org.", "5", "{a86dba58-0043-4cc6-a1bb-69d5e86f3ca}", "é" * 36])
@pytest.mark.parametrize(("route", "name"), ROUTES)
def test_an_id_that_is_no_uuid_is_refused(service, route, name, zone_id):
    answer = call(route.handler, event(name, zone=zone_id))

    assert (answer.status, answer.json["type"]) == (400, "invalid_uuid")
    assert answer.json["message"] == f"Invalid UUID zone_id: {zone_id}"


def member_of_both(service, **flags):
    people.user(service, "two", GROUP, STRANGERS_GROUP, acting=STRANGERS_GROUP, **flags)


def test_a_token_is_for_its_own_group_only(service, zone):
    member_of_both(service)
    headers = {"x-auth-token": "zw_two", "x-auth-sudo-tenant-id": GROUP}

    answer = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers))

    assert (answer.status, answer.json["type"]) == (403, "forbidden")


def test_a_super_user_may_act_for_any_project(service, zone):
    member_of_both(service, is_super=True)
    headers = {"x-auth-token": "zw_two", "x-auth-sudo-tenant-id": GROUP, "x-auth-all-projects": "true"}

    answer = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers))

    assert (answer.status, answer.json["project_id"]) == (200, GROUP)


def test_a_support_user_reads_any_zone_where_it_asks_for_all_projects_and_changes_none(service, zone):
    member_of_both(service, is_support=True)
    headers = {"x-auth-token": "zw_two"}
    everywhere = headers | {"x-auth-all-projects": "true"}

    hidden = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers))
    shown = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=everywhere))
    kept = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"], headers=everywhere))

    assert (hidden.status, shown.status, kept.status) == (404, 200, 404)
    assert shown.json["id"] == zone["id"]


def test_to_act_for_a_project_does_not_show_all_of_them(service, zone):
    headers = {"x-auth-token": TOKEN, "x-auth-sudo-tenant-id": GROUP, "x-auth-all-projects": "true"}

    answer = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers))

    assert (answer.status, answer.json["type"]) == (403, "forbidden")


def test_a_token_ends_with_the_membership(service, zone):
    service.table.client.update_item(
        TableName=service.table.name,
        Key={"pk": {"S": "USER#ok"}, "sk": {"S": "USER"}},
        UpdateExpression="SET group_ids = :none",
        ExpressionAttributeValues={":none": {"L": []}},
    )

    answer = call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers={"x-auth-token": TOKEN}))

    assert answer.status == 401
