"""Clients as people have them, unchanged, against the deployed stack."""

import time

import pytest
from support.calls import NOBODYS


def test_openstacksdk_makes_reads_changes_and_deletes_a_zone(sdk, name):
    made = sdk.create_zone(name=name, email="joe@example.org", description="made by the SDK")
    changed = sdk.update_zone(sdk.get_zone(made.id), ttl=60)
    records = {each.type: each for each in sdk.recordsets(made.id)}
    sdk.delete_zone(made.id)

    assert (made.name, made.status, made.type, made.ttl) == (name, "ACTIVE", "PRIMARY", 3600)
    assert (changed.ttl, changed.description) == (60, "made by the SDK")
    assert changed.serial > made.serial
    assert records.keys() == {"NS", "SOA"}
    assert {(each.name, each.ttl, each.zone_id) for each in records.values()} == {(name, None, made.id)}
    assert sdk.get(f"/zones/{made.id}").status_code == 404


@pytest.mark.parametrize("base", ["/", "/v2", "/v2/"])
def test_openstacksdk_may_be_given_the_service_or_its_dialect(sdk, name):
    made = sdk.create_zone(name=name, email="joe@example.org")
    found = sdk.find_zone(name, ignore_missing=False)
    records = [each.type for each in sdk.recordsets(found)]
    sdk.delete_zone(found)

    assert (found.id, records) == (made.id, ["NS", "SOA"])


def test_openstacksdk_pages_through_zones_and_recordsets(sdk, name):
    names = [f"{label}.{name}" for label in "abcde"]
    made = [sdk.create_zone(name=each, email="joe@example.org").id for each in names]

    listed = [zone.id for zone in sdk.zones(limit=2)]
    types = [each.type for each in sdk.recordsets(made[0], limit=1)]
    for zone_id in made:
        sdk.delete_zone(zone_id)

    assert listed[-5:] == made
    assert len(set(listed)) == len(listed)
    assert types == ["NS", "SOA"]


def test_openstacksdk_finds_zones_and_recordsets_by_name(sdk, zone):
    name = zone["name"]

    found = sdk.find_zone(name, ignore_missing=False)
    nobody = list(sdk.zones(name=f"nobody.{name}"))
    some = [each.name for each in sdk.zones(name=f"*{name[3:]}", email="joe@*", type="PRIMARY", status="ACTIVE")]
    records = [each.type for each in sdk.recordsets(found, name=name, type="S*")]
    shown = sdk.get_recordset(next(sdk.recordsets(found, type="NS")).id, found)
    servers = [each.hostname for each in sdk.zone_nameservers(found)]
    (limit,) = sdk.limits()

    assert (found.id, nobody, records) == (zone["id"], [], ["SOA"])
    assert name in some
    assert shown.records == servers
    assert limit.max_page_limit == 1000


def test_openstacksdk_transfers_a_secondary_zone_and_no_other(sdk, api, zone, name):
    exceptions = pytest.importorskip("openstack.exceptions")
    copied = api.create(f"copy.{name}", "192.0.2.1:1")  # no port a primary may have
    while api.call("GET", f"/v2/zones/{copied['id']}").body["status"] != "ERROR":
        time.sleep(0.1)

    sdk.xfr_zone(copied["id"])
    while api.call("GET", f"/v2/zones/{copied['id']}").body["status"] != "ERROR":
        time.sleep(0.1)
    with pytest.raises(exceptions.BadRequestException, match="Can't XFR a non Secondary zone"):
        sdk.xfr_zone(zone["id"])

    assert [each["status"] for each in api.history(copied["id"])] == ["Failed", "Failed"]


def test_openstacksdk_shows_what_we_say_of_an_error(sdk, zone):
    exceptions = pytest.importorskip("openstack.exceptions")

    with pytest.raises(exceptions.NotFoundException, match=f"Could not find Zone: {NOBODYS}"):
        sdk.get_zone(NOBODYS)
    with pytest.raises(exceptions.ConflictException, match=f"Duplicate Zone: {zone['name']}"):
        sdk.create_zone(name=zone["name"], email="joe@example.org")
    with pytest.raises(exceptions.BadRequestException, match="Got a ValueError error with message joe is not an email"):
        sdk.create_zone(name=f"x.{zone['name']}", email="joe")


def test_designateclient_makes_reads_changes_and_deletes_a_zone(designate, release, name):
    made = designate.zones.create(name, email="joe@example.org")
    shown = designate.zones.get(made["id"])
    listed = [zone["id"] for zone in designate.zones.list(criterion={}, limit=1000)]
    changed = designate.zones.update(made["id"], {"description": "other"})
    records = designate.recordsets.list(made["id"])
    gone = designate.zones.delete(made["id"])

    assert made == shown
    assert made["id"] in listed
    assert changed["description"] == "other"
    assert [each["type"] for each in records] == ["NS", "SOA"]
    if release == "seed":
        assert gone == ""
    else:
        assert (gone["id"], gone["status"], gone["action"]) == (made["id"], "PENDING", "DELETE")


def test_designateclient_reads_what_is_around_a_zone(designate, zone):
    exceptions = pytest.importorskip("designateclient.exceptions")

    servers = designate.nameservers.list(zone["name"])
    limits = designate.limits.get()

    assert [each["priority"] for each in servers] == list(range(1, len(servers) + 1))
    assert limits["max_zone_name_length"] == 255
    with pytest.raises(exceptions.BadRequest, match="Can't XFR a non Secondary zone"):
        designate.zones.axfr(zone["name"])
    with pytest.raises(exceptions.Forbidden, match="may not see pools"):
        designate.pools.list()
    with pytest.raises(exceptions.Forbidden, match="may not see all projects"):
        designate.zones.list(criterion={"all_projects": "true"})


