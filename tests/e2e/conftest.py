"""The deployed local stack that `make test` starts, and the clients that people use with it.

Tests call the stack with the default release of Designate. A test with one of Designate's own clients runs twice. The
second run calls a second stack with the other release.
"""

import itertools
import json
import os
import sys
import uuid
from pathlib import Path

import boto3
import pytest
from requests.adapters import HTTPAdapter
from stack import credentials
from support import commands
from support import gophercloud as of_go
from support.ansible import Ansible
from support.deployed import Patient
from urllib3.util.retry import Retry

_NUMBERS = itertools.count(1)
_RUN = uuid.uuid4().hex[:8]

NO_STACK = "no local stack: `make test` brings one up; or `make up`, then `. .local/credentials.env`"
NO_OTHER = "no stack of today's release: `make test` brings one up, and ZONEWRIGHT_CURRENT names its credentials.env"
RELEASES = ("seed", "current")
DESIGNATES_CLIENTS = {"sdk", "designate", "command", "gophercloud", "cloud", "logged_in", "go_login"}
CLIENTS = DESIGNATES_CLIENTS | {"vinyldns"}
THEIR_WARNINGS = ("ignore:::openstack", "ignore::DeprecationWarning")


def pytest_collection_modifyitems(items):
    """Mark the tests of this folder as e2e tests. Pytest passes the tests of all folders."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if CLIENTS & set(item.fixturenames):
                for warning in THEIR_WARNINGS:
                    item.add_marker(pytest.mark.filterwarnings(warning))
            operation = getattr(item, "operation_label", None)
            if operation:  # Schemathesis names all alike, and several processes run one test of a name
                item._id = item.id.with_params(operation)  # noqa: SLF001 - pytest has no other way


def pytest_generate_tests(metafunc):
    """Run a test with one of Designate's own clients in both releases."""
    fixtures = set(metafunc.fixturenames)
    if DESIGNATES_CLIENTS & fixtures and "release" in fixtures:  # a module may have another fixture of such a name
        metafunc.parametrize("release", RELEASES, scope="session")


@pytest.fixture
def release():
    """The stack's release of Designate: `seed`, the default, or `current`."""
    return "seed"


@pytest.fixture
def service(release):
    """The variables of the stack's `credentials.env`."""
    if release == "seed":
        if "ZONEWRIGHT_URL" not in os.environ:
            pytest.skip(NO_STACK)
        return os.environ
    if "ZONEWRIGHT_CURRENT" not in os.environ:
        pytest.skip(NO_OTHER)
    return credentials.read(Path(os.environ["ZONEWRIGHT_CURRENT"]))


@pytest.fixture
def api(service):
    """The API as the first tenant."""
    return Patient(service["ZONEWRIGHT_URL"], service["ZONEWRIGHT_TOKEN"])


@pytest.fixture
def stranger(service):
    """The API as the second tenant."""
    return Patient(service["ZONEWRIGHT_URL"], service["ZONEWRIGHT_TOKEN_2"])


@pytest.fixture
def name():
    """A zone name that no other test uses."""
    return f"z{next(_NUMBERS)}.{_RUN}.example."


@pytest.fixture
def zone(api, release, name):
    """A PRIMARY zone of the first tenant."""
    answer = api.call("POST", "/v2/zones", {"name": name, "email": "joe@example.org"})
    assert answer.status == {"seed": 201, "current": 202}[release]
    return answer.body["zone"]


@pytest.fixture(scope="session")
def aws():
    """A function that returns a client of the first stack's emulated AWS, by service name."""
    if "ZONEWRIGHT_URL" not in os.environ:
        pytest.skip(NO_STACK)
    port = os.environ.get("ZONEWRIGHT_AWS_PORT", "4566")
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    return lambda service: boto3.client(service, endpoint_url=f"http://127.0.0.1:{port}", **keys)


@pytest.fixture(scope="session")
def operator():
    """A function that runs the operator's command on the first stack and returns its JSON output."""
    if "ZONEWRIGHT_URL" not in os.environ:
        pytest.skip(NO_STACK)
    where = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ.get('ZONEWRIGHT_AWS_PORT', '4566')}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }

    def run(*arguments):
        code, printed, complained = commands.zonewright([*arguments], where)
        assert code == 0, complained
        return json.loads(printed)

    return run


@pytest.fixture
def tell(request):
    """A function that prints a line to the terminal, even if the test succeeds."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(line):
        with capture.global_and_fixture_disabled():
            sys.stderr.write(f"\n{line}\n")

    return say


@pytest.fixture
def base():
    """The path that openstacksdk's endpoint has after the URL of the service."""
    return ""


