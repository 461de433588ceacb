"""`zonewright pool`: the stored pools become what a file says."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from zonewright import command
from zonewright.model.pool import Rfc2136, Route53
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import pools, tsigkeys, zones

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
DEFAULT = "11111111-1111-4111-8111-111111111111"
KEY = "30000000-0000-4000-8000-00000000000a"
PARAMETERS = {
    "PoolId": DEFAULT,
    "NameServers": "ns1.example.net., ns2.example.net.",
    "TransferNetworks": "192.0.2.0/24",
}
STACK = {
    "Parameters": {name: {"Type": "String"} for name in PARAMETERS},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {
        "TableName": {"Value": "zonewright-table"},
        "BucketName": {"Value": "zonewright-bucket"},
        "KmsKeyId": {"Value": "alias/zonewright"},
    },
}
FILE = f"""
- name: gold
  description: The better servers
  attributes: {{tier: gold, anycast: true}}
  ns_records:
    - {{hostname: gold1.example.net., priority: 1}}
    - {{hostname: gold2.example.net., priority: 2}}
  threshold: 50
  targets:
    - type: rfc2136
      description: hidden primary
      tsigkey_id: {KEY}
      options: {{host: 192.0.2.53}}
    - type: route53
      options: {{create: true}}
  nameservers:
    - {{host: 192.0.2.54}}
  also_notifies:
    - {{host: 192.0.2.55, tsigkey_id: {KEY}}}
