"""Whose a zone is, through the deployed API and the clients people have: handovers, shares, tags, keys of POSTs."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from support import commands

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings("ignore:::openstack"),  # their own deprecations
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def theirs(stranger, name):
    """The second tenant's project: the owner of a zone of its own."""
    answer = stranger.call("POST", "/v2/zones", {"name": f"theirs-{name}", "email": "joe@example.org"})
    assert answer.status in (201, 202)
    return answer.body["project_id"]


@pytest.fixture
def command():
    """The `openstack` command as a tenant: exit code, what it printed as JSON, what it complained."""
    pytest.importorskip("openstackclient")

    def run(tenant, *arguments):
        whose = ["--os-auth-type", "admin_token", "--os-endpoint", f"{tenant.url}/v2", "--os-token", tenant.token]
        code, printed, complained = commands.openstack([*whose, *arguments])
        return code, json.loads(printed or "null"), complained

    return run


@pytest.fixture
def sdk():
    """openstacksdk as a tenant."""
    openstack = pytest.importorskip("openstack")
    connections = []

    def connect(tenant):
        connections.append(
            openstack.connect(
                load_yaml_config=False,
                load_envvars=False,
                auth_type="admin_token",
                auth={"endpoint": f"{tenant.url}/v2", "token": tenant.token},
                dns_endpoint_override=f"{tenant.url}/v2",
            )
        )
        return connections[-1].dns

    yield connect
    for connection in connections:
        connection.close()


@pytest.fixture
def designate():
    """python-designateclient as a tenant."""
    client = pytest.importorskip("designateclient.v2.client")
    session = pytest.importorskip("keystoneauth1.session")
    token_endpoint = pytest.importorskip("keystoneauth1.token_endpoint")

    def connect(tenant):
        auth = token_endpoint.Token(f"{tenant.url}/v2", tenant.token)
        return client.Client(session=session.Session(auth=auth))

    return connect


def test_a_zone_that_is_known_is_not_sent_again_and_one_that_moved_not_changed(api, zone):
    path = f"/v2/zones/{zone['id']}"
    first = api.call("GET", path)

    known = api.call("GET", path, If_None_Match=first.headers["etag"])
    changed = api.call("PATCH", path, {"ttl": 60}, If_Match=first.headers["etag"])
    late = api.call("PATCH", path, {"ttl": 90}, If_Match=first.headers["etag"])
    gone = api.call("DELETE", path, If_Match=first.headers["etag"])

    assert (known.status, known.body, known.headers["etag"]) == (304, "", first.headers["etag"])
    assert (changed.status, changed.headers["etag"] != first.headers["etag"]) == (200, True)
    assert (late.status, gone.status) == (412, 412)
    assert late.body["type"] == "precondition_failed"
    assert late.body["request_id"] == late.headers["x-openstack-request-id"]
    assert api.call("GET", path).body["ttl"] == 60


def test_of_two_who_change_the_zone_they_know_one_does(api, zone):
    path = f"/v2/zones/{zone['id']}"
    tag = api.call("GET", path).headers["etag"]

    def change(ttl):
        return api.call("PATCH", path, {"ttl": ttl}, If_Match=tag).status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(change, range(60, 68)))

    assert sorted(statuses) == [200] + [412] * 7


def test_a_post_sent_again_is_done_once(api, stranger, name):
    key, body = str(uuid.uuid4()), {"name": name, "email": "joe@example.org"}

    first = api.call("POST", "/v2/zones", body, Idempotency_Key=key)
    again = api.call("POST", "/v2/zones", body, Idempotency_Key=key)
    other = api.call("POST", "/v2/zones", {**body, "ttl": 5}, Idempotency_Key=key)
    anothers = stranger.call("POST", "/v2/zones", body, Idempotency_Key=key)

    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert (other.status, other.body["type"]) == (422, "idempotency_key_reused")
    assert (anothers.status, anothers.body["type"]) == (409, "duplicate_zone")


