import pytest
from zonewright.errors import Invalid
from zonewright.model import pool, poolfile
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Route53, Server
from zonewright.model.settings import Settings

SETTINGS = Settings(
    "t", "b", transfer_networks=("0.0.0.0/0", "::/0", "192.0.2.0/24"), transfer_ports="53,853,5300-5399"
)
DEFAULT = pool.of_deployment(SETTINGS)
STORED = Pool("10000000-0000-4000-8000-000000000000", "gold", (NsRecord("a.example.", 1),), revision=7)
KEY = "30000000-0000-4000-8000-00000000000a"
LEAST = {"name": "gold", "ns_records": [{"hostname": "ns1.example.net.", "priority": 1}]}
SERVERS = ("nameservers", "also_notifies")
BIND = {"type": "rfc2136", "options": {"host": "192.0.2.53"}}


def read(*entries):
    return poolfile.read(list(entries), [DEFAULT, STORED], SETTINGS)


def reasons(*entries):
    with pytest.raises(Invalid) as raised:
        read(*entries)
    return [each.message for each in raised.value.reasons]


def target(kind="rfc2136", **options):
    """A pool with one target of these options."""
    given = {"host": "192.0.2.53"} | options if kind == "rfc2136" else options
    return LEAST | {"targets": [{"type": kind, "options": given}]}


def test_a_pool_needs_a_name_and_a_name_server():
    (found,) = read(LEAST)

    assert (found.id, found.name, found.revision) == (STORED.id, "gold", 7)
    assert (found.threshold, found.targets, found.nameservers, found.also_notifies) == (100, (), (), ())
    assert reasons({}) == ["pools[0].name: is required", "pools[0].ns_records: is required"]


def test_a_file_may_have_one_pool_without_a_list():
    assert poolfile.read(LEAST, [DEFAULT, STORED], SETTINGS) == read(LEAST)


def test_the_default_pool_is_the_one_of_this_name_or_id():
    by_name, by_id = read(LEAST | {"name": "Default"}), read(LEAST | {"name": "main", "id": Settings.pool_id.upper()})

    assert by_name[0].id == by_id[0].id == Settings.pool_id


def test_a_new_pool_gets_an_id():
    (one,), (two,) = read(LEAST | {"name": "new"}), read(LEAST | {"name": "new"})

    assert len(one.id) == 36
    assert one.id != two.id
    assert one.revision == 0


def test_name_servers_are_in_the_order_of_their_priority():
    servers = [("c.example.", 30), ("A.example.", 10), ("b.example.", 20)]

    (found,) = read(LEAST | {"ns_records": [{"hostname": host, "priority": number} for host, number in servers]})
    (unranked,) = read(LEAST | {"ns_records": [{"hostname": "z.example."}, {"hostname": "a.example."}]})

    assert [each.hostname for each in found.ns_records] == ["a.example.", "b.example.", "c.example."]
    assert [each.hostname for each in unranked.ns_records] == ["z.example.", "a.example."]


def test_everything_that_a_file_can_say():
    (found,) = read(
        LEAST
        | {
            "id": "20000000-0000-4000-8000-000000000000",
            "name": "all",
            "description": "of it",
            "attributes": {"tier": "gold", "anycast": True, "sites": 3},
            "threshold": 50,
            "targets": [
                BIND | {"description": "one", "tsigkey_id": "a word"},
                {"type": "rfc2136", "id": KEY, "options": {"host": "NS.Example.Net", "tls": True, "serial": "theirs"}},
                {"type": "route53", "options": {"role_arn": "arn:aws:iam::123456789012:role/dns", "external_id": "x1"}},
            ],
            "nameservers": [{"host": "192.0.2.54", "port": 5300, "tsigkey_id": KEY}],
            "also_notifies": [{"host": "2A00::1"}],
        }
    )

    one, two, three = found.targets
    assert found.attributes == {"tier": "gold", "anycast": "true", "sites": "3"}
    assert (one.options, one.tsigkey_id) == (Rfc2136("192.0.2.53"), "a word")
    assert (two.id, two.options) == (
        KEY,
        Rfc2136("ns.example.net", 853, tls=True, serial="theirs", prerequisites="recordsets"),
    )
    assert three.options == Route53(role_arn="arn:aws:iam::123456789012:role/dns", external_id="x1")
    assert three.id == pool.target_id(found.id, three.options)
    assert (found.nameservers, found.also_notifies) == ((Server("192.0.2.54", 5300, KEY),), (Server("2a00::1"),))