"""


@pytest.fixture
def stack(table):
    boto3.client("cloudformation").create_stack(
        StackName="zonewright",
        TemplateBody=json.dumps(STACK),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()],
    )
    places = Places((Primary("192.0.2.53"),))
    tsigkeys.create(table, TsigKey(KEY, "push.", "hmac-sha256", b"", Scope.POOL, DEFAULT, NOW, places=places))
    return table


@pytest.fixture
def file(tmp_path):
    """A pool file that a test may write."""
    path = tmp_path / "pools.yaml"
    path.write_text(FILE)
    return path


@pytest.fixture
def pool(stack, capsys):
    """The command: what it prints, read as JSON."""

    def run(*arguments):
        status = command.main(["pool", *map(str, arguments)])
        printed = capsys.readouterr()
        assert (status, printed.err) == (0, "")
        return json.loads(printed.out)

    return run


@pytest.fixture
def fails(stack, capsys):
    """The command: what it prints when it fails."""

    def run(*arguments):
        assert command.main(["pool", *map(str, arguments)]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        return printed.err.strip()

    return run


def zone(number, pool_id=None):
    return Zone(f"z{number}", f"z{number}.org.", "dns-id", ZoneType.PRIMARY, NOW, pool_id=pool_id)


def test_a_file_makes_a_pool(pool, stack, file):
    told = pool("apply", file)

    (made,) = pools.listing(stack)
    (change,) = told["pools"]
    assert (told["dryRun"], told["leftAsTheyAre"]) == (False, ["default"])
    assert (change["id"], change["name"], change["change"]) == (made.id, "gold", "create")
    assert change["differences"]["threshold"] == {"before": None, "after": 50}
    assert ([each.hostname for each in made.ns_records], made.threshold) == (
        ["gold1.example.net.", "gold2.example.net."],
        50,
    )
    assert made.attributes == {"tier": "gold", "anycast": "true"}
    assert [each.options for each in made.targets] == [Rfc2136("192.0.2.53"), Route53(create=True)]
    assert [each.tsigkey_id for each in made.targets] == [KEY, None]
    assert (made.nameservers[0].host, made.also_notifies[0].tsigkey_id) == ("192.0.2.54", KEY)


def test_the_same_file_again_changes_nothing(pool, stack, file):
    pool("apply", file)
    before = pools.listing(stack)

    (change,) = pool("apply", file)["pools"]

    assert (change["change"], change["differences"]) == ("none", {})
    assert pools.listing(stack) == before


def test_a_changed_file_changes_what_it_says(pool, stack, file):
    pool("apply", file)
    (before,) = pools.listing(stack)
    file.write_text(
        FILE.replace("threshold: 50", "threshold: 75").replace("options: {host", "options: {tls: false, host")
    )

    (change,) = pool("apply", file)["pools"]

    (after,) = pools.listing(stack)
    assert (change["change"], change["differences"]) == ("update", {"threshold": {"before": 50, "after": 75}})
    assert (after.id, after.created, after.revision) == (before.id, before.created, 2)
    assert after.targets == before.targets


def test_a_dry_run_tells_the_same_and_writes_nothing(pool, stack, file):
    told = pool("apply", file, "--dry-run")

    assert pools.listing(stack) == []
    done = pool("apply", file)
    assert (told["dryRun"], done["dryRun"]) == (True, False)
    assert told["pools"][0]["change"] == done["pools"][0]["change"] == "create"

    file.write_text(FILE.replace("gold1", "gold0"))
    (change,) = pool("apply", file, "--dry-run")["pools"]
    assert set(change["differences"]) == {"ns_records"}
    assert pools.listing(stack)[0].ns_records[0].hostname == "gold1.example.net."


def test_the_deployments_pool_is_stored_under_its_id(pool, stack, file):
    file.write_text(FILE.replace("name: gold", "name: default"))

    (change,) = pool("apply", file)["pools"]

    assert (change["id"], change["change"]) == (DEFAULT, "create")
    assert change["differences"]["ns_records"]["before"] == [
        {"hostname": "ns1.example.net.", "priority": 1},
        {"hostname": "ns2.example.net.", "priority": 2},
    ]
    assert [each["name"] for each in pool("list")] == ["default"]
    assert pool("apply", file)["pools"][0]["change"] == "none"


def test_a_shown_pool_is_a_file(pool, stack, file):
    file.write_text(json.dumps(pool("show", "default")["pool"]))

    (change,) = pool("apply", file)["pools"]

    assert (change["change"], change["differences"]) == ("create", {})
    assert [each.id for each in pools.listing(stack)] == [DEFAULT]


def test_pools_are_listed_with_their_zones(pool, stack, file):
    pool("apply", file)
    (gold,) = pools.listing(stack)
    for number, pool_id in enumerate((gold.id, gold.id, None)):
        stack.write(*zones.create(zone(number, pool_id)))

    assert pool("list") == [
        {"id": DEFAULT, "name": "default", "targets": 0, "zones": 1},
        {"id": gold.id, "name": "gold", "targets": 2, "zones": 2},
    ]


def test_a_pool_is_shown_by_its_name_or_id_as_a_file_has_it(pool, stack, file):
    pool("apply", file)
    (gold,) = pools.listing(stack)

    shown = pool("show", "Gold")

    assert shown == pool("show", gold.id)
    target = shown["pool"]["targets"][0]
    assert (shown["zones"], target["tsigkey_id"]) == (0, KEY)
    assert target["options"] == {
        "host": "192.0.2.53",
        "port": 53,
        "tls": False,
        "serial": "ours",
        "prerequisites": "zone",
        "transfer": True,
        "octets": 60000,
        "divergence": "repair",
    }


def test_a_pool_is_deleted_only_without_zones(pool, fails, stack, file):
    pool("apply", file)
    (gold,) = pools.listing(stack)
    stack.write(*zones.create(zone(1, gold.id)))
    stack.write(*zones.create(zone(2)))

    assert fails("delete", "gold") == "zonewright: pool in use: pool gold, zones 1"
    assert pools.listing(stack) == [gold]


def test_an_empty_pool_is_deleted(pool, stack, file):
    pool("apply", file)
    (gold,) = pools.listing(stack)
    stack.write(*zones.create(zone(2)))

    assert pool("delete", "gold") == {"id": gold.id, "name": "gold"}
    assert [each["name"] for each in pool("list")] == ["default"]


def test_the_stored_default_pool_is_deleted_only_without_zones(pool, fails, stack, file):
    file.write_text(FILE.replace("name: gold", "name: default"))
    pool("apply", file)
    stack.write(*zones.create(zone(1)))
    assert fails("delete", "default") == "zonewright: pool in use: pool default, zones 1"


def test_an_empty_default_pool_is_the_deployments_again(pool, fails, stack, file):
    file.write_text(FILE.replace("name: gold", "name: default"))
    pool("apply", file)

    assert pool("delete", "default") == {"id": DEFAULT, "name": "default"}
    assert pool("show", "default")["pool"]["ns_records"][0]["hostname"] == "ns1.example.net."
    assert "is not stored, and cannot be deleted" in fails("delete", "default")


@pytest.mark.parametrize("verb", ["show", "delete"])
def test_there_is_no_such_pool(fails, verb):
    assert fails(verb, "silver") == "zonewright: pool not found: pool silver"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(FILE + "  color: red\n", "pools[0].color: is no field here", id="unknown field"),
        pytest.param(FILE.replace("192.0.2.53", "198.51.100.1"), "TransferNetworks do not allow", id="network"),
        pytest.param(FILE.replace("rfc2136", "bind9"), "only tell a server to pull from Designate", id="foreign type"),
        pytest.param(
            FILE.replace("0000000000a", "0000000000b"),
            "TSIG key 30000000-0000-4000-8000-00000000000b does not",
            id="no key",
        ),
        pytest.param(FILE + "  threshold: 3\n", "threshold occurs twice", id="a field twice"),
        pytest.param("- name: [", "cannot be read", id="no YAML"),
        pytest.param("- !!python/object/apply:os.getcwd []", "cannot be read", id="code"),
        pytest.param("", "pools[0]: None is no mapping of fields", id="empty"),
    ],
)
def test_a_wrong_file_changes_nothing(fails, stack, file, text, said):
    file.write_text(text)

    assert said in fails("apply", file)

    assert pools.listing(stack) == []


def test_a_missing_file_is_told(fails, tmp_path):
    assert "No such file" in fails("apply", tmp_path / "none.yaml")


def test_the_key_of_a_zone_signs_no_push(fails, stack, file):
    key = "30000000-0000-4000-8000-00000000000c"
    tsigkeys.create(stack, TsigKey(key, "z.", "hmac-sha256", b"", Scope.ZONE, "z1", NOW))
    file.write_text(FILE.replace(KEY, key))

    assert f"TSIG key {key} is the key of a zone" in fails("apply", file)
    assert pools.listing(stack) == []
