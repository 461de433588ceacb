"""Clients of OpenStack that log in, unchanged: openstacksdk, the `openstack` command, gophercloud and Ansible."""

import json
import statistics
import time

import pytest
from support import commands
from support.ansible import Ansible
from support.calls import NOBODYS

CREDENTIAL, PASSWORD = "zonewright", "zonewright-password"


def test_openstacksdk_logs_in_and_keeps_a_zone(logged_in, name):
    dns = logged_in.dns

    made = dns.create_zone(name=name, email="joe@example.org")
    found = dns.find_zone(name, ignore_missing=False)
    records = [each.type for each in dns.recordsets(found)]
    dns.delete_zone(found)

    assert (found.id, records) == (made.id, ["NS", "SOA"])


def test_openstacksdk_logs_in_again_by_itself_when_its_token_was_revoked(logged_in, api):
    first = logged_in.auth_token
    list(logged_in.dns.zones(limit=1))

    revoked = api.call("DELETE", "/v3/auth/tokens", **{"X-Subject-Token": first})
    list(logged_in.dns.zones(limit=1))

    assert revoked.status == 204
    assert logged_in.auth_token != first


def test_openstacksdk_finds_the_identity_service_too(logged_in, service):
    identity = logged_in.identity

    projects = [each.id for each in identity.projects()]
    me = identity.get_user(logged_in.current_user_id)

    assert projects == [service["ZONEWRIGHT_PROJECT_ID"]]
    assert (me.name, logged_in.current_project_id) == (
        service["ZONEWRIGHT_USER_NAME"],
        service["ZONEWRIGHT_PROJECT_ID"],
    )


def test_a_root_as_the_auth_url_works_too(cloud, service, release):
    openstack = pytest.importorskip("openstack")
    given = cloud[PASSWORD]
    auth = {**given["auth"], "auth_url": service["ZONEWRIGHT_URL"]}

    with openstack.connect(load_yaml_config=False, load_envvars=False, **{**given, "auth": auth}) as connection:
        assert isinstance(list(connection.dns.zones(limit=1)), list)


@pytest.fixture
def as_cloud(cloud):
    """A function that runs the `openstack` command for one of the clouds."""
    pytest.importorskip("openstackclient")

    def run(which, *arguments):
        given = cloud[which]
        options = ["--os-auth-type", given["auth_type"], "--os-region-name", given["region_name"]]
        options += ["--os-identity-api-version", "3"]
        for key, value in given["auth"].items():
            options += [f"--os-{key.replace('_', '-')}", value]
        code, printed, complained = commands.openstack([*options, *arguments])
        return code, json.loads(printed or "null"), complained

    return run


@pytest.mark.parametrize("which", [CREDENTIAL, PASSWORD])
def test_the_openstack_command_logs_in(as_cloud, service, which, name):
    made = as_cloud(which, "zone", "create", "--email", "joe@example.org", name, "-f", "json")
    listed = as_cloud(which, "zone", "list", "--name", name, "-f", "json")
    issued = as_cloud(which, "token", "issue", "-f", "json")
    catalog = as_cloud(which, "catalog", "list", "-f", "json")
    projects = as_cloud(which, "project", "list", "--my-projects", "-f", "json")

    assert (made[0], made[2]) == (0, "")
    assert [each["id"] for each in listed[1]] == [made[1]["id"]]
    assert issued[1]["project_id"] == service["ZONEWRIGHT_PROJECT_ID"]
    assert {each["Type"] for each in catalog[1]} == {"dns", "identity"}
    assert [each["ID"] for each in projects[1]] == [service["ZONEWRIGHT_PROJECT_ID"]]


def test_the_openstack_command_keeps_application_credentials(as_cloud, name):
    made = as_cloud(PASSWORD, "application", "credential", "create", name, "--role", "reader", "-f", "json")
    shown = as_cloud(PASSWORD, "application", "credential", "show", name, "-f", "json")
    listed = as_cloud(PASSWORD, "application", "credential", "list", "-f", "json")
    gone = as_cloud(PASSWORD, "application", "credential", "delete", name)

    fields = {key.lower(): value for key, value in made[1].items()}
    assert (made[0], fields["name"], fields["secret"][:4]) == (0, name, "zwc_")
    assert (shown[0], {key.lower(): value for key, value in shown[1].items()}["id"]) == (0, fields["id"])
    assert fields["id"] in [each["ID"] for each in listed[1]]
    assert gone[0] == 0


