import json
from datetime import UTC, datetime

import boto3
import pytest
from primaries import certificates
from zonewright import command
from zonewright.contents import chunks
from zonewright.model import tokens
from zonewright.model.tsigkey import Scope
from zonewright.model.version import Version
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import authorities, keys, tsigkeys, users, versions, zones
from zonewright.store import tokens as token_store
from zonewright.store.table import Update
from zonewright.store.vault import Purpose

POOL = "794ccc2c-d751-44fe-b57f-8894c9f5c842"
STACK = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {
        "TableName": {"Value": "zonewright-table"},
        "BucketName": {"Value": "zonewright-bucket"},
        "KmsKeyId": {"Value": "alias/zonewright"},
    },
}


@pytest.fixture
def stack(table, vault):
    boto3.client("cloudformation").create_stack(StackName="zonewright", TemplateBody=json.dumps(STACK))
    return table


@pytest.fixture
def zonewright(stack, capsys):
    """The command: what it prints, read as JSON."""

    def run(*arguments):
        status = command.main(arguments)
        printed = capsys.readouterr()
        assert (status, printed.err) == (0, "")
        return json.loads(printed.out)

    return run


def fails(capsys, *arguments):
    assert command.main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err.strip()


def test_a_user_is_made_with_a_key_pair_that_is_shown_once(zonewright, stack, vault):
    made = zonewright("user", "create", "--name", "ada", "--email", "ada@example.org", "--support")

    user = users.by_access_key(stack, made["accessKey"])
    assert made == {"id": user.id, "userName": "ada", "accessKey": made["accessKey"], "secretKey": made["secretKey"]}
    assert (user.name, user.email, user.is_super, user.is_support) == ("ada", "ada@example.org", False, True)
    assert vault.open(user.secret, user.id, Purpose.USER) == made["secretKey"]
    assert made["secretKey"] not in json.dumps(zonewright("user", "list"))


def test_a_user_may_be_one_for_tests(zonewright, stack):
    made = zonewright("user", "create", "--name", "probe", "--test")

    user = users.get(stack, made["id"])
    assert (user.is_test, user.caller().is_test, user.caller_for("g").is_test) == (True, True, True)
    assert [each["test"] for each in zonewright("user", "list")] == [True]


def test_a_user_may_bring_its_keys_along(zonewright):
    given = ("--id", "ok", "--access-key", "okAccessKey", "--secret-key", "okSecretKey")

    made = zonewright("user", "create", "--name", "ok", *given)

    assert made == {"id": "ok", "userName": "ok", "accessKey": "okAccessKey", "secretKey": "okSecretKey"}


def test_users_are_listed_with_their_groups(zonewright):
    zonewright("user", "create", "--name", "ada", "--id", "ada-id", "--access-key", "ADA")
    zonewright("group", "create", "--name", "dns", "--id", "dns-id", "--email", "d@e.org", "--member", "ada-id")

    (listed,) = zonewright("user", "list")

    assert listed.pop("created").startswith("20")
    assert listed == {
        "id": "ada-id",
        "userName": "ada",
        "accessKey": "ADA",
        "email": None,
        "firstName": None,
        "lastName": None,
        "super": False,
        "support": False,
        "test": False,
        "lockStatus": "Unlocked",
        "groups": ["dns-id"],
    }


def test_a_user_is_locked_and_unlocked(zonewright, stack):
    zonewright("user", "create", "--name", "ada", "--id", "ada-id")

    assert zonewright("user", "lock", "ada-id") == {"id": "ada-id", "lockStatus": "Locked"}
    assert users.get(stack, "ada-id").locked
    assert zonewright("user", "unlock", "ada-id") == {"id": "ada-id", "lockStatus": "Unlocked"}


def test_every_member_of_a_new_group_is_an_admin_unless_some_are_named(zonewright):
    for name in ("ada", "bob"):
        zonewright("user", "create", "--name", name, "--id", name)
    plain = ("group", "create", "--email", "d@e.org", "--member", "ada", "--member", "bob")

    first = zonewright(*plain, "--name", "one", "--description", "first")
    second = zonewright(*plain, "--name", "two", "--admin", "bob")

    assert (first["members"], first["admins"], first["description"]) == (["ada", "bob"], ["ada", "bob"], "first")
    assert (second["members"], second["admins"]) == (["ada", "bob"], ["bob"])
    assert [group["name"] for group in zonewright("group", "list")] == ["one", "two"]


def test_a_member_joins_later(zonewright, stack):
    zonewright("user", "create", "--name", "ada", "--id", "ada")
    zonewright("group", "create", "--name", "dns", "--id", "dns", "--email", "d@e.org")

    zonewright("group", "add-member", "dns", "--member", "ada")

    assert users.group(stack, "dns").member_ids == ("ada",)