def test_what_was_read_reads_the_same_again():
    (found,) = read(target(octets=5000, divergence="stop") | {"nameservers": [{"host": "192.0.2.54"}]})

    assert read(pool.document(found)) == [found]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param("gold", "pools[0]: 'gold' is no mapping of fields", id="no mapping"),
        pytest.param(LEAST | {"catalog": 1}, "pools[0].catalog: is no field here", id="unknown field"),
        pytest.param(LEAST | {"name": " "}, "pools[0].name: ' ' is no text of 1 to 50", id="blank name"),
        pytest.param(LEAST | {"id": "gold"}, "pools[0].id: 'gold' is no UUID", id="id"),
        pytest.param(LEAST | {"targets": [BIND | {"tsigkey_id": 7}]}, "tsigkey_id: 7 is no id", id="key id"),
        pytest.param(LEAST | {"ns_records": []}, "pools[0].ns_records: is empty", id="no name server"),
        pytest.param(
            LEAST | {"ns_records": [{"hostname": "ns1.example.net"}]},
            "pools[0].ns_records[0].hostname: 'ns1.example.net' is no host name with a dot at its end",
            id="relative name server",
        ),
        pytest.param(
            LEAST | {"ns_records": LEAST["ns_records"] * 2},
            "pools[0].ns_records: hostname ns1.example.net. occurs 2 times",
            id="a name server twice",
        ),
        pytest.param(LEAST | {"threshold": 0}, "pools[0].threshold: 0 is no number from 1 to 100", id="threshold"),
        pytest.param(LEAST | {"threshold": True}, "pools[0].threshold: True is no number", id="true is no number"),
        pytest.param(LEAST | {"targets": BIND}, "is no list", id="no list"),
        pytest.param(LEAST | {"targets": [BIND] * 51}, "pools[0].targets: has 51 entries", id="too many"),
        pytest.param(
            LEAST | {"targets": [BIND, BIND]},
            "pools[0].targets: place rfc2136 192.0.2.53 port 53 occurs 2 times",
            id="a target twice",
        ),
        pytest.param(
            LEAST
            | {name: [{"host": f"192.0.2.{at}", "tsigkey_id": f"{name}{at}"} for at in range(30)] for name in SERVERS},
            "pools[0]: names 60 TSIG keys, and may name 50",
            id="too many keys",
        ),
        pytest.param(LEAST | {"attributes": {"a": 1.5}}, "pools[0].attributes: {'a': 1.5} has", id="attribute"),
        pytest.param(LEAST | {"attributes": {"pool_id": "x"}}, "pools[0].attributes: pool_id is", id="pool_id"),
        pytest.param(
            LEAST | {"targets": [{"type": "bind9"}]},
            "pools[0].targets[0].type: 'bind9' is none of rfc2136, route53; Designate's bind9",
            id="foreign type",
        ),
        pytest.param(LEAST | {"targets": [{"type": "rfc2136"}]}, "targets[0].options.host: is required", id="no host"),
        pytest.param(target(secret="x"), "pools[0].targets[0].options.secret: is no field here", id="unknown option"),
        pytest.param(target(tls="yes"), "options.tls: 'yes' is neither true nor false", id="flag"),
        pytest.param(target(host="192.0.2.1:53"), "options.host: '192.0.2.1:53' is no host", id="host and port"),
        pytest.param(target(host="a b"), "options.host: 'a b' is no host", id="host"),
        pytest.param(target(host="169.254.169.254"), "an address that no server may have", id="link-local"),
        pytest.param(target(host="10.0.0.1"), "options.host: TransferNetworks do not allow 10.0.0.1", id="network"),
        pytest.param(target(port=8053), "options.port: TransferPorts do not allow 8053", id="port"),
        pytest.param(target(octets=100), "options.octets: 100 is no number from 4096", id="octets"),
        pytest.param(target(serial="mine"), "options.serial: 'mine' is none of ours, theirs", id="serial"),
        pytest.param(target(divergence=["stop"]), "options.divergence: ['stop'] is none of", id="divergence"),
        pytest.param(target(serial="theirs", prerequisites="zone"), "zone needs the serial ours", id="theirs by zone"),
        pytest.param(
            LEAST | {"also_notifies": [{"host": "127.0.0.1"}]},
            "pools[0].also_notifies[0].host: TransferNetworks do not allow 127.0.0.1",
            id="notified",
        ),
        pytest.param(
            LEAST | {"nameservers": [{"host": "192.0.2.1"}] * 2},
            "pools[0].nameservers: server 192.0.2.1 port 53 occurs 2 times",
            id="asked twice",
        ),
        pytest.param(target("route53", hosted_zone_id="z/1"), "is no id of a hosted zone", id="hosted zone"),
        pytest.param(target("route53", hosted_zone_id="Z1", create=True), "options.create: is for", id="made by id"),
        pytest.param(target("route53", vpc_id="vpc-12345678"), "options.vpc_id: is for private", id="public in a VPC"),
        pytest.param(target("route53", private=True, create=True), "options.vpc_id: is required", id="private nowhere"),
        pytest.param(target("route53", external_id="x1"), "options.external_id: is for a role", id="no role"),
        pytest.param(target("route53", role_arn="dns"), "options.role_arn: 'dns' is no ARN of a role", id="role"),
        pytest.param(
            LEAST | {"targets": [{"type": "route53", "tsigkey_id": KEY}]},
            "pools[0].targets[0].tsigkey_id: signs DNS messages",
            id="signed HTTP",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(entry, reason):
    (found,) = reasons(entry)

    assert reason in found


def test_every_reason_is_told_at_once():
    found = reasons(target(port=0, tls=1) | {"threshold": 101}, {"name": "b", "ns_records": [{"hostname": 5}]})

    assert len(found) == 4


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        pytest.param([LEAST, LEAST], f"pools: id {STORED.id} occurs 2 times", id="id"),
        pytest.param([LEAST | {"name": "b"}, LEAST | {"name": "B"}], "pools: name b occurs 2 times", id="name"),
        pytest.param([LEAST | {"id": KEY}], "pools: name gold occurs 2 times", id="name of a stored pool"),
        pytest.param(
            [LEAST | {"name": name, "targets": [BIND | {"id": KEY}]} for name in "ab"],
            f"pools: target id {KEY} occurs 2 times",
            id="target id",
        ),
    ],
)
def test_what_must_be_unique_occurs_once(entries, reason):
    assert reason in reasons(*entries)


def test_a_pool_may_change_its_name_by_its_id():
    (found,) = read(LEAST | {"id": STORED.id, "name": "silver"})

    assert (found.id, found.name, found.revision) == (STORED.id, "silver", 7)
