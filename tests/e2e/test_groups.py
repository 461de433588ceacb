"""Groups of VinylDNS, by vinyldns-python, and as projects of Designate."""

import threading
import time
import uuid

import pytest
from support.calls import NOBODYS

RUN = uuid.uuid4().hex[:8]


@pytest.fixture
def member(operator):
    """A function that makes a user and returns its id."""

    def make(*options):
        return operator("user", "create", "--name", f"member-{uuid.uuid4().hex[:8]}", *options)["id"]

    return make


@pytest.fixture
def client(api, operator):
    """A client of vinyldns-python for a user of its own: a tenant in several groups could not sign for one of them."""
    module = pytest.importorskip("vinyldns.client")
    user = operator("user", "create", "--name", f"client-{uuid.uuid4().hex[:8]}")
    made = module.VinylDNSClient(api.url, user["accessKey"], user["secretKey"])
    yield made
    made.session.close()


@pytest.fixture
def group(client):
    """A function that makes a group of the client's user."""
    membership = pytest.importorskip("vinyldns.membership")

    def make(name="", **fields):
        unique = f"{name}{uuid.uuid4().hex[:8]}"
        return client.create_group(membership.Group(unique, f"{unique[:4]}@example.org", **fields))

    return make


def user_ids(people):
    return [each.id for each in people]


def groups_of(client, user_id):
    return [each.id for each in client.get_user(user_id).group_ids]


def test_vinyldns_python_keeps_a_group(client, group, member):
    other = member("--first-name", "Ada")
    module = pytest.importorskip("vinyldns.membership")

    made = group("team-", members=[module.User(other)], admins=[])
    (me,) = user_ids(made.admins)
    assert user_ids(made.members) == [other, me]
    assert client.get_group(made.id).name == made.name
    assert [each.id for each in client.list_my_groups(group_name_filter=made.name).groups] == [made.id]

    made.description, made.admins = "those of names", [module.User(other), module.User(me)]
    changed = client.update_group(made)
    assert (changed.description, user_ids(changed.admins)) == ("those of names", [other, me])

    members = client.list_members_group(made.id, max_items=1)
    assert [members.members[0].id, members.next_id] == [min(other, me)] * 2
    rest = client.list_members_group(made.id, start_from=members.next_id)
    assert [each.id for each in rest.members] == [max(other, me)]
    assert sorted(user_ids(client.list_group_admins(made.id).admins)) == sorted([other, me])

    told = client.list_group_changes(made.id).changes
    name = client.get_user(other).user_name
    assert [each.group_change_message for each in told] == [
        f"Group description changed to 'those of names'. Group admin/s with user name/s '{name}' added.",
        "Group Created.",
    ]
    assert client.get_group_change(told[0].id).group_change_message == told[0].group_change_message
    assert client.list_group_valid_domains() == []

    assert client.delete_group(made.id).id == made.id
    assert client.get_group(made.id) is None
    assert made.id not in groups_of(client, me)


def test_a_group_is_a_project_and_keeps_its_zone(api, client, group, operator, name):
    made = group("owner-")
    (me,) = user_ids(made.admins)
    token = operator("token", "create", "--user", me, "--group", made.id)["token"]
    zone = api.call("POST", "/v2/zones", {"name": name, "email": "a@example.org"}, **{"X-Auth-Token": token}).body
    error = pytest.importorskip("vinyldns.client").ClientError

    with pytest.raises(error, match=r"is the admin of a zone\. Cannot delete"):
        client.delete_group(made.id)

    assert zone["project_id"] == made.id
    assert api.call("DELETE", f"/v2/zones/{zone['id']}", **{"X-Auth-Token": token}).status == 204
    assert client.delete_group(made.id).id == made.id


def test_a_stranger_sees_a_group_and_changes_nothing(stranger, group):
    made = group("seen-")

    assert stranger.call("GET", f"/groups/{made.id}").body["name"] == made.name
    assert made.id not in str(stranger.call("GET", "/groups?maxItems=3000").body)
    assert stranger.call("GET", f"/groups/{made.id}/activity").status == 403
    assert stranger.call("DELETE", f"/groups/{made.id}").status == 403
    body = {"id": made.id, "name": "x", "email": "a@b.c", "members": [], "admins": [{"id": "x"}]}
    assert stranger.call("PUT", f"/groups/{made.id}", body).status == 403


def test_groups_made_at_once_are_all_there(client, group):
    made, failed = [], []

    def make():
        try:
            made.append(group("at-once-").id)
        except Exception as error:  # noqa: BLE001 - any failure of a client
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    mine = {each.id for each in client.list_all_my_groups(group_name_filter="at-once-").groups}
    assert (failed, len(made)) == ([], 10)
    assert mine >= set(made)


