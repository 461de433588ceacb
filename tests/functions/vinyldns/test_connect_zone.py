"""Connect, change and delete zones in the VinylDNS API: the order of checks, the live ones, and what is sent back."""

import io
import json
import os
from dataclasses import replace
from types import SimpleNamespace

import pytest
from primaries import Bind, Key
from support import people
from support.calls import GROUP, NOBODYS, STRANGER, STRANGERS_GROUP, TOKEN, call, event
from zonewright.actions import connections
from zonewright.deliverer import Deliverer
from zonewright.model.choices import Choices
from zonewright.model.connection import Asked, Backend, Connections, owner_of
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.service import Service, current
from zonewright.store import backends, changes, zones
from zonewright.store.table import Put
from zonewright.store.vault import Purpose

from functions.delivery import deliver
from functions.designate import update_zone as patch_zone
from functions.designate.transfers import create_transfer_accept, create_transfer_request
from functions.vinyldns import connect_zone, delete_zone, get_zone, list_zone_changes, update_zone

pytestmark = pytest.mark.primary

KEYS = {name: Key.of(f"{name}.", name) for name in ("hmac-sha1", "hmac-sha224", "hmac-sha384", "hmac-sha512")}
KEY, MD5 = Key.of("vinyldns."), Key.of("md5.", "hmac-md5")
TEXT = """
@   300 SOA ns1 joe 1 3600 600 86400 300
@   300 NS  ns1.example.net.
@   300 NS  ns2.example.net.
www 300 A   192.0.2.1
"""
ZONES = {
    "ok.": TEXT,
    "example.org.": TEXT,
    "child.example.org.": TEXT,
    "192/30.2.0.192.in-addr.arpa.": TEXT,
}


class InOneProcess:
    """Lambda, with the function that delivers in this process."""

    def invoke(self, *, FunctionName, Payload):  # noqa: N803 - as in boto3
        assert FunctionName == "deliver"
        said = deliver.handler(json.loads(Payload), SimpleNamespace(aws_request_id="request"))
        return {"Payload": io.BytesIO(json.dumps(said).encode())}


@pytest.fixture(scope="module")
def server():
    """A BIND whose zones need a key."""
    keys = (KEY, MD5, *KEYS.values())
    with Bind({name: f"$ORIGIN {name}\n{text}" for name, text in ZONES.items()}, keys=keys) as server:
        yield server