def test_a_post_sent_many_times_at_once_is_done_once(api, name):
    key, body = str(uuid.uuid4()), {"name": name, "email": "joe@example.org"}

    def create(_):
        return api.call("POST", "/v2/zones", body, Idempotency_Key=key)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(create, range(6)))

    made = [answer.body["id"] for answer in answers if answer.status == 201]
    assert len(set(made)) == 1
    assert {answer.body["type"] for answer in answers if answer.status != 201} <= {"idempotency_key_in_use"}


def test_every_post_takes_a_key(api, stranger, zone, theirs):
    def twice(tenant, path, body):
        key = str(uuid.uuid4())
        first = tenant.call("POST", path, body, Idempotency_Key=key)
        again = tenant.call("POST", path, body, Idempotency_Key=key)
        assert again.status == first.status
        shown = first.body | {"key": None} if "key" in (first.body or {}) else first.body  # without the secret
        assert first.status >= 400 or again.body == shown  # an error is made anew
        return first

    path = f"/v2/zones/{zone['id']}"
    refused = twice(api, f"{path}/tasks/xfr", None)
    share = twice(api, f"{path}/shares", {"target_project_id": theirs})
    ended = api.call("DELETE", f"{path}/shares/{share.body['id']}")
    offer = twice(api, f"{path}/tasks/transfer_requests", {"target_project_id": theirs})
    body = {"key": offer.body["key"], "zone_transfer_request_id": offer.body["id"]}
    accepted = twice(stranger, "/v2/zones/tasks/transfer_accepts", body)

    assert (refused.status, share.status, ended.status, offer.status, accepted.status) == (400, 201, 204, 201, 201)


def test_a_zone_changes_hands(api, stranger, zone, theirs):
    path = f"/v2/zones/{zone['id']}"
    requests = "/v2/zones/tasks/transfer_requests"
    offer = api.call("POST", f"{path}/tasks/transfer_requests", {"target_project_id": theirs}).body

    changed = api.call("PATCH", f"{requests}/{offer['id']}", {"description": "yours"})
    seen = stranger.call("GET", f"{requests}/{offer['id']}")
    listed = stranger.call("GET", f"{requests}?status=ACTIVE&zone_id={zone['id']}").body["transfer_requests"]
    accept = {"key": "WRONGKEY", "zone_transfer_request_id": offer["id"]}
    wrong = stranger.call("POST", "/v2/zones/tasks/transfer_accepts", accept)
    accepted = stranger.call("POST", "/v2/zones/tasks/transfer_accepts", accept | {"key": offer["key"]})
    again = stranger.call("POST", "/v2/zones/tasks/transfer_accepts", accept | {"key": offer["key"]})

    assert (changed.status, changed.body["description"]) == (200, "yours")
    assert (seen.status, "key" in seen.body, "project_id" in seen.body) == (200, False, False)
    assert listed == [seen.body]
    assert (wrong.status, wrong.body["type"]) == (403, "invalid_key")
    assert (accepted.status, accepted.body["status"]) == (201, "COMPLETE")
    assert (again.status, again.body["type"]) == (400, "invalid_zone_transfer_request")
    assert api.call("GET", path).status == 404
    assert stranger.call("GET", path).body["project_id"] == theirs
    shown = stranger.call("GET", f"/v2/zones/tasks/transfer_accepts/{accepted.body['id']}")
    assert (shown.status, shown.body) == (200, accepted.body)
    assert accepted.body in stranger.call("GET", "/v2/zones/tasks/transfer_accepts?limit=max").body["transfer_accepts"]
    assert stranger.call("PATCH", path, {"ttl": 60}).status == 200
    assert stranger.call("DELETE", path).status == 204


