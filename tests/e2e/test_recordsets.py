"""Record sets written by clients as people have them, and by many at once, against the deployed stack."""

from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings("ignore:::openstack"),  # their own deprecations
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def serial(api, zone):
    return api.call("GET", f"/v2/zones/{zone['id']}").body["serial"]


def test_a_record_set_is_created_read_changed_and_deleted(api, stranger, zone):
    path = f"/v2/zones/{zone['id']}/recordsets"
    body = {"name": f"www.{zone['name']}", "type": "A", "records": ["192.0.2.1"], "description": "one"}

    made = api.call("POST", path, body)
    own = f"{path}/{made.body['id']}"
    again = api.call("POST", path, body)
    wrong = api.call("POST", path, body | {"records": ["x"], "type": "AAAA"})
    changed = api.call("PUT", own, {"records": ["192.0.2.2"], "ttl": 60})
    shown = api.call("GET", own)
    theirs = stranger.call("DELETE", own)
    patched = api.call("PATCH", own, {})
    everywhere = api.call("GET", f"/v2/recordsets?zone_id={zone['id']}&data=192.0.2.2")
    found = api.call("GET", f"/v2/recordsets/{made.body['id']}")
    gone = api.call("DELETE", own)

    assert (made.status, made.headers["location"]) == (201, f"{api.url}{own}")
    assert (again.status, again.body["type"]) == (409, "duplicate_recordset")
    assert (wrong.status, wrong.body["errors"]["errors"][0]["path"]) == (400, ["records", 0])
    assert (changed.status, changed.body["records"], changed.body["ttl"]) == (200, ["192.0.2.2"], 60)
    assert (changed.body["description"], changed.body["version"]) == ("one", 2)
    assert shown.body == changed.body
    assert everywhere.body["recordsets"] == [changed.body]
    assert (found.status, found.headers["location"]) == (301, f"{api.url}{own}")
    assert (theirs.status, patched.status, gone.status) == (404, 405, 204)
    assert api.call("GET", own).status == 404
    assert [each["changeType"] for each in api.history(zone["id"])] == ["Update"] * 3 + ["Create"]
    assert serial(api, zone) > zone["serial"]


def test_openstacksdk_makes_reads_changes_and_deletes_a_recordset(sdk, zone):
    name = f"www.{zone['name']}"

    made = sdk.create_recordset(zone["id"], name=name, type="A", records=["192.0.2.1"], ttl=300, description="one")
    first = made.to_dict()  # an update changes the object
    found = sdk.find_recordset(zone["id"], name)
    changed = sdk.update_recordset(made, zone_id=zone["id"], records=["192.0.2.2", "192.0.2.3"], ttl=60)
    everywhere = sdk.get("/recordsets", params={"zone_id": zone["id"], "type": "A"})  # sdk.recordsets() asks for a zone
    sdk.delete_recordset(made, zone["id"])

    assert (first["name"], first["type"], first["records"], first["ttl"]) == (name, "A", ["192.0.2.1"], 300)
    assert (first["status"], first["description"], first["created_at"] is not None) == ("ACTIVE", "one", True)
    assert found.id == first["id"]
    assert (changed.records, changed.ttl, changed.description) == (["192.0.2.2", "192.0.2.3"], 60, "one")
    assert [each["records"] for each in everywhere.json()["recordsets"]] == [["192.0.2.2", "192.0.2.3"]]
    assert [each.type for each in sdk.recordsets(zone["id"])] == ["NS", "SOA"]


def test_openstacksdk_shows_what_we_say_of_a_refusal(sdk, zone):
    exceptions = pytest.importorskip("openstack.exceptions")
    www = {"name": f"www.{zone['name']}", "type": "A", "records": ["192.0.2.1"]}
    sdk.create_recordset(zone["id"], **www)

    with pytest.raises(exceptions.ConflictException, match="Duplicate RecordSet"):
        sdk.create_recordset(zone["id"], **www)
    with pytest.raises(exceptions.BadRequestException, match="'x' is not a 'A' Record"):
        sdk.create_recordset(zone["id"], **www | {"records": ["x"]})
    with pytest.raises(exceptions.BadRequestException, match="Deleting a SOA recordset is not allowed"):
        sdk.delete_recordset(next(sdk.recordsets(zone["id"], type="SOA")), zone["id"])


def test_designateclient_makes_reads_changes_and_deletes_a_recordset(designate, release, zone):
    made = designate.recordsets.create(zone["name"], "www", "A", ["192.0.2.1"], description="one", ttl=300)
    shown = designate.recordsets.get(zone["id"], made["id"])
    by_name = designate.recordsets.get(zone["name"], made["name"])
    changed = designate.recordsets.update(zone["id"], made["id"], {"records": ["192.0.2.2"]})
    everywhere = designate.recordsets.list_all_zones(criterion={"zone_id": zone["id"], "type": "A"})
    pages = [
        designate.recordsets.list_all_zones(criterion={"zone_id": zone["id"]}, limit=1, marker=marker)
        for marker in (None, made["id"])
    ]
    gone = designate.recordsets.delete(zone["id"], made["id"])

    assert made["name"] == f"www.{zone['name']}"
    assert made == shown == by_name
    assert (changed["records"], changed["ttl"], changed["description"]) == (["192.0.2.2"], 300, "one")
    assert everywhere == [changed]
    assert ([each["type"] for each in pages[0]], pages[1]) == (["NS"], [])
    assert gone == ("" if release == "seed" else changed | {"status": "PENDING", "action": "DELETE"})