@pytest.fixture(autouse=True)
def reaching(monkeypatch, service):
    """Allow the service to connect to loopback."""
    monkeypatch.setenv("TRANSFER_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("TRANSFER_PORTS", "1024-65535")
    current.cache_clear()
    service.settings = Settings.from_environment(os.environ)
    monkeypatch.setattr(Service, "deliverer", Deliverer(InOneProcess(), "deliver"))


@pytest.fixture
def choose(monkeypatch):
    """Set what the operator chose."""

    def set_(**fields):
        monkeypatch.setattr(Service, "choices", lambda _: Choices(**fields))

    return set_


@pytest.fixture
def root(service):
    """Headers of a super user."""
    people.group(service, "elsewhere")
    return people.user(service, "root", "elsewhere", is_super=True)


@pytest.fixture
def helper(service, root):
    """Headers of a support user."""
    return people.user(service, "helper", "elsewhere", is_support=True)


def connection(server, key=KEY):
    return {
        "name": "primary",
        "keyName": key.name,
        "key": key.secret,
        "primaryServer": f"{server.host}:{server.port}",
        "algorithm": key.algorithm.upper(),
    }


def wanted(server=None, **changes):
    sent = {"name": "example.org.", "email": "dns@example.org", "adminGroupId": GROUP}
    sent |= {"connection": connection(server)} if server else {}
    return {name: value for name, value in (sent | changes).items() if value is not ...}


def connect(server=None, headers=None, **changes):
    return call(
        connect_zone.handler, event("vinyldns_connect_zone", json=wanted(server, **changes), headers=headers or {})
    )


def send(zone, headers=None, **changes):
    sent = {name: value for name, value in (zone | changes).items() if value is not ...}
    return call(update_zone.handler, event("vinyldns_update_zone", zone=NOBODYS, json=sent, headers=headers or {}))


def ask(module, zone_id, headers=None, **more):
    name = module.__name__.rpartition(".")[2]
    mine = {"authorization": None, "x-auth-token": TOKEN}
    return call(module.handler, event(f"vinyldns_{name}", zone=zone_id, headers=mine | (headers or {}), **more))


def shown(zone_id, headers=None):
    return ask(get_zone, zone_id, headers).json["zone"]


def delete(zone_id, headers=None):
    return ask(delete_zone, zone_id, headers)


def load(service, zone_id):
    """End the first sync of a zone."""
    zone = zones.get(service.table, zone_id)
    service.table.write(
        Put(zones.to_item(replace(zone.freed(State.ACTIVE, service.now()), version=1, serial=1, updated=None)))
    )
    return zone_id


def connected(service, server, **changes):
    answer = connect(server, **changes)
    assert answer.status == 202, answer.body
    return load(service, answer.json["zone"]["id"])


# --- POST


def test_a_connected_zone_is_stored_and_its_first_sync_begins(service, server):
    answer = connect(server, name=" example.org ", transferConnection=connection(server, MD5), acl={"rules": ["x"]})
    zone = zones.get(service.table, answer.json["zone"]["id"])

    assert answer.status == 202
    assert answer.json == {
        "zone": {
            "name": "example.org.",
            "email": "dns@example.org",
            "status": "Syncing",
            "created": "2026-01-15T12:34:56Z",
            "id": zone.id,
            "account": answer.json["zone"]["account"],
            "shared": False,
            "acl": {"rules": []},
            "adminGroupId": GROUP,
            "isTest": False,
            "connection": connection(server) | {"key": zone.connection.stand_in},
            "transferConnection": connection(server, MD5) | {"key": zone.transfer_connection.stand_in},
        },
        "userId": "ok",
        "changeType": "Create",
        "status": "Pending",
        "created": "2026-01-15T12:34:56Z",
        "id": zone.holder,
    }
    assert KEY.secret not in answer.body
    assert service.vault.open(zone.connection.secret, zone.id, Purpose.TSIG) == KEY.secret
    assert (zone.type, zone.updatable, zone.state) == (ZoneType.SECONDARY, True, State.SYNCING)
    assert zone.primaries == (Primary(server.host, server.port),)
    assert zone.order.trigger == "create"


@pytest.mark.parametrize("key", [KEY, MD5, *KEYS.values()], ids=lambda key: key.algorithm)
def test_every_algorithm_of_tsig_signs(service, server, key):
    zone_id = connected(service, server, connection=connection(server, key))

    assert shown(zone_id)["connection"]["algorithm"] == key.algorithm.upper()


@pytest.mark.parametrize("name", ["ok", "192/30.2.0.192.in-addr.arpa."])
def test_names_of_one_label_and_with_slashes_are_names(service, server, name):
    zone_id = connected(service, server, name=name)

    assert shown(zone_id)["name"] == name.rstrip(".") + "."


def test_a_zone_may_be_below_one_of_another_group(service, server):
    connected(service, server)

    answer = connect(server, headers=STRANGER, name="child.example.org.", adminGroupId=STRANGERS_GROUP)

    assert answer.status == 202


def test_without_connection_the_backend_serves_the_zone(service, server):
    found = Asked("lab", KEY.name, KEY.algorithm, KEY.secret, f"{server.host}:{server.port}")
    there = Connections(connections.sealed(service, found, owner_of("lab")))
    backends.put(service.table, Backend("lab", there, default=True), None, service.now())

    named = shown(connected(service, None, backendId="lab"))
    default = shown(connected(service, None, name="ok."))

    assert named["backendId"] == "lab"
    assert "connection" not in named
    assert "backendId" not in default
    assert backends.count(service.table, backends.get(service.table, "lab")) == 2


def test_all_that_is_wrong_with_a_body_is_told_together():
    sent = {
        "email": True,
        "shared": "invalid_value",
        "connection": {"name": "x", "algorithm": "bad"},
        "transferConnection": "x",
        "acl": {"rules": [{"userId": "x"}]},
    }
    answer = call(connect_zone.handler, event("vinyldns_connect_zone", json=sent), documented=False)

    assert answer.status == 400
    assert set(answer.json["errors"]) == {
        "Missing Zone.name",
        "Do not know how to convert JBool(true) into class java.lang.String",
        "Missing Zone.adminGroupId",
        "Do not know how to convert JString(invalid_value) into boolean",
        "Missing ZoneConnection.name",
        "Missing ZoneConnection.keyName",
        "Missing ZoneConnection.key",
        "Missing ZoneConnection.primaryServer",
        "Unsupported algorithm bad, must be one of HMAC-MD5,HMAC-SHA1,HMAC-SHA224,HMAC-SHA256,HMAC-SHA384,HMAC-SHA512",
        "Missing ACLRule.accessLevel",
    }


NOT_MINE = "User 'ok' cannot create or modify zone '{name}' because they are not in the Zone Admin Group"
NOBODY_RULE = {"rules": [{"accessLevel": "Read", "recordTypes": []}]}
ORDER = [
    ({"acl": NOBODY_RULE}, 400, "Invalid ACL rule: ACL rules must have a group or user id"),
    ({"email": "nonsense"}, 400, "Please enter a valid Email."),
    ({"email": "a@b.c.d.e"}, 400, "Please enter a valid Email. Number of dots allowed after @ is 2"),
    ({"backendId": "nope"}, 400, "Invalid backendId: [Some(nope)]; please check system configuration"),
    ({"shared": True}, 403, "Not authorized to create shared zones."),
    (
        {"name": "OK."},
        409,
        "Zone with name OK. already exists. Please contact dns@example.org to request access to the zone.",
    ),
    ({"adminGroupId": NOBODYS}, 400, f"Admin group with ID {NOBODYS} does not exist"),
    ({"recurrenceSchedule": "x"}, 403, "User 'ok' is not authorized to schedule zone sync in this zone."),
    (
        {"adminGroupId": STRANGERS_GROUP},
        403,
        f"{NOT_MINE} '{STRANGERS_GROUP}'",
    ),
    ({"name": "not-served.example."}, 400, "Unable to find zone not-served.example. in backend unknown"),
]


@pytest.mark.parametrize("number", range(len(ORDER)))
def test_each_check_comes_before_the_next_ones(service, server, number):
    load(service, connect(server, name="ok.").json["zone"]["id"])
    later = {}
    for changes_, _, _ in reversed(ORDER[number:]):
        later |= changes_
    status, text = ORDER[number][1:]

    answer = connect(server, **later)

    assert (answer.status, answer.json) == (status, text.format(name=later.get("name", "example.org.")))


def test_a_schedule_is_of_system_admins_and_is_cron(service, server, helper):
    refused = connect(server, headers=helper, recurrenceSchedule="every day")
    stranger = connect(server, headers=helper, recurrenceSchedule="0/5 0 0 ? * * *")

    assert refused.json == "Invalid cron expression. Please enter a valid cron expression in 'recurrenceSchedule'."
    assert stranger.status == 403  # a support user is in no admin group


def test_a_super_user_shares_and_schedules(service, server, root):
    answer = connect(server, headers=root, shared=True, recurrenceSchedule="0/5 0 0 ? * * *")

    zone = answer.json["zone"]
    assert answer.status == 202
    assert (zone["shared"], zone["recurrenceSchedule"], zone["scheduleRequestor"]) == (True, "0/5 0 0 ? * * *", "root")


@pytest.mark.parametrize(
    ("changes_", "text"),
    [
        ({"key": MD5.secret}, "Unable to connect to zone: "),
        ({"keyName": "unknown."}, "Unable to connect to zone: "),
        ({"primaryServer": "127.0.0.1:1"}, "Unable to connect to zone: "),
        ({"primaryServer": "192.0.2.1:5300"}, "Unable to connect to zone: this service may not connect"),
        ({"key": "no base64"}, "Invalid connection primary: "),
        ({"key": "ENC:bm90aGluZw=="}, "Invalid connection primary: its key is none that this zone has"),
        ({"primaryServer": "169.254.169.254"}, "Invalid connection primary: "),
    ],
    ids=["secret", "key name", "port", "network", "base64", "stand-in", "metadata"],
)
def test_a_connection_that_does_not_work_stores_nothing(service, server, changes_, text):
    answer = connect(server, connection=connection(server) | changes_)

    assert (answer.status, answer.json[: len(text)]) == (400, text)
    assert zones.named(service.table, "example.org.") is None


def test_name_servers_that_are_not_approved_are_told_with_the_zone(server, choose):
    choose(approved_name_servers=(r"ns1\.example\.net\.",))

    answer = connect(server, shared=False)

    assert answer.status == 400
    assert answer.json["errors"] == ["Name Server ns2.example.net. is not an approved name server."]
    assert (answer.json["zone"]["name"], answer.json["zone"]["status"]) == ("example.org.", "Active")


# --- PUT


def test_what_is_shown_may_be_sent_back(service, server):
    zone_id = connected(
        service,
        server,
        transferConnection=connection(server, MD5),
        acl={"rules": [{"accessLevel": "Read", "userId": "stranger"}]},
    )
    before, zone = shown(zone_id), zones.get(service.table, zone_id)

    answer = send(before)
    after = zones.get(service.table, zone_id)

    assert answer.status == 202, answer.body
    assert (answer.json["changeType"], answer.json["status"]) == ("Update", "Pending")
    assert (after.connection, after.transfer_connection, after.acl) == (
        zone.connection,
        zone.transfer_connection,
        zone.acl,
    )
    assert shown(zone_id) == before | {"updated": answer.json["zone"]["updated"]}


def test_a_key_that_is_sent_back_without_its_algorithm_keeps_it(service, server):
    zone = shown(connected(service, server))
    sent = {name: value for name, value in zone["connection"].items() if name != "algorithm"}

    assert send(zone, connection=sent).status == 202
    assert shown(zone["id"])["connection"] == zone["connection"]


def test_what_is_left_out_is_removed_and_the_default_backend_serves(service, server):
    zone_id = connected(service, server, acl={"rules": [{"accessLevel": "Read", "userId": "stranger"}]})
    before = shown(zone_id)

    refused = send(before, connection=..., acl=...)
    found = Asked("lab", KEY.name, KEY.algorithm, KEY.secret, f"{server.host}:{server.port}")
    there = Connections(connections.sealed(service, found, owner_of("lab")))
    backends.put(service.table, Backend("lab", there, default=True), None, service.now())
    answer = send(before, connection=..., acl=..., email="other@example.org")
    zone = zones.get(service.table, zone_id)

    assert refused.json == "Unable to find zone example.org. in backend default"
    assert answer.status == 202
    assert (zone.connection, zone.backend_id, zone.acl, zone.email) == (None, "", (), "other@example.org")
    assert zone.state is State.ACTIVE


def test_the_key_of_another_zone_is_not_taken(service, server):
    other = shown(connected(service, server, name="ok."))
    zone = shown(connected(service, server))

    answer = send(zone, connection=other["connection"])

    assert answer.json == "Invalid connection primary: its key is none that this zone has"


def test_a_changed_connection_is_asked_before_it_is_stored(service, server):
    zone = shown(connected(service, server))

    answer = send(zone, connection=zone["connection"] | {"primaryServer": "127.0.0.1:1"})

    assert answer.status == 400
    assert shown(zone["id"]) == zone


def test_a_zone_with_masters_keeps_them(service):
    made = Zone(NOBODYS, "m.example.", GROUP, ZoneType.SECONDARY, service.now(), primaries=(Primary("192.0.2.1"),))
    service.table.write(*zones.create(replace(made, version=1)))

    answer = send(shown(NOBODYS), email="other@example.org")
    after = zones.get(service.table, NOBODYS)

    assert answer.status == 202
    assert (after.primaries, after.updatable, after.email) == (made.primaries, False, "other@example.org")


CHANGE_ORDER = [
    ({"acl": NOBODY_RULE}, 400, "Invalid ACL rule: ACL rules must have a group or user id"),
    ({"email": "nonsense"}, 400, "Please enter a valid Email."),
    ({"backendId": "nope"}, 400, "Invalid backendId: [Some(nope)]; please check system configuration"),
    ({"shared": True}, 403, "Not authorized to update zone shared status from false to true."),
    ({"recurrenceSchedule": "x"}, 403, "User 'ok' is not authorized to schedule zone sync in this zone."),
    ({"adminGroupId": NOBODYS}, 400, f"Admin group with ID {NOBODYS} does not exist"),
    ({"name": "renamed."}, 400, "Cannot update the name of zone example.org."),
]


@pytest.mark.parametrize("number", range(len(CHANGE_ORDER)))
def test_each_check_of_a_change_comes_before_the_next_ones(service, server, number):
    zone = shown(connected(service, server))
    later = {}
    for changes_, _, _ in reversed(CHANGE_ORDER[number:]):
        later |= changes_

    answer = send(zone, **later)

    assert (answer.status, answer.json) == CHANGE_ORDER[number][1:]


def test_a_stranger_changes_nothing(service, server):
    zone = shown(connected(service, server))
    who = "User 'stranger' cannot create or modify zone 'example.org.'"
    text = f"{who} because they are not in the Zone Admin Group '{GROUP}'"

    for answer in (send(zone, STRANGER), delete(zone["id"], STRANGER)):
        assert (answer.status, answer.json) == (403, text)
    for answer in (send(zone, id=NOBODYS), delete(NOBODYS)):
        assert (answer.status, answer.json) == (404, f"Zone with id {NOBODYS} does not exists")


def test_another_group_gets_the_zone(service, server, root):
    zone = shown(connected(service, server))

    mine = send(zone, adminGroupId=STRANGERS_GROUP)
    answer = send(zone, root, adminGroupId=STRANGERS_GROUP)

    assert mine.status == 403
    assert answer.status == 202
    assert shown(zone["id"], STRANGER)["adminGroupId"] == STRANGERS_GROUP
    assert zones.count(service.table, GROUP) == 0
    assert zones.count(service.table, STRANGERS_GROUP) == 1


def test_nine_updates_back_to_back_are_ten_changes_in_order(service, server):
    zone = shown(connected(service, server))

    for number in range(9):
        assert send(zone, email=f"n{number}@example.org").status == 202
    page = ask(list_zone_changes, zone["id"], rawQueryString="").json["zoneChanges"]

    assert [each["changeType"] for each in page] == ["Update"] * 9 + ["Create"]
    assert len(changes.listing(service.table, zone["id"], 20)) == 10


# --- The other API


def test_masters_of_a_connected_zone_are_not_changed_beside_its_connection(service, server):
    zone_id = connected(service, server)

    answer = call(patch_zone.handler, event("designate_update_zone", zone=zone_id, json={"masters": ["192.0.2.1"]}))

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    assert "is copied by its connection" in answer.json["message"]


def test_who_accepts_a_connected_zone_does_not_get_the_keys(service, server):
    zone_id = connected(service, server, transferConnection=connection(server, MD5))
    offered = call(
        create_transfer_request.handler, event("designate_create_transfer_request", zone=zone_id, json={})
    ).json

    taken = call(
        create_transfer_accept.handler,
        event(
            "designate_create_transfer_accept",
            json={"key": offered["key"], "zone_transfer_request_id": offered["id"]},
            headers=STRANGER,
        ),
    )
    zone = zones.get(service.table, zone_id)

    assert taken.status == 201
    assert (zone.group_id, zone.connection, zone.transfer_connection) == (STRANGERS_GROUP, None, None)
    assert zone.primaries == (Primary(server.host, server.port),)


# --- DELETE


def test_a_deleted_zone_is_gone_and_its_name_is_free(service, server):
    zone_id = connected(service, server)
    connected(service, server, name="child.example.org.")

    answer = delete(zone_id)

    assert answer.status == 202
    assert (answer.json["changeType"], answer.json["status"]) == ("Delete", "Pending")
    assert answer.json["zone"]["status"] == "Deleted"
    for again in (delete(zone_id), ask(get_zone, zone_id)):
        assert (again.status, again.json) == (404, f"Zone with id {zone_id} does not exists")
    assert connect(server).status == 202
