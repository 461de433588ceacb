"""Name servers that pull master files, by the scripts of docs/servers.md against the deployed stack."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from primaries import Bind, require

DOCS = (Path(__file__).parents[2] / "docs" / "servers.md").read_text()
ZONEPULL, EVERY_ZONE = re.findall(r"^```sh\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)


@pytest.fixture
def run(tmp_path, service):
    """Run a command where `zonepull` is installed, and return its exit code and its errors."""
    script = tmp_path / "zonepull"
    script.write_text(ZONEPULL)
    script.chmod(0o755)

    def run(*command, **variables):
        path = f"{tmp_path}:{os.environ['PATH']}"
        environment = {**os.environ, **service, "PATH": path, **variables}
        ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stderr

    return run


@pytest.fixture
def primary_zone(api, name):
    """A PRIMARY zone of this test."""
    return api.call("POST", "/v2/zones", {"name": name, "email": "host@example.org"}).body


def write(api, zone, owner, address):
    body = {"name": f"{owner}.{zone['name']}", "type": "A", "records": [address]}
    assert api.call("POST", f"/v2/zones/{zone['id']}/recordsets", body).status in (201, 202)


@pytest.mark.primary
def test_a_name_server_serves_what_it_pulled(api, primary_zone, run):
    require(Bind)
    zone = primary_zone["name"]
    placeholder = "@ 300 SOA ns host 1 1 1 1 1\n@ 300 NS ns\nns 300 A 192.0.2.1\n"
    write(api, primary_zone, "first", "192.0.2.11")

    with Bind({zone: placeholder}) as server:
        pull = ["zonepull", primary_zone["id"], str(server.zone_file(zone))]
        reload = ["kill", "-HUP", str(server._process.pid)]  # noqa: SLF001 - as an operator would find it

        def served(owner):
            answer = server.ask(f"{owner}.{zone}", "A")
            return answer.answer[0][0].address if answer and answer.answer else None

        def pulled(owner, address):
            assert run(*pull, *reload) == (0, "")
            server._wait_for(lambda: served(owner), address)  # noqa: SLF001 - it waits and tells the log

        pulled("first", "192.0.2.11")
        assert run(*pull, "false") == (0, "")  # it has not changed, so nothing is run

        write(api, primary_zone, "second", "192.0.2.12")
        assert run(*pull, "false") == (1, "")  # what was not done is done again
        pulled("second", "192.0.2.12")
        assert run(*pull, "false") == (0, "")


def test_a_file_that_comes_as_a_link_is_pulled(api, name, run, tmp_path):
    long = f"{'l' * 63}.{name}"  # so 4 MB become more than 5
    texts = "".join(f'text{each:05} TXT "{"long " * 50}"\n' for each in range(14_600))
    file = f"$ORIGIN {long}\n$TTL 42\n@ SOA ns host 42 42 42 42 42\n@ NS ns\n{texts}"
    made = api.call("POST", "/v2/zones", file.encode(), Content_Type="text/dns")

    first = run("zonepull", made.body["id"], "zone", "true")
    again = run("zonepull", made.body["id"], "zone", "false")

    assert (first, again) == ((0, ""), (0, ""))
    assert " 304" in (tmp_path / "zone.head").read_text()
    assert (tmp_path / "zone").stat().st_size > 5_000_000
    assert (tmp_path / "zone").read_text().count(" IN TXT ") == 14_600


def test_a_refusal_is_told_and_the_file_stays(api, primary_zone, run, tmp_path):
    pull = ["zonepull", primary_zone["id"], "zone", "true"]
    assert run(*pull) == (0, "")
    held = (tmp_path / "zone").read_text()

    code, error = run(*pull, ZONEWRIGHT_TOKEN="no token")

    assert code == 1
    assert f"zonepull: {primary_zone['id']}: 401" in error
    assert (tmp_path / "zone").read_text() == held


def test_all_zones_of_a_project_are_pulled(primary_zone, run, tmp_path):
    script = EVERY_ZONE.replace("/var/lib/nsd", str(tmp_path)).replace("nsd-control reload", "echo")
    script = script.replace("limit=1000", f"name={primary_zone['name']}")  # other tests have zones too

    assert run("sh", "-euc", script)[0] == 0
    assert "SOA" in (tmp_path / f"{primary_zone['name']}zone").read_text()