def test_openstack_command_makes_changes_lists_and_shows_recordsets(command, api, zone):
    name = f"www.{zone['name']}"
    new = ("--type", "A", "--record", "192.0.2.1", "--ttl", "300", "--description", "one")

    code, made, complaint = command("recordset", "create", *new, zone["id"], name, "-f", "json")
    assert (code, complaint) == (0, "")
    changed = command("recordset", "set", "--record", "192.0.2.2", "--no-ttl", zone["id"], made["id"], "-f", "json")
    shown = command("recordset", "show", zone["name"], name, "-f", "json")
    everywhere = command("recordset", "list", "all", "--name", name, "-f", "json")
    again = command("recordset", "create", "--type", "A", "--record", "192.0.2.1", zone["id"], name)
    command(
        "recordset", "delete", zone["id"], made["id"], "-f", "json"
    )  # formats what it is answered: needs today's release

    assert (changed[0], changed[1]["records"], changed[1]["ttl"]) == (0, "192.0.2.2", None)
    assert changed[1]["description"] == "one"
    assert shown == (0, changed[1], "")
    assert [each["id"] for each in everywhere[1]] == [made["id"]]
    assert (again[0], "Duplicate RecordSet" in again[2]) == (1, True)
    assert api.call("GET", f"/v2/zones/{zone['id']}/recordsets/{made['id']}").status == 404


def test_fifty_writes_to_one_zone_eight_at_a_time_all_succeed(api, zone):
    path = f"/v2/zones/{zone['id']}/recordsets"

    def write(number):
        body = {"name": f"n{number}.{zone['name']}", "type": "A", "records": [f"192.0.2.{number}"]}
        return api.call("POST", path, body).status

    with ThreadPoolExecutor(8) as pool:  # as many functions as start on a small machine in their time
        statuses = list(pool.map(write, range(50)))

    found = {each["name"]: each["records"] for each in api.recordsets(zone["id"]) if each["type"] == "A"}
    history = api.history(zone["id"])
    assert statuses == [201] * 50
    assert found == {f"n{number}.{zone['name']}": [f"192.0.2.{number}"] for number in range(50)}
    assert [each["changeType"] for each in history] == ["Update"] * 50 + ["Create"]
    assert serial(api, zone) >= zone["serial"] + 50


def test_of_two_writers_of_one_record_set_one_wins(api, zone):
    path = f"/v2/zones/{zone['id']}/recordsets"

    def write(number):
        body = {"name": f"www.{zone['name']}", "type": "A", "records": [f"192.0.2.{number}"]}
        return api.call("POST", path, body)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(write, (1, 2)))

    (won,) = (answer for answer in answers if answer.status == 201)
    (lost,) = (answer for answer in answers if answer.status != 201)
    assert (lost.status, lost.body["type"]) == (409, "duplicate_recordset")
    assert api.call("GET", f"{path}/{won.body['id']}").body == won.body


def test_of_eight_writers_with_entity_tags_none_loses_what_it_wrote(api, zone):
    made = api.call(
        "POST",
        f"/v2/zones/{zone['id']}/recordsets",
        {"name": f"many.{zone['name']}", "type": "TXT", "records": ["first"]},
    )
    path = f"/v2/zones/{zone['id']}/recordsets/{made.body['id']}"

    def write(number):
        for _ in range(100):
            shown = api.call("GET", path)
            wanted = {"records": [*shown.body["records"], f"writer{number}"]}
            answer = api.call("PUT", path, wanted, If_Match=shown.headers["etag"])
            if answer.status == 200:
                return
            assert answer.status in (409, 412), answer
        raise AssertionError(f"writer {number} did not come through")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    assert set(api.call("GET", path).body["records"]) == {"first", *(f"writer{number}" for number in range(8))}


def test_several_record_sets_are_moved_at_once_or_not_at_all(api, stranger, zone):
    path = f"/v2/zones/{zone['id']}/recordsets"
    www = {"name": f"www.{zone['name']}", "type": "A", "records": ["192.0.2.1"]}
    mail = {"name": zone["name"], "type": "MX", "records": [f"10 www.{zone['name']}"]}
    alias = www | {"type": "CNAME", "records": ["web.example.net."]}
    create = {"moves": [{"before": None, "after": each} for each in (www, mail)], "comment": "Ticket 4711"}
    swap = {"moves": [{"before": www, "after": None}, {"before": None, "after": alias}]}

    dry = api.call("PATCH", f"{path}?dryRun=true", create)
    made = api.call("PATCH", path, create, Idempotency_Key="once")
    again = api.call("PATCH", path, create, Idempotency_Key="once")
    twice = api.call("PATCH", path, create)
    swapped = api.call("PATCH", path, swap)
    theirs = stranger.call("PATCH", path, swap)
    listed = api.call("GET", path)

    assert (dry.status, dry.body["conflicts"], dry.body["version"]) == (200, [], made.body["version"])
    assert (made.status, again.status, again.body) == (200, 200, made.body)
    assert (twice.status, len(twice.body["conflicts"])) == (409, 2)
    assert (swapped.status, swapped.body["version"]) == (200, made.body["version"] + 1)
    assert theirs.status == 404
    assert {each["type"] for each in listed.body["recordsets"]} == {"SOA", "NS", "MX", "CNAME"}
    assert [each.get("comment") for each in api.history(zone["id"])] == [None, "Ticket 4711", None]
    assert serial(api, zone) == swapped.body["serial"]