def test_a_group_takes_hundreds_of_members(client, group, aws):
    """The users are written to the table, because the command takes a second for each."""
    module = pytest.importorskip("vinyldns.membership")
    (me,) = user_ids(group("one-").admins)
    people = [f"crowd-{RUN}-{number:03d}" for number in range(200)]
    copy_user(aws("dynamodb"), me, people)

    made = group("crowd-", members=[module.User(each) for each in people], admins=[])

    assert user_ids(made.members) == [*people, me]
    assert groups_of(client, people[-1]) == [made.id]
    assert len(client.list_members_group(made.id, max_items=1000).members) == 201
    client.delete_group(made.id)
    assert groups_of(client, people[-1]) == []


def copy_user(dynamodb, user_id, names):
    """Write users who are like one, in no group."""
    table = next(each for each in dynamodb.list_tables()["TableNames"] if has(dynamodb, each, user_id))
    like = dynamodb.get_item(TableName=table, Key=key_of(user_id))["Item"]
    for at in range(0, len(names), 25):
        items = [
            like | key_of(name) | {"id": {"S": name}, "name": {"S": name}, "group_ids": {"L": []}}
            for name in names[at : at + 25]
        ]
        dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": each}} for each in items]})


def has(dynamodb, table, user_id):
    return "Item" in dynamodb.get_item(TableName=table, Key=key_of(user_id))


def key_of(user_id):
    return {"pk": {"S": f"USER#{user_id}"}, "sk": {"S": "USER"}}


def timed(api, path):
    """Return the seconds that a GET takes, and its answer."""
    began = time.perf_counter()
    answer = api.call("GET", path)
    assert answer.status == 200
    return time.perf_counter() - began, answer


def test_a_list_of_a_thousand_groups_is_soon_there(api, group, aws, tell):
    """The groups are written to the table, because creating them would take a minute."""
    made = group("many-")
    dynamodb = aws("dynamodb")
    (me,) = user_ids(made.admins)
    table = next(each for each in dynamodb.list_tables()["TableNames"] if has(dynamodb, each, me))
    like = dynamodb.get_item(TableName=table, Key={"pk": {"S": f"GROUP#{made.id}"}, "sk": {"S": "GROUP"}})["Item"]
    items = []
    for number in range(1000):
        name = f"many-{RUN}-{number:04d}"
        listing = {"gsi1sk": {"S": f"{name}#{name}"}, "pk": {"S": f"GROUP#{name}"}}
        items.append(like | listing | {"id": {"S": name}, "name": {"S": name}})
        items.append({"pk": {"S": "GROUPNAMES"}, "sk": {"S": f"{name}#{name}"}})
    for at in range(0, len(items), 25):
        dynamodb.batch_write_item(
            RequestItems={table: [{"PutRequest": {"Item": each}} for each in items[at : at + 25]]}
        )
    queries = {
        "first page": "/groups?ignoreAccess=true",
        "page in the middle": f"/groups?ignoreAccess=true&startFrom=many-{RUN}-0500",
        "part of a name": f"/groups?ignoreAccess=true&groupNameFilter={RUN}-09",
    }

    times = {}
    for what, path in queries.items():
        answers = [timed(api, path) for _ in range(5)]
        times[what] = min(seconds for seconds, _ in answers)
        assert {len(answer.body["groups"]) for _, answer in answers} == {100}
    for at in range(0, len(items), 25):
        keys = [{"pk": each["pk"], "sk": each["sk"]} for each in items[at : at + 25]]
        dynamodb.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": each}} for each in keys]})

    plain = min(timed(api, f"/groups/{made.id}")[0] for _ in range(5))
    tell(f"1,000 groups: {', '.join(f'{what} {seconds * 1000:.0f} ms' for what, seconds in times.items())}")
    assert max(times.values()) < max(0.15, 7 * plain)  # a busy machine takes longer for everything


def test_an_unknown_group_is_none_to_vinyldns_python(client):
    error = pytest.importorskip("vinyldns.client").ClientError

    assert client.get_group(NOBODYS) is None
    with pytest.raises(error, match="Not authorized"):
        client.lock_user(NOBODYS)


def test_a_locked_user_is_let_in_again(operator, api, member):
    """A super user signs with a token of its group."""
    root, other = member("--super"), member()
    made = operator(
        "group", "create", "--name", f"roots-{uuid.uuid4().hex[:8]}", "--email", "r@e.org", "--member", root
    )
    token = {"X-Auth-Token": operator("token", "create", "--user", root, "--group", made["id"])["token"]}

    assert api.call("PUT", f"/users/{other}/lock", **token).body["lockStatus"] == "Locked"
    assert api.call("PUT", f"/users/{other}/unlock", **token).body["lockStatus"] == "Unlocked"