def test_designateclient_shows_what_we_say_of_an_error(designate):
    exceptions = pytest.importorskip("designateclient.exceptions")

    with pytest.raises(exceptions.NotFound, match=f"^Could not find Zone: {NOBODYS}"):
        designate.zones.get(NOBODYS)
    with pytest.raises(exceptions.BadRequest, match=r"^Invalid UUID export_id: nobody"):
        designate.zone_exports.get_export_record("nobody")
    with pytest.raises(exceptions.BadRequest, match=r"^Invalid filters color"):
        designate.zones.list(criterion={"color": "red"})
    with pytest.raises(exceptions.BadRequest, match=r"^limit should be an integer between 1 and 1000"):
        designate.zones.list(limit=-1)
    with pytest.raises(
        exceptions.BadRequest, match=r"^Provided object is not valid.*Domain nodot does not end with a dot"
    ):
        designate.zones.create("nodot", email="joe@example.org")


def test_openstack_command_makes_shows_changes_lists_and_deletes_zones(command, api, release, name):
    code, made, complaint = command("zone", "create", "--email", "joe@example.org", name, "-f", "json")
    assert (code, complaint) == (0, "")

    shown = command("zone", "show", made["id"], "-f", "json")
    changed = command("zone", "set", "--ttl", "60", made["id"], "-f", "json")
    zones = command("zone", "list", "-f", "json")
    records = command("recordset", "list", made["id"], "-f", "json")
    gone = command("zone", "delete", made["id"], "-f", "json")

    assert shown == (0, made, "")
    assert (changed[0], changed[1]["ttl"]) == (0, 60)
    assert (name, "PRIMARY", "ACTIVE") in [(each["name"], each["type"], each["status"]) for each in zones[1]]
    assert [each["type"] for each in records[1]] == ["NS", "SOA"]
    assert api.call("GET", f"/v2/zones/{made['id']}").status == 404
    if release == "seed":  # the command shows the zone it deleted, and Juno sends none
        assert gone == (1, None, "'str' object has no attribute 'pop'\n")
    else:
        assert (gone[0], gone[1]["id"], gone[1]["action"], gone[2]) == (0, made["id"], "DELETE", "")


def test_openstack_command_takes_names_for_ids(command, zone):
    name = zone["name"]

    shown = command("zone", "show", name, "-f", "json")
    zones = command("zone", "list", "--name", name, "-f", "json")
    more = command("zone", "list", "--name", f"*{name[3:]}", "--status", "ACTIVE", "-f", "json")
    records = command("recordset", "list", name, "-f", "json")
    soa = command("recordset", "list", name, "--type", "SOA", "--name", name, "-f", "json")
    one = command("recordset", "show", name, soa[1][0]["id"], "-f", "json")
    nobody = command("zone", "show", f"nobody.{name}")

    assert (shown[0], shown[1]["id"]) == (0, zone["id"])
    assert [each["id"] for each in zones[1]] == [zone["id"]]
    assert zone["id"] in [each["id"] for each in more[1]]
    assert [each["type"] for each in records[1]] == ["NS", "SOA"]
    assert [each["type"] for each in soa[1]] == ["SOA"]
    assert (one[0], one[1]["id"]) == (0, soa[1][0]["id"])
    assert (nobody[0], nobody[2].strip()) == (1, f"Name nobody.{name} didn't resolve")


def test_openstack_command_says_what_we_say_of_an_error(command):
    code, _, complaint = command("zone", "show", NOBODYS)

    assert (code, complaint.strip()) == (1, f"Could not find Zone: {NOBODYS}")


def test_vinyldns_python_reads_a_zone_and_its_history(vinyldns, zone):
    client = vinyldns()

    found = client.get_zone(zone["id"])
    history = client.list_zone_changes(zone["id"], max_items=1)

    assert (found.name, found.status, found.email) == (zone["name"], "Active", "joe@example.org")
    assert found.admin_group_id == zone["project_id"]
    assert [(each.change_type, each.status) for each in history.zone_changes] == [("Create", "Synced")]
    assert history.next_id is None


def test_vinyldns_python_pages_through_a_history(vinyldns, api, zone):
    for ttl in (1, 2, 3):
        api.call("PATCH", f"/v2/zones/{zone['id']}", {"ttl": ttl})
    client = vinyldns()

    page = client.list_zone_changes(zone["id"], max_items=3)
    rest = client.list_zone_changes(zone["id"], max_items=3, start_from=page.next_id)

    assert [each.change_type for each in page.zone_changes] == ["Update"] * 3
    assert [each.change_type for each in rest.zone_changes] == ["Create"]
    assert rest.next_id is None


def test_vinyldns_python_is_told_why_a_zone_cannot_be_synced(vinyldns, zone):
    client = pytest.importorskip("vinyldns.client")

    with pytest.raises(client.BadRequestError) as refused:
        vinyldns().sync_zone(zone["id"])
    with pytest.raises(client.NotFoundError) as lost:
        vinyldns().sync_zone(NOBODYS)

    assert str(refused.value) == f'"zone {zone["name"]} has no server to transfer from"'
    assert str(lost.value) == f'"Zone with id {NOBODYS} does not exists"'
    assert vinyldns().get_zone(NOBODYS) is None


def test_vinyldns_python_with_a_wrong_secret_is_not_let_in(vinyldns, zone):
    client = pytest.importorskip("vinyldns.client")

    with pytest.raises(client.UnauthorizedError) as refused:
        vinyldns("wrong").get_zone(zone["id"])

    assert str(refused.value) == "Authentication Failed: Request signature could not be validated"
