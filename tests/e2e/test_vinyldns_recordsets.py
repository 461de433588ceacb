"""vinyldns-python writes and reads record sets of a zone whose primary is a BIND."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import dns.query
import dns.tsigkeyring
import dns.update
import pytest
from primaries import Bind, Key, require
from support.deployed import address

RUN = uuid.uuid4().hex[:8]
KEY = Key.of(f"update-{RUN}.example.")
NAMES = [f"{what}.{RUN}.example." for what in ("client", "other", "crowd")]
TEXT = "@ 300 SOA ns.example.net. joe.example.net. 1 3600 600 86400 300\n@ 300 NS ns.example.net.\n"
POLLS, PAUSE = 40, 0.05
"""The patience of VinylDNS's own tests."""


@pytest.fixture(scope="module")
def server():
    """A BIND that has the zones, and takes updates and transfers under the key."""
    require(Bind)
    server = Bind(dict.fromkeys(NAMES, TEXT), keys=[KEY], require_key=dict.fromkeys(NAMES, KEY.name))
    server.updates = True
    with server:
        yield server


@pytest.fixture
def copy(api, server, operator, tmp_path):
    """A function that makes a copy of a zone, whose primary takes updates. Return its id."""
    file = tmp_path / "update.key"
    file.write_text(KEY.secret)
    where = ("--server", address(server), "--key-name", KEY.name, "--key-file", str(file), "--algorithm", KEY.algorithm)
    operator("backend", "set", f"vinyl-{RUN}", *where)
    made = []

    def copy(name):
        made.append(api.create(name, address(server))["id"])
        api.ended(made[-1])
        operator("zone", "backend", name, f"vinyl-{RUN}")
        api.sync(made[-1])
        api.synced(made[-1])
        return made[-1]

    yield copy
    for zone_id in made:
        api.call("DELETE", f"/v2/zones/{zone_id}")


def polled(client, change):
    """Return a change as soon as it has ended, as clients poll it."""
    module = pytest.importorskip("vinyldns.client")
    for _ in range(POLLS):
        try:
            found = client.get_record_set_change(change.record_set.zone_id, change.record_set.id, change.id)
        except module.ClientError:
            found = None
        if found is not None and found.status != "Pending":
            return found
        time.sleep(PAUSE)
    raise AssertionError("it did not end")


def records(server, name, kind):
    answer = server.ask(name, kind)
    return sorted(str(each) for each in answer.answer[0]) if answer and answer.answer else []


@pytest.mark.primary
def test_vinyldns_python_writes_record_sets(vinyldns, server, copy):
    zone_id, name = copy(NAMES[0]), NAMES[0]
    record = pytest.importorskip("vinyldns.record")
    client = vinyldns()
    data = {
        "A": record.AData("192.0.2.1"),
        "AAAA": record.AAAAData("2001:DB8::1"),
        "CNAME": record.CNAMEData("Target.example.net."),
        "MX": record.MXData(10, "mail.example.net."),
        "SRV": record.SRVData(1, 2, 3, "sip.example.net."),
        "TXT": record.TXTData("x" * 300),
        "SSHFP": record.SSHFPData(1, 1, "ab" * 20),
        "SPF": record.SPFData("v=spf1 -all"),
    }

    changes = [
        client.create_record_set(record.RecordSet(zone_id, f"h-{kind}", kind, 300, records=[each]))
        for kind, each in data.items()
    ]

    assert {change.status for change in changes} == {"Pending"}
    assert [polled(client, change).status for change in changes] == ["Complete"] * len(data)
    assert records(server, f"h-aaaa.{name}", "AAAA") == ["2001:db8::1"]
    assert records(server, f"h-cname.{name}", "CNAME") == ["Target.example.net."]
    for change, each in zip(changes, data.values(), strict=True):
        found = client.get_record_set(zone_id, change.record_set.id)
        assert (vars(found.records[0]), found.status, found.name) == (vars(each), "Active", change.record_set.name)

    found = client.get_record_set(zone_id, changes[0].record_set.id)
    found.records, found.ttl = [record.AData("192.0.2.2"), record.AData("192.0.2.1")], 600
    updated, deleted = client.update_record_set(found), client.delete_record_set(zone_id, changes[1].record_set.id)
    assert [polled(client, change).status for change in (updated, deleted)] == ["Complete"] * 2
    assert (records(server, f"h-a.{name}", "A"), records(server, f"h-aaaa.{name}", "AAAA")) == (
        ["192.0.2.1", "192.0.2.2"],
        [],
    )
    shown = client.list_record_sets(zone_id, record_name_filter="h-a*").record_sets
    assert [(each.name, each.ttl, [data.address for data in each.records]) for each in shown] == [
        ("h-A", 600, ["192.0.2.2", "192.0.2.1"])
    ]
    history = client.list_record_set_change_history(zone_id, f"h-a.{name}", "A").record_set_changes
    assert [each.change_type for each in history] == ["Update", "Create"]
    (searched,) = client.search_record_sets(record_name_filter=f"h-mx.{name}").record_sets
    assert searched.id == changes[3].record_set.id
    assert client.get_record_set_count(zone_id).count == 2 + len(data) - 1


@pytest.mark.primary
def test_what_the_primary_has_otherwise_fails_and_is_listed(vinyldns, server, copy):
    zone_id, name = copy(NAMES[1]), NAMES[1]
    record = pytest.importorskip("vinyldns.record")
    client = vinyldns()
    keyring = dns.tsigkeyring.from_text({KEY.name: KEY.secret})
    other = dns.update.UpdateMessage(name, keyring=keyring, keyalgorithm=KEY.algorithm)
    other.add("other", 300, "A", "192.0.2.200")
    assert dns.query.tcp(other, server.host, port=server.port, timeout=5).rcode() == 0

    asked = client.create_record_set(record.RecordSet(zone_id, "other", "A", 300, records=[record.AData("192.0.2.1")]))
    ended = polled(client, asked)

    assert (ended.status, ended.record_set.status) == ("Failed", "Inactive")
    assert ended.system_message.startswith("This record set is out of sync with the DNS backend.")
    (listed,) = client.list_record_set_changes_failure(zone_id).failed_record_set_changes
    assert listed.id == asked.id


@pytest.mark.primary
def test_ten_clients_write_at_once(vinyldns, server, copy):
    zone_id, name = copy(NAMES[2]), NAMES[2]
    record = pytest.importorskip("vinyldns.record")
    clients = [vinyldns() for _ in range(10)]

    def write(number):
        made = record.RecordSet(zone_id, f"at-once-{number}", "A", 300, records=[record.AData("192.0.2.1")])
        return polled(clients[number], clients[number].create_record_set(made)).status

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(write, range(10))) == ["Complete"] * 10
    assert all(records(server, f"at-once-{number}.{name}", "A") for number in range(10))
