"""`zonewright backend` and `zonewright zone backend`: name servers that take updates of copied zones."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest
from zonewright import command
from zonewright.model.connection import Connection, Connections, Usage
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import backends, changes, zones
from zonewright.store.vault import Purpose

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
STACK = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {
        "TableName": {"Value": "zonewright-table"},
        "BucketName": {"Value": "zonewright-bucket"},
        "KmsKeyId": {"Value": "alias/zonewright"},
    },
}
ZONE = Zone("z1", "example.org.", "dns-id", ZoneType.SECONDARY, NOW, primaries=(Primary("192.0.2.9"),), version=1)
LAB = ("backend", "set", "lab", "--server", "192.0.2.1:5300", "--key-name", "update.example.org.")


@pytest.fixture
def stack(table, vault):
    boto3.client("cloudformation").create_stack(StackName="zonewright", TemplateBody=json.dumps(STACK))
    return table


@pytest.fixture
def zonewright(stack, capsys):
    """The command: what it prints, read as JSON."""

    def run(*arguments):
        assert command.main(arguments) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def refused(stack, capsys):
    """The command, which fails: what it says."""

    def run(*arguments):
        assert command.main(arguments) == 1
        return capsys.readouterr().err.strip()

    return run


@pytest.fixture
def key(tmp_path):
    """A file with a key."""
    file = tmp_path / "update.key"
    file.write_text("dXBkYXRl\n")
    return str(file)


def test_a_backend_is_set_listed_without_keys_and_deleted(zonewright, stack, vault, key, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("dXBkYXRl\n"))
    transfers = ("--transfer-server", "ns.example.net", "--transfer-key-name", "transfer.", "--transfer-key-file", "-")

    made = zonewright(*LAB, "--key-file", key, *transfers, "--transfer-algorithm", "hmac-md5", "--usage", "update")
    (listed,) = zonewright("backend", "list")
    found = backends.get(stack, "lab")

    assert (
        made
        == listed
        == {
            "id": "lab",
            "default": False,
            "usage": "update",
            "connection": {"server": "192.0.2.1:5300", "keyName": "update.example.org.", "algorithm": "hmac-sha256"},
            "transferConnection": {"server": "ns.example.net", "keyName": "transfer.", "algorithm": "hmac-md5"},
            "zones": 0,
            "created": made["created"],
            "updated": None,
        }
    )
    for each in (found.connections.connection, found.connections.transfer_connection):
        assert vault.open(each.secret, "backend#lab", Purpose.TSIG) == "dXBkYXRl"
    assert zonewright("backend", "delete", "lab") == {"id": "lab"}
    assert backends.listing(stack) == []


def test_a_change_without_a_key_file_keeps_the_key(zonewright, stack, key):
    zonewright(*LAB, "--key-file", key)
    before = backends.get(stack, "lab").connections.connection

    zonewright("backend", "set", "lab", "--server", "192.0.2.2", "--usage", "never", "--default")

    after = backends.get(stack, "lab")
    assert after.connections == Connections(replace(before, server="192.0.2.2"), usage=Usage.NEVER)
    assert after.default
    assert after.updated is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--server", "192.0.2.1"), "--key-name is missing"),
        (("--server", "192.0.2.1", "--key-name", "k."), "--key-file is missing"),
        (("--server", "169.254.0.1", "--key-name", "k.", "--key-file", "KEY"), "no primary may have the address"),
        (("--server", "192.0.2.1:x", "--key-name", "k.", "--key-file", "KEY"), "has no port"),
        (("--server", "192.0.2.1", "--key-name", "k.", "--key-file", "missing"), "missing has no key"),
        (("--server", "192.0.2.1", "--key-name", "k.", "--key-file", __file__), "has no key"),
        (
            ("--server", "192.0.2.1", "--key-name", "k.", "--key-file", "KEY", "--transfer-key-name", "t."),
            "need --transfer-server",
        ),
        (
            (
                *("--server", "192.0.2.1", "--key-name", "k.", "--key-file", "-"),
                *("--transfer-server", "192.0.2.1", "--transfer-key-name", "t.", "--transfer-key-file", "-"),
            ),
            "standard input has one key",
        ),
    ],
    ids=["no key name", "no key", "never", "no port", "no file", "no base64", "half", "stdin twice"],
)
def test_options_that_make_no_backend_are_refused(refused, stack, key, arguments, said):
    assert said in refused("backend", "set", "lab", *(key if each == "KEY" else each for each in arguments))
    assert backends.listing(stack) == []


def test_a_backend_with_zones_stays(zonewright, refused, stack, key):
    zonewright(*LAB, "--key-file", key, "--default")
    stack.write(*zones.create(replace(ZONE, backend_id="")))

    assert "zones 1" in refused("backend", "delete", "lab")
    assert "backend other" in refused("backend", "delete", "other")
    assert zonewright("backend", "list")[0]["zones"] == 1


def test_a_copied_zone_gets_a_backend_and_loses_it(zonewright, stack, key):
    zonewright(*LAB, "--key-file", key)
    stack.write(*zones.create(ZONE))

    given = zonewright("zone", "backend", "example.org", "lab")
    held = zones.get(stack, "z1")
    taken = zonewright("zone", "backend", "z1", "--none")
    left = zones.get(stack, "z1")

    assert given == {"id": "z1", "name": "example.org.", "backend": "lab", "primaries": ["192.0.2.1:5300"]}
    assert (held.updatable, held.primaries) == (True, (Primary("192.0.2.1", 5300),))
    assert taken["backend"] is None
    assert (left.updatable, left.primaries) == (False, held.primaries)
    assert backends.count(stack, backends.get(stack, "lab")) == 0
    assert len(changes.listing(stack, "z1", 10)) == 2


def test_a_zone_that_is_no_copy_or_has_a_connection_gets_no_backend(zonewright, refused, stack, key):
    zonewright(*LAB, "--key-file", key)
    own = Connection("own", "k.", "hmac-md5", b"sealed", "z2", "192.0.2.1")
    stack.write(*zones.create(replace(ZONE, type=ZoneType.PRIMARY, primaries=())))
    stack.write(*zones.create(replace(ZONE, id="z2", name="example.net.", connection=own)))

    assert "it is PRIMARY" in refused("zone", "backend", "example.org", "lab")
    assert "a connection of its own" in refused("zone", "backend", "example.net", "lab")


def test_no_zone_gets_a_backend_that_is_not_there(refused, stack):
    stack.write(*zones.create(ZONE))

    assert "backend gone" in refused("zone", "backend", "example.org", "gone")
    assert zones.get(stack, "z1") == ZONE
