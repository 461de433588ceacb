"""The local stack: its front forwards requests unchanged, and its programs know their ids."""

import http.client
import importlib
import json
import os
import socket
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

credentials = importlib.import_module("stack.credentials")
daemon = importlib.import_module("stack.daemon")
front = importlib.import_module("stack.front")
logs = importlib.import_module("stack.logs")
routes = importlib.import_module("stack.routes")
stack = importlib.import_module("stack.home")


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent; stands for the emulator."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = {
            "line": self.requestline,
            "headers": self.headers.items(),
            "body": body.decode("latin-1"),
            "connection": str(self.client_address[1]),
        }
        content = json.dumps(seen).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        self.do_POST()

    def log_message(self, *_):
        pass


def serving(handler, kind=front.Server):
    server = kind(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def door():
    upstream = serving(Echo)

    class Door(front.Front):
        upstream_host = f"127.0.0.1:{upstream.server_port}"
        upstream_path = "/_aws/execute-api/abc/$default"

    server = serving(Door)
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    yield connection
    connection.close()
    for each in (server, upstream):
        each.shutdown()
        each.server_close()


def seen(connection):
    return json.loads(connection.getresponse().read())


def test_front_hands_on_path_query_headers_and_the_body_of_a_get_untouched(door):
    target = "//a%2Fb/%C3%A9/x%2520y;v?b=2&a=1&b=%2Fx+y%20z&e=&noval"
    door.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
    headers = [("Host", "dns.example.com:99"), ("X-CaSe", "One"), ("X-Twice", "1"), ("X-Twice", "2")]
    for header in headers:
        door.putheader(*header)
    door.putheader("Content-Length", "5")
    door.endheaders(b"hello")

    got = seen(door)

    assert got["line"] == f"GET /_aws/execute-api/abc/$default{target} HTTP/1.1"
    assert [tuple(each) for each in got["headers"]] == [*headers, ("Content-Length", "5")]
    assert got["body"] == "hello"


def test_front_answers_with_status_and_headers_of_the_api_only(door):
    door.request("GET", "/")

    answer = door.getresponse()
    answer.read()

    assert answer.status == 201
    assert sorted(answer.headers) == ["Content-Length", "Date", "Set-Cookie", "Set-Cookie"]
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_front_keeps_both_connections(door):
    used = []
    for _ in range(3):
        door.request("POST", "/", body=b"x")
        used.append(seen(door)["connection"])

    assert len(set(used)) == 1


def test_front_takes_a_chunked_body(door):
    door.request("POST", "/", body=iter([b"ab", b"", b"cd"]), encode_chunked=True)

    got = seen(door)

    assert got["body"] == "abcd"
    assert ["Content-Length", "4"] in got["headers"]


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}], ids=["with its length", "chunked"])
def test_front_refuses_a_body_over_the_limit_as_api_gateway_does(door, headers):
    big = b"x" * (front.MOST_BYTES + 1)
    body = iter([big]) if headers else big

    door.request("POST", "/", body=body, headers=headers, encode_chunked=True)
    answer = door.getresponse()

    assert (answer.status, answer.read()) == (413, b'{"message":"Request Too Long"}')


def test_front_refuses_a_length_that_is_none(door):
    door.request("POST", "/", headers={"Content-Length": "-1"})

    assert door.getresponse().status == 400


def test_front_serves_sixty_at_once(door):
    def ask(number):
        connection = http.client.HTTPConnection(door.host, door.port, timeout=20)
        connection.request("POST", "/", body=str(number).encode())
        body = seen(connection)["body"]
        connection.close()
        return body

    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(ask, range(60)))

    assert answers == [str(number) for number in range(60)]