def test_the_openstack_command_shows_a_revocation_and_a_wrong_secret(as_cloud, cloud):
    token = as_cloud(PASSWORD, "token", "issue", "-f", "json")[1]["id"]
    revoked = as_cloud(PASSWORD, "token", "revoke", token)
    cloud[PASSWORD]["auth"] = cloud[PASSWORD]["auth"] | {"password": "wrong", "username": f"nobody-{NOBODYS}"}
    wrong = as_cloud(PASSWORD, "zone", "list")

    assert revoked[0] == 0
    assert wrong[0] == 1
    assert "Authentication failed: the credential, its secret, or its access to the project is not right" in wrong[2]


@pytest.mark.parametrize("how", ["password", "credential", "cloud"])
def test_a_go_program_logs_in_and_again_by_itself_when_its_token_was_revoked(go_login, release, how, name):
    done = go_login(how, name)

    if release == "seed":  # gophercloud expects today's status of a deletion
        assert "but got 204 instead" in done
    else:
        assert set(done["seen"]) == {f"{name} NS", f"{name} SOA", f"www.{name} A"}
        assert done["again"] is done["revoked"] is (how != "cloud")


@pytest.mark.parametrize("which", [CREDENTIAL, PASSWORD])
def test_ansible_logs_in_for_each_task(cloud, release, api, tmp_path, which, name):
    ansible = Ansible(cloud[which], tmp_path)
    zone = ("dns_zone", {"name": name, "email": "joe@example.org"})

    ran = ansible.play(zone, zone)

    assert [each["changed"] for each in ran] == [True, False]
    assert api.call("GET", f"/v2/zones?name={name}").body["metadata"]["total_count"] == 1


def test_a_warm_login_takes_less_than_60_ms(api, service, tell):
    given = {"id": service["ZONEWRIGHT_CREDENTIAL_ID"], "secret": service["ZONEWRIGHT_CREDENTIAL_SECRET"]}
    identity = {"methods": ["application_credential"], "application_credential": given}

    def login():
        began = time.perf_counter()
        assert api.call("POST", "/v3/auth/tokens", {"auth": {"identity": identity}}).status == 201
        return (time.perf_counter() - began) * 1000

    login()
    taken = [login() for _ in range(30)]

    best = min(taken)  # others use the machine too
    tell(f"a warm login takes {best:.0f} ms, and {statistics.median(taken):.0f} ms in the median")
    assert best < 60


def test_a_reader_of_the_operator_may_only_read(api, service, operator, name):
    both = ("--user", _user_id(api), "--group", service["ZONEWRIGHT_PROJECT_ID"])
    made = operator("token", "create", *both, "--role", "reader")
    reader = type(api)(api.url, made["token"])

    read = reader.call("GET", "/v2/zones?limit=1").status
    written = reader.call("POST", "/v2/zones", {"name": name, "email": "joe@example.org"})
    synced = reader.call("POST", f"/zones/{NOBODYS}/sync")
    operator("token", "delete", made["id"])

    assert (read, written.status, synced.status) == (200, 403, 403)
    assert "may only read" in written.body["message"]
    assert reader.call("GET", "/v2/zones?limit=1").status == 401


def test_guesses_are_bounded(api):
    user = {"name": f"nobody-{time.time()}", "domain": {"id": "default"}, "password": "guess"}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}

    statuses = [api.call("POST", "/v3/auth/tokens", body).status for _ in range(11)]

    assert statuses == [401] * 10 + [429]


def _user_id(api):
    answer = api.call("GET", "/v3/auth/tokens", **{"X-Subject-Token": api.token})
    return answer.body["token"]["user"]["id"]