@pytest.fixture
def sdk(api, base):
    """The DNS client of openstacksdk."""
    openstack = pytest.importorskip("openstack")
    auth = {"endpoint": api.url, "token": api.token}
    with openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_type="admin_token",
        auth=auth,
        dns_endpoint_override=api.url + base,
    ) as connection:
        yield connection.dns


@pytest.fixture
def designate(api):
    """The client of python-designateclient."""
    client = pytest.importorskip("designateclient.v2.client")
    session = pytest.importorskip("keystoneauth1.session")
    token_endpoint = pytest.importorskip("keystoneauth1.token_endpoint")
    auth = token_endpoint.Token(f"{api.url}/v2", api.token)
    return client.Client(session=session.Session(auth=auth))


@pytest.fixture
def command(api):
    """A function that runs the `openstack` command. It returns the exit code, the JSON output and the error output."""

    pytest.importorskip("openstackclient")
    whose = ["--os-auth-type", "admin_token", "--os-endpoint", f"{api.url}/v2", "--os-token", api.token]

    def run(*arguments):
        code, printed, complained = commands.openstack([*whose, *arguments])
        return code, json.loads(printed or "null"), complained

    return run


@pytest.fixture(scope="session")
def _program_of_go(tmp_path_factory):
    return of_go.build(tmp_path_factory.mktemp("gophercloud"))


@pytest.fixture
def gophercloud(api, _program_of_go):
    """A function that calls the API as users of gophercloud do (`support/gophercloud.py`)."""
    return lambda *arguments: of_go.run(_program_of_go, api.url, api.token, *arguments)


@pytest.fixture
def cloud(service):
    """The clouds of a `clouds.yaml`, by name: what each logs in with."""
    return credentials.clouds(service)["clouds"]


@pytest.fixture(params=["zonewright", "zonewright-password"])
def logged_in(request, cloud):
    """A connection of openstacksdk that logs in, by application credential and by password."""
    openstack = pytest.importorskip("openstack")
    with openstack.connect(load_yaml_config=False, load_envvars=False, **cloud[request.param]) as connection:
        yield connection


@pytest.fixture(scope="session")
def _login_of_go(tmp_path_factory):
    return of_go.build(tmp_path_factory.mktemp("login"), "login")


@pytest.fixture
def go_login(service, _login_of_go, tmp_path):
    """A function that runs the Go program which logs in: by `password`, by `credential`, or by a `cloud`."""
    file = tmp_path / "clouds.yaml"
    file.write_text(json.dumps(credentials.clouds(service)))
    variables = {
        "OS_AUTH_URL": f"{service['ZONEWRIGHT_URL']}/v3",
        "OS_REGION_NAME": "RegionOne",
        "OS_USERNAME": service["ZONEWRIGHT_USER_NAME"],
        "OS_PASSWORD": service["ZONEWRIGHT_SECRET_KEY"],
        "OS_PROJECT_NAME": service["ZONEWRIGHT_PROJECT_NAME"],
        "OS_APPLICATION_CREDENTIAL_ID": service["ZONEWRIGHT_CREDENTIAL_ID"],
        "OS_APPLICATION_CREDENTIAL_SECRET": service["ZONEWRIGHT_CREDENTIAL_SECRET"],
    }
    of_cloud = {"OS_CLIENT_CONFIG_FILE": str(file), "OS_CLOUD": "zonewright", "HOME": str(tmp_path)}
    return lambda how, *rest: of_go.run(_login_of_go, how, *rest, **(of_cloud if how == "cloud" else variables))


@pytest.fixture
def ansible(api, tmp_path):
    """The modules of Ansible's collection openstack.cloud."""
    auth = {"endpoint": api.url, "token": api.token}
    return Ansible({"auth_type": "admin_token", "auth": auth, "dns_endpoint_override": api.url}, tmp_path)


@pytest.fixture
def vinyldns(api, service):
    """A function that returns a client of vinyldns-python. It has the first tenant's access key, and any secret.

    It sends a request again where no function is free for it: an account may run ten at once.
    """
    module = pytest.importorskip("vinyldns.client")
    again = Retry(total=60, status_forcelist=[503], allowed_methods=None, backoff_factor=0.1, backoff_max=1)
    clients = []

    def connect(secret=None):
        keys = service["ZONEWRIGHT_ACCESS_KEY"], secret or service["ZONEWRIGHT_SECRET_KEY"]
        clients.append(module.VinylDNSClient(api.url, *keys))
        clients[-1].session.mount("http://", HTTPAdapter(max_retries=again))
        return clients[-1]

    yield connect
    for client in clients:
        client.session.close()