def test_a_zone_is_shared_and_deleted_with_its_shares(api, stranger, zone, theirs):
    path = f"/v2/zones/{zone['id']}"
    hidden = stranger.call("GET", path).status

    share = api.call("POST", f"{path}/shares", {"target_project_id": theirs})
    again = api.call("POST", f"{path}/shares", {"target_project_id": theirs})
    shown = stranger.call("GET", path)
    named = stranger.call("GET", f"/v2/zones?name={zone['name']}").body["zones"]
    listed = stranger.call("GET", "/v2/zones?sort_dir=desc&limit=2").body["zones"]
    held = stranger.call("GET", f"{path}/recordsets")
    changed = stranger.call("PATCH", path, {"ttl": 60})
    kept = api.call("DELETE", path)
    offer = api.call("POST", f"{path}/tasks/transfer_requests", {})
    gone = api.call("DELETE", path, X_Designate_Delete_Shares="true")

    assert hidden == 404
    assert (share.status, again.status, again.body["type"]) == (201, 409, "duplicate_shared_zone")
    assert (shown.status, shown.body["shared"]) == (200, True)
    assert [each["id"] for each in named] == [zone["id"]]
    assert zone["id"] in [each["id"] for each in listed]
    assert [each["type"] for each in held.body["recordsets"]] == ["NS", "SOA"]
    assert (changed.status, kept.status, kept.body["type"]) == (403, 400, "zone_is_shared")
    assert (offer.status, offer.body["type"]) == (400, "zone_is_shared")
    assert gone.status == 204
    assert stranger.call("GET", path).status == 404


def test_the_project_of_a_share_finds_and_ends_it(api, stranger, zone, theirs):
    path = f"/v2/zones/{zone['id']}"
    share = api.call("POST", f"{path}/shares", {"target_project_id": theirs})

    found = stranger.call("GET", f"{path}/shares")
    everywhere = stranger.call("GET", f"/v2/recordsets?zone_id={zone['id']}")
    ended = stranger.call("DELETE", f"{path}/shares/{found.body['shared_zones'][0]['id']}")
    hidden = stranger.call("GET", path)
    listed = stranger.call("GET", "/v2/zones?sort_dir=desc&limit=2").body["zones"]
    shown = api.call("GET", path)

    assert found.body["shared_zones"] == [share.body]
    assert (everywhere.status, everywhere.body["recordsets"]) == (200, [])
    assert (ended.status, hidden.status) == (204, 404)
    assert zone["id"] not in [each["id"] for each in listed]
    assert (shown.status, shown.body["shared"]) == (200, False)


def test_openstack_command_hands_a_zone_over(command, api, stranger, zone, theirs):
    made = command(
        api, "zone", "transfer", "request", "create", zone["id"], "-f", "json", "--target-project-id", theirs
    )
    offer = made[1]
    listed = command(api, "zone", "transfer", "request", "list", "-f", "json")
    changed = command(api, "zone", "transfer", "request", "set", offer["id"], "--description", "x", "-f", "json")
    shown = command(stranger, "zone", "transfer", "request", "show", offer["id"], "-f", "json")
    accepted = command(
        stranger,
        "zone",
        "transfer",
        "accept",
        "request",
        "--transfer-id",
        offer["id"],
        "--key",
        offer["key"],
        "-f",
        "json",
    )
    seen = command(stranger, "zone", "transfer", "accept", "show", accepted[1]["id"], "-f", "json")
    taken = command(stranger, "zone", "transfer", "accept", "list", "-f", "json")
    removed = command(api, "zone", "transfer", "request", "delete", offer["id"])

    assert (made[0], offer["status"]) == (0, "ACTIVE"), made[2]
    assert offer["id"] in [each["id"] for each in listed[1]], listed[2]
    assert (changed[0], changed[1]["description"]) == (0, "x"), changed[2]
    assert (shown[0], shown[1]["zone_name"]) == (0, zone["name"]), shown[2]
    assert (accepted[0], accepted[1]["status"]) == (0, "COMPLETE"), accepted[2]
    assert (seen[0], seen[1]["zone_id"]) == (0, zone["id"]), seen[2]
    assert accepted[1]["id"] in [each["id"] for each in taken[1]], taken[2]
    assert removed[0] == 0, removed[2]
    assert stranger.call("GET", f"/v2/zones/{zone['id']}").status == 200