def test_front_says_so_when_the_emulator_is_down(door):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))

        class Door(front.Front):
            upstream_host = f"127.0.0.1:{free.getsockname()[1]}"

            def log_message(self, *_):
                pass

        server = serving(Door)
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        connection.request("GET", "/")
        answer = connection.getresponse()

        assert (answer.status, answer.read()) == (503, b'{"message":"Service Unavailable"}')
        connection.close()
        server.shutdown()
        server.server_close()


@pytest.fixture
def home(tmp_path):
    return stack.Home(tmp_path, port=0, aws_port=0, primary_port=0, sync_delay=1, sync_lease=1, release="seed")


SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_port_in_use_is_named_with_the_variable_that_changes_it(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(stack.Trouble, match=f"port {port} is in use by another program; set ZONEWRIGHT_PORT"):
            daemon.Daemon(home, "front", port, "ZONEWRIGHT_PORT").start(SLEEP, os.environ)


@pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")
def test_daemon_is_started_once_and_stopped_once(home):
    sleeper = daemon.Daemon(home, "sleeper", 0, "X")

    done = [sleeper.start(SLEEP, os.environ), sleeper.start(SLEEP, os.environ), sleeper.stop(), sleeper.stop()]

    assert done == [True, False, True, False]


@pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")
def test_daemon_told_otherwise_is_started_anew(home):
    sleeper = daemon.Daemon(home, "sleeper", 0, "X")
    sleeper.start(SLEEP, os.environ)
    first = json.loads((home.path / "sleeper.pid").read_text())["pid"]

    assert sleeper.start([*SLEEP, "other"], os.environ)
    assert json.loads((home.path / "sleeper.pid").read_text())["pid"] != first
    assert sleeper.stop()


def test_process_of_somebody_else_under_our_pid_is_left_alone(home):
    with subprocess.Popen(SLEEP) as foreign:
        (home.path / "sleeper.pid").write_text(json.dumps({"pid": foreign.pid, "command": ["something", "else"]}))

        assert not daemon.Daemon(home, "sleeper", 0, "X").stop()
        assert foreign.poll() is None
        foreign.kill()


@pytest.mark.parametrize("text", ["abc", "-1", "70000", "1.5"])
def test_port_that_is_no_port_is_trouble(text):
    with pytest.raises(stack.Trouble, match="ZONEWRIGHT_PORT is"):
        stack.Home.from_environment({"ZONEWRIGHT_PORT": text})


def test_structured_line_is_readable():
    line = (
        '{"level":"INFO","message":"task done","timestamp":"now","service":"zonewright",'
        '"function_name":"zonewright-SyncPlan-1A2B","zone":"example.org."}'
    )

    assert [logs.readable(line), logs.readable("plain\n")] == ["INFO task done  zone=example.org.", "plain"]


class Logs:
    """The two calls on CloudWatch Logs that `logs.follow` makes: groups, with streams of lines."""

    def __init__(self, groups):
        self.groups = groups

    def get_paginator(self, operation):
        pages = {"describe_log_groups": self._groups, "filter_log_events": self._events}
        return SimpleNamespace(paginate=pages[operation])

    def _groups(self, *, logGroupNamePrefix):  # noqa: N803 - as AWS spells it
        yield {"logGroups": [{"logGroupName": name} for name in self.groups if name.startswith(logGroupNamePrefix)]}

    def _events(self, *, logGroupName, startTime):  # noqa: N803
        assert startTime > 0
        for stream, lines in self.groups[logGroupName].items():
            yield {"events": [{"logStreamName": stream, "timestamp": 0, "message": line} for line in lines]}


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("Plan", ["00:00:00 SyncPlan                 planned"]),
        ("sync", ["00:00:00 SyncPlan                 planned", "00:00:00 SyncTransfer             copied"]),
        ("versions", []),
    ],
)
def test_logs_of_one_function_are_found_in_the_group_it_shares(tmp_path, monkeypatch, wanted, shown):
    class Round(Exception):
        pass

    def over(_):
        raise Round

    monkeypatch.setattr(logs.time, "sleep", over)
    (tmp_path / "emulator.log").touch()
    cloud = Logs(
        {
            "/aws/lambda/zonewright-sync": {
                "2026/01/15/zonewright-SyncPlan-1A2B[$LATEST]a": ["START RequestId: r", "planned"],
                "2026/01/15/zonewright-SyncTransfer-1A2B[$LATEST]b": ["copied"],
            },
            "/aws/lambda/zonewright-designate": {"2026/01/15/zonewright-DesignateGetZone-1A2B[$LATEST]c": ["got"]},
            "/aws/lambda/other": {"2026/01/15/other[$LATEST]d": ["not ours"]},
        }
    )

    lines = []
    with pytest.raises(Round):
        lines.extend(logs.follow(cloud, tmp_path / "emulator.log", wanted))

    assert lines == shown


