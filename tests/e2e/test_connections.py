"""Zones that are connected as VinylDNS's clients do, and copies that get a backend, through the deployed stack."""

import time

import pytest
from primaries import Bind, Key, require
from support.deployed import SMALL, address

MD5 = Key.of("vinyldns.", "hmac-md5")
KEY = Key.of("lab.")
POLLS, PAUSE = 40, 0.05
"""The patience of VinylDNS's own functional tests."""


def polled(look):
    """Return the first result of `look` that is not None, as a client of VinylDNS waits for it."""
    for _ in range(POLLS):
        found = look()
        if found is not None:
            return found
        time.sleep(PAUSE)
    raise AssertionError(f"nothing after {POLLS} polls")


@pytest.fixture
def server(name):
    """A BIND whose transfers and updates need the key."""
    require(Bind)
    server = Bind({name: SMALL}, keys=[MD5, KEY], require_key={name: MD5.name})
    server.updates = True
    with server:
        yield server


def loaded(client, zone_id):
    """Return a zone once it was loaded, or None."""
    found = client.get_zone(zone_id)
    return found if found and found.latest_sync else None


def test_vinyldns_python_connects_polls_updates_and_abandons_a_zone(vinyldns, api, server, name):
    models = pytest.importorskip("vinyldns.zone")
    client = vinyldns()
    group = client.list_my_groups().groups[0]
    connection = models.ZoneConnection("primary", MD5.name, MD5.secret, address(server))

    change = client.connect_zone(models.Zone(name, "dns@example.org", group.id, connection=connection))
    active = polled(lambda: loaded(client, change.zone.id))
    active.email = "other@example.org"
    updated = client.update_zone(active)
    after = client.get_zone(active.id)
    copied = api.call("GET", f"/v2/zones/{active.id}").body
    abandoned = client.abandon_zone(active.id)

    assert (change.change_type, change.status, change.zone.status) == ("Create", "Pending", "Syncing")
    assert (active.status, active.name) == ("Active", name)
    assert active.connection.key.startswith("ENC:")
    assert (updated.change_type, updated.status, after.email) == ("Update", "Pending", "other@example.org")
    assert after.connection.key == active.connection.key
    assert (copied["type"], copied["masters"]) == ("SECONDARY", [address(server)])
    assert (abandoned.change_type, abandoned.zone.status) == ("Delete", "Deleted")
    assert client.get_zone(active.id) is None


def test_a_zone_that_is_not_served_or_whose_key_is_wrong_is_not_connected(vinyldns, api, server, name):
    models = pytest.importorskip("vinyldns.zone")
    errors = pytest.importorskip("vinyldns.client")
    client = vinyldns()
    group = client.list_my_groups().groups[0]
    wrong = models.ZoneConnection("primary", MD5.name, KEY.secret, address(server))
    right = models.ZoneConnection("primary", MD5.name, MD5.secret, address(server))

    with pytest.raises(errors.ClientError) as badly_signed:
        client.connect_zone(models.Zone(name, "dns@example.org", group.id, connection=wrong))
    with pytest.raises(errors.ClientError) as not_served:
        client.connect_zone(models.Zone(f"no.{name}", "dns@example.org", group.id, connection=right))

    assert "Unable to connect to zone: " in str(badly_signed.value)
    assert f"Unable to find zone no.{name} in backend unknown" in str(not_served.value)
    assert api.call("GET", f"/v2/zones?name={name}").body["zones"] == []


def test_a_copy_whose_primary_needs_a_key_is_synced_once_it_has_a_backend(api, operator, server, name, tmp_path):
    file = tmp_path / "key"
    file.write_text(MD5.secret)
    key = ("--key-name", MD5.name, "--algorithm", MD5.algorithm, "--key-file", str(file))
    backend_id = name.split(".", 1)[0]
    zone = api.create(name, address(server))
    unsigned = api.ended(zone["id"])

    operator("backend", "set", backend_id, "--server", address(server), *key)
    operator("zone", "backend", name, backend_id)
    api.sync(zone["id"])
    signed = api.synced(zone["id"])
    (listed,) = [each for each in operator("backend", "list") if each["id"] == backend_id]

    assert unsigned["status"] == "Failed"
    assert signed["sync"]["records"] == 4
    assert listed["zones"] == 1
    assert api.call("GET", f"/zones/{zone['id']}").body["zone"]["backendId"] == backend_id