def test_openstack_command_shares_a_zone(command, api, stranger, zone, theirs):
    made = command(api, "zone", "share", "create", zone["id"], theirs, "-f", "json")
    listed = command(api, "zone", "share", "list", zone["id"], "-f", "json")
    shown = command(api, "zone", "share", "show", zone["id"], made[1]["id"], "-f", "json")
    seen = command(stranger, "zone", "show", zone["id"], "-f", "json")
    ended = command(api, "zone", "share", "delete", zone["id"], made[1]["id"])
    hidden = stranger.call("GET", f"/v2/zones/{zone['id']}")

    assert (made[0], made[1]["target_project_id"]) == (0, theirs), made[2]
    assert [each["id"] for each in listed[1]] == [made[1]["id"]], listed[2]
    assert (shown[0], shown[1]["zone_id"]) == (0, zone["id"]), shown[2]
    assert (seen[0], seen[1]["shared"]) == (0, True), seen[2]
    assert (ended[0], hidden.status) == (0, 404), ended[2]


def test_openstacksdk_shares_and_hands_over(sdk, api, stranger, zone, theirs):
    ours, others = sdk(api), sdk(stranger)

    share = ours.create_zone_share(zone["id"], target_project_id=theirs)
    shares = [each.id for each in ours.zone_shares(zone["id"])]
    shared = others.get_zone(zone["id"]).name
    ours.delete_zone_share(zone["id"], share.id)
    path = f"/zones/{zone['id']}/tasks/transfer_requests"  # its own call for this raises before it sends anything
    offer = ours.post(path, json={"target_project_id": theirs}).json()
    offers = [each.id for each in ours.zone_transfer_requests()]
    accepted = others.create_zone_transfer_accept(key=offer["key"], zone_transfer_request_id=offer["id"])
    found = others.get_zone_transfer_accept(accepted.id)
    taken = [each.id for each in others.zone_transfer_accepts()]

    assert (shares, shared) == ([share.id], zone["name"])
    assert offer["id"] in offers
    assert (found.status, found.zone_id, accepted.id in taken) == ("COMPLETE", zone["id"], True)
    assert others.get_zone(zone["id"]).project_id == theirs


def test_designateclient_shares_and_hands_over(designate, api, stranger, zone, theirs):
    ours, others = designate(api), designate(stranger)

    share = ours.zone_share.create(zone["id"], theirs)
    shares = [each["id"] for each in ours.zone_share.list(zone["id"])]
    ours.zone_share.delete(zone["id"], share["id"])
    offer = ours.zone_transfers.create_request(zone["id"], None)
    open_offer = others.zone_transfers.get_request(offer["id"])
    accepted = others.zone_transfers.accept_request(offer["id"], offer["key"])

    assert shares == [share["id"]]
    assert "key" not in open_offer
    assert accepted["status"] == "COMPLETE"
    assert others.zones.get(zone["id"])["project_id"] == theirs


def test_of_two_projects_that_accept_and_a_delete_one_wins(api, stranger, zone):
    path = f"/v2/zones/{zone['id']}"
    offer = api.call("POST", f"{path}/tasks/transfer_requests", {}).body
    body = {"key": offer["key"], "zone_transfer_request_id": offer["id"]}

    def act(what):
        if what == "accept":
            return stranger.call("POST", "/v2/zones/tasks/transfer_accepts", body).status
        return api.call("DELETE", path).status

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(act, ["accept", "delete"] * 3))

    assert len([status for status in statuses if status in (201, 204)]) == 1
    assert set(statuses) <= {201, 204, 400, 404, 409}
    assert stranger.call("GET", path).status == (200 if 201 in statuses else 404)