class Gateway:
    """The four calls on API Gateway that `routes.put` makes, over two dicts."""

    def __init__(self):
        self.integrations, self.routes, self.calls = {}, {}, []

    def get_integrations(self, **_):
        return {"Items": [{"IntegrationId": id_, "IntegrationUri": uri} for id_, uri in self.integrations.items()]}

    def get_routes(self, **_):
        return {"Items": [{"RouteId": key, "RouteKey": key, "Target": to} for key, to in self.routes.items()]}

    def create_integration(self, *, IntegrationUri, **_):  # noqa: N803 - as AWS spells it
        id_ = f"i{len(self.integrations)}"
        self.integrations[id_] = IntegrationUri
        return {"IntegrationId": id_}

    def create_route(self, *, RouteKey, Target, **_):  # noqa: N803
        self.routes[RouteKey] = Target

    def update_route(self, *, RouteId, Target, **_):  # noqa: N803
        self.routes[RouteId] = Target

    def delete_route(self, *, RouteId, **_):  # noqa: N803
        del self.routes[RouteId]


def test_routes_become_those_of_the_template_and_then_stay():
    gateway = Gateway()
    routes.put(gateway, "api", {"GET /old": "f", "GET /moved": "f", "GET /kept": "f"})
    wanted = {"GET /moved": "g", "GET /kept": "f", "$default": "g"}

    changes = [routes.put(gateway, "api", wanted), routes.put(gateway, "api", wanted)]

    assert changes == [3, 0]
    assert {key: gateway.integrations[to.split("/")[1]] for key, to in gateway.routes.items()} == wanted


@pytest.mark.e2e
def test_stack_that_is_up_answers_with_the_credentials_of_its_file():
    path = Path(os.environ["ZONEWRIGHT_HOME"]) / "credentials.env"
    known = credentials.read(path)
    host = known["ZONEWRIGHT_URL"].removeprefix("http://")

    answers = []
    for token in (known["ZONEWRIGHT_TOKEN"], known["ZONEWRIGHT_TOKEN_2"], "nobody's"):
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("GET", "/v2/zones", headers={"X-Auth-Token": token})
        answers.append(connection.getresponse().status)
        connection.close()

    assert answers == [200, 200, 401]
    clouds = path.with_name("clouds.yaml")
    assert yaml.safe_load(clouds.read_text()) == credentials.clouds(known)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, clouds)] == [0o600, 0o600]
    assert set(known) == {
        "ZONEWRIGHT_URL",
        "ZONEWRIGHT_ACCESS_KEY",
        "ZONEWRIGHT_SECRET_KEY",
        "ZONEWRIGHT_TOKEN",
        "ZONEWRIGHT_PROJECT_ID",
        "ZONEWRIGHT_PROJECT_NAME",
        "ZONEWRIGHT_USER_NAME",
        "ZONEWRIGHT_CREDENTIAL_ID",
        "ZONEWRIGHT_CREDENTIAL_SECRET",
        "ZONEWRIGHT_TOKEN_2",
        "ZONEWRIGHT_PROJECT_ID_2",
    }