def test_a_token_is_shown_once_and_kept_as_a_digest(zonewright, stack):
    zonewright("group", "create", "--name", "dns", "--id", "dns", "--email", "d@e.org")
    zonewright("user", "create", "--name", "ada", "--id", "ada", "--group", "dns")

    made = zonewright("token", "create", "--user", "ada", "--group", "dns")

    digest = tokens.digest(made["token"])
    assert made == {"token": made["token"], "id": digest, "userId": "ada", "groupId": "dns"}
    stored = token_store.get(stack, digest)
    assert (stored.user_id, stored.group_id) == ("ada", "dns")


PRIMARY = Primary("192.0.2.53")
MOMENT = datetime(2026, 1, 15, tzinfo=UTC)
ZONE = Zone("zone-id", "example.org.", "group-id", ZoneType.SECONDARY, MOMENT, primaries=(PRIMARY,))
NEW_KEY = ("tsigkey", "create", "--name", "k.", "--secret", "c2VjcmV0")


def test_a_tsig_key_is_for_a_zone_or_for_the_pool(zonewright, stack, vault):
    stack.write(*zones.create(ZONE))
    plain = ("tsigkey", "create", "--algorithm", "hmac-sha512", "--secret", "c2VjcmV0")

    one = zonewright(*plain, "--name", "Transfer.Example.ORG", "--zone", "zone-id")
    pool = zonewright(*plain, "--name", "pool.key.", "--primary", "192.0.2.53:53", "--zone-name", "Example.ORG")

    assert (one["name"], one["scope"], one["resourceId"]) == ("transfer.example.org.", "ZONE", "zone-id")
    assert (pool["scope"], pool["resourceId"]) == ("POOL", POOL)
    assert (pool["primaries"], pool["zones"]) == (["192.0.2.53"], ["example.org."])
    key = tsigkeys.for_zone(stack, ZONE, POOL).keys[PRIMARY]
    assert (key.id, key.algorithm, key.scope, key.group_id) == (one["id"], "hmac-sha512", Scope.ZONE, "group-id")
    assert vault.open(key.secret, key.id, Purpose.TSIG) == "c2VjcmV0"
    assert zonewright("tsigkey", "list", "--zone", "zone-id") == [one]
    assert zonewright("tsigkey", "list") == [pool]
    assert zonewright("tsigkey", "delete", one["id"]) == {"id": one["id"]}
    assert tsigkeys.for_zone(stack, ZONE, POOL).keys[PRIMARY].id == pool["id"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((), "signs only where it lists primaries or zones", id="a key of the pool without a list"),
        pytest.param(("--zone", "zone-id", "--primary", "a"), "are for keys of the pool", id="a zone's with a list"),
        pytest.param(("--zone", "other-id"), "zone not found: zone other-id", id="no zone"),
        pytest.param(("--primary", "a") * 101, "lists at most 100 primaries", id="a long list"),
    ],
)
def test_a_tsig_key_that_signs_nothing_is_not_made(stack, capsys, arguments, said):
    stack.write(*zones.create(ZONE))

    assert said in fails(capsys, *NEW_KEY, *arguments)

    assert list(tsigkeys.every(stack)) == []


def test_the_keys_that_the_command_makes_for_a_zone_count(zonewright, stack, capsys):
    stack.write(*zones.create(ZONE))
    for number in range(10):
        zonewright("tsigkey", "create", "--name", f"k{number}.", "--secret", "c2VjcmV0", "--zone", "zone-id")

    assert "zone zone-id may have 10" in fails(capsys, *NEW_KEY, "--zone", "zone-id")


def test_authorities_are_believed_until_others_are_set(zonewright, stack, tmp_path):
    certificate, _ = certificates.self_signed("ns1.example.org")
    file = tmp_path / "authorities.pem"
    file.write_text(certificate)

    assert zonewright("authorities", "set", str(file)) == {"certificates": 1}

    assert authorities.get(stack) == certificate
    assert zonewright("authorities", "show") == {"certificates": certificate}
    file.write_text("")
    assert zonewright("authorities", "set", str(file)) == {"certificates": 0}
    assert authorities.get(stack) == ""


@pytest.fixture
def old(stack, bucket):
    """A zone with a version that was superseded long ago, and an object of a change that failed as long ago."""
    for number in (1, 2):
        lines = [f"a\t1\t60\tc000020{number}"]
        made = chunks.describe("", lines, chunks.to_text(lines), f"change-{number}")
        chunks.write(bucket, "zone-id", [(made, chunks.to_text(lines))])
        version = Version("zone-id", number, number, datetime(2026, 1, 1, tzinfo=UTC), f"change-{number}", (made,))
        base = versions.get(stack, "zone-id", number - 1)
        stack.write(*versions.publish(version, base.chunks if base else ()))
    return bucket


def test_a_dry_sweep_tells_what_would_go_and_a_real_one_removes_it(zonewright, stack, old):
    would = {"versions": 1, "zones": 0, "changes": 0, "objects": 1}
    (octets,) = {entry.octets for entry in old.entries("zones/zone-id/chunks/change-1/")}

    assert zonewright("sweep", "--dry-run") == {"wouldRemove": would | {"octets": octets}}
    assert zonewright("sweep", "--dry-run") == {"wouldRemove": would | {"octets": octets}}
    assert zonewright("sweep") == {"removed": would | {"objects": 0}}

    assert versions.get(stack, "zone-id", 1) is None
    assert len(list(old.keys("zones/zone-id/"))) == 2  # an hour later the chunk goes too


def test_what_is_due_is_what_the_stacks_parameters_say(old, zonewright):
    boto3.client("cloudformation").update_stack(
        StackName="zonewright",
        TemplateBody=json.dumps(STACK | {"Parameters": {"VersionRetention": {"Type": "Number"}}}),
        Parameters=[{"ParameterKey": "VersionRetention", "ParameterValue": "36500"}],
    )

    assert zonewright("sweep", "--dry-run")["wouldRemove"]["versions"] == 0


def test_what_cannot_be_done_is_one_line_and_a_status(stack, capsys):
    assert fails(capsys, "user", "lock", "eve") == "zonewright: user id not found: user eve"
    assert "user eve, group dns" in fails(capsys, "token", "create", "--user", "eve", "--group", "dns")
    assert "elsewhere" in fails(capsys, "--stack", "elsewhere", "user", "list")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("user", "create"), id="no name"),
        pytest.param(("user", "create", "--name", "a", "--access-key", "a/b"), id="access key"),
        pytest.param(("tsigkey", "create", "--name", "k.", "--secret", "no base64!"), id="secret"),
        pytest.param(("tsigkey", "create", "--name", "k.", "--secret", ""), id="empty secret"),
        pytest.param(("tsigkey", "create", "--name", "a..b", "--secret", "c2VjcmV0"), id="key name"),
        pytest.param(("tsigkey", "create", "--name", "k.", "--secret", "c2VjcmV0", "--primary", "a:b"), id="primary"),
        pytest.param(
            ("tsigkey", "create", "--name", "k.", "--secret", "c2VjcmV0", "--primary", "169.254.169.254"),
            id="link-local",
        ),
        pytest.param(("tsigkey", "create", "--name", "k.", "--secret", "c2VjcmV0", "--zone-name", "a..b"), id="zone"),
        pytest.param(("authorities", "set", __file__), id="no certificate"),
        pytest.param(("authorities", "set", "nowhere.pem"), id="no file"),
        pytest.param(
            ("tsigkey", "create", "--name", "k.", "--secret", "c2VjcmV0", "--algorithm", "md5"), id="algorithm"
        ),
    ],
)
def test_a_command_that_makes_no_sense_is_explained(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)

    assert "zonewright" in capsys.readouterr().err


def test_the_stack_may_be_named_by_the_environment(stack, monkeypatch, capsys):
    monkeypatch.setenv("ZONEWRIGHT_STACK", "other")

    assert "other" in fails(capsys, "user", "list")


def test_secrets_of_earlier_releases_are_sealed_anew(zonewright, stack, vault):
    user = zonewright("user", "create", "--name", "ada", "--email", "ada@example.org")
    zonewright("user", "create", "--name", "joe", "--email", "joe@example.org")
    key = zonewright("tsigkey", "create", "--name", "old.", "--secret", "c2VjcmV0", "--zone-name", "a.example.")
    for place in (keys.user(user["id"]), keys.tsig_key(key["id"])):
        owner = place["pk"].split("#")[1]
        context = {"owner": owner}
        old = vault.client.encrypt(KeyId=vault.key_id, Plaintext=b"c2VjcmV0", EncryptionContext=context)
        stack.write(Update(place, set={"secret": old["CiphertextBlob"]}))

    first, second = zonewright("secrets", "renew"), zonewright("secrets", "renew")

    assert (first, second) == ({"users": 1, "tsigKeys": 1}, {"users": 0, "tsigKeys": 0})
    renewed = users.get(stack, user["id"]).secret, tsigkeys.get(stack, key["id"]).secret
    assert vault.renew(renewed[0], user["id"], Purpose.USER) is None
    assert (
        vault.open(renewed[0], user["id"], Purpose.USER)
        == vault.open(renewed[1], key["id"], Purpose.TSIG)
        == "c2VjcmV0"
    )
